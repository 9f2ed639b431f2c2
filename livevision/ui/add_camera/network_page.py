"""A network camera: address, account, transport, and a test of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from livevision.errors import LivevisionError, SourceRefused
from livevision.sources.address import Transport, is_address, scheme_of
from livevision.sources.registry import display_name
from livevision.ui.add_camera.addresses import WITH_TRANSPORTS, Typed
from livevision.ui.add_camera.findings import facts, hint
from livevision.ui.add_camera.page import Form, SourcePage, muted
from livevision.ui.add_camera.password_field import PasswordField
from livevision.ui.add_camera.probe_panel import ProbePanel
from livevision.ui.add_camera.probing import ProbeRun
from livevision.ui.translation import told

if TYPE_CHECKING:
    from livevision.app import App
    from livevision.frame import Image
    from livevision.probe import ProbeReport
    from livevision.ui.background import Background

_LONGEST = 4096


class NetworkPage(SourcePage):
    """Takes a whole address apart as soon as it is pasted, so that no password stays where it can be read."""

    def __init__(self, app: App, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._background = background
        self._test: ProbeRun | None = None
        self._length = 0
        self.address = QLineEdit()
        self.address.setMaxLength(_LONGEST)
        self.address.setPlaceholderText("rtsp://192.168.1.20/stream1")
        self.address.setAccessibleName(self.tr("Address of the camera"))
        self.user = QLineEdit()
        self.user.setAccessibleName(self.tr("User name"))
        self.password = PasswordField()
        self.transport = QComboBox()
        self.transport.setAccessibleName(self.tr("Transport"))
        self.transport.addItem(self.tr("Automatic"), None)
        for transport in Transport:
            self.transport.addItem(transport.value.upper(), transport)
        self.panel = ProbePanel()
        self.setFocusProxy(self.address)
        self._connect()
        self._lay_out()
        self._fields_changed()

    def sources(self) -> tuple[str, ...]:
        """Return the address with its account, percent-encoded."""
        source = self._typed().source()
        return (source,) if source else ()

    def paste(self, text: str) -> None:
        """Put an address into the fields, taken apart."""
        self.address.setText(text.strip())
        self.take_apart()

    def take_apart(self) -> None:
        """Move account and transport out of the address into their own fields."""
        typed = self._typed().taken_apart()
        if typed.address != self.address.text():
            # A line forgets its history with this: no undo brings the password back.
            self.address.setText(typed.address)
            self.user.setText(typed.user)
            self.password.line.setText(typed.password)
            self.transport.setCurrentIndex(self.transport.findData(typed.transport))

    def leave(self) -> None:
        """End a test that is under way; its outcome is nobody's business any more."""
        test, self._test = self._test, None
        if test is not None:
            test.stop()
            self.panel.clear()

    def _typed(self) -> Typed:
        return Typed(self.address.text(), self.user.text(), self.password.line.text(), self.transport.currentData())

    def _edited(self, text: str) -> None:
        # More than a letter at once was pasted: it is whole.  What is typed is taken apart when it is complete.
        pasted = len(text) - self._length > 1
        self._length = len(text)
        if pasted:
            self.take_apart()

    def _fields_changed(self) -> None:
        self._length = len(self.address.text())
        self.panel.button.setEnabled(bool(self.sources()))
        bare = self._typed().taken_apart().address
        self.transport.setEnabled(not is_address(bare) or scheme_of(bare) in WITH_TRANSPORTS)
        self.leave()
        self.panel.clear()
        self.changed.emit()

    def _begin(self) -> None:
        self.take_apart()
        for source in self.sources():
            # Before anything can go wrong with it, and be logged.
            self._app.redactor.learn(source)
            self.leave()
            self.panel.begin()
            self._test = ProbeRun(display_name(source), self.panel.room())
            self._background.start(self._run(self._test, source), self.tr("Testing the camera"))

    def _stop(self) -> None:
        if self._test is not None:
            self._test.stop()

    async def _run(self, test: ProbeRun, source: str) -> None:
        def show(picture: Image) -> None:
            if self._test is test:
                self.panel.show_picture(picture)

        try:
            complete = await self._app.accounts.complete(source)
            report = await test.run(self._app.sources.opener(complete), show)
        except LivevisionError as error:
            if self._test is test:
                self._fail(error)
        else:
            if self._test is test:
                self._succeed(report)

    # The page may be gone by the time that a test is over which is no longer the one that it waits for.

    def _succeed(self, report: ProbeReport | None) -> None:
        self._test = None
        if report is None:
            self.panel.clear()
        else:
            self.panel.succeed(facts(report))

    def _fail(self, error: LivevisionError) -> None:
        self._test = None
        self.panel.fail(told(self._app.redactor.redact(error.text)), hint(error, self.user.text()))
        if isinstance(error, SourceRefused):
            wrong = self.password.line if self.user.text() else self.user
            wrong.setFocus()
            wrong.selectAll()

    def _connect(self) -> None:
        self.address.textEdited.connect(self._edited)
        self.address.editingFinished.connect(self.take_apart)
        for line in (self.address, self.user, self.password.line):
            line.textChanged.connect(self._fields_changed)
        self.transport.currentIndexChanged.connect(self._fields_changed)
        self.panel.test_wanted.connect(self._begin)
        self.panel.stop_wanted.connect(self._stop)

    def _lay_out(self) -> None:
        fields = Form()
        fields.add_row(self.tr("A&ddress"), self.address)
        explanation = muted(self.tr("RTSP, or HTTP with MJPEG, HLS or MPEG-TS. The manual of the camera says which."))
        fields.addWidget(explanation, fields.rowCount(), 1)
        fields.add_row(self.tr("&User"), self.user)
        fields.add_row(self.tr("&Password"), self.password)
        fields.add_row(self.tr("Transp&ort"), self.transport, wide=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addLayout(fields)
        layout.addWidget(self.panel, 1)
