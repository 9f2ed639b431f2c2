"""All open players: opened by a file's name, closed one by one or together."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from livevision.disk_threads import off_loop
from livevision.overlay import OverlayStyle
from livevision.recording.sidecar import sidecar_path
from livevision.sources.on_disk import is_file
from livevision.ui.player.player_window import PlayerWindow

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from livevision.ui.background import Background


class Players:
    """Owns the players' windows.  Several of them may be open, also of one file.

    ``style`` tells by the name of a camera who is hidden in its recordings.
    """

    def __init__(self, work: Executor, background: Background, style: Callable[[str], OverlayStyle]) -> None:
        self.windows: list[PlayerWindow] = []
        self._work, self._style = work, style
        self._background = background

    def ask_for_recording(self, parent: QWidget, files: str) -> None:
        """Ask which recordings to watch; ``files`` is what the dialogue offers."""
        dialog = QFileDialog(parent, QCoreApplication.translate("Players", "Open recordings"), "", files)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda paths: [self.open(Path(path)) for path in paths])
        dialog.open()

    async def open_recorded(self, path: str, otherwise: Callable[[str], None]) -> None:
        """Watch a file that has detections beside it; with one that has not, or is none, do ``otherwise``."""
        if await off_loop("look for detections", partial(_is_recorded, path)):
            self.open(Path(path))
        else:
            otherwise(path)

    def open(self, path: Path) -> PlayerWindow:
        """Show a player for a file."""
        window = PlayerWindow(path, self._work, self._style)
        self.windows.append(window)
        closing = QCoreApplication.translate("Players", "Closing the player")
        window.closed.connect(lambda: self._background.start(self._close(window), closing))
        window.show()
        window.start()
        window.activateWindow()
        return window

    @property
    def is_watched(self) -> bool:
        """Whether one plays and can be seen."""
        return any(window.player.is_playing and window.view.can_be_seen for window in self.windows)

    async def aclose(self) -> None:
        """Close them all."""
        for window in tuple(self.windows):
            await self._close(window)

    async def _close(self, window: PlayerWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
            await window.aclose()
            window.deleteLater()


def _is_recorded(path: str) -> bool:
    file = Path(path)
    return is_file(file) and is_file(sidecar_path(file))
