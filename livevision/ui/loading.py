"""Models that are being loaded for a camera: given up, tried again, and what is said when one fails."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from livevision.ui.translation import told
from livevision.ui.words import model_name
from livevision.wording import joined

if TYPE_CHECKING:
    from livevision.cameras import Camera
    from livevision.errors import LivevisionError
    from livevision.ui.main_window import MainWindow


class Loading(QObject):
    """Works for the chosen camera where the panel asks, and for the one that a message is about."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.panels.panel.cancel_wanted.connect(self.give_up)
        window.panels.panel.retry_wanted.connect(self.retry)
        window.commands.load_wanted.connect(window.cameras.load_once_more)
        window.cameras.load_failed = self.tell_failed

    def give_up(self) -> None:
        """Go on with the model that runs."""
        if tile := self._window.grid.chosen:
            self._window.commands.keep_model(tile)

    def retry(self) -> None:
        """Load what is set once more."""
        if tile := self._window.grid.chosen:
            self._window.commands.retry_model(tile)

    def tell_failed(self, camera: Camera, error: LivevisionError) -> None:
        """Say what failed, and which model goes on."""
        words: str = error.text
        if camera.running_model is not None:
            goes_on = self.tr("{camera} goes on with {model}.")
            goes_on = goes_on.format(camera=camera.name, model=model_name(camera.running_model))
            words = joined("\n", (words, goes_on))
        self._window.messages.warn(told(words), (self.tr("Try again"), partial(self._try_again, camera)))

    def _try_again(self, camera: Camera) -> None:
        if tile := self._window.cameras.tile(camera.id):
            self._window.commands.retry_model(tile)
