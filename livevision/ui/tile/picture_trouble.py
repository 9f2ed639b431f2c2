"""What goes wrong again and again with showing pictures: some cannot be painted, or their boxes not be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.failures import Failures
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable


class PictureTrouble:
    """Counts what fails for one view, and says it for as long as it lasts; ``name`` is the camera's, for the log."""

    def __init__(self, name: Callable[[], str]) -> None:
        self._showing = Failures(lambda: f"{name()}: showing a picture")
        self._drawing = Failures(lambda: f"{name()}: drawing what was found")

    @property
    def unshown(self) -> str:
        """Why the newest picture could not be shown, for the operator; empty where it is shown."""
        return _unshown(self._showing.reason) if self._showing.is_failing else ""

    @property
    def words(self) -> str:
        """What is not shown of late, a picture or what was found in it, and why; who must be hidden is.  Else empty."""
        if reason := self._showing.reason:
            return _unshown(reason)
        reason = self._drawing.reason
        return say("What was found cannot be drawn: {reason}", reason=reason) if reason else ""

    def failed(self, error: Exception) -> None:
        """Note that a picture could not be shown."""
        self._showing.add(error)

    def shown(self, undrawn: Exception | None = None) -> None:
        """Note that a picture is shown, and why without all that was found in it where that is so."""
        self._showing.worked()
        if undrawn is None:
            self._drawing.worked()
        else:
            self._drawing.add(undrawn)


def _unshown(reason: str) -> str:
    return say("The picture cannot be shown: {reason}", reason=reason)
