"""A network camera: fields, and the test against a real server."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from livevision.errors import SourceUnavailable
from livevision.sources.address import Transport
from livevision.ui.add_camera.kind import SourceKind
from tests.fakes.cameras import ScriptedCamera, grey, until
from tests.ui.add_camera.conftest import said
from tests.ui.test_video_view import grabbed

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.app import App
    from livevision.ui.add_camera.dialog import AddCameraDialog
    from tests.fakes.rtsp import RtspServer
    from tests.ui.add_camera.conftest import OpenDialog
    from tests.ui.test_main_window import OnQt

SECRET = "s3cr@t"


def paste(dialog: AddCameraDialog, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    dialog.network.address.setFocus()
    dialog.network.address.selectAll()
    QTest.keyClick(dialog.network.address, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def wire(camera: ScriptedCamera) -> Callable[[App], None]:
    """Let every address lead to this camera."""

    def prepare(app: App) -> None:
        app.sources.opener = lambda *_: camera.opener  # type: ignore[method-assign, assignment]

    return prepare


def test_pasting_a_whole_address_fills_the_fields(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.NETWORK)
            page = shown.network
            paste(shown, f"rtsp://anna:{SECRET}@cam.local:8554/main?transport=udp")
            assert page.address.text() == "rtsp://cam.local:8554/main"
            assert (page.user.text(), page.password.line.text()) == ("anna", SECRET)
            assert page.transport.currentData() is Transport.UDP
            assert SECRET not in said(shown)
            assert page.sources() == ("rtsp://anna:s3cr%40t@cam.local:8554/main?transport=udp",)
            # Nor does undo bring it back.
            page.address.undo()
            assert SECRET not in said(shown)
            paste(shown, "http://other.local/video")
            assert not page.transport.isEnabled()

    on_qt(scenario())


def test_a_typed_address_is_taken_apart_when_it_is_complete(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.NETWORK)
            page = shown.network
            assert not shown.add.isEnabled()
            assert not page.panel.button.isEnabled()
            await until(shown.isActiveWindow)
            QTest.keyClicks(page.address, f"rtsp://anna:{SECRET}@cam.local/main")
            assert shown.add.isEnabled()
            QTest.keyClick(page.address, Qt.Key.Key_Tab)
            assert page.address.text() == "rtsp://cam.local/main"
            assert QApplication.focusWidget() is page.user
            assert page.password.line.text() == SECRET
            assert SECRET not in said(shown)

    on_qt(scenario())


def test_the_eye_shows_the_password_and_hides_it_again(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.NETWORK)
            field = shown.network.password
            QTest.keyClicks(field.line, SECRET)
            assert SECRET not in field.line.displayText()
            assert field.eye.accessibleName() == "Show the password"
            QTest.mouseClick(field.eye, Qt.MouseButton.LeftButton)
            assert field.line.displayText() == SECRET
            QTest.mouseClick(field.eye, Qt.MouseButton.LeftButton)
            assert field.line.echoMode() is QLineEdit.EchoMode.Password

    on_qt(scenario())


@pytest.mark.rtsp
def test_the_test_shows_the_first_picture_and_what_the_camera_is_like(
    on_qt: OnQt, dialog: OpenDialog, start_rtsp: Callable[..., RtspServer], caplog: pytest.LogCaptureFixture
) -> None:
    server = start_rtsp("--user", f"anna:{SECRET}", "--size", "640x360", "--pattern", "red", "--gop", "10")
    caplog.set_level(logging.DEBUG)

    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.NETWORK)
            panel = shown.network.panel
            paste(shown, server.url.replace("rtsp://", f"rtsp://anna:{SECRET}@"))
            QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
            assert panel.words == "Connecting…"
            assert panel.progress.isVisible()
            await until(lambda: "Measuring" in panel.words)
            blue, green, red = grabbed(panel.view)[panel.view.height() // 2, panel.view.width() // 2]
            assert red > 200
            assert max(blue, green) < 60
            await until(lambda: "The camera works" in panel.words)
            assert not panel.progress.isVisible()
            for words in ("640 × 360, H.264", "pictures a second", "First picture", "every 0.4 s"):
                assert words in panel.words
            assert panel.button.text() == "&Test"
            assert SECRET not in said(shown)
            # Another address: what was found no longer belongs to it.
            shown.network.address.setText("rtsp://other/1")
            assert "640" not in panel.words

    on_qt(scenario())
    assert SECRET not in caplog.text
    assert "s3cr%40t" not in caplog.text


@pytest.mark.rtsp
def test_a_wrong_password_is_said_and_asked_for_again(
    on_qt: OnQt, dialog: OpenDialog, start_rtsp: Callable[..., RtspServer], caplog: pytest.LogCaptureFixture
) -> None:
    server = start_rtsp("--user", "anna:right")
    caplog.set_level(logging.DEBUG)

    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.NETWORK)
            await until(shown.isActiveWindow)
            page = shown.network
            paste(shown, server.url)
            QTest.mouseClick(page.panel.button, Qt.MouseButton.LeftButton)
            await until(lambda: "asks for an account" in page.panel.words)
            assert QApplication.focusWidget() is page.user
            QTest.keyClicks(page.user, "anna")
            QTest.keyClicks(page.password.line, SECRET)
            QTest.mouseClick(page.panel.button, Qt.MouseButton.LeftButton)
            await until(lambda: "refused the user name or the password" in page.panel.words)
            assert "Check user and password" in page.panel.words
            assert QApplication.focusWidget() is page.password.line
            assert SECRET not in said(shown)

    on_qt(scenario())
    assert SECRET not in caplog.text


def test_what_cannot_be_an_address_is_said_without_asking_anybody(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.NETWORK)
            paste(shown, f"rtps://anna:{SECRET}@cam/1")
            QTest.mouseClick(shown.network.panel.button, Qt.MouseButton.LeftButton)
            await until(lambda: "rtps:// cannot be read, did you mean" in shown.network.panel.words)
            assert SECRET not in said(shown)

    on_qt(scenario())


def test_a_camera_that_sends_by_the_other_transport_only_works_too(on_qt: OnQt, dialog: OpenDialog) -> None:
    camera = ScriptedCamera()
    camera.refuse.append(SourceUnavailable("nothing by TCP"))

    async def scenario() -> None:
        async with dialog(prepare=wire(camera)) as shown:
            shown.open_at(SourceKind.NETWORK)
            paste(shown, "rtsp://cam/1")
            QTest.mouseClick(shown.network.panel.button, Qt.MouseButton.LeftButton)
            camera.send(grey(camera.size, 222))
            await until(lambda: "A picture came" in shown.network.panel.words)
            view = shown.network.panel.view
            assert abs(int(grabbed(view)[view.height() // 2, view.width() // 2, 0]) - 222) < 3
            camera.end()
            await until(lambda: "The camera works" in shown.network.panel.words)
        assert [reader.closed for reader in camera.readers] == [True, True]

    on_qt(scenario())


def test_of_two_reasons_the_first_is_said(on_qt: OnQt, dialog: OpenDialog) -> None:
    camera = ScriptedCamera()
    camera.refuse += [SourceUnavailable("The first reason."), SourceUnavailable("The second one.")]

    async def scenario() -> None:
        async with dialog(prepare=wire(camera)) as shown:
            shown.open_at(SourceKind.NETWORK)
            paste(shown, "rtsp://cam/1")
            QTest.mouseClick(shown.network.panel.button, Qt.MouseButton.LeftButton)
            await until(lambda: "The first reason." in shown.network.panel.words)
            assert "The second one." not in shown.network.panel.words
            assert camera.refuse == []

    on_qt(scenario())


def test_a_test_can_be_stopped(on_qt: OnQt, dialog: OpenDialog) -> None:
    camera = ScriptedCamera()  # which sends nothing

    async def scenario() -> None:
        async with dialog(prepare=wire(camera)) as shown:
            shown.open_at(SourceKind.NETWORK)
            paste(shown, "rtsp://cam/1")
            panel = shown.network.panel
            QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
            await until(lambda: len(camera.readers) == 1)
            assert panel.button.text() == "&Stop"
            QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
            await until(lambda: "Not tested yet" in panel.words)
            assert camera.readers[0].closed

    on_qt(scenario())


def test_closing_while_testing_leaves_nothing_behind(on_qt: OnQt, dialog: OpenDialog) -> None:
    camera = ScriptedCamera()

    async def scenario() -> None:
        async with dialog(prepare=wire(camera)) as shown:
            shown.open_at(SourceKind.NETWORK)
            paste(shown, "rtsp://cam/1")
            QTest.mouseClick(shown.network.panel.button, Qt.MouseButton.LeftButton)
            await until(lambda: len(camera.readers) == 1)
            assert any(thread.name.startswith("test ") for thread in threading.enumerate())
            # Straight into the picture that is on its way.
            camera.send()
            shown.close()
            # Sooner than the test would have ended by itself.
            await until(lambda: camera.readers[0].closed, 1.5)
            await until(lambda: not any(thread.name.startswith("test ") for thread in threading.enumerate()))

    on_qt(scenario())


def test_adding_while_testing_hands_over_the_address(on_qt: OnQt, dialog: OpenDialog) -> None:
    camera = ScriptedCamera()

    async def scenario() -> None:
        async with dialog(prepare=wire(camera)) as shown:
            wanted: list[tuple[str, str]] = []
            shown.camera_wanted.connect(lambda request, name: wanted.append((request.source, name)))
            shown.open_at(SourceKind.NETWORK, f"rtsp://anna:{SECRET}@cam/1")
            QTest.mouseClick(shown.network.panel.button, Qt.MouseButton.LeftButton)
            await until(lambda: len(camera.readers) == 1)
            QTest.keyClick(shown.name, Qt.Key.Key_Return)
            await until(lambda: len(wanted) == 1)
            assert wanted == [("rtsp://anna:s3cr%40t@cam/1", "")]

    on_qt(scenario())
