"""One message: a sign, words, a button that does something about it, and one that takes it away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from livevision.ui import theme
from livevision.ui.icon import dress, icon

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGN = 18
_EDGE = 4


class Tone(Enum):
    """What kind of message it is."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class MessageAction:
    """What can be done about a message."""

    word: str
    run: Callable[[], object]


class _Sign(QWidget):
    """Says by its shape what the colour says, too."""

    def __init__(self, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(_SIGN, _SIGN))
        self._tone = tone

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint it in the theme's colour."""
        painter = QPainter(self)
        name = "warning" if self._tone is Tone.BAD else "info"
        icon(name, _colour(self._tone)).paint(painter, self.rect())
        painter.end()


class Message(QFrame):
    """Tells ``over`` when its time is over, it was closed, or its button was pressed.

    It stays while the pointer is over it or the keyboard in it.
    """

    over = Signal(object)
    """With the message itself."""

    def __init__(self, text: str, tone: Tone, action: MessageAction | None, milliseconds: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = text
        self.tone = tone
        self._times = 1
        self._action = action
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._leave)
        self._words = QLabel(text)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        # With its parent at once: without one it would be a window for a moment, and take the keyboard.
        self.button = QPushButton(action.word if action else "", self)
        self.button.setVisible(action is not None)
        self.button.clicked.connect(self._act)
        self.close_button = QPushButton()
        self.close_button.setProperty("role", "tool")
        self.close_button.setAccessibleName(self.tr("Close message"))
        self.close_button.setToolTip(self.tr("Close message"))
        dress(self.close_button, "close", theme.MUTED)
        self.close_button.clicked.connect(self._end)
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE + 12, 7, 8, 7)
        row.setSpacing(12)
        row.addWidget(_Sign(tone, self), alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        self._name()
        self.hide()

    def begin(self) -> None:
        """Show it; its time begins."""
        self.show()
        self._timer.start()

    def say_again(self, action: MessageAction | None) -> None:
        """Count, and stay as long as a new one would."""
        self._times += 1
        self._action = action or self._action
        self._words.setText(f"{self.text}  (×{self._times})")
        self._name()
        if self._timer.isActive():
            self._timer.start()

    def height_for(self, width: int) -> int:
        """Return the height that its words need in this width."""
        layout = self.layout()
        return max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height()) if layout else 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the ground, and the edge that says what kind it is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.BORDER, 1))
        painter.setBrush(theme.RAISED)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.BAD if self.tone is Tone.BAD else theme.GOOD)
        painter.drawRoundedRect(QRectF(0, 0, _EDGE, self.height()), 2, 2)
        painter.end()

    def _leave(self) -> None:
        in_use = QApplication.focusWidget()
        if self.underMouse() or (in_use is not None and self.isAncestorOf(in_use)):
            self._timer.start()
        else:
            self._end()

    def _end(self) -> None:
        self.over.emit(self)

    def _name(self) -> None:
        kind = self.tr("Warning") if self.tone is Tone.BAD else self.tr("Message")
        self.setAccessibleName(f"{kind}: {self._words.text()}")

    def _act(self) -> None:
        action = self._action
        # First, so that what it does may say something itself.
        self._end()
        if action is not None:
            action.run()


def _colour(tone: Tone) -> str:
    return (theme.BAD if tone is Tone.BAD else theme.GOOD).name()
