"""The panel of the chosen camera, for a dock at the side of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from livevision.ui.panel.controls import words
from livevision.ui.panel.detection_part import DetectionPart
from livevision.ui.panel.editing import Editing
from livevision.ui.panel.facts import CameraFacts
from livevision.ui.panel.limits_part import LimitsPart
from livevision.ui.panel.looks_part import LooksPart
from livevision.ui.panel.model_part import ModelPart
from livevision.ui.panel.privacy_part import PrivacyPart
from livevision.ui.panel.recording_part import RecordingPart
from livevision.ui.panel.section import Section
from livevision.ui.panel.timing_part import TimingPart
from livevision.ui.panel.view_part import ViewPart
from livevision.workspace.preferences import Preferences

if TYPE_CHECKING:
    from livevision.ui.panel.part import Part
    from livevision.workspace.camera_settings import CameraSettings

_NARROWEST, _WIDTH, _HEIGHT = 300, 320, 640


class _Scroll(QScrollArea):
    """Scrolls up and down only, and so is never narrower than what is in it."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the width of the widest control."""
        content, least = self.widget(), super().minimumSizeHint()
        if content is None:
            return least
        inside = content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return least.expandedTo(QSize(inside, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Notice that something came or went."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class CameraPanel(QWidget):
    """Shows and edits what is set for one camera.  Nothing needs "apply".

    ``changed`` gives the new settings, a :class:`CameraSettings`, in a few words what was changed, as an undo menu
    says it, and what stands for the gesture that did it; while a slider is dragged, at most every 80 ms.  Whoever
    keeps the settings shows them with :meth:`show_camera` again, at any time, which tells nothing.
    """

    changed = Signal(object, str, object)
    cancel_wanted = Signal()
    """Stop loading the model, or trying it, and go on with the one that runs."""
    retry_wanted = Signal()
    """Load the model that is set once more."""

    def __init__(self, built_in: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editing = Editing(self)
        self.name = words("heading")
        self.refused = words("bad")
        self.empty = words("muted")
        self.model = ModelPart(self.editing, built_in)
        self.detections = DetectionPart(self.editing)
        self.limits = LimitsPart(self.editing)
        self.timing = TimingPart(self.editing)
        self.looks = LooksPart(self.editing)
        self.privacy = PrivacyPart(self.editing)
        self.recording = RecordingPart(self.editing)
        self.view = ViewPart(self.editing)
        self.sections: dict[Part, Section] = {
            part: Section(title, part)
            for part, title in (
                (self.model, self.tr("Model")),
                (self.detections, self.tr("Detections")),
                (self.limits, self.tr("Limits")),
                (self.timing, self.tr("Timing")),
                (self.looks, self.tr("Looks")),
                (self.privacy, self.tr("Privacy")),
                (self.recording, self.tr("Recording")),
                (self.view, self.tr("Picture")),
            )
        }
        self._preferences = Preferences()
        self._facts: CameraFacts | None = None
        self._pages = QStackedWidget()
        self._lay_out()
        for part in (self.model, self.detections):
            self.sections[part].set_open(True)
        self.editing.changed.connect(self._tell_change)
        self.editing.refused.connect(self._refuse)
        self.model.cancel_wanted.connect(self.cancel_wanted)
        self.model.retry_wanted.connect(self.retry_wanted)
        self.show_nothing()

    def __repr__(self) -> str:
        return f"<CameraPanel {self.name.text()!r}>"

    @property
    def settings(self) -> CameraSettings | None:
        """What is shown; None where no camera is."""
        return self.editing.settings

    def show_camera(self, settings: CameraSettings, facts: CameraFacts, name: str = "") -> None:
        """Show a camera, or the same one anew; what has not changed stays untouched.  Tells nothing.

        ``name`` is what it is called on the screen, where its settings give it no name.
        """
        if self.editing.take(settings):
            self._fill()
        self.name.setText(settings.name or name or settings.id)
        if facts != self._facts:
            self._facts = facts
            with self.editing.filling():
                for part in self.sections:
                    part.tell(settings, facts)
        self._pages.setCurrentIndex(1)

    def show_nothing(self) -> None:
        """Show that no camera is chosen."""
        self.editing.drop()
        self._pages.setCurrentIndex(0)

    def set_preferences(self, preferences: Preferences) -> None:
        """Take what is usual, and the models used of late."""
        if preferences != self._preferences:
            self._preferences = preferences
            self._fill()

    def flush(self) -> None:
        """Tell at once what was not told yet: before the window closes, or undoes."""
        self.editing.flush()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a width at which nothing is cut."""
        return QSize(_WIDTH, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same for the least: in another language words may be longer."""
        return super().minimumSizeHint().expandedTo(QSize(_NARROWEST, 0))

    def _fill(self) -> None:
        settings = self.editing.settings
        if settings is None:
            return
        self.refused.hide()
        with self.editing.filling():
            for part, section in self.sections.items():
                part.fill(settings, self._preferences)
                section.header.summary = part.summary(settings)

    def _tell_change(self, settings: CameraSettings, what: str, gesture: object) -> None:
        # First shown, so that what follows from it, such as a summary, is right whoever answers how.
        self._fill()
        self.changed.emit(settings, what, gesture)

    def _refuse(self, why: str) -> None:
        self._fill()
        self.refused.setText(f"✕ {why}")
        self.refused.show()

    def _lay_out(self) -> None:
        self.empty.setText(self.tr("Choose a camera to see and change what is set for it."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(24)
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for section in self.sections.values():
            layout.addWidget(section)
        layout.addStretch()
        scroll = _Scroll()
        scroll.setWidget(column)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        self.name.setContentsMargins(14, 12, 14, 10)
        self.refused.setContentsMargins(14, 0, 14, 10)
        self.refused.hide()
        rows.addWidget(self.name)
        rows.addWidget(self.refused)
        rows.addWidget(scroll, 1)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
