"""The small bar at the lower edge of a picture: what can be done with the camera, at hand while one looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, QVariantAnimation, Signal, SignalInstance
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from livevision.timing import BoxTiming
from livevision.ui.tile.bar_button import SIDE, BarButton
from livevision.ui.tile.timing_words import timing_name

if TYPE_CHECKING:
    from livevision.ui.video_view import VideoView

_GROUND = QColor(8, 9, 12, 190)
_MARGIN = 6
_FROM_EDGE = 8
_FADE_MS = 130
_REST_MS = 3000
"""How long the mouse lies still until it is in nobody's way any more."""
_COME = (QEvent.Type.Enter, QEvent.Type.MouseMove)
_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_GO = (QEvent.Type.Leave, QEvent.Type.FocusOut)
TIMING_ICONS = {
    BoxTiming.LIVE: "timing-live",
    BoxTiming.ALIGNED: "timing-aligned",
    BoxTiming.AS_THEY_COME: "timing-as-they-come",
}


class TileBar(QWidget):
    """Lies on ``view``: there while the mouse moves over it, and while the keyboard is in it.  Only tells.

    In a narrow view the last buttons are left out; the context menu has them all.
    """

    record_pressed = Signal()
    snapshot_pressed = Signal()
    freeze_pressed = Signal()
    timing_pressed = Signal()
    model_pressed = Signal()
    maximise_pressed = Signal()
    settings_pressed = Signal()

    def __init__(self, view: VideoView) -> None:
        super().__init__(view)
        self._view = view
        self._opacity = 0.0
        self._is_retired = False
        self.record = self._button("record", self.tr("Record"), self.record_pressed)
        self.snapshot = self._button("snapshot", self.tr("Save a snapshot"), self.snapshot_pressed)
        self.freeze = self._button("pause", self.tr("Freeze the picture"), self.freeze_pressed)
        self.timing = self._button("timing-live", self.tr("Boxes"), self.timing_pressed)
        self.model = self._button("boxes", self.tr("Model"), self.model_pressed)
        self.settings = self._button("settings", self.tr("Settings of this camera"), self.settings_pressed)
        self.maximise = self._button("maximise", self.tr("Maximise, or back"), self.maximise_pressed)
        # From the most wanted to what is left out first.
        self._order = (
            self.record,
            self.snapshot,
            self.freeze,
            self.maximise,
            self.timing,
            self.settings,
            self.model,
        )
        self._fade = QVariantAnimation(self)
        self._fade.setDuration(_FADE_MS)
        self._fade.valueChanged.connect(self._set_opacity)
        self._fade.finished.connect(self._hide_if_faded)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._go)
        self.setAccessibleName(self.tr("What to do with this camera"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        view.setMouseTracking(True)
        view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        view.watch(self._hear)

    @property
    def opacity(self) -> float:
        """How much of it can be seen, 0 to 1."""
        return self._opacity

    @property
    def buttons(self) -> tuple[BarButton, ...]:
        """All of them, as they stand from left to right."""
        return (self.record, self.snapshot, self.freeze, self.timing, self.model, self.settings, self.maximise)

    def come(self) -> None:
        """Fade in; out again when the mouse has rested for a while."""
        if self._is_retired or self._covers_action():
            return
        if not self.isVisible():
            self.show()
            self.raise_()
        self._fade_to(1.0)
        self._rest.start()

    def retire(self) -> None:
        """Never come again."""
        self._is_retired = True
        self.hide()

    def tell(self, recording: bool, frozen: bool, timing: BoxTiming, has_model: bool) -> None:
        """Show how the camera is."""
        if recording:
            self.record.say("stop", self.tr("Stop recording"), is_on=True)
        else:
            self.record.say("record", self.tr("Record"))
        if frozen:
            self.freeze.say("play", self.tr("Show the live picture"), is_on=True)
        else:
            self.freeze.say("pause", self.tr("Freeze the picture"))
        self.timing.say(TIMING_ICONS[timing], self.tr("Boxes. {}").format(timing_name(timing)))
        words = self.tr("Switch the model off") if has_model else self.tr("Switch the model on")
        self.model.say("boxes", words, is_on=has_model)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay while the mouse moves over the buttons, and while one of them has the keyboard."""
        # From one button the mouse goes to another, or to the view, which tells when it leaves that.
        return event.type() != QEvent.Type.Leave and self._hear(event)

    def _hear(self, event: QEvent) -> bool:
        """Come and go with the view's mouse, and with the keyboard in the view or in here."""
        kind = event.type()
        if kind in _COME or (isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _BY_KEYBOARD):
            self.come()
        elif kind in _GO:
            self._go()
        elif kind == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_GROUND)
        painter.drawRoundedRect(QRectF(self.rect()), 9, 9)
        painter.end()

    def _button(self, icon_name: str, words: str, pressed: SignalInstance) -> BarButton:
        button = BarButton(icon_name, words, self)
        button.clicked.connect(pressed)
        button.installEventFilter(self)
        return button

    def _place(self) -> None:
        fits = max(1, (self._view.width() - 2 * (_MARGIN + _FROM_EDGE)) // SIDE)
        chosen = set(self._order[:fits])
        shown = [button for button in self.buttons if button in chosen]
        for button in self.buttons:
            button.setVisible(button in chosen)
        for column, button in enumerate(shown):
            button.move(_MARGIN + column * SIDE, _MARGIN // 2)
        width, height = len(shown) * SIDE + 2 * _MARGIN, SIDE + _MARGIN
        left, top = (self._view.width() - width) // 2, self._view.height() - height - _FROM_EDGE
        self.setGeometry(left, max(0, top), width, height)

    def _covers_action(self) -> bool:
        """Tell whether it would lie on the button of a notice, which is more urgent."""
        self._place()
        action = self._view.action
        return action.isVisible() and action.geometry().intersects(self.geometry())

    def _go(self) -> None:
        self._rest.stop()
        if not self.underMouse() and not self._has_keyboard:
            self._fade_to(0.0)

    @property
    def _has_keyboard(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self._view or self.isAncestorOf(focus))

    def _fade_to(self, opacity: float) -> None:
        if self._fade.endValue() == opacity and self._fade.state() == QVariantAnimation.State.Running:
            return
        before = self._opacity
        self._fade.stop()
        # Setting these tells values at once, of where the last fade ended.
        self._fade.setStartValue(before)
        self._fade.setEndValue(opacity)
        self._set_opacity(before)
        if before != opacity:
            self._fade.start()

    def _set_opacity(self, opacity: float) -> None:
        self._opacity = opacity
        for button in self.buttons:
            button.opacity = opacity
        self.update()

    def _hide_if_faded(self) -> None:
        if self._opacity == 0:
            self.hide()
