"""What is being edited: every change is a new object, told at once or, while something is dragged, soon."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from livevision.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livevision.workspace.camera_settings import CameraSettings

_NOT_OFTENER_MS = 80
"""A slider that is dragged says more than anybody can see."""


class Editing(QObject):
    """The settings of the camera that a panel shows.  ``changed`` gives new ones, and in words what was changed."""

    changed = Signal(object, str)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now: CameraSettings | None = None
        self._told: CameraSettings | None = None
        self._what = ""
        self._filling = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_NOT_OFTENER_MS)
        self._pause.timeout.connect(self._pause_over)

    @property
    def settings(self) -> CameraSettings | None:
        """What is set by now, told or not."""
        return self._now

    def take(self, settings: CameraSettings) -> bool:
        """Take what is set elsewhere; return whether it is other than what is shown.

        What was told last is no news while the operator is already further.
        """
        if self._now is not None and self._now.id != settings.id:
            self.flush()
        elif settings == self._told and self._now != self._told:
            return False
        self._pause.stop()
        is_news = settings != self._now
        self._now = self._told = settings
        return is_news

    def drop(self) -> None:
        """Edit nothing any more."""
        self.flush()
        self._pause.stop()
        self._now = self._told = None

    def change(self, what: str, **parts: Any) -> None:
        """Set these parts of the settings, and tell at once; ``what`` are the words for the undo menu."""
        self.drag(what, **parts)
        self.flush()

    def drag(self, what: str, **parts: Any) -> None:
        """Do the same for what comes many times a second: tell some of it, and the last for sure."""
        if self._filling or self._now is None:
            return
        try:
            new = self._now.but(**parts)
        except SettingsError as error:
            self.refused.emit(str(error))
            return
        if new == self._now:
            return
        if what != self._what:
            self.flush()
        self._now, self._what = new, what
        if not self._pause.isActive():
            self.flush()
            self._pause.start()

    def flush(self) -> None:
        """Tell now what was not told yet."""
        if self._now is not None and self._now != self._told:
            self._told = self._now
            self.changed.emit(self._now, self._what)

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Let widgets be filled: what they say meanwhile is not the operator's doing."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    def _pause_over(self) -> None:
        if self._now != self._told:
            self.flush()
            self._pause.start()
