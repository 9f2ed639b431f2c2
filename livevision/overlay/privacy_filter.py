"""Hides people and things in pictures, before anything is drawn on them or written."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

import numpy as np

from livevision.overlay.concealment import conceal, conceal_all
from livevision.overlay.hidden import HiddenObjects
from livevision.overlay.privacy import WhenUnknown
from livevision.overlay.text import class_names

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.overlay.placed import Size
    from livevision.overlay.privacy import Privacy
    from livevision.overlay.traces import Moment

_BACK = 1.0
"""Seconds back in time that are a picture out of order; more is a jump."""


class PrivacyFilter:
    """Conceals what ``privacy`` says, in the pictures of one camera that go one way.

    An object that is not found any more stays hidden for ``privacy.hold`` seconds of stream time, where it was and
    where it should be by now.  While it is not known where objects are, the whole picture is hidden (unless
    ``privacy.unknown`` says otherwise): before the first result, after a reconnect, and when the newest result is
    older than ``hold``.  For any thread.

    Who has not been found yet cannot be hidden: newcomers show for as long as the model takes, unless the picture waits
    for its own boxes (aligned timing).
    """

    def __init__(self, privacy: Privacy) -> None:
        self.privacy = privacy
        self._lock = threading.Lock()
        self._objects = HiddenObjects(privacy.hold)
        self._generation = -1
        self._known = -math.inf  # pts of the newest result
        self._newest = -math.inf  # pts of the newest picture

    @property
    def active(self) -> bool:
        """Whether anything can be hidden: then each picture has to be writable, also those without detections."""
        return bool(self.privacy)

    def hide(
        self,
        image: Image,
        frame_size: Size,
        moment: Moment,
        detections: sv.Detections | None,
        seen: float | None = None,
    ) -> Image:
        """Conceal in ``image``, a writable ``(h, w, 3)`` BGR array of any size, in place, and return it.

        ``moment`` is the picture's generation and pts.  ``detections``, in pixels of ``frame_size``, are everything
        that the model found, whatever is shown of it; None where there is no fresh result of this generation.
        ``seen`` is the pts of the result that they come from, if it is not this picture's.
        """
        if not self.privacy:
            return image
        with self._lock:
            regions = self._regions(moment, detections, moment[1] if seen is None else seen)
        if regions is None:
            conceal_all(image, self.privacy.how)
        elif len(regions):
            height, width = image.shape[:2]
            conceal(image, regions * np.array((width / frame_size[0], height / frame_size[1]) * 2), self.privacy.how)
        return image

    def note(self, moment: Moment, detections: sv.Detections) -> None:
        """Learn where objects are from a result whose picture is not needed; ``moment`` is its generation and pts.

        Such a result may be as late as it likes; only one of another generation begins anew.
        """
        if self.privacy:
            with self._lock:
                if moment[0] != self._generation:
                    self._begin(moment[0])
                self._learn(detections, moment[1])

    def _regions(self, moment: Moment, detections: sv.Detections | None, seen: float) -> np.ndarray | None:
        """Return what to hide, ``(n, 4)`` in pixels of the frame; None: everything."""
        generation, pts = moment
        if generation != self._generation or pts < self._newest - _BACK:
            self._begin(generation)
        self._newest = max(self._newest, pts)
        if detections is not None:
            self._learn(detections, seen)
        regions = self._objects.regions(pts)
        if pts - self._known > self.privacy.hold and self.privacy.unknown is WhenUnknown.HIDE_PICTURE:
            return None
        return regions

    def _begin(self, generation: int) -> None:
        self._objects.clear()
        self._generation, self._known, self._newest = generation, -math.inf, -math.inf

    def _learn(self, detections: sv.Detections, seen: float) -> None:
        rows = [row for row, name in enumerate(class_names(detections)) if self.privacy.covers(name)]
        self._objects.note(detections, rows, seen)
        self._known = max(self._known, seen)
