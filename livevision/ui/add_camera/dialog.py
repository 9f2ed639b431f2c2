"""The dialog that adds a camera: a kind on the left, what it needs on the right, name and model below."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from livevision.cameras import CameraRequest
from livevision.errors import LivevisionError
from livevision.sources.address import is_address
from livevision.sources.devices import local_cameras
from livevision.ui import theme
from livevision.ui.add_camera.demo_page import DemoPage
from livevision.ui.add_camera.file_page import FilePage
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.add_camera.model_choice import ModelChoice
from livevision.ui.add_camera.network_page import NetworkPage
from livevision.ui.add_camera.page import SourcePage
from livevision.ui.add_camera.screen_page import ScreenPage
from livevision.ui.add_camera.webcam_page import WebcamPage
from livevision.ui.dropping import can_be_dropped, sort_out, things_in
from livevision.ui.icon import pixmap
from livevision.ui.translation import told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from livevision.app import App
    from livevision.sources.devices import LocalCamera
    from livevision.ui.background import Background

Page = TypeVar("Page", bound=SourcePage)

_LONGEST_NAME = 80
_DEMO_MODEL = "motion"
_ICON = 24


class AddCameraDialog(QDialog):
    """Not modal.  ``camera_wanted`` comes once for each camera, after the dialog has given every device free.

    ``models`` are those that were used before, beside the built-in ones; ``background`` runs previews and tests.
    """

    camera_wanted = Signal(CameraRequest, str)
    """The request, and the name that was typed; empty where none was."""

    def __init__(
        self,
        app: App,
        background: Background,
        models: Sequence[str] = (),
        find_webcams: Callable[[], Sequence[LocalCamera]] = local_cameras,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._app = app
        self._background = background
        self._find_webcams = find_webcams
        self._page: SourcePage | None = None
        self._adding = False
        self._model_chosen = False  # by hand
        self.setWindowTitle(self.tr("Add a camera"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(880, 620)
        self.kinds = QListWidget()
        self.name = QLineEdit()
        self.model = ModelChoice(app.detectors.names(), models)
        self.complaint = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add = self.buttons.addButton(self.tr("&Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._pages = QStackedWidget()
        self._fill_kinds()
        self._dress()
        self._lay_out()
        self.model.activated.connect(self._note_model)
        self.kinds.currentRowChanged.connect(self._kind_chosen)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    # Each page is made when it is first asked for: all five at once would hold up every picture.

    @cached_property
    def webcam(self) -> WebcamPage:
        """Cameras of this computer."""
        return self._added(WebcamPage(self._app, self._background, self._find_webcams))

    @cached_property
    def network(self) -> NetworkPage:
        """Address, user and password, with a test."""
        return self._added(NetworkPage(self._app, self._background))

    @cached_property
    def file(self) -> FilePage:
        """Files and folders."""
        return self._added(FilePage())

    @cached_property
    def screen_part(self) -> ScreenPage:
        """A screen, or a part of one."""
        return self._added(ScreenPage())

    @cached_property
    def demo(self) -> DemoPage:
        """The generated street."""
        return self._added(DemoPage())

    @property
    def kind(self) -> SourceKind:
        """What is chosen on the left."""
        return tuple(SourceKind)[max(0, self.kinds.currentRow())]

    def open_at(self, kind: SourceKind, address: str = "") -> None:
        """Show the dialog with ``kind`` chosen; an address goes into its fields, taken apart."""
        if address:
            self.network.paste(address)
        self.show()
        self.kinds.setCurrentRow(tuple(SourceKind).index(kind))
        self._page_of(kind).setFocus()
        self.activateWindow()

    def accept(self) -> None:
        """Hand over what is wanted, once nothing here holds its device; what can never work is said here."""
        page = self._page
        if page is None or self._adding or not page.sources():
            return
        self._adding = True
        self._background.start(self._add(page), self.tr("Adding the camera"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take what is worth a try."""
        if can_be_dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Put it where it belongs: addresses into the fields, files and folders into the list."""
        self._background.start(self._take(things_in(event.mimeData())), self.tr("Adding the camera"))
        event.acceptProposedAction()

    def done(self, result: int) -> None:
        """Leave nothing running behind, however it is closed."""
        page, self._page = self._page, None
        if page is not None:
            page.leave()
        super().done(result)

    async def _add(self, page: SourcePage) -> None:
        sources, at_end = page.sources(), page.at_end()
        try:
            for source in sources:
                self._app.redactor.learn(source)
                await self._app.look_up(source, at_end)
        except LivevisionError as error:
            self._adding = False
            self.complaint.setText(told(self._app.redactor.redact(error.text)))
            self.complaint.show()
            return
        name = self.name.text().strip() if self.name.isEnabled() else ""
        self.setEnabled(False)
        page.leave()
        await page.ended()
        if self._page is not page:
            return  # closed meanwhile: it was not meant after all
        for source in sources:
            self.camera_wanted.emit(CameraRequest(source, self.model.chosen, at_end=at_end), name)
        self.done(QDialog.DialogCode.Accepted)

    async def _take(self, things: list[str]) -> None:
        dropped = await self._app.disk.ask(things[0] if things else "", partial(sort_out, things))
        files = [*filter(lambda source: not is_address(source), dropped.sources), *map(str, dropped.recordings)]
        if files:
            self.file.add(files)
            self.open_at(SourceKind.FILE)
        elif dropped.sources:
            self.open_at(SourceKind.NETWORK, dropped.sources[0])

    def _kind_chosen(self, row: int) -> None:
        if self._page is not None:
            self._page.leave()
        self._page = page = self._page_of(self.kind)
        self._pages.setCurrentWidget(page)
        if not self._model_chosen:
            self.model.choose(_DEMO_MODEL if self.kind is SourceKind.DEMO else None)
        page.enter()
        self._source_changed()

    def _note_model(self) -> None:
        self._model_chosen = True

    def _source_changed(self) -> None:
        self.complaint.hide()
        if self._page is not None:
            sources = self._page.sources()
            self.add.setEnabled(bool(sources))
            self.add.setText(self.tr("&Add {}").format(len(sources)) if len(sources) > 1 else self.tr("&Add"))
            self.name.setEnabled(len(sources) < 2)

    def _page_of(self, kind: SourceKind) -> SourcePage:
        match kind:
            case SourceKind.WEBCAM:
                return self.webcam
            case SourceKind.NETWORK:
                return self.network
            case SourceKind.FILE:
                return self.file
            case SourceKind.SCREEN:
                return self.screen_part
            case SourceKind.DEMO:
                return self.demo

    def _added(self, page: Page) -> Page:
        self._pages.addWidget(page)
        page.changed.connect(self._source_changed)
        # Qt puts what is new at the end: the Tab key is to find it before what lies below.
        focusable = (each for each in page.findChildren(QWidget) if each.focusPolicy() is not Qt.FocusPolicy.NoFocus)
        *_, last = (each for each in focusable if each.window() is page.window())
        for below in (self.name, self.model, *self.buttons.buttons()):
            self.setTabOrder(last, below)
            last = below
        return page

    def _fill_kinds(self) -> None:
        titles = {
            SourceKind.WEBCAM: self.tr("Webcam"),
            SourceKind.NETWORK: self.tr("Network camera"),
            SourceKind.FILE: self.tr("File or folder"),
            SourceKind.SCREEN: self.tr("Screen"),
            SourceKind.DEMO: self.tr("Demo"),
        }
        for kind in SourceKind:
            self.kinds.addItem(titles[kind])

    def _draw_icons(self) -> None:
        for row, kind in enumerate(SourceKind):
            # A new one: those of the set are shared.  Qt would paint what is selected in a colour of its own.
            drawn = QIcon(pixmap(kind.value, 2 * _ICON, theme.TEXT.name()))
            drawn.addPixmap(pixmap(kind.value, 2 * _ICON, theme.TEXT.name()), QIcon.Mode.Selected)
            self.kinds.item(row).setIcon(drawn)

    def _dress(self) -> None:
        self._draw_icons()
        theme.changes.changed.connect(self._draw_icons)
        self.kinds.setAccessibleName(self.tr("Kind of camera"))
        self.kinds.setObjectName("contents")
        self.kinds.setIconSize(QSize(_ICON, _ICON))
        self.kinds.setFixedWidth(self.kinds.sizeHintForColumn(0) + 2 * self.kinds.frameWidth() + 24)
        for row in range(self.kinds.count()):
            self.kinds.item(row).setSizeHint(QSize(0, 44))
        self._pages.setStyleSheet("QStackedWidget { background: transparent; }")
        self.kinds.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setPlaceholderText(self.tr("Optional"))
        self.name.setAccessibleName(self.tr("Name of the camera"))
        self.add.setObjectName("primary")
        self.add.setEnabled(False)
        self.complaint.setProperty("role", "bad")
        self.complaint.setTextFormat(Qt.TextFormat.PlainText)
        self.complaint.setWordWrap(True)
        self.complaint.setAccessibleName(self.tr("What is wrong"))
        self.complaint.hide()

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(10)
        for text, field in ((self.tr("&Name"), self.name), (self.tr("&Model"), self.model)):
            label = QLabel(text)
            label.setBuddy(field)
            below.addWidget(label)
            below.addWidget(field, 1)
        below.addWidget(self.buttons)
        beside = QHBoxLayout()
        beside.setSpacing(20)
        beside.addWidget(self.kinds)
        beside.addWidget(self._pages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 18)
        layout.setSpacing(16)
        layout.addLayout(beside, 1)
        layout.addWidget(self.complaint)
        layout.addLayout(below)
        # Only now is it known whose default it is: Enter in any field adds.
        self.add.setDefault(True)
