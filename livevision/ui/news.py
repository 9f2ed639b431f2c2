"""What the operator is told without having asked: lost cameras, repaired recordings, settings that cannot be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from livevision.ui.lost_watch import LostWatch, Seen
from livevision.ui.notifications import Notifier
from livevision.ui.translation import told

if TYPE_CHECKING:
    from livevision.ui.camera_tile import CameraTile
    from livevision.ui.main_window import MainWindow


class News(QObject):
    """Tells each thing once.  :meth:`look` is called every 250 ms."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._lost = LostWatch(window.desk.preferences.lost_after_s)
        self._notifier = Notifier(window.messages, self)
        self._notifier.opened.connect(window.activateWindow)
        self._told: set[str] = set()
        self._repairs_told = 0

    def look(self) -> None:
        """Tell what is new."""
        window = self._window
        self._lost.after = window.desk.preferences.lost_after_s
        self._notifier.tell(self._lost.look(_seen(tile) for tile in window.grid.tiles))
        for notice, say in (
            (window.app.accounts.notice, window.messages.inform),
            (window.desk.notice, window.messages.warn),
        ):
            if notice and notice not in self._told:
                say(told(notice))
                self._told.add(notice)
        for words in window.app.repairs[self._repairs_told :]:
            window.messages.inform(told(words))
        self._repairs_told = len(window.app.repairs)

    def close(self) -> None:
        """Leave the desktop."""
        self._notifier.close()


def _seen(tile: CameraTile) -> Seen:
    return Seen(tile.camera.id, tile.camera.name, tile.camera.session.status.state)
