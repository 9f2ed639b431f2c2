"""Collects what the core may say in a window: the templates of :func:`livevision.wording.say`, for translators.

``python packaging/wordings.py FILE.py`` writes them as calls of ``QCoreApplication.translate``, which pyside6-lupdate
reads.  It exits with 1, and says where, where a template is none that can be collected.
"""

from __future__ import annotations

import ast
import string
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[1] / "livevision"
CONTEXT = "core"
_UI = "ui"
"""Has Qt, and so its own way."""


@dataclass(frozen=True)
class Saying:
    """One call of ``say``."""

    place: str
    """File and line."""
    template: str | None
    """None where it is no literal."""
    given: frozenset[str | None]
    """The names of its values; None is one for ``**values``."""

    @property
    def complaint(self) -> str:
        """What is wrong with it; empty where nothing is."""
        if self.template is None:
            return f"{self.place}: the template of say() is no literal, so nobody can translate it"
        try:
            fields = fields_of(self.template)
        except ValueError as error:
            return f"{self.place}: {self.template!r} is no template ({error})"
        if fields != self.given:
            named = ", ".join(sorted(str(name) for name in fields ^ self.given))
            return f"{self.place}: {named} is not both in the template and among the values of say()"
        return ""


def fields_of(template: str) -> set[str | None]:
    """Return the names in braces; raises ValueError where a brace is not closed."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def sayings(package: Path = PACKAGE) -> Iterator[Saying]:
    """Yield every call of ``say`` outside of the ui, in order."""
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if inside.parts[0] == _UI:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not _has_say(tree):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                given = frozenset(keyword.arg for keyword in node.keywords)
                yield Saying(f"{inside}:{node.lineno}", _literal(node.args), given)


def _has_say(tree: ast.Module) -> bool:
    imports = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "livevision.wording")
    return any(alias.name == "say" for node in imports for alias in node.names)


def _literal(arguments: list[ast.expr]) -> str | None:
    match arguments:
        case [ast.Constant(value=str(template))]:
            return template
    return None


def main(target: Path) -> int:
    """Write the templates, and return the exit code."""
    found = list(sayings())
    if complaints := [each.complaint for each in found if each.complaint]:
        print(*complaints, sep="\n", file=sys.stderr)
        return 1
    templates = sorted({each.template for each in found if each.template})
    lines = [f"QCoreApplication.translate({CONTEXT!r}, {template!r})" for template in templates]
    target.write_text("\n".join(["from PySide6.QtCore import QCoreApplication", *lines, ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
