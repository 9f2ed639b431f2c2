"""The app with a window to be pictured: opened in a theme and a size, closed without a trace."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pictures.saving import save
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QSize
from PySide6.QtWidgets import QApplication, QWidget

from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.desk import Desk
from livevision.ui.log_lines import LogLines
from livevision.ui.main_window import MainWindow
from livevision.ui.theme import Theme, apply_theme
from livevision.ui.translation import install_translation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from livevision.ui.camera_tile import CameraTile
    from livevision.workspace.camera_settings import CameraSettings

TARGET = Path(__file__).parents[2] / "assets" / "screenshots"
SETTLE = 9.0
"""Seconds until the motion detector knows the street and the curves show something."""
_PATIENCE = 60.0
_POLL = 0.05
_taken: list[tuple[bytes, Path]] = []


@dataclass(frozen=True)
class Stage:
    """The app, its window, and what can be done with them."""

    app: App
    window: MainWindow

    async def add(self, request: CameraRequest, name: str) -> CameraTile:
        """Add a camera as a person does, and return its tile once it is there."""
        before = len(self.window.grid.tiles)
        self.window.opening.add(request, name)
        await until(lambda: len(self.window.grid.tiles) > before)
        return self.window.grid.tiles[-1]

    async def rest(self, seconds: float = SETTLE) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)
        self.window.refresh()


@contextlib.asynccontextmanager
async def stage(
    size: QSize, theme: Theme = Theme.DARK, language: str = "en", recent: Iterable[CameraSettings] = ()
) -> AsyncIterator[Stage]:
    """Open a window of that size, in logical pixels."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    desk, log = Desk(), LogLines()
    logger = logging.getLogger("livevision")
    logger.addHandler(log)
    logger.setLevel(logging.INFO)
    desk.prefer(desk.preferences.but(theme=theme.value, language=language, recent_cameras=tuple(recent)))
    # Before there are menus, which are written once.
    install_translation(application, language)
    async with App(Path("recordings")) as app:
        window = MainWindow(app, desk, log)
        window.preferring.apply()
        apply_theme(application, theme)
        window.resize(size)
        window.show()
        try:
            yield Stage(app, window)
        finally:
            await window.aclose()
            await app.aclose()
            window.hide()
            window.deleteLater()
            QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
            logger.removeHandler(log)
            while _taken:
                save(*_taken.pop())


def street(seed: int, model: str | None) -> CameraRequest:
    """Return the generated street as a camera."""
    return CameraRequest(f"synthetic:street?size=1280x720&fps=25&seed={seed}", model)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that comes.  Raises TimeoutError."""
    async with asyncio.timeout(_PATIENCE):
        while not is_so():
            await asyncio.sleep(_POLL)


def take(widget: QWidget, name: str) -> None:
    """Keep how a window looks; it becomes ``name``.png once the stage is empty."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    # Not saved at once: that takes seconds, in which nothing is painted, and the figures would tell.
    _taken.append((bytes(buffer.data().data()), TARGET / f"{name}.png"))
