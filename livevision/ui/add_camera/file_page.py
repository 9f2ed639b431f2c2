"""Recorded videos, and folders of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from livevision.sources.registry import AtEnd
from livevision.ui.add_camera.page import Form, SourcePage, muted

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 64
"""More at once is a mistake."""


class FilePage(SourcePage):
    """A list of files and folders, each of which becomes a camera."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths = QListWidget()
        self.paths.setAccessibleName(self.tr("Files and folders"))
        self.paths.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.paths.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.browse = QPushButton(self.tr("&Files…"))
        self.browse.clicked.connect(self._ask_for_files)
        self.browse_folder = QPushButton(self.tr("F&older of pictures…"))
        self.browse_folder.clicked.connect(self._ask_for_folder)
        self.empty = muted(self.tr("Drop videos or folders here, or choose them below."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        QVBoxLayout(self.paths.viewport()).addWidget(self.empty)
        self.changed.connect(lambda: self.empty.setVisible(self.paths.count() == 0))
        self.remove = QPushButton(self.tr("&Remove"))
        self.remove.clicked.connect(self._remove)
        self.ending = QComboBox()
        self.ending.setAccessibleName(self.tr("At the end"))
        self.ending.addItem(self.tr("Stop"), AtEnd.STOP)
        self.ending.addItem(self.tr("Play again from the start"), AtEnd.LOOP)
        for button in (self.browse, self.browse_folder, self.remove):
            button.setAutoDefault(False)
        self.paths.itemSelectionChanged.connect(self._selection_changed)
        self._selection_changed()
        self.setFocusProxy(self.browse)
        self._lay_out()

    def sources(self) -> tuple[str, ...]:
        """Return the paths, each once."""
        return tuple(self.paths.item(row).text() for row in range(self.paths.count()))

    def at_end(self) -> AtEnd:
        """Return what is chosen."""
        chosen: AtEnd = self.ending.currentData()
        return chosen

    def add(self, paths: Iterable[str]) -> None:
        """Add files or folders."""
        for path in paths:
            if path and path not in self.sources() and self.paths.count() < _MOST:
                self.paths.addItem(path)
                self.paths.item(self.paths.count() - 1).setToolTip(path)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Remove what is selected, as everywhere."""
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)

    def _remove(self) -> None:
        for item in self.paths.selectedItems():
            self.paths.takeItem(self.paths.row(item))
        self.changed.emit()

    def _selection_changed(self) -> None:
        self.remove.setEnabled(bool(self.paths.selectedItems()))

    def _ask_for_files(self) -> None:
        videos = self.tr("Videos") + " (*.mp4 *.mkv *.mov *.avi *.webm *.ts *.m4v *.mpg *.mpeg)"
        dialog = QFileDialog(self, self.tr("Choose videos"), "", f"{videos};;{self.tr('All files')} (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self._open(dialog)

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a folder of pictures"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.add)
        dialog.open()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.browse, self.browse_folder, self.remove):
            buttons.addWidget(button)
        buttons.addStretch()
        ending = Form()
        ending.add_row(self.tr("At the &end"), self.ending, wide=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(muted(self.tr("Each video, and each folder of pictures, becomes a camera of its own.")))
        layout.addWidget(self.paths, 1)
        layout.addLayout(buttons)
        layout.addLayout(ending)
