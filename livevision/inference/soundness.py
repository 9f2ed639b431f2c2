"""Which of a model's or server's boxes can be boxes at all.  Nothing that is not is ever drawn or recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from livevision.wording import say

if TYPE_CHECKING:
    import supervision as sv
    from numpy.typing import ArrayLike, NDArray

_ABSURD = 8
"""A side longer than so many pictures, or that far outside, is nonsense and not an object at the edge."""
SURE = 1.2
"""Up to here a confidence is 1: quantised models answer 1.0000001, 1.004 or 1.13, and mean their surest objects."""
_PER_CENT = 20.0
"""Logits do not go so far; percentages do."""
MANY = 10
"""Boxes in vain after which something is wrong with how they are read, and not with one of them."""
_REMEMBERED = 100
"""Answers for which scores of another scale are remembered: 0.9 % must not pass for 90 %."""

_INVERTED = say("the second corner is left of or above the first; are they centres and sides?")


def sound(detections: sv.Detections, size: tuple[int, int]) -> tuple[sv.Detections, int]:
    """Return the detections that can be true in a picture of ``size`` (width, height), and how many were left out.

    Left out are boxes with NaN or infinity, without area, inverted, or absurdly far outside, and confidences below 0
    or far above 1; a hair above is 1.  The rest stays as it is, in its order; a box that reaches over the edge is
    clipped to it.
    """
    if not len(detections):
        return detections, 0
    keep = ~(_nonsense(detections, size) | _outside(detections, size))
    kept = detections if keep.all() else cast("sv.Detections", detections[keep])
    inside = np.clip(kept.xyxy, 0, np.array(size * 2))
    is_too_sure = kept.confidence is not None and bool((kept.confidence > 1).any())
    if is_too_sure or not np.array_equal(inside, kept.xyxy):
        kept = cast("sv.Detections", kept[np.arange(len(kept))])  # the model's own arrays stay as they are
        kept.xyxy = inside.astype(kept.xyxy.dtype)
        if kept.confidence is not None:
            kept.confidence = np.minimum(kept.confidence, 1).astype(kept.confidence.dtype)
    return kept, int(len(keep) - keep.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """An answer, as far as it can be true."""

    detections: sv.Detections
    left_out: int
    trouble: str
    """Why the answer as a whole cannot be used; empty where it can."""


class AnswerCheck:
    """Looks through the answers of one detector, and notices when they are misread as a whole.

    That is when many boxes came and none of them can be true, and when scores are on another scale than 0 to 1: such
    an answer is no picture without objects.
    """

    def __init__(self) -> None:
        self.has_been_valid = False
        """Whether any box so far could be true."""
        self._in_vain = 0
        self._scale = ""
        self._answers_since = 0

    @property
    def is_on_another_scale(self) -> bool:
        """Whether scores are no confidences: percentages, logits."""
        return bool(self._scale)

    def check(self, detections: sv.Detections, size: tuple[int, int]) -> Checked:
        """Look through an answer about a picture of ``size`` (width, height)."""
        kept, left_out = sound(detections, size)
        return Checked(kept, left_out, self._other_scale(detections) or self._none_valid(detections, size, len(kept)))

    def _other_scale(self, detections: sv.Detections) -> str:
        said = _scale(detections)
        if said:
            self._scale, self._answers_since = said, 0
        elif self._scale and len(detections):
            self._answers_since += 1
            if self._answers_since > _REMEMBERED:
                self._scale = ""
        return self._scale if len(detections) else ""

    def _none_valid(self, detections: sv.Detections, size: tuple[int, int], valid: int) -> str:
        if valid:
            self.has_been_valid = True
            self._in_vain = 0
        if valid or not len(detections):
            return ""
        # A box or two that lie wholly outside are in the edges around the picture, where models see things, too.
        count = len(detections) if len(detections) >= MANY else int(_nonsense(detections, size).sum())
        self._in_vain += count
        if not count or self._in_vain < MANY:
            return ""
        return say("{count} boxes, none valid: {reason}", count=self._in_vain, reason=why_not(detections, size))


def why_not(detections: sv.Detections, size: tuple[int, int]) -> str:
    """Say what is wrong with most of the boxes that cannot be true in a picture of ``size``."""
    boxes = np.asarray(detections.xyxy, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        sides = boxes[:, 2:] - boxes[:, :2]
        reasons = (
            (~np.isfinite(boxes).all(axis=1), say("they are not numbers")),
            (sides[:, 0] == 0, say("widths are 0")),
            (sides[:, 1] == 0, say("heights are 0")),
            (
                (sides < 0).any(axis=1),
                _INVERTED,
            ),
            (_unsure(detections), say("confidences are not from 0 to 1")),
            (_outside(detections, size), say("they are outside of the picture; are they for one of another size?")),
        )
    counts = [int(rows.sum()) for rows, _ in reasons]
    return reasons[int(np.argmax(counts))][1] if any(counts) else say("they are absurdly large")


def _nonsense(detections: sv.Detections, size: tuple[int, int]) -> NDArray[np.bool_]:
    boxes = np.asarray(detections.xyxy, dtype=np.float64)
    far = np.array(size * 2, dtype=np.float64) * _ABSURD
    with np.errstate(invalid="ignore"):
        true = np.isfinite(boxes).all(axis=1)
        true &= (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        true &= (np.abs(boxes) <= far).all(axis=1)
    return ~true | _unsure(detections)


def _unsure(detections: sv.Detections) -> NDArray[np.bool_]:
    if detections.confidence is None:
        return np.zeros(len(detections), bool)
    with np.errstate(invalid="ignore"):
        return np.asarray(~((detections.confidence >= 0) & (detections.confidence <= SURE)))


def _outside(detections: sv.Detections, size: tuple[int, int]) -> NDArray[np.bool_]:
    boxes = np.asarray(detections.xyxy, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        inside = (boxes[:, :2] < np.array(size, np.float64)).all(axis=1) & (boxes[:, 2:] > 0).all(axis=1)
    return np.asarray(~inside)


def _scale(detections: sv.Detections) -> str:
    """Say on which scale the scores seem to be, where that is not 0 to 1."""
    if detections.confidence is None:
        return ""
    scores = np.asarray(detections.confidence, dtype=np.float64)
    scores = scores[np.isfinite(scores)]
    top = float(scores.max(initial=0))
    if top <= SURE:
        return ""
    if top > _PER_CENT and scores.min() >= 0:
        return say("scores up to {top:.3g}: per cent? Make it answer 0 to 1", top=top)
    return say("scores up to {top:.3g}: logits? Make it answer 0 to 1, with a sigmoid or softmax", top=top)


def storable(boxes: ArrayLike) -> NDArray[np.float32]:
    """Return ``(n, 4)`` boxes as sv.Detections takes them: it refuses NaN and infinity, also after :func:`np.float32`.

    One with such a number becomes the empty box 0, 0, 0, 0, which :func:`sound` drops and counts.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        stored = np.array(boxes, dtype=np.float32).reshape(-1, 4)
    stored[~np.isfinite(stored).all(axis=1)] = 0
    return stored
