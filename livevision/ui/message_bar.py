"""Messages over the lower edge of a window: what happened, and what to do about it, without a modal box."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from livevision.ui.message import Message, MessageAction, Tone

if TYPE_CHECKING:
    from collections.abc import Callable

_INFORMATION_MS = 6000
_ACTION_MS = 12000
"""For who has to decide whether to press a button."""
_ERROR_MS = 15000
_MARGIN = 8
"""So little that it covers the figures under a picture, and cuts none in two."""
_SHOWN_AT_ONCE = 3
_MOST_WAITING = 50


class MessageBar(QWidget):
    """Shows up to three messages, each for some seconds, over ``parent``: nothing moves when they come and go.

    More wait for their turn.  A message that is said again counts instead of standing there twice.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        parent.installEventFilter(self)
        self.setAccessibleName(self.tr("Messages"))
        self._shown: list[Message] = []
        self._waiting: deque[Message] = deque()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self.hide()

    def __repr__(self) -> str:
        return f"<MessageBar {[message.text for message in self._shown]} {len(self._waiting)} waiting>"

    def inform(self, text: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say what was done; ``action`` is a button's word and what it does: ``("Undo", undo)``."""
        self._say(text, Tone.GOOD, MessageAction(*action) if action else None)

    def warn(self, text: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say what failed and what to try."""
        self._say(text, Tone.BAD, MessageAction(*action) if action else None)

    def text(self) -> str:
        """Return the newest message that is shown; empty where there is none."""
        return self._shown[-1].text if self._shown else ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """Those that are shown, the newest last."""
        return tuple(self._shown)

    @property
    def waiting(self) -> tuple[str, ...]:
        """What is said next."""
        return tuple(message.text for message in self._waiting)

    def clear(self) -> None:
        """Take all of them away, those that wait, too."""
        while self._waiting:
            self._waiting.pop().deleteLater()
        for message in tuple(self._shown):
            self._remove(message)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay at the lower edge when the parent changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Find room anew for letters of another size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._place()

    def _say(self, text: str, tone: Tone, action: MessageAction | None) -> None:
        for said in (*self._shown, *self._waiting):
            if (said.text, said.tone) == (text, tone):
                said.say_again(action)
                self._place()
                return
        milliseconds = _ERROR_MS if tone is Tone.BAD else _ACTION_MS if action else _INFORMATION_MS
        message = Message(text, tone, action, milliseconds, self)
        message.over.connect(self._remove)
        self._waiting.append(message)
        if len(self._waiting) > _MOST_WAITING:
            # What was done is known; what failed may not be.
            least = next((each for each in self._waiting if each.tone is Tone.GOOD), self._waiting[0])
            self._waiting.remove(least)
            least.deleteLater()
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._shown) < _SHOWN_AT_ONCE:
            message = self._waiting.popleft()
            self._shown.append(message)
            self._layout.addWidget(message)
            message.begin()
            QAccessible.updateAccessibility(QAccessibleEvent(message, QAccessible.Event.Alert))
        # First, or it comes up in the corner, and one that finds the mouse there stays as if it were read.
        self._place()
        self.setVisible(bool(self._shown))
        # Its letters have their size now.
        self._place()

    def _remove(self, message: Message) -> None:
        if message in self._shown:
            self._shown.remove(message)
            self._layout.removeWidget(message)
            message.hide()
            message.deleteLater()
            self._go_on()

    def _place(self) -> None:
        room = self._over.size()
        width = max(0, room.width() - 2 * _MARGIN)
        height = sum(message.height_for(width) for message in self._shown)
        height += self._layout.spacing() * max(0, len(self._shown) - 1)
        self.setGeometry(_MARGIN, room.height() - height - _MARGIN, width, height)
        self.raise_()
