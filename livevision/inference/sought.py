"""What has to be found in every picture because nobody may see it, whether it is shown or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import supervision as sv

from livevision.inference.filter import DetectionFilter

if TYPE_CHECKING:
    from livevision.frame import Image
    from livevision.inference.movement import Movement
    from livevision.inference.vocabulary import Vocabulary

WHATEVER_MOVES = "whatever moves"
"""In place of a class: what moves, and is no object of another class that the model knows."""
_SURE_ENOUGH_TO_HIDE = 0.1
"""Confidence from which somebody is hidden who may not be seen: one too many does no harm."""
_SURE_ENOUGH_TO_SHOW = 0.25
"""Confidence from which an object explains what moves there."""


class Sought:
    """Asks one camera's model for those who are to be hidden.

    ``classes`` are case-folded names; None stands for all.  With ``movement``, the camera's own, what moves and is
    nothing else is sought, too.
    """

    def __init__(self, classes: frozenset[str] | None, movement: Movement | None = None) -> None:
        self.classes = classes
        self.movement = movement
        self._wanted = DetectionFilter(_SURE_ENOUGH_TO_HIDE, classes)
        self._explaining = DetectionFilter(_SURE_ENOUGH_TO_SHOW)

    def check(self, known: tuple[str, ...] | None) -> None:
        """Raise UsageError where a class is sought that is not among ``known``, the names that the model answers."""
        self._wanted.check(known)

    def also(self, keep: DetectionFilter) -> DetectionFilter:
        """Return what a model has to answer so that these are found, and what ``keep`` wants."""
        both = keep.also(self._wanted)
        return both if self.movement is None else both.also(self._explaining)

    def look(
        self, image: Image, seconds: float, found: sv.Detections, vocabulary: Vocabulary
    ) -> tuple[sv.Detections, frozenset[str] | None]:
        """Return all that must be hidden in a picture, and for which classes that is certain (None: for all).

        ``found`` is everything that the model found in ``image`` at stream time ``seconds``.  Blocking with movement.
        """
        unseen, looked_for = self._wanted.apply(found), vocabulary.among(self.classes, found)
        if self.movement is None:
            return unseen, looked_for
        others = self._explaining.apply(found)
        names = [str(name).casefold() for name in others.data.get("class_name", ())]
        rows = [self.classes is not None and name not in self.classes for name in names]
        moving = self.movement.find(image, seconds, np.asarray(others.xyxy[rows], np.float32))
        unseen = sv.Detections(
            xyxy=np.concatenate((unseen.xyxy, moving)),
            data={"class_name": np.array([*_names(unseen), *[WHATEVER_MOVES] * len(moving)], dtype=str)},
        )
        return unseen, None if looked_for is None else looked_for | {WHATEVER_MOVES}


def _names(found: sv.Detections) -> list[str]:
    return [str(name) for name in found.data.get("class_name", [""] * len(found))]
