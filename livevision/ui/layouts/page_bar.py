"""The slim bar below the tiles where there is more than one page of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon
from livevision.ui.layouts.page_dots import PageDots

HEIGHT = 32
_ICON = 18


class PageBar(QWidget):
    """Says which page is shown and turns to others: arrows, dots, and whether pages turn by themselves."""

    turn_wanted = Signal(int)
    """−1 or +1."""
    page_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.previous = self._arrow(self.tr("Previous page"), -1)
        self.next = self._arrow(self.tr("Next page"), +1)
        self.dots = PageDots()
        self.dots.page_wanted.connect(self.page_wanted)
        self.words = QLabel()
        self.cycle_words = QLabel()
        self.cycle_words.setProperty("role", "muted")
        self.cycle_words.setToolTip(self.tr("Pages turn by themselves, but not while the mouse is over the pictures."))
        # In a narrow window its words give way to the arrows, which stay in the middle.
        self.cycle_words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self.cycle_words, 1)
        for part in (self.previous, self.dots, self.words, self.next):
            layout.addWidget(part)
        # As wide as what stands on the left, so that the arrows stand in the middle.
        layout.addStretch(1)
        self._dress()

    def tell(self, page: int, pages: int) -> None:
        """Show page ``page``, from 0 on, of ``pages``."""
        self.dots.tell(page, pages)
        self.words.setText(f"{page + 1} / {pages}")
        self.words.setAccessibleName(self.tr("Page {page} of {pages}").format(page=page + 1, pages=pages))
        self.setAccessibleName(self.words.accessibleName())

    def tell_cycle(self, seconds: float, is_held: bool) -> None:
        """Say that pages turn every so many seconds, 0 for never, and whether they are held at the moment."""
        text = self.tr("Every {seconds:g} s").format(seconds=seconds) if seconds else ""
        if seconds and is_held:
            text = self.tr("Every {seconds:g} s · held by the mouse").format(seconds=seconds)
        self.cycle_words.setText(text)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Draw the arrows in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.SURFACE)
        painter.end()

    def _arrow(self, name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "tool")
        button.setAutoRaise(True)
        button.setIconSize(QSize(_ICON, _ICON))
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(lambda: self.turn_wanted.emit(step))
        return button

    def _dress(self) -> None:
        self.previous.setIcon(icon("previous", theme.TEXT.name()))
        self.next.setIcon(icon("next", theme.TEXT.name()))
