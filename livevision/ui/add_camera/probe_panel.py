"""The Test button and what comes of it: the first picture, what the camera is like, or what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from livevision.ui.add_camera.page import muted, set_role
from livevision.ui.video_view import VideoView

if TYPE_CHECKING:
    from livevision.frame import Image


class ProbePanel(QWidget):
    """Shows a test; knows nothing of how it is made."""

    test_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QPushButton(self.tr("&Test"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._clicked)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Testing the camera"))
        keep = self.progress.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(keep)
        self.progress.hide()
        self.headline = _selectable(QLabel())
        self.headline.setAccessibleName(self.tr("Result of the test"))
        self.hint = muted("")
        self.view = VideoView()
        self.view.setAccessibleName(self.tr("First picture of the camera"))
        self._facts = QWidget()
        self._rows = QGridLayout(self._facts)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(4)
        self._rows.setColumnStretch(1, 1)
        self._words: tuple[QLabel, ...] = ()
        self._under_way = False
        self._lay_out()
        self.clear()

    @property
    def words(self) -> str:
        """All that is said at the moment, a line each."""
        facts = (label.text() for label in self._words)
        return "\n".join(filter(None, (self.headline.text(), self.hint.text(), *facts)))

    def room(self) -> tuple[int, int]:
        """Return how large a picture may be, in device pixels."""
        size = self.view.size() * self.view.devicePixelRatioF()
        return size.width(), size.height()

    def clear(self) -> None:
        """Say what a test is for: there has been none."""
        self._say(self.tr("Not tested yet"), "muted")
        self.hint.setText(self.tr("Test shows the first picture, and what the camera sends."))
        self._forget()

    def begin(self) -> None:
        """Show that a test is under way."""
        self._forget()
        self._set_under_way(True)
        self._say(self.tr("Connecting…"), "heading")
        self.hint.clear()

    def show_picture(self, pixels: Image) -> None:
        """Show the first picture, ``(h, w, 4)`` BGRA, while the camera is still measured."""
        self.view.show_picture(pixels, 0.0)
        self._pictures.setCurrentWidget(self.view)
        self._say(self.tr("A picture came. Measuring…"), "heading")

    def succeed(self, facts: list[tuple[str, str]]) -> None:
        """Say what the camera is like."""
        self._set_under_way(False)
        self._say(self.tr("✓ The camera works"), "good")
        self.hint.clear()
        labels = [(muted(name), _selectable(QLabel(words))) for name, words in facts]
        for row, (name, words) in enumerate(labels):
            name.setWordWrap(False)
            self._rows.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(words, row, 1)
        self._words = tuple(label for row in labels for label in row)

    def fail(self, reason: str, hint: str = "") -> None:
        """Say what is wrong, and what to look at."""
        self._set_under_way(False)
        self._say(self.tr("✗ {}").format(reason), "bad")
        self.hint.setText(hint)

    def _clicked(self) -> None:
        (self.stop_wanted if self._under_way else self.test_wanted).emit()

    def _set_under_way(self, under_way: bool) -> None:
        self._under_way = under_way
        self.button.setText(self.tr("&Stop") if under_way else self.tr("&Test"))
        self.progress.setVisible(under_way)

    def _say(self, text: str, role: str) -> None:
        self.headline.setText(text)
        set_role(self.headline, role)

    def _forget(self) -> None:
        self._set_under_way(False)
        self._pictures.setCurrentWidget(self._empty)
        for label in self._words:
            label.hide()  # at once, and not when Qt comes round to deleting it
            label.deleteLater()
        self._words = ()

    def _lay_out(self) -> None:
        self._empty = muted(self.tr("No picture yet"))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pictures = QStackedWidget()
        self._pictures.setStyleSheet("QStackedWidget { background: transparent; }")
        self._pictures.addWidget(self._empty)
        self._pictures.addWidget(self.view)
        self._pictures.setMinimumSize(256, 144)
        frame = _Frame()
        frame.setObjectName("picture")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._pictures)
        pressing = QHBoxLayout()
        pressing.addWidget(self.button)
        pressing.addWidget(self.progress, 1)
        said = QVBoxLayout()
        said.setSpacing(8)
        said.addLayout(pressing)
        said.addWidget(self.headline)
        said.addWidget(self.hint)
        said.addWidget(self._facts)
        said.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        shown = QVBoxLayout()
        shown.addWidget(frame, 1)
        shown.addStretch()
        layout.addLayout(shown, 4)
        layout.addLayout(said, 3)


class _Frame(QFrame):
    """No higher than most cameras' pictures are in its width."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Heed another width."""
        super().resizeEvent(event)
        self.setMaximumHeight(round(self.width() * 9 / 16))


def _selectable(label: QLabel) -> QLabel:
    # What a camera says of itself is never taken for markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label
