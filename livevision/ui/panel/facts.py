"""What is so, beside what an operator has set: the panel shows it and nobody edits it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """What a camera's model says of itself at a moment."""

    classes: tuple[str, ...] | None = None
    """What it can answer; None where nobody knows."""
    seen: frozenset[str] = frozenset()
    """Classes that were found since the start."""
    runs_on: str = ""
    """``CPU``, ``gpu1:9001``; empty where it is not known."""
    inference_s: float | None = None
    """How long it takes for a picture."""
    loading: str = ""
    """The model that is being loaded, as the operator called it."""
    trouble: str = ""
    """Why it does not work."""
    notice: str = ""
    """What is to be said of it although it works."""
    loading_s: int = 0
    """For how many seconds it has been loaded."""
    running: str = ""
    """The model that looks at the pictures meanwhile, as the operator called it; empty for none."""
