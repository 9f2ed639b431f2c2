"""Whose a key is that is pressed without Ctrl or Alt: the cameras', or that of what has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_KEEPS_ITS_KEYS = (
    QLineEdit,
    QAbstractSpinBox,
    QComboBox,
    QAbstractItemView,
    QAbstractSlider,
    QTextEdit,
    QPlainTextEdit,
)
"""In a list letters search and Del removes a line; in a slider the page keys move it."""
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ALWAYS_THE_WINDOWS = {Qt.Key.Key_F1, Qt.Key.Key_F11}


def is_for_cameras(focus: QWidget | None, pictures: QWidget) -> bool:
    """Say whether plain keys mean the chosen camera: the keyboard is among the pictures, or nowhere in particular."""
    if focus is None or focus.isWindow():
        return True
    return not isinstance(focus, _KEEPS_ITS_KEYS) and (focus is pictures or pictures.isAncestorOf(focus))


def is_plain_key(event: QEvent) -> bool:
    """Say whether Qt asks for whom a key is that could be meant for what has the keyboard."""
    return (
        event.type() is QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and not event.modifiers() & _COMMAND
        and event.key() not in _ALWAYS_THE_WINDOWS
    )
