"""What is being edited: every change is a new object, told at once or, while something is dragged, soon."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from livevision.errors import SettingsError
from livevision.ui.translation import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livevision.workspace.camera_settings import CameraSettings

_NOT_OFTENER_MS = 80
"""A slider that is dragged says more than anybody can see."""
_GESTURE_OVER_MS = 1000
"""Of rest, after which another turn of the same wheel or press of the same key is meant as another change."""


class Editing(QObject):
    """The settings of the camera that a panel shows.

    ``changed`` gives new ones, in words what was changed, and what stands for the gesture that did it; None where it
    was done at once.
    """

    changed = Signal(object, str, object)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now: CameraSettings | None = None
        self._told: CameraSettings | None = None
        self._what = ""
        self._gesture: object = None
        self._filling = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_NOT_OFTENER_MS)
        self._pause.timeout.connect(self._pause_over)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_GESTURE_OVER_MS)
        self._rest.timeout.connect(self._rested)

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
        if (new := self._changed(parts)) is not None:
            self.end_gesture()
            self._now, self._what = new, what
            self.flush()

    def drag(self, what: str, **parts: Any) -> None:
        """Do the same for what comes many times a second: tell some of it, and the last for sure.

        All that comes without a rest between, or while a button of the mouse is held, is one gesture, and one to undo.
        """
        if (new := self._changed(parts)) is None:
            return
        if self._gesture is None or what != self._what:
            self.end_gesture()
            self._gesture = object()
        self._now, self._what = new, what
        self._rest.start()
        if not self._pause.isActive():
            self.flush()
            self._pause.start()

    def flush(self) -> None:
        """Tell now what was not told yet."""
        if self._now is not None and self._now != self._told:
            self._told = self._now
            self.changed.emit(self._now, self._what, self._gesture)

    def end_gesture(self) -> None:
        """Let what follows be another one; what was not told yet is told."""
        self.flush()
        self._rest.stop()
        self._gesture = None

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Let widgets be filled: what they say meanwhile is not the operator's doing."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    def _changed(self, parts: dict[str, Any]) -> CameraSettings | None:
        if self._filling or self._now is None:
            return None
        try:
            new = self._now.but(**parts)
        except SettingsError as error:
            self.refused.emit(told(error.text))
            return None
        return None if new == self._now else new

    def _rested(self) -> None:
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self.end_gesture()
        else:
            self._rest.start()

    def _pause_over(self) -> None:
        if self._now != self._told:
            self.flush()
            self._pause.start()
