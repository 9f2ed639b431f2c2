"""Which of a model's detections are wanted."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np

from livevision.errors import UsageError

if TYPE_CHECKING:
    import supervision as sv


@dataclass(frozen=True, slots=True)
class DetectionFilter:
    """Keeps what is sure enough and of a wanted class."""

    confidence: float = 0.25
    """Least confidence, 0..1.  A detection without a confidence is kept."""
    classes: frozenset[str] | None = None
    """Wanted class names, whatever their case; None for all."""
    class_confidences: Mapping[str, float] = field(default_factory=dict)
    """Least confidence of single classes, by case-folded name, instead of the general one."""
    iou: float | None = None
    """Overlap of two boxes of a class (IoU, 0..1) from which the less sure one is left out; None leaves that to the
    model, with its family's usual value."""
    most: int = 300
    """The surest so many are kept."""
    least_side: float = 0.0
    """Boxes with a shorter side than this, in pixels of the full-size picture, are left out."""

    @property
    def floor(self) -> float:
        """The confidence below which nothing can be wanted, whatever its class."""
        return min(self.confidence, *self.class_confidences.values(), 1.0)

    @classmethod
    def parse(cls, conf: float, classes: str | None = None, known: tuple[str, ...] | None = None) -> DetectionFilter:
        """Make a filter of what a user typed: ``0.4`` and ``person, car``.

        ``known`` are the names that the model can answer, where that is known.  Raises UsageError.
        """
        if not 0 <= conf <= 1:
            raise UsageError(f"confidence is {conf:g}, but goes from 0 to 1, as in 0.4")
        names = [name.strip() for name in (classes or "").split(",") if name.strip()]
        for name in names:
            _check(name, known)
        return cls(conf, frozenset(names) if names else None)

    def apply(self, detections: sv.Detections) -> sv.Detections:
        """Return the wanted ones, in their order; the argument is left as it is."""
        keep = np.ones(len(detections), dtype=bool)
        if detections.confidence is not None:
            keep &= detections.confidence >= self.confidence
        if self.classes is not None:
            wanted = {name.casefold() for name in self.classes}
            names = detections.data.get("class_name", [""] * len(detections))
            keep &= np.fromiter((str(name).casefold() in wanted for name in names), bool, len(detections))
        if keep.all():
            return detections
        return cast("sv.Detections", detections[keep])


def _check(name: str, known: tuple[str, ...] | None) -> None:
    if known is None:
        return
    spelled = {each.casefold(): each for each in known}
    if name.casefold() in spelled:
        return
    near = difflib.get_close_matches(name.casefold(), spelled, n=1)
    hint = f"did you mean {spelled[near[0]]!r}?" if near else f"it knows {_some(known)}"
    raise UsageError(f"this model does not know the class {name!r}: {hint}")


def _some(names: tuple[str, ...], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
