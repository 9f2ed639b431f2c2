"""Where windows go.  Under Wayland they have no say in that but for the screen that they fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QScreen
    from PySide6.QtWidgets import QWidget


def can_place() -> bool:
    """Whether a window may say where it is to be; under Wayland only the desktop knows."""
    return not QGuiApplication.platformName().startswith("wayland")


def put(window: QWidget, place: QRect, screen: QScreen | None = None) -> None:
    """Give a window its size, and its place and screen where it may choose them."""
    if screen is not None:
        window.setScreen(screen)
    if can_place():
        window.setGeometry(place)
    else:
        window.resize(place.size())


def fill(window: QWidget, screen: QScreen) -> None:
    """Let a window fill a screen; that can be chosen everywhere."""
    window.setScreen(screen)
    if can_place():
        # Without a window manager nobody else makes a full-screen window as large as the screen.
        window.setGeometry(screen.geometry())
    window.showFullScreen()


def other_screen(beside: QScreen, screens: Sequence[QScreen]) -> QScreen:
    """Return another screen than ``beside`` where there is one."""
    return next((screen for screen in screens if screen is not beside), beside)


def screen_named(name: str) -> QScreen | None:
    """Return the screen that the desktop calls so; None where it is gone."""
    return next((screen for screen in QGuiApplication.screens() if name and screen.name() == name), None)
