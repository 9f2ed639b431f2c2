"""Everything that is done to a picture on its way into a file: hiding first, then drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.overlay.painter import Overlay
from livevision.overlay.privacy_mask import PrivacyMask

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image, Result
    from livevision.overlay.placed import Size
    from livevision.overlay.privacy import Privacy
    from livevision.overlay.style import OverlayStyle
    from livevision.overlay.traces import Moment


class Drawing:
    """Draws in a style, on the pictures of one camera that go to one output.

    :meth:`observe` takes results, on the event loop; :meth:`draw` is called in one thread at a time, which may be
    another.
    """

    def __init__(self, style: OverlayStyle) -> None:
        self._overlay = Overlay(style)
        self._mask = PrivacyMask(style.hidden.for_files)

    @property
    def privacy(self) -> Privacy:
        """Who is hidden; :meth:`hide_also` adds to it."""
        return self._mask.privacy

    @property
    def hides(self) -> bool:
        """Whether anything is to be hidden."""
        return self._mask.active

    def hide_also(self, privacy: Privacy) -> None:
        """Hide these from now on, too.  Whoever was hidden in a file stays so to its end."""
        self._mask.privacy = self._mask.privacy.also(privacy)

    def observe(self, result: Result) -> None:
        """Take a result: where those are who must not be seen.  Every one, in order, before its picture is drawn."""
        self._mask.observe(result)

    def draw(self, image: Image, detections: sv.Detections, frame_size: Size, moment: Moment) -> Image:
        """Hide, draw ``detections``, and return ``image``, a writable ``(h, w, 3)`` BGR array, changed in place.

        ``moment`` is the picture's generation and pts.  ``detections`` are those that are wanted on it.
        """
        self._mask.hide(image, frame_size, moment)
        return self._overlay.draw(image, detections, frame_size, moment)
