"""Which of a model's detections are wanted."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.errors import UsageError
from livevision.wording import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_SCORE = 1e-6
"""OpenCV leaves out what is not above its least score, which cannot be negative."""


@dataclass(frozen=True, slots=True)
class DetectionFilter:
    """Keeps what is sure enough and of a wanted class.

    Never changes: who wants something else has ``dataclasses.replace`` make another one.
    """

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
    def parse(
        cls,
        conf: float | str,
        classes: str | None = None,
        known: tuple[str, ...] | None = None,
        iou: float | None = None,
        most: int | None = None,
        least_side: float | None = None,
    ) -> DetectionFilter:
        """Make a filter of what a user typed: ``0.4`` or ``.4,person=.6``, and ``person, car``.

        ``known`` are the names that the model can answer, where that is known.  Raises UsageError.
        """
        general, single = _confidences(conf)
        names = [name.strip() for name in (classes or "").split(",") if name.strip()]
        if iou is not None and not 0 <= iou <= 1:
            raise UsageError(say("the overlap is {iou:g}, but goes from 0 to 1, as in 0.5", iou=iou))
        if most is not None and most < 1:
            raise UsageError(say("at most {most} detections would be none; 1 is the least", most=most))
        if least_side is not None and not 0 <= least_side < math.inf:
            raise UsageError(say("the least side is {side:g} pixels, but cannot be less than 0", side=least_side))
        keep = cls(
            cls().confidence if general is None else general,
            frozenset(names) if names else None,
            {name.casefold(): least for name, least in single.items()},
            iou,
            cls().most if most is None else most,
            least_side or 0.0,
        )
        keep.check(known)
        return keep

    def also(self, other: DetectionFilter) -> DetectionFilter:
        """Return a filter that lets through at least what either does, for who asks a model once for both."""
        classes = None if self.classes is None or other.classes is None else self.classes | other.classes
        ious = [each.iou for each in (self, other) if each.iou is not None]
        return DetectionFilter(
            min(self.floor, other.floor),
            classes,
            iou=max(ious) if len(ious) == 2 else None,
            most=max(self.most, other.most),
            least_side=min(self.least_side, other.least_side),
        )

    def check(self, known: tuple[str, ...] | None) -> None:
        """Raise UsageError where a class is wanted that is not among ``known``, the names that the model answers."""
        for name in sorted({*(self.classes or ()), *self.class_confidences}):
            _check(name, known)

    def apply(self, detections: sv.Detections) -> sv.Detections:
        """Return the wanted ones, in their order; the argument is left as it is.  1 ms for 300."""
        if not len(detections):
            return detections
        keep = self._sure_enough(detections) & self._of_a_wanted_class(detections)
        if self.least_side > 0:
            boxes = detections.xyxy
            keep &= (boxes[:, 2:] - boxes[:, :2]).min(axis=1) >= self.least_side
        wanted = detections if keep.all() else cast("sv.Detections", detections[keep])
        if self.iou is not None and len(wanted) > 1:
            wanted = cast("sv.Detections", wanted[_without_overlaps(wanted, self.iou)])
        if len(wanted) > self.most:
            wanted = cast("sv.Detections", wanted[np.sort(np.argsort(-_scores(wanted), kind="stable")[: self.most])])
        return wanted

    def _sure_enough(self, detections: sv.Detections) -> NDArray[np.bool_]:
        if detections.confidence is None:
            return np.ones(len(detections), dtype=bool)
        if not self.class_confidences:
            return np.asarray(detections.confidence >= self.confidence)
        least = [self.class_confidences.get(name, self.confidence) for name in _folded_names(detections)]
        return np.asarray(detections.confidence >= np.array(least, dtype=detections.confidence.dtype))

    def _of_a_wanted_class(self, detections: sv.Detections) -> NDArray[np.bool_]:
        if self.classes is None:
            return np.ones(len(detections), dtype=bool)
        wanted = {name.casefold() for name in self.classes}
        return np.fromiter((name in wanted for name in _folded_names(detections)), bool, len(detections))


def class_numbers(detections: sv.Detections) -> NDArray[np.int_]:
    """Return a number a detection, the same for those of the same class: by name, else by id, else all alike."""
    names = detections.data.get("class_name", detections.class_id)
    return np.zeros(len(detections), np.int_) if names is None else np.unique(names, return_inverse=True)[1]


def _folded_names(detections: sv.Detections) -> list[str]:
    return [str(name).casefold() for name in detections.data.get("class_name", [""] * len(detections))]


def _scores(detections: sv.Detections) -> NDArray[np.float32]:
    if detections.confidence is None:
        return np.ones(len(detections), dtype=np.float32)
    return np.asarray(detections.confidence, dtype=np.float32)


def _without_overlaps(detections: sv.Detections, iou: float) -> NDArray[np.bool_]:
    """Suppress the less sure ones class by class; oriented boxes by their own outline."""
    kinds, scores, boxes = class_numbers(detections), _scores(detections), detections.xyxy
    if ORIENTED_BOX_COORDINATES in detections.data:
        outlines = np.asarray(detections.data[ORIENTED_BOX_COORDINATES])
        return sv.oriented_box_non_max_suppression(np.column_stack((boxes, scores, kinds)), outlines, iou)
    keep = np.zeros(len(detections), dtype=bool)
    # OpenCV keeps classes apart by moving each to a place of its own, which works from 0 on.
    placed = np.column_stack((boxes[:, :2] - boxes[:, :2].min(axis=0), boxes[:, 2:] - boxes[:, :2]))
    suppress: Any = cv2.dnn.NMSBoxesBatched  # typed for lists, and quicker with arrays
    keep[suppress(placed, np.maximum(scores, 2 * _LEAST_SCORE), kinds, _LEAST_SCORE, iou)] = True
    return keep


def _confidences(conf: float | str) -> tuple[float | None, dict[str, float]]:
    """Read ``.4,person=.6``: the general confidence, where one is given, and those of single classes."""
    if not isinstance(conf, str):
        return _confidence(conf, f"{conf:g}"), {}
    general: float | None = None
    single: dict[str, float] = {}
    for part in filter(None, (each.strip() for each in conf.split(","))):
        name, equals, value = part.rpartition("=")
        name = name.strip()
        if equals and not name:
            raise UsageError(say("{part!r} names no class; write it as in person=0.5", part=part))
        if not name and (general is not None or (value.isdigit() and 0 in single.values())):
            # As in 0,4 and person=0,4.
            raise UsageError(
                say("{conf!r} has two confidences for all classes; write 0.4 with a point, or person=0.4", conf=conf)
            )
        least = _confidence(value, part)
        if name:
            single[name] = least
        else:
            general = least
    if general is None and not single:
        raise UsageError(say("{typed!r} is no confidence; write 0.4, or person=0.5,car=0.3", typed=conf))
    return general, single


def _confidence(value: float | str, typed: str) -> float:
    try:
        least = float(value)
    except ValueError:
        raise UsageError(say("{typed!r} is no confidence; write 0.4, or person=0.5,car=0.3", typed=typed)) from None
    if not 0 <= least <= 1:
        raise UsageError(say("confidence is {typed}, but goes from 0 to 1, as in 0.4", typed=typed))
    return least


def _check(name: str, known: tuple[str, ...] | None) -> None:
    if known is None:
        return
    spelled = {each.casefold(): each for each in known}
    if name.casefold() in spelled:
        return
    near = difflib.get_close_matches(name.casefold(), spelled, n=1)
    if near:
        raise UsageError(
            say("this model does not know the class {name!r}: did you mean {near!r}?", name=name, near=spelled[near[0]])
        )
    raise UsageError(
        say("this model does not know the class {name!r}: it knows {known}", name=name, known=_some(known))
    )


def _some(names: tuple[str, ...], most: int = 8) -> str:
    first = ", ".join(names[:most])
    return say("{names} and {count} more", names=first, count=len(names) - most) if len(names) > most else first
