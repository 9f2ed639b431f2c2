"""Turning pages by themselves, every so many seconds."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

MOST_SECONDS = 3600.0
_LEAST_SECONDS = 1.0
"""Faster than that nobody sees anything."""


class PageCycle(QObject):
    """Asks for the next page.  Held while somebody is at it; then it waits its whole time anew."""

    turn_wanted = Signal()
    changed = Signal()
    """Its seconds, or whether it is held."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._seconds = 0.0
        self._is_held = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.turn_wanted)

    @property
    def seconds(self) -> float:
        """The time between two pages; 0 where pages stay."""
        return self._seconds

    @property
    def is_held(self) -> bool:
        """Whether it waits for somebody to be done."""
        return self._is_held

    @property
    def is_running(self) -> bool:
        """Whether a page will be turned by itself."""
        return self._timer.isActive()

    def set_seconds(self, seconds: float) -> None:
        """Turn a page every ``seconds``; 0 or less for never."""
        self._seconds = min(max(seconds, _LEAST_SECONDS), MOST_SECONDS) if seconds > 0 else 0.0
        self.restart()
        self.changed.emit()

    def hold(self) -> None:
        """Turn no page until :meth:`release`."""
        self._is_held = True
        self.restart()
        self.changed.emit()

    def release(self) -> None:
        """Turn pages again."""
        self._is_held = False
        self.restart()
        self.changed.emit()

    def restart(self) -> None:
        """Give the page that is shown its whole time."""
        if self._seconds and not self._is_held:
            self._timer.start(round(self._seconds * 1000))
        else:
            self._timer.stop()
