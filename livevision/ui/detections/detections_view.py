"""Recent detections and the counts of this moment, for a dock of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from livevision.ui.detections.count_chips import CountChips
from livevision.ui.detections.selection import Selection
from livevision.ui.detections.sighting_delegate import SightingDelegate
from livevision.ui.detections.sighting_model import SIGHTING, SightingModel
from livevision.ui.panel.controls import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.sightings import Sighting, Sightings

REFRESH_MS = 250
"""As often as anybody reads; while it is hidden, never."""


class DetectionsView(QWidget):
    """Shows ``sightings``.  ``moment_wanted`` gives the :class:`Sighting` that the operator wants to see again."""

    moment_wanted = Signal(object)

    def __init__(self, sightings: Sightings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sightings = sightings
        self._paused: tuple[Sighting, ...] | None = None
        self._paused_at = 0
        self._seen = (-1, Selection())
        self.chips = CountChips()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search in recent detections"))
        self.search.setClearButtonEnabled(True)
        self.classes = Choice(self.tr("Class"))
        self.cameras = Choice(self.tr("Camera"))
        self.pause = QPushButton(self.tr("Pause"))
        self.pause.setCheckable(True)
        self.pause.setToolTip(self.tr("Let the list stand still; counting goes on"))
        self.clear = QPushButton(self.tr("Clear"))
        self.clear.setToolTip(self.tr("Forget all that is listed"))
        self.state = QLabel()
        self.state.setProperty("role", "muted")
        self.model = SightingModel(self)
        self.list = QListView()
        self.empty = QLabel()
        self.unfilter = QPushButton(self.tr("Show all"))
        self._pages = QStackedLayout()
        self._prepare_list()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.search.textChanged.connect(self.refresh)
        self.classes.chosen.connect(self.refresh)
        self.cameras.chosen.connect(self.refresh)
        self.pause.toggled.connect(self._pause)
        self.clear.clicked.connect(self._clear)
        self.unfilter.clicked.connect(self.show_all)
        self.refresh()

    @property
    def selection(self) -> Selection:
        """What is to be listed."""
        return Selection(self.search.text(), self.classes.value, self.cameras.value)

    def refresh(self) -> None:
        """Bring counts, list and words up to date."""
        listed = self._sightings.recent() if self._paused is None else self._paused
        self._offer(listed)
        selection = self.selection
        self.chips.show_counts(self._sightings.counts(selection.camera))
        seen = (self._sightings.version if self._paused is None else -1, selection)
        if seen != self._seen or self._paused is not None:
            self._seen = seen
            self.model.show(selection.of(listed))
        self._say(listed)
        # Times go on even where nothing else does.
        self.list.viewport().update()

    def show_camera(self, camera: str | None) -> None:
        """List what this camera sees, and count it; None for all."""
        self._offer(self._sightings.recent())
        self.cameras.put(camera)
        self.refresh()

    def show_all(self) -> None:
        """List everything again."""
        self.search.clear()
        self.classes.put(None)
        self.show_camera(None)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a width at which nothing is cut."""
        return QSize(320, 480)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Follow what happens."""
        self.refresh()
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Rest."""
        self._timer.stop()
        super().hideEvent(event)

    def _offer(self, listed: Sequence[Sighting]) -> None:
        chosen_class, chosen_camera = self.classes.value, self.cameras.value
        names = {each.class_name for each in listed} | ({chosen_class} if isinstance(chosen_class, str) else set())
        cameras = dict.fromkeys((*self._sightings.cameras, *sorted({each.camera for each in listed})))
        if isinstance(chosen_camera, str):
            cameras.setdefault(chosen_camera)
        if not self.classes.view().isVisible():
            self.classes.offer(((None, self.tr("All classes")), *((name, name) for name in sorted(names))))
            self.classes.put(chosen_class)
        if not self.cameras.view().isVisible():
            self.cameras.offer(((None, self.tr("All cameras")), *((name, name) for name in cameras)))
            self.cameras.put(chosen_camera)

    def _say(self, listed: Sequence[Sighting]) -> None:
        count = self.model.rowCount()
        self._pages.setCurrentIndex(1 if count else 0)
        if self._paused is not None:
            new = self._sightings.total - self._paused_at
            self.state.setText(self.tr("Paused · {count} new since").format(count=new))
        elif count < len(listed):
            self.state.setText(self.tr("{count} of {all}").format(count=count, all=len(listed)))
        else:
            self.state.setText(self.tr("{count} listed").format(count=count))
        if count:
            return
        self.unfilter.setVisible(bool(listed))
        if listed:
            self.empty.setText(self.tr("None of the {count} recent detections fits.").format(count=len(listed)))
        else:
            self.empty.setText(
                self.tr("Nothing has been detected yet.\nGive a camera a model, and what it finds is listed here.")
            )

    def _pause(self, is_on: bool) -> None:
        self._paused = self._sightings.recent() if is_on else None
        self._paused_at = self._sightings.total
        self.pause.setText(self.tr("Go on") if is_on else self.tr("Pause"))
        self.refresh()

    def _clear(self) -> None:
        self._sightings.clear()
        if self._paused is not None:
            self._paused = ()
        self.refresh()

    def _want(self, index: QModelIndex) -> None:
        self.moment_wanted.emit(index.data(SIGHTING))

    def _prepare_list(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(SightingDelegate(self.model, self.list))
        self.list.setAccessibleName(self.tr("Recent detections"))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.activated.connect(self._want)

    def _lay_out(self) -> None:
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("role", "muted")
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.addStretch()
        column.addWidget(self.empty)
        column.addWidget(self.unfilter, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self._pages.addWidget(nothing)
        self._pages.addWidget(self.list)
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.classes, 1)
        filters.addWidget(self.cameras, 1)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.state, 1)
        for button in (self.pause, self.clear):
            button.setProperty("role", "tool")
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(self.chips)
        layout.addWidget(self.search)
        layout.addLayout(filters)
        layout.addLayout(self._pages, 1)
        layout.addLayout(below)
