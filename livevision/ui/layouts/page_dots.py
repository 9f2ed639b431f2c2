"""A row of dots, one for each page."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livevision.ui import theme

_STEP = 16
_MOST = 12
"""More dots than that nobody counts: the words beside them say it."""


class PageDots(QWidget):
    """Shows which page is shown, larger than the others; a click on another turns to it."""

    page_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = 0
        self._pages = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def tell(self, page: int, pages: int) -> None:
        """Show page ``page``, from 0 on, of ``pages``."""
        self._page, self._pages = page, pages
        self.setVisible(pages <= _MOST)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room that the dots take."""
        return QSize(_STEP * self._pages, _STEP)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Turn to the page whose dot is there."""
        self.page_wanted.emit(int(event.position().x() // _STEP))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for page in range(self._pages):
            here = page == self._page
            painter.setBrush(theme.ACCENT if here else theme.MUTED)
            radius = 4.5 if here else 2.5
            painter.drawEllipse(QPointF((page + 0.5) * _STEP, self.height() / 2), radius, radius)
        painter.end()
