"""A camera of this machine: which one, what it is asked for, and how it looks right now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from livevision.errors import LivevisionError
from livevision.inference.one_thread import OneThread
from livevision.sources.devices import LocalCamera, advice_without_cameras, local_cameras
from livevision.sources.webcam import FORMATS
from livevision.ui.add_camera.page import Form, SourcePage, muted
from livevision.ui.add_camera.preview import Preview
from livevision.ui.translation import told
from livevision.ui.video_view import VideoView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livevision.app import App
    from livevision.ui.background import Background

_SIZES = ("640x480", "1280x720", "1920x1080", "2560x1440", "3840x2160")
_RATES = ("10", "15", "25", "30", "50", "60")
_LOOK_EVERY = 2.0
"""Seconds after which one that was plugged in shows up."""
_MOST = 64
_ROW = 34


class WebcamPage(SourcePage):
    """The cameras that are plugged in, by name, with a live picture of the chosen one."""

    def __init__(
        self,
        app: App,
        background: Background,
        find: Callable[[], Sequence[LocalCamera]] = local_cameras,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._background = background
        self._find = find
        self._cameras: tuple[LocalCamera, ...] = ()
        self._preview: Preview | None = None
        self._looking: asyncio.Event | None = None
        """Set when nobody looks at this page any more."""
        self.cameras = QListWidget()
        self.cameras.setAccessibleName(self.tr("Cameras of this computer"))
        self.cameras.setMaximumHeight(3 * _ROW + 8)
        self._options = QWidget()
        self._empty = QWidget()
        self.setFocusProxy(self.cameras)
        self.headline = QLabel(self.tr("Looking for cameras…"))
        self.headline.setProperty("role", "heading")
        self.advice = muted("")
        self.advice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view = VideoView()
        self.view.setAccessibleName(self.tr("Live picture of the chosen camera"))
        self.size_choice = self._choice(self.tr("Size"), [(size.replace("x", " × "), size) for size in _SIZES])
        self.rate = self._choice(self.tr("Pictures a second"), [(rate, rate) for rate in _RATES])
        self.format = self._choice(self.tr("Format"), [(name.upper(), name) for name in FORMATS])
        self._lay_out()
        for choice in (self.size_choice, self.rate, self.format):
            choice.currentIndexChanged.connect(self._choice_changed)
        self.cameras.currentRowChanged.connect(self._choice_changed)

    def sources(self) -> tuple[str, ...]:
        """Return the chosen camera with its options."""
        camera = self._chosen()
        if camera is None:
            return ()
        options = {
            "size": self.size_choice.currentData(),
            "fps": self.rate.currentData(),
            "format": self.format.currentData(),
        }
        query = "&".join(f"{name}={value}" for name, value in options.items() if value)
        return (f"{_address(camera, self._cameras)}{f'?{query}' if query else ''}",)

    def enter(self) -> None:
        """List the cameras, again and again, and show the chosen one."""
        if self._looking is None:
            self._looking = asyncio.Event()
            before, self._preview = self._preview, Preview(self.view, self._app.work)
            showing = _one_after_the_other(before, self._preview)
            self._background.start(showing, self.tr("Showing the camera"))
            self._background.start(self._keep_looking(self._looking), self.tr("Listing cameras"))
            self._choice_changed()

    def leave(self) -> None:
        """Give the camera free, and list no more."""
        looking, self._looking = self._looking, None
        if looking is not None and self._preview is not None:
            looking.set()
            self._preview.stop()

    async def ended(self) -> None:
        """Wait until the camera is free."""
        if self._preview is not None:
            await self._preview.ended()

    def _chosen(self) -> LocalCamera | None:
        row = self.cameras.currentRow()
        return None if row < 0 else cast("LocalCamera", self.cameras.item(row).data(Qt.ItemDataRole.UserRole))

    async def _keep_looking(self, over: asyncio.Event) -> None:
        thread = OneThread("list cameras")
        try:
            while not over.is_set():
                cameras = tuple(await thread.run(self._find))[:_MOST]
                if over.is_set():
                    return
                if cameras != self._cameras or not cameras:
                    self._show(cameras)
                try:
                    async with asyncio.timeout(_LOOK_EVERY):
                        await over.wait()
                except TimeoutError:
                    continue
        finally:
            await thread.aclose()

    def _show(self, cameras: tuple[LocalCamera, ...]) -> None:
        before = self._chosen()
        self._cameras = cameras
        self.cameras.blockSignals(True)
        self.cameras.clear()
        for camera in cameras:
            item = QListWidgetItem(camera.name or self.tr("Webcam {}").format(camera.number))
            item.setData(Qt.ItemDataRole.UserRole, camera)
            item.setToolTip(camera.line())
            item.setSizeHint(QSize(0, _ROW))
            self.cameras.addItem(item)
        if cameras:
            self.cameras.setCurrentRow(cameras.index(before) if before in cameras else 0)
        self.cameras.blockSignals(False)
        self.cameras.setVisible(bool(cameras))
        self._empty.setVisible(not cameras)
        self.headline.setText(self.tr("No camera was found"))
        self.advice.setText(told(advice_without_cameras()))
        # One that was plugged in beside the chosen one changes nothing for it.
        if before is None or before not in cameras:
            self._choice_changed()

    def _choice_changed(self) -> None:
        sources = self.sources()
        if self._preview is not None and self._looking is not None:
            try:
                self._preview.show(self._app.sources.opener(sources[0]) if sources else None)
            except LivevisionError:
                # What is wrong is said when it is to be added.
                self._preview.show(None)
        self.view.setVisible(bool(sources))
        self._options.setVisible(bool(sources))
        self.changed.emit()

    def _choice(self, name: str, entries: list[tuple[str, str]]) -> QComboBox:
        choice = QComboBox()
        choice.setAccessibleName(name)
        choice.addItem(self.tr("Automatic"), None)
        for words, value in entries:
            choice.addItem(words, value)
        return choice

    def _lay_out(self) -> None:
        fields = QHBoxLayout(self._options)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(20)
        for text, choice in (
            (self.tr("&Size"), self.size_choice),
            (self.tr("Pictures a s&econd"), self.rate),
            (self.tr("F&ormat"), self.format),
        ):
            one = Form()
            one.setHorizontalSpacing(8)
            one.add_row(text, choice)
            fields.addLayout(one, 1)
        nothing = QVBoxLayout(self._empty)
        nothing.addStretch(2)
        for label in (self.headline, self.advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            nothing.addWidget(label)
        nothing.addStretch(3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.cameras)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._options)
        for part in (self.cameras, self.view, self._options):
            part.hide()


async def _one_after_the_other(before: Preview | None, preview: Preview) -> None:
    if before is not None:
        await before.ended()
    await preview.run()


def _address(camera: LocalCamera, cameras: Sequence[LocalCamera]) -> str:
    """Return what opens ``camera`` tomorrow, too: its name where that says which it is, for numbers change."""
    name = camera.name.strip()
    namesakes = [other for other in cameras if other.name.strip().casefold() == name.casefold()]
    is_clear = name and len(namesakes) == 1 and "?" not in name and not name.isdecimal()
    return f"webcam:{name}" if is_clear else str(camera.number)
