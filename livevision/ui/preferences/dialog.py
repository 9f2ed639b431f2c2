"""The preferences, all of them, at work as soon as they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from livevision.ui.preferences.appearance import AppearancePage
from livevision.ui.preferences.cameras import CamerasPage
from livevision.ui.preferences.editing import PreferencesEditing
from livevision.ui.preferences.models import ModelsPage
from livevision.ui.preferences.places import FilesPage, Places
from livevision.ui.preferences.recording import RecordingPage
from livevision.ui.preferences.snapshots import SnapshotsPage
from livevision.workspace.preferences import Preferences

if TYPE_CHECKING:
    from livevision.ui.preferences.page import Page

_SIZE = QSize(780, 600)


class PreferencesDialog(QDialog):
    """``changed`` gives new :class:`Preferences` at every change; there is nothing to apply.  Not modal."""

    changed = Signal(object)

    def __init__(
        self,
        preferences: Preferences,
        places: Places,
        parent: QWidget | None = None,
        known_classes: tuple[str, ...] | None = None,
    ) -> None:
        """``known_classes`` are those that the models in use can find; None where nobody knows."""
        super().__init__(parent)
        self._known_classes = known_classes
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE)
        self._places = places
        self._editing = PreferencesEditing(preferences, self)
        self._editing.changed.connect(self._changed)
        self._undone: Preferences | None = None
        self._build()

    @property
    def preferences(self) -> Preferences:
        """What is set."""
        return self._editing.preferences

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what was changed elsewhere, without telling."""
        self._editing.preferences = preferences
        self._fill()

    def page(self, kind: type[Page]) -> Page:
        """Go to a page, and return it."""
        number = next(number for number, page in enumerate(self._pages) if isinstance(page, kind))
        self.contents.setCurrentRow(number)
        return self._pages[number]

    def done(self, result: int) -> None:
        """Close it.  What stands in a field is meant, with Enter or without."""
        self.contents.setFocus()
        super().done(result)

    def _build(self) -> None:
        self.setWindowTitle(self.tr("Preferences"))
        self._pages: tuple[Page, ...] = (
            AppearancePage(self._editing),
            RecordingPage(self._editing, self._places.output),
            SnapshotsPage(self._editing),
            CamerasPage(self._editing, self._known_classes),
            ModelsPage(self._editing),
            FilesPage(self._editing, self._places),
        )
        self.contents = QListWidget()
        self.contents.setAccessibleName(self.tr("Pages of the preferences"))
        self.contents.setObjectName("contents")
        self.contents.addItems([page.heading.text() for page in self._pages])
        self.contents.setFrameShape(QFrame.Shape.NoFrame)
        self.contents.setFixedWidth(self.contents.sizeHintForColumn(0) + 40)
        shown = QStackedWidget()
        for page in self._pages:
            shown.addWidget(_scrolled(page))
        self.contents.currentRowChanged.connect(shown.setCurrentIndex)
        self.contents.setCurrentRow(0)
        above = QHBoxLayout()
        above.setContentsMargins(10, 12, 0, 0)
        above.setSpacing(0)
        above.addWidget(self.contents)
        above.addWidget(shown, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above, 1)
        layout.addLayout(self._buttons())
        self._fill()

    def _buttons(self) -> QHBoxLayout:
        self.reset = QPushButton(self.tr("&Reset to defaults"))
        self.close_button = QPushButton(self.tr("Close"))
        self.reset.clicked.connect(self._reset)
        self.close_button.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setContentsMargins(18, 12, 18, 16)
        row.setSpacing(10)
        for button in (self.reset, self.close_button):
            # Enter in a field is for the field.
            button.setAutoDefault(False)
        row.addWidget(self.reset)
        row.addStretch(1)
        row.addWidget(self.close_button)
        return row

    def _reset(self) -> None:
        if self._undone is not None:
            preferences, self._undone = self._undone, None
            self._take(preferences)
            return
        before = self._editing.preferences
        # What was allowed and used is no habit: taking it away is done on its own page.
        self._take(Preferences(recent_models=before.recent_models, allowed_python_models=before.allowed_python_models))
        self._undone = before if self._editing.preferences != before else None
        self._name_reset()

    def _take(self, preferences: Preferences) -> None:
        self._editing.change(**{name: getattr(preferences, name) for name in Preferences.model_fields})

    def _changed(self, preferences: Preferences) -> None:
        self._undone = None
        self._name_reset()
        self._fill()
        self.changed.emit(preferences)

    def _name_reset(self) -> None:
        self.reset.setText(self.tr("&Undo reset") if self._undone is not None else self.tr("&Reset to defaults"))

    def _fill(self) -> None:
        for page in self._pages:
            page.fill(self._editing.preferences)


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area
