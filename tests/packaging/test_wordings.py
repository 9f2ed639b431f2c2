"""What the core may say in a window can be collected for translators, and every error is said so."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from livevision import errors
from livevision.errors import LivevisionError

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "packaging" / "wordings.py"
PACKAGE = ROOT / "livevision"
ENGLISH_ONLY = {"ui", "cli.py", "cli_options.py", "doctor"}
"""The ui has its own way; the others write to a terminal."""


def load() -> ModuleType:
    spec = spec_from_file_location("wordings", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["wordings"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


wordings = load()


def test_every_template_is_a_literal_whose_fields_are_its_values() -> None:
    found = list(wordings.sayings(PACKAGE))
    assert len(found) > 300
    assert [each.complaint for each in found if each.complaint] == []


def error_names(package: Path) -> set[str]:
    """Return the names of all errors of ours, those that are declared where they are raised, too."""
    known = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, LivevisionError)
    }
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    while (
        more := {c.name for c in classes for base in c.bases if isinstance(base, ast.Name) and base.id in known} - known
    ):
        known |= more
    return known


def is_english(text: ast.expr) -> bool:
    """Say whether a text is made on the spot, so that nobody can translate it; it may be a Wording from elsewhere."""
    match text:
        case ast.Constant(value=str()) | ast.JoinedStr() | ast.BinOp():
            return True
        case ast.IfExp():
            return is_english(text.body) or is_english(text.orelse)
        case ast.Call(func=ast.Name(id="str")) | ast.Call(func=ast.Attribute(attr="format" | "join")):
            return True
    return False


def untranslatable_errors(package: Path) -> Iterator[str]:
    """Yield where an error is made, or an error class calls its base, with a text that is plain English."""
    names = error_names(package)
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if inside.parts[0] in ENGLISH_ONLY:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                if node.args and is_english(node.args[0]) and node.func.id != "ModelNotAllowed":  # takes a model's name
                    yield f"{inside}:{node.lineno} {node.func.id}"
            elif isinstance(node, ast.ClassDef) and node.name in names:
                yield from (
                    f"{inside}:{call.lineno} {node.name}"
                    for call in ast.walk(node)
                    if isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and call.func.attr == "__init__"
                    if call.args and is_english(call.args[0])
                )


def test_every_error_can_be_told_in_another_language() -> None:
    assert list(untranslatable_errors(PACKAGE)) == []


@pytest.mark.parametrize(
    "code",
    [
        'raise SourceError(f"{name} is gone")',
        'raise SourceError("gone")',
        'raise SourceError("gone" if old else say("new"))',
        "raise SourceError(str(error))",
        'raise SourceError("; ".join(lines))',
        "return Mine(_GONE.format(name=name))",
        'class Mine(SourceError):\n    def __init__(self):\n        super().__init__("gone")',
    ],
)
def test_plain_english_in_an_error_is_seen(tmp_path: Path, code: str) -> None:
    (tmp_path / "mine.py").write_text("class Mine(SourceError): ...")
    (tmp_path / "bad.py").write_text(f"def f():\n    {code}" if code.startswith("return") else code)
    (complaint,) = untranslatable_errors(tmp_path)
    assert complaint.startswith("bad.py")


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ('say("Gone")', ""),
        ('say("{name} is" " gone {count:.1f} {{x}}", name=1, count=2)', ""),
        ("say(words)", "no literal"),
        ('say(f"{name} is gone")', "no literal"),
        ('say("{name} is gone")', "name is not both"),
        ('say("Gone", name=1)', "name is not both"),
        ('say("{name}", **values)', "None, name is not both"),
        ('say("{name", name=1)', "is no template"),
    ],
)
def test_what_cannot_be_collected_is_named(tmp_path: Path, code: str, complaint: str) -> None:
    (tmp_path / "mine.py").write_text(f"from livevision.wording import say\n\n{code}\n")
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "theirs.py").write_text("from livevision.wording import say\nsay(anything)")
    (tmp_path / "another.py").write_text("def f(say):\n    say(anything)")
    (saying,) = wordings.sayings(tmp_path)
    assert complaint in saying.complaint
    assert bool(complaint) == bool(saying.complaint)
    assert saying.place == "mine.py:3"


def test_the_script_writes_what_lupdate_reads(tmp_path: Path) -> None:
    target = tmp_path / "core.py"
    subprocess.run([sys.executable, str(SCRIPT), str(target)], check=True, timeout=60)
    calls = ast.parse(target.read_text(encoding="utf-8")).body[1:]
    texts = [[ast.literal_eval(each) for each in call.value.args] for call in calls]
    assert ["core", "The camera stopped sending pictures."] in texts
    assert len(texts) == len({text for _, text in texts})
