"""Which cameras of a workspace want Python code to be run: nothing of it is imported before somebody has said yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livevision.workspace.preferences import Preferences
    from livevision.workspace.workspace import Workspace

BUILT_IN = frozenset({"motion", "people", "faces"})


def python_models(workspace: Workspace, preferences: Preferences) -> tuple[str, ...]:
    """Return the models of ``workspace`` that are Python code and not allowed yet, each once, for the question.

    Whatever is not known to be something else counts as Python: a name without a colon may be one that an installed
    package offers.  Who says yes is remembered by :meth:`Preferences.with_allowed`.
    """
    names = dict.fromkeys(camera.model.strip() for camera in workspace.cameras if camera.model)
    allowed = set(preferences.allowed_python_models)
    return tuple(name for name in names if _is_python(name) and name not in allowed)


def _is_python(model: str) -> bool:
    name = model.casefold()
    return bool(name) and name not in BUILT_IN and "://" not in name and not name.endswith(".onnx")
