"""How many of each class there are at this moment, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from livevision.ui import theme
from livevision.ui.swatch import SIDE, colour_of, paint_swatch

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 12
"""Chips; the rest is one number."""
_PADDING, _GAP = 9, 6
_WIDEST_NAME = 140


class CountChips(QWidget):
    """One chip a class, the most frequent first; as many lines as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: tuple[tuple[str, int], ...] = ()
        self._more = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_counts({})

    @property
    def words(self) -> str:
        """What stands there, in words."""
        parts = [f"{count} {name}" for name, count in self._chips]
        if self._more:
            parts.append(self.tr("{count} more").format(count=self._more))
        return ", ".join(parts) or self.tr("Nothing in the picture")

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show these; equal numbers in the order of the alphabet, so that chips do not change places for nothing."""
        ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        chips, more = tuple(ordered[:_MOST]), sum(count for _, count in ordered[_MOST:])
        if (chips, more) == (self._chips, self._more) and self.accessibleName():
            return
        self._chips, self._more = chips, more
        self.setAccessibleName(self.words)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Lines break."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height of all lines."""
        rooms = self._rooms(width)
        return int(rooms[-1].bottom()) + 1 if rooms else self._line() + 1

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for one line."""
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the room for one line; layouts that know their width ask for more."""
        return QSize(120, self._line() + 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint all chips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._chips:
            painter.setPen(theme.MUTED)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.words)
        for room, text, name in zip(self._rooms(self.width()), self._texts(), self._names(), strict=True):
            painter.setPen(QPen(theme.BORDER, 1))
            painter.setBrush(theme.RAISED)
            painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            left = room.left() + _PADDING
            if name is not None:
                paint_swatch(painter, QRectF(left, room.center().y() - SIDE / 2, SIDE, SIDE), colour_of(name))
                left += SIDE + _GAP
            painter.setPen(theme.TEXT)
            painter.setFont(self._bold())
            number, _, rest = text.partition(" ")
            words = QRectF(left, room.top(), room.right() - left, room.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, number)
            words.setLeft(left + self._number_width(number) + _GAP)
            painter.setFont(self.font())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, rest)
        painter.end()

    def _texts(self) -> list[str]:
        elide = self.fontMetrics().elidedText
        texts = [f"{count} {elide(name, Qt.TextElideMode.ElideRight, _WIDEST_NAME)}" for name, count in self._chips]
        if self._more:
            texts.append(self.tr("{count} more").format(count=self._more))
        return texts

    def _names(self) -> list[str | None]:
        return [name for name, _ in self._chips] + ([None] if self._more else [])

    def _rooms(self, width: int) -> list[QRectF]:
        rooms: list[QRectF] = []
        x = y = 0.0
        for text, name in zip(self._texts(), self._names(), strict=True):
            number, _, rest = text.partition(" ")
            words = self._number_width(number) + _GAP + self.fontMetrics().horizontalAdvance(rest)
            needed = words + 2 * _PADDING + (0 if name is None else SIDE + _GAP)
            if x and x + needed > width:
                x, y = 0.0, y + self._line() + _GAP
            rooms.append(QRectF(x, y, needed, self._line()))
            x += needed + _GAP
        return rooms

    def _line(self) -> int:
        return self.fontMetrics().height() + 10

    def _number_width(self, number: str) -> int:
        return QFontMetrics(self._bold()).horizontalAdvance(number)

    def _bold(self) -> QFont:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        return bold
