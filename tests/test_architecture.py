"""Keeps the house in order: who imports whom, how long a file is, what lies at the top.

Each rule is a function from a folder to a list of complaints, so that it can be tried on a bad example, too.
"""

from __future__ import annotations

import ast
import graphlib
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "livevision"

# A room imports from its own row and from the rows above it, never from below, and never in a circle.
LAYERS = (
    ("disk_threads", "errors", "failures", "frame", "pictures", "metrics", "priority", "wording"),
    (
        "sources",
        "inference",
        "overlay",
        "timeline",
        "association",
        "interpolation",
        "timing",
        "tracking",
        "recording",
        "credentials",
        "url_secrets",
        "redaction",
    ),
    (
        "newest_frame",
        "camera",
        "accounts",
        "one_model",
        "processing",
        "annotate",
        "snapshot",
        "recordings",
        "cameras",
        "switching",
        "sightings",
        "playback",
        "export",
    ),
    ("app", "api", "stats", "demo", "progress", "headless", "probe", "inspection", "doctor", "workspace", "desk"),
    ("ui", "cli", "cli_options", "ending", "__main__"),
)
# livevision/__init__.py is the public API: it offers what stands above the last row, and the last row may use it.
PUBLIC_API = "__init__"
ROWS = {room: row for row, rooms in enumerate(LAYERS) for room in rooms} | {PUBLIC_API: len(LAYERS) - 1.5}

ONLY_IN = {"PySide6": "ui", "shiboken6": "ui", "qasync": "ui"}
PRINTING_ROOM = "cli"
MAX_LINES = 500

TOP_LEVEL = {
    # what the project is
    "pyproject.toml",
    "README.md",
    "livevision",
    "tests",
    "assets",
    "packaging",
    # what tools and custom demand
    ".ci",
    ".gitignore",
    "LICENSE",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "requirements.txt",
    "requirements-test.txt",
}


def modules(package: Path) -> Iterator[tuple[Path, str, ast.Module]]:
    """Yield each module's path inside the package, its room, and its syntax tree."""
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        yield inside, inside.parts[0].removesuffix(".py"), ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything that a module imports, for type checkers only or not."""
    package = ("livevision", *path.parts[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (above, node.module) if part)
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def room_of(imported: str) -> str | None:
    """Return the room that a full name leads to; None outside the package."""
    top, _, rest = imported.partition(".")
    if top != "livevision":
        return None
    room = rest.partition(".")[0]
    return room if room in ROWS else PUBLIC_API  # what is no room is a name that the public API offers


def wrong_directions(package: Path) -> list[str]:
    """Imports run one way, from the ends of the house to its foundation."""
    complaints, neighbours = [], {room: set() for room in ROWS}
    for path, room, tree in modules(package):
        if room not in ROWS:
            complaints.append(f"{path} belongs to no room: give {room!r} a place in LAYERS")
            continue
        for line, imported in imports(path, tree):
            target = room_of(imported)
            if target is not None and target != room:
                neighbours[room].add(target)
                if ROWS[target] > ROWS[room]:
                    complaints.append(f"{path}:{line} ({room}) imports {imported}, which stands below it")
    try:
        tuple(graphlib.TopologicalSorter(neighbours).static_order())
    except graphlib.CycleError as error:
        complaints.append(f"a circle of imports: {' <- '.join(error.args[1])}")
    return complaints


def strange_guests(package: Path) -> list[str]:
    """Qt stays in the ui, so that everything else runs without a screen."""
    return [
        f"{path}:{line} imports {imported}: only {ONLY_IN[library]} may"
        for path, room, tree in modules(package)
        for line, imported in imports(path, tree)
        if (library := imported.partition(".")[0]) in ONLY_IN and room != ONLY_IN[library]
    ]


def prints(package: Path) -> list[str]:
    """Only the command line writes to the terminal."""
    return [
        f"{path}:{node.lineno} prints: only {PRINTING_ROOM} may"
        for path, room, tree in modules(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if room != PRINTING_ROOM
    ]


def long_modules(package: Path) -> list[str]:
    """A file is read in one sitting."""
    counts = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sorted(package.rglob("*.py"))}
    return [
        f"{path.relative_to(package)} has {lines} lines: split it"
        for path, lines in counts.items()
        if lines > MAX_LINES
    ]


@pytest.mark.parametrize("rule", [wrong_directions, strange_guests, prints, long_modules])
def test_the_package_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(PACKAGE) == []


BAD_EXAMPLES = {
    "errors.py imports downwards": (wrong_directions, "errors.py", "from livevision.camera import Camera"),
    "a relative import hides nothing": (wrong_directions, "sources/stream.py", "from ..camera import Camera"),
    "nor does one for the type checker": (
        wrong_directions,
        "frame.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import livevision.camera",
    ),
    "nor one inside a function": (wrong_directions, "camera.py", "def f():\n    from livevision import ui"),
    "the public API is no short cut": (wrong_directions, "camera.py", "from livevision import open_camera"),
    "the public API stays headless": (wrong_directions, "__init__.py", "from livevision.ui import run"),
    "a new room needs a place": (wrong_directions, "utils/paths.py", ""),
    "Qt in a source": (strange_guests, "sources/webcam.py", "import PySide6.QtMultimedia"),
    "qasync in the app": (strange_guests, "app.py", "from qasync import QEventLoop"),
    "a print": (prints, "camera.py", "print('here')"),
    "a long file": (long_modules, "recording/writer.py", "\n" * (MAX_LINES + 1)),
}


@pytest.mark.parametrize(("rule", "path", "code"), BAD_EXAMPLES.values(), ids=BAD_EXAMPLES)
def test_the_rule_sees_a_bad_example(rule: Callable[[Path], list[str]], path: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "camera.py").write_text("")
    bad = tmp_path / path
    bad.parent.mkdir(exist_ok=True)
    bad.write_text(code)
    (complaint,) = rule(tmp_path)
    assert path in complaint


def test_a_circle_of_imports_is_seen(tmp_path: Path) -> None:
    (tmp_path / "overlay.py").write_text("import livevision.timeline")
    assert wrong_directions(tmp_path) == []
    (tmp_path / "timeline.py").write_text("from livevision.overlay import Overlay")
    (complaint,) = wrong_directions(tmp_path)
    assert complaint.startswith("a circle of imports")


def test_a_good_example_passes_every_rule(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("from livevision.app import open_camera")
    (tmp_path / "app.py").write_text("from livevision.errors import UsageError\nimport asyncio")
    (tmp_path / "errors.py").write_text("")
    (tmp_path / "cli.py").write_text("from livevision import open_camera\nimport livevision.app\nprint('fine')")
    for rule in (wrong_directions, strange_guests, prints, long_modules):
        assert rule(tmp_path) == []


def strangers(entries: list[str]) -> set[str]:
    """Return what lies at the top of a repository and does not belong there."""
    return {entry.partition("/")[0] for entry in entries} - TOP_LEVEL


def test_nothing_strange_lies_at_the_top() -> None:
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False, timeout=30
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    assert strangers(listing.stdout.split("\0")[:-1]) == set()


def test_a_stranger_at_the_top_is_seen() -> None:
    assert strangers(["livevision/app.py", "pyproject.toml", "notes/todo.txt", "setup.py"]) == {"notes", "setup.py"}
