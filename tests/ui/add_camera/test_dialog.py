"""The dialog as a whole: kinds, name, model, and what comes out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from livevision.cameras import CameraRequest
from livevision.sources.registry import AtEnd, SourceRegistry
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.add_camera.screen_page import Extent
from tests.fakes.cameras import until

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.ui.add_camera.dialog import AddCameraDialog
    from tests.ui.add_camera.conftest import OpenDialog
    from tests.ui.test_main_window import OnQt


def listen(dialog: AddCameraDialog) -> list[tuple[CameraRequest, str]]:
    wanted: list[tuple[CameraRequest, str]] = []
    dialog.camera_wanted.connect(lambda request, name: wanted.append((request, name)))
    return wanted


def test_a_demo_is_added_by_keyboard_alone(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            wanted = listen(shown)
            shown.open_at(SourceKind.NETWORK)
            shown.kinds.setFocus()
            for _ in range(3):
                QTest.keyClick(shown.kinds, Qt.Key.Key_Down)
            assert shown.kind is SourceKind.DEMO
            assert shown.demo.isVisible()
            # A demo without a model would show nothing of what the app is for.
            assert shown.model.chosen == "motion"
            shown.demo.seed.setFocus()
            shown.demo.seed.selectAll()
            QTest.keyClicks(shown.demo.seed, "7")
            QTest.keyClicks(shown.name, "  Main street ")
            QTest.keyClick(shown.name, Qt.Key.Key_Return)
            await until(lambda: len(wanted) == 1)
        (request, name) = wanted[0]
        assert (request.source, request.model, name) == (
            "synthetic:street?size=1280x720&fps=25&seed=7",
            "motion",
            "Main street",
        )
        SourceRegistry().opener(request.source)

    on_qt(scenario())


def test_the_tab_key_leads_from_the_kind_through_its_fields_to_the_buttons(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.NETWORK)
            shown.network.address.setText("rtsp://cam/1")
            await until(shown.isActiveWindow)
            shown.kinds.setFocus()
            order = []
            for _ in range(11):
                QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
                order.append(QApplication.focusWidget())
            page = shown.network
            fields = [page.address, page.user, page.password.line, page.password.eye, page.transport]
            ends = [page.panel.button, shown.name, shown.model]
            assert order[:8] == fields + ends
            assert shown.add in order

    on_qt(scenario())


def test_the_model_of_the_demo_is_not_taken_along_to_a_camera(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.DEMO)
            shown.open_at(SourceKind.NETWORK)
            assert shown.model.chosen is None
            choices = [shown.model.itemText(row) for row in range(shown.model.count())]
            assert choices == ["None", "motion", "people", "faces", "nano.onnx"]
            QTest.keyClick(shown.model, Qt.Key.Key_End)
            assert shown.model.chosen == "/models/nano.onnx"
            shown.open_at(SourceKind.DEMO)
            assert shown.model.chosen == "/models/nano.onnx"

    on_qt(scenario())


def test_several_files_become_several_cameras(on_qt: OnQt, dialog: OpenDialog, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            wanted = listen(shown)
            shown.open_at(SourceKind.FILE)
            assert not shown.add.isEnabled()
            assert "Drop videos" in shown.file.empty.text()
            assert shown.file.empty.isVisible()
            for name in ("a.mp4", "b.mp4", "c.mp4"):
                (tmp_path / name).write_bytes(b"")
            shown.file.add([str(tmp_path / name) for name in ("a.mp4", "b.mp4", "a.mp4", "c.mp4")])
            assert shown.add.text() == "&Add 3"
            assert not shown.file.empty.isVisible()
            # One name for three would help nobody.
            assert not shown.name.isEnabled()
            shown.file.paths.setCurrentRow(1)
            QTest.keyClick(shown.file.paths, Qt.Key.Key_Delete)
            shown.file.ending.setCurrentIndex(1)
            QTest.mouseClick(shown.add, Qt.MouseButton.LeftButton)
            await until(lambda: len(wanted) == 2)
        assert [request.source for request, _ in wanted] == [str(tmp_path / "a.mp4"), str(tmp_path / "c.mp4")]
        assert {request.at_end for request, _ in wanted} == {AtEnd.LOOP}

    on_qt(scenario())


def test_a_part_of_the_screen(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.SCREEN)
            page = shown.screen_part
            assert page.sources() == ("screen:?fps=15",)
            assert not page.left.isVisible()
            page.extent.setCurrentIndex(page.extent.findData(Extent.PART))
            assert page.left.isVisible()
            for box, value in ((page.left, 100), (page.top, 50), (page.part_width, 640), (page.part_height, 480)):
                box.setValue(value)
            assert page.sources() == ("screen:?fps=15&size=640x480&at=100,50",)
            SourceRegistry().opener(*page.sources())

    on_qt(scenario())


def test_cancelling_adds_nothing_and_goes_away(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            wanted = listen(shown)
            shown.open_at(SourceKind.DEMO)
            QTest.keyClick(shown, Qt.Key.Key_Escape)
            assert not shown.isVisible()
            await until(lambda: not isValid(shown))
            assert wanted == []

    on_qt(scenario())


def test_what_can_never_work_is_said_where_it_can_be_put_right(on_qt: OnQt, dialog: OpenDialog, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with dialog() as shown:
            wanted = listen(shown)
            shown.open_at(SourceKind.FILE)
            shown.file.add([str(tmp_path / "gone.mp4")])
            QTest.mouseClick(shown.add, Qt.MouseButton.LeftButton)
            await until(shown.complaint.isVisible)
            assert "There is no file" in shown.complaint.text()
            assert shown.isEnabled()
            shown.open_at(SourceKind.NETWORK, "rtsp://anna:s3cret@cam:99999/1")
            assert not shown.complaint.isVisible()
            QTest.mouseClick(shown.add, Qt.MouseButton.LeftButton)
            await until(lambda: "no valid host or port" in shown.complaint.text())
            assert "s3cret" not in shown.complaint.text()
            assert wanted == []

    on_qt(scenario())


def drop(dialog: AddCameraDialog, mime: QMimeData) -> None:
    place, keys = dialog.rect().center(), Qt.KeyboardModifier.NoModifier
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(place, copy, mime, button, keys)
    QApplication.sendEvent(dialog, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(dialog, QDropEvent(place.toPointF(), copy, mime, button, keys))


def test_what_is_dropped_onto_the_dialog_goes_where_it_belongs(on_qt: OnQt, dialog: OpenDialog, tmp_path: Path) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(b"")

    async def scenario() -> None:
        async with dialog() as shown:
            shown.open_at(SourceKind.DEMO)
            files, address = QMimeData(), QMimeData()
            files.setUrls([QUrl.fromLocalFile(str(video))])
            drop(shown, files)
            await until(lambda: shown.kind is SourceKind.FILE)
            assert shown.file.sources() == (str(video),)
            address.setText("rtsp://anna:s3cret@cam/1")
            drop(shown, address)
            await until(lambda: shown.kind is SourceKind.NETWORK)
            assert shown.network.address.text() == "rtsp://cam/1"

    on_qt(scenario())
