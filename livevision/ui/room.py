"""Room for words: a window that has too little of it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def make_room(window: QWidget) -> None:
    """Make a window as high as what is in it needs at its width.

    Qt does so only for what does not break lines, and else squeezes controls until their letters are cut.
    """
    layout = window.layout()
    if layout is not None:
        layout.activate()
        needed = max(layout.totalHeightForWidth(window.width()), layout.totalMinimumSize().height())
        if window.height() < needed:
            window.resize(window.width(), needed)
