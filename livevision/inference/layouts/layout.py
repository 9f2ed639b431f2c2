"""What a family of models has in common: how it wants its picture, and what its numbers mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv
    from numpy.typing import NDArray

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.preparation import Fitted, Preparation
    from livevision.inference.layouts.signature import Signature

Array: TypeAlias = "NDArray[Any]"


class Certainty(Enum):
    """How sure a layout is that a model is of its family."""

    SHAPE = "the shapes fit"
    """Other families may have the same shapes."""
    SAYS_SO = "the model says so"
    """By its metadata, or by names that only this family has."""


@dataclass(frozen=True, slots=True)
class Match:
    """A layout's claim to a model."""

    certainty: Certainty
    evidence: str
    """What was seen, for the operator: "output0 is [1,84,8400]: 4 box numbers and 80 classes for 8400 anchors"."""


class Layout(Protocol):
    """One family of models, in one small file.  Has no state: all it needs is handed to it."""

    @property
    def name(self) -> str:
        """What ``--layout`` and the sidecar call it: ``yolov8``."""

    def match(self, signature: Signature) -> Match | None:
        """Claim a model, or not."""

    def preparation(self, signature: Signature) -> Preparation:
        """Say how the family wants its pictures."""

    def class_count(self, signature: Signature) -> int | None:
        """Return how many classes the outputs have room for, or None where they do not tell."""

    def feeds(self, signature: Signature, pictures: Array, fitted: Sequence[Fitted]) -> dict[str, Array]:
        """Name the inputs of a run over ``pictures`` (the prepared batch); most families have just the one."""

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections in that picture's pixels.

        ``outputs`` are in the signature's order and as the model gave them, with a batch axis of 1 where it has one.
        ``class_id``, ``confidence`` and ``xyxy`` are set, names are not; overlapping ones are suppressed class by
        class where the family needs it, by ``keep.iou`` or the family's own usual value.  Numbers that are no boxes
        (NaN, inverted) are left to :mod:`livevision.inference.soundness`.
        """


@runtime_checkable
class Adjustable(Protocol):
    """A layout whose outputs do not tell all that decoding them needs: how many numbers a keypoint has."""

    def adjusted(self, signature: Signature) -> Layout:
        """Return the layout for this very model."""


@runtime_checkable
class Finishing(Protocol):
    """A layout with work for each detection that is only worth doing for those that are wanted in the end: masks."""

    def finish(self, detections: sv.Detections, outputs: Sequence[Array], fitted: Fitted) -> sv.Detections:
        """Return the detections with what :meth:`Layout.decode` left out."""
