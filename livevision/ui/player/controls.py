"""The row under the time line: buttons, where the picture is, speed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from livevision.playback.player import FASTEST, SLOWEST
from livevision.ui import theme
from livevision.ui.icon import dress, icon

SPEEDS = (SLOWEST, 0.5, 1.0, 2.0, 4.0, FASTEST)
_ROOM_FOR_SECTION, _ROOM_FOR_TIME_OF_DAY = 800, 690


class Controls(QWidget):
    """What can be clicked can also be done by key: the tool tips say with which."""

    speed_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = _button("step-back", self.tr("One picture back"), ",")
        self.play = _button("", self.tr("Play"), self.tr("Space"))
        self.forward = _button("step-forward", self.tr("One picture on"), ".")
        self.mark_in = _button("mark-in", self.tr("The section begins here"), "I")
        self.mark_out = _button("mark-out", self.tr("The section ends here"), "O")
        self.export = _button("export", self.tr("Export the section…"), "E")
        self.boxes = _button("boxes", self.tr("Boxes"), "B")
        self.boxes.setCheckable(True)
        self.position = QLabel()
        self.time_of_day = QLabel()
        self.section = QLabel()
        self.trouble = QLabel()
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self._play_icon = "play"
        self._dress_play()
        theme.changes.changed.connect(self._dress_play)
        self.speed = QComboBox()
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("Speed ([ and ])"))
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.speed.activated.connect(lambda index: self.speed_chosen.emit(SPEEDS[index]))
        self._lay_out()

    def set_playing(self, playing: bool) -> None:
        """Let the button in the middle say what it would do."""
        name, words = ("pause", self.tr("Pause")) if playing else ("play", self.tr("Play"))
        if self.play.accessibleName() != words:
            self._play_icon = name
            self._dress_play()
            self.play.setAccessibleName(words)
            self.play.setToolTip(f"{words} ({self.tr('Space')})")

    def set_speed(self, speed: float) -> None:
        """Show the speed."""
        self.speed.setCurrentIndex(SPEEDS.index(speed))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """In a narrow window what can also be seen elsewhere gives way."""
        super().resizeEvent(event)
        self.section.setVisible(self.width() >= _ROOM_FOR_SECTION)
        self.time_of_day.setVisible(self.width() >= _ROOM_FOR_TIME_OF_DAY)

    def _dress_play(self) -> None:
        self.play.setIcon(icon(self._play_icon, theme.TEXT.name()))

    def _lay_out(self) -> None:
        for label, role in ((self.time_of_day, "muted"), (self.section, "muted"), (self.trouble, "warning")):
            label.setProperty("role", role)
        self.position.setStyleSheet("font-weight: 600;")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 8)
        row.setSpacing(4)
        for part in (self.back, self.play, self.forward):
            row.addWidget(part)
        row.addSpacing(10)
        row.addWidget(self.position)
        row.addSpacing(10)
        row.addWidget(self.time_of_day)
        row.addSpacing(10)
        row.addWidget(self.trouble)
        row.addStretch()
        row.addWidget(self.section)
        row.addSpacing(6)
        for part in (self.mark_in, self.mark_out, self.export):
            row.addWidget(part)
        row.addSpacing(10)
        row.addWidget(self.boxes)
        row.addWidget(self.speed)


def _button(name: str, words: str, key: str) -> QToolButton:
    button = QToolButton()
    if name:
        dress(button, name)
    button.setIconSize(QSize(20, 20))
    button.setAccessibleName(words)
    button.setToolTip(f"{words} ({key})")
    # A click leaves the keys with the picture: Space must not press the button that was clicked last.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
