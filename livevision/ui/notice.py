"""What stands over a picture that is not live: why, and what the operator can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from livevision.ui import theme

_VEIL = QColor(8, 9, 12, 205)
_LINE_WIDTH = 0.86
"""Share of the view's width that a line may take."""
_GAP = 8
_ABOVE_BUTTON = 18
_WRAPPED = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class Notice:
    """A headline, details, and what the button says; no button where ``action`` is empty."""

    headline: str
    detail: str = ""
    action: str = ""


class NoticeOverlay(QWidget):
    """Dims what is under it and says a :class:`Notice`.  In a small tile the details give way to the button."""

    action_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._notice = Notice("")
        self._headline_room = QRect()
        self._detail_room = QRect()
        self.button = QPushButton(self)
        self.button.clicked.connect(self.action_wanted)
        self.hide()

    @property
    def notice(self) -> Notice | None:
        """What is said; None while nothing is."""
        return None if self.isHidden() else self._notice

    def tell(self, notice: Notice | None) -> None:
        """Say this, or nothing."""
        if notice is None:
            self.hide()
            return
        self._notice = notice
        self.setAccessibleName(" ".join(text for text in (notice.headline, notice.detail) if text))
        self.button.setText(notice.action)
        self.button.setVisible(bool(notice.action))
        self._place()
        self.show()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place everything anew."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the veil and the words."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _VEIL)
        painter.setFont(self._headline_font())
        painter.setPen(theme.ON_VIDEO)
        painter.drawText(self._headline_room, _WRAPPED, self._notice.headline)
        if not self._detail_room.isNull():
            painter.setFont(self._detail_font())
            painter.setPen(theme.ON_VIDEO_MUTED)
            painter.drawText(self._detail_room, _WRAPPED, self._notice.detail)
        painter.end()

    def _place(self) -> None:
        width = int(self.width() * _LINE_WIDTH)
        left = (self.width() - width) // 2
        button = self.button.sizeHint()
        heights = [
            _height(self._headline_font(), self._notice.headline, width),
            _height(self._detail_font(), self._notice.detail, width),
            button.height() + _ABOVE_BUTTON if self._notice.action else 0,
        ]
        if sum(heights) + 2 * _GAP > self.height():
            heights[1] = 0
        headline, detail, _ = heights
        top = (self.height() - sum(heights) - _GAP) // 2
        self._headline_room = QRect(left, top, width, headline)
        self._detail_room = QRect(left, top + headline + _GAP, width, detail) if detail else QRect()
        below = top + headline + _GAP + detail + _ABOVE_BUTTON
        self.button.setGeometry((self.width() - button.width()) // 2, below, button.width(), button.height())

    def _headline_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(13, min(24, self.width() // 26)))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _detail_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(11, min(15, self.width() // 40)))
        return font


def _height(font: QFont, text: str, width: int) -> int:
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, 10_000), _WRAPPED, text).height() if text else 0
