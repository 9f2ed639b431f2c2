"""What is drawn into a file that is written anew, and who is hidden in it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.filter import DetectionFilter
from livevision.overlay import EVERYTHING, Overlay, OverlayStyle, PrivacyFilter

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.overlay.placed import Size
    from livevision.overlay.traces import Moment

_SURE_ENOUGH_TO_HIDE = 0.1
"""Confidence from which somebody is hidden who may not be seen, as on the screen."""


class Drawn:
    """Hides first, whoever was found, and then draws what is wanted; in the writer's thread."""

    def __init__(self, wanted: DetectionFilter, style: OverlayStyle) -> None:
        self._wanted = wanted
        self._overlay = Overlay(style)
        hidden = style.hidden
        self._privacy = PrivacyFilter(hidden.for_files)
        self.asked_for = wanted
        """What the model has to answer."""
        if hidden:
            classes = None if EVERYTHING in hidden.classes else hidden.classes
            self.asked_for = wanted.also(DetectionFilter(_SURE_ENOUGH_TO_HIDE, classes))

    def keep(self, detections: sv.Detections) -> sv.Detections:
        """Keep those that are shown or hidden."""
        return self.asked_for.apply(detections)

    def draw(self, image: Image, detections: sv.Detections, frame_size: Size, moment: Moment) -> Image:
        """Draw, as :class:`livevision.recording.annotated.Draw` does."""
        if self._privacy.active:
            # Every picture was looked at, so that what was found is known: nobody, perhaps.
            image = self._privacy.hide(image, frame_size, moment, detections)
            detections = self._wanted.apply(detections)
        return self._overlay.draw(image, detections, frame_size, moment)
