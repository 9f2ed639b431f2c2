"""Everything that is done to a picture on its way into a file: hiding first, then drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.overlay.painter import Overlay
from livevision.overlay.privacy_filter import PrivacyFilter

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image, Result
    from livevision.overlay.placed import Size
    from livevision.overlay.style import OverlayStyle
    from livevision.overlay.traces import Moment


class Drawing:
    """Draws in a style, on the pictures of one camera that go one way.

    :meth:`note` takes results, on the event loop; :meth:`draw` is called in one thread at a time, which may be another.
    """

    def __init__(self, style: OverlayStyle) -> None:
        self._overlay = Overlay(style)
        self._privacy = PrivacyFilter(style.hidden.for_files)

    @property
    def hides(self) -> bool:
        """Whether anything is to be hidden."""
        return self._privacy.active

    def note(self, result: Result) -> None:
        """Learn where those are who must not be seen."""
        if self.hides:
            found = result.detections if result.unseen is None else result.unseen
            self._privacy.note((result.frame.generation, result.frame.pts), found)

    def draw(self, image: Image, detections: sv.Detections, frame_size: Size, moment: Moment) -> Image:
        """Hide, draw ``detections``, and return ``image``, a writable ``(h, w, 3)`` BGR array, changed in place.

        ``moment`` is the picture's generation and pts.  Where there are no detections nothing is known but what was
        noted, and what was not noted for a while hides all of the picture.
        """
        self.hide(image, detections, frame_size, moment)
        return self._overlay.draw(image, detections, frame_size, moment)

    def hide(self, image: Image, detections: sv.Detections | None, frame_size: Size, moment: Moment) -> Image:
        """Do the first half of :meth:`draw`."""
        known = detections if detections is not None and len(detections) else None
        return self._privacy.hide(image, frame_size, moment, known)
