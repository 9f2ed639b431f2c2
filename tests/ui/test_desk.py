"""The window as an operator uses it: keys, clicks, drags, typed addresses."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import cv2
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox

from livevision.sources.status import CameraState
from livevision.timing import BoxTiming
from livevision.ui.add_camera.dialog import AddCameraDialog
from livevision.ui.fps_monitor import MonitorStyle
from livevision.ui.layouts.kind import LayoutKind
from tests.fakes.cameras import ScriptedDetector, things, until
from tests.fakes.sitting import STREET, drag, names, paste, press, rename, sitting, three, type_address

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


def test_a_camera_is_added_with_the_dialog(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            press(window, "Ctrl+N")
            (dialog,) = window.findChildren(AddCameraDialog)
            demo = dialog.kinds.item(dialog.kinds.count() - 1)
            QTest.mouseClick(
                dialog.kinds.viewport(), Qt.MouseButton.LeftButton, pos=dialog.kinds.visualItemRect(demo).center()
            )
            QTest.keyClicks(dialog.name, "My street")
            QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
            await until(lambda: names(window) == ["My street"])
            await until(lambda: window.grid.tiles[0].camera.session.status.state is CameraState.LIVE, 30)

    on_qt(scenario())


def test_an_address_is_pasted_and_a_file_dropped(on_qt: OnQt, tmp_path: Path, clip: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            paste(window, STREET.format(1))
            await until(lambda: len(window.grid.tiles) == 1)
            mime = QMimeData()
            mime.setUrls([QUrl.fromLocalFile(str(clip))])
            how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
            entering = QDragEnterEvent(QPoint(20, 20), *how)
            QApplication.sendEvent(window, entering)
            assert entering.isAccepted()
            QApplication.sendEvent(window, QDropEvent(QPointF(20, 20), *how))
            await until(lambda: len(window.grid.tiles) == 2)
            assert names(window)[1] == clip.name

    on_qt(scenario())


def test_enter_double_click_and_esc_maximise_and_bring_back(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            grid = window.grid
            assert grid.chosen is grid.tiles[2]
            press(window, "Return")
            assert grid.maximised is grid.tiles[2]
            press(window, "Esc")
            assert grid.maximised is None
            QTest.mouseClick(grid.tiles[0].view, Qt.MouseButton.LeftButton)
            assert grid.chosen is grid.tiles[0]
            QTest.mouseDClick(grid.tiles[0].view, Qt.MouseButton.LeftButton)
            assert grid.maximised is grid.tiles[0]
            QTest.mouseDClick(grid.tiles[0].view, Qt.MouseButton.LeftButton)
            assert grid.maximised is None

    on_qt(scenario())


def test_a_removed_camera_comes_back_where_it_was_by_the_message_and_by_key(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            QTest.mouseClick(window.grid.tiles[0].view, Qt.MouseButton.LeftButton)
            press(window, "Ctrl+W")
            await until(lambda: names(window) == ["Yard", "Gate"])
            assert "Door was removed" in window.messages.text()
            QTest.mouseClick(window.messages.messages[-1].button, Qt.MouseButton.LeftButton)
            await until(lambda: names(window) == ["Door", "Yard", "Gate"])
            QTest.mouseClick(window.grid.tiles[1].view, Qt.MouseButton.LeftButton)
            press(window, "Ctrl+W")
            press(window, "Ctrl+Z")
            await until(lambda: names(window) == ["Door", "Yard", "Gate"])
            await until(
                lambda: all(tile.camera.session.status.state is CameraState.LIVE for tile in window.grid.tiles), 30
            )

    on_qt(scenario())


def test_the_messages_undo_takes_back_the_removal_and_nothing_else(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            press(window, "Ctrl+W")
            await until(lambda: names(window) == ["Door", "Yard"])
            (message,) = (each for each in window.messages.messages if "Gate" in each.text)
            await rename(window, "Garden")
            QTest.mouseClick(message.button, Qt.MouseButton.LeftButton)
            await until(lambda: names(window) == ["Door", "Garden", "Gate"])

    on_qt(scenario())


def test_a_rename_is_undone_in_words_that_name_it_once(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            await rename(window, "Door")
            await rename(window, "Yard")
            assert window.desk.undoes == "Rename Door"
            press(window, "Ctrl+Z")
            await until(lambda: names(window) == ["Door"])
            press(window, "Ctrl+Y")
            await until(lambda: names(window) == ["Yard"])
            window.refresh()
            assert window.grid.tiles[0].header.words.startswith("Yard")

    on_qt(scenario())


def test_a_duplicate_has_the_same_settings_and_another_name(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            await rename(window, "Door")
            press(window, "T")
            press(window, "Ctrl+Shift+D")
            await until(lambda: names(window) == ["Door", "Door 2"])
            one, two = window.grid.tiles
            assert two.display.timing is one.display.timing is not BoxTiming.LIVE

    on_qt(scenario())


def test_a_layout_is_saved_on_a_digit_and_brought_back(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            window.grid.set_kind(LayoutKind.TWO)
            drag(window, window.grid.tiles[0], window.grid.tiles[2])
            assert names(window) == ["Gate", "Yard", "Door"]
            press(window, "Ctrl+Shift+2")
            assert "Layout 2 saved" in window.messages.text()
            window.grid.set_kind(LayoutKind.ONE)
            press(window, "Ctrl+Shift+Left")
            press(window, "Ctrl+2")
            assert window.grid.kind is LayoutKind.TWO
            assert names(window) == ["Gate", "Yard", "Door"]

    on_qt(scenario())


def test_keys_change_how_a_camera_is_looked_at(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            # Painted, not only there: before that there is nothing to zoom into.
            await until(lambda: tile.camera.session.metrics.snapshot().shown > 0)
            press(window, "T")
            assert tile.display.timing is BoxTiming.ALIGNED
            press(window, "B")
            await until(lambda: not tile.display.boxes_shown)
            press(window, "I")
            await until(lambda: tile.monitor.look is MonitorStyle.FULL)
            press(window, "+")
            press(window, "+")
            assert tile.display.viewport.is_zoomed
            press(window, "0")
            assert not tile.display.viewport.is_zoomed
            press(window, "Ctrl+Z")
            await until(lambda: tile.monitor.look is MonitorStyle.COMPACT)
            press(window, "Ctrl+Z")
            await until(lambda: tile.display.boxes_shown)
            press(window, "Ctrl+Z")
            await until(lambda: tile.display.timing is BoxTiming.LIVE)

    on_qt(scenario())


def test_space_freezes_unless_something_else_has_the_keyboard(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            await until(lambda: tile.camera.seen.frame is not None)
            press(window, "Space")
            assert tile.display.frozen
            press(window, "Space")
            assert not tile.display.frozen
            press(window, "Ctrl+E")
            window.refresh()
            panel = window.panels.panel
            panel.sections[panel.view].set_open(True)
            await until(lambda: any(box.isVisible() for box in panel.view.findChildren(QCheckBox)))
            box = next(box for box in panel.view.findChildren(QCheckBox) if box.isVisible())
            before = box.isChecked()
            box.setFocus()
            press(window, "Space")
            assert box.isChecked() is not before
            assert not tile.display.frozen

    on_qt(scenario())


def test_the_panels_confidence_is_on_the_desk_at_once_and_undone(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            press(window, "Ctrl+E")
            window.refresh()
            slider = window.panels.panel.detections.confidence
            before = tile.camera.request.keep.confidence
            focus = slider.focusProxy() or slider
            focus.setFocus()
            for _ in range(3):
                QTest.keyClick(focus, Qt.Key.Key_Right)
            # At once: what the slider has not told yet belongs to what is undone.
            press(window, "Ctrl+Z")
            await asyncio.sleep(0.12)
            assert window.desk.cameras[0].filter.confidence == before
            assert window.desk.redoes is not None
            assert window.desk.redoes.startswith("Confidence")
            press(window, "Ctrl+Y")
            await until(lambda: tile.camera.request.keep.confidence == pytest.approx(before + 0.03))
            press(window, "Ctrl+Z")
            await until(lambda: tile.camera.request.keep.confidence == before)
            window.refresh()
            assert window.desk.cameras[0].filter.confidence == before

    on_qt(scenario())


def test_a_recording_is_made_with_a_key_and_stopped_with_the_tiles_button(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            await until(lambda: tile.camera.seen.frame is not None)
            press(window, "Ctrl+R")
            await until(lambda: tile.camera.recorder is not None and tile.camera.recorder.progress.frames > 3)
            window.refresh()
            assert "REC" in tile.header.words
            tile.bar.record_pressed.emit()
            await until(lambda: tile.camera.recorder is None)
            await until(window.messages.isVisible)
            assert "Recorded" in window.messages.text()

    on_qt(scenario())
    assert len([*tmp_path.rglob("*.mp4")]) == 1


def test_a_snapshot_is_a_file_that_the_message_names(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> str:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            await until(lambda: tile.camera.seen.frame is not None)
            press(window, "Ctrl+S")
            await until(window.messages.isVisible)
            return window.messages.text()

    said = on_qt(scenario())
    (saved,) = tmp_path.rglob("*.png")
    assert str(saved) in said
    picture = cv2.imread(str(saved))
    assert picture.shape == (180, 320, 3)
    assert picture.std() > 5  # a street, and no grey


def test_fifty_quick_undos_and_redos_end_where_they_began(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            ids = [tile.camera.id for tile in window.grid.tiles]
            for _ in range(50):
                press(window, "Ctrl+Z")
            assert window.desk.cameras == ()
            for _ in range(50):
                press(window, "Ctrl+Y")
            await until(lambda: window.background.idle)
            assert [tile.camera.id for tile in window.grid.tiles] == ids
            assert names(window) == ["Door", "Yard", "Gate"]
            assert len(window.app.cameras) == 3
            for _ in range(25):
                press(window, "Ctrl+Z")
                press(window, "Ctrl+Y")
                await asyncio.sleep(0)
            await until(lambda: window.background.idle)
            assert names(window) == ["Door", "Yard", "Gate"]

    on_qt(scenario())


def test_a_camera_removed_while_its_model_loads_leaves_nothing(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            detector, gate = ScriptedDetector(things()), asyncio.Event()

            async def load(*_: object) -> ScriptedDetector:
                await gate.wait()
                return detector

            window.app.detectors.load = load  # type: ignore[method-assign, assignment]
            window.commands.choose_model(tile, "motion")
            await until(lambda: tile.camera.loading == "motion")
            press(window, "Ctrl+W")
            # Loading goes on after the camera has been closed.
            await until(lambda: all(task.get_name() != "Changing a camera" for task in asyncio.all_tasks()))
            assert window.app.cameras == []
            gate.set()
            await until(lambda: detector.closed)

    on_qt(scenario())


def test_a_camera_removed_while_it_is_opened_does_not_come(
    on_qt: OnQt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            prepare, gate = window.app.prepare, asyncio.Event()

            async def slowly(request: Any) -> Any:
                await gate.wait()
                return await prepare(request)

            monkeypatch.setattr(window.app, "prepare", slowly)
            window.opening.open_source(STREET.format(1))
            await asyncio.sleep(0.02)
            window.commands.undo()
            gate.set()
            await until(lambda: window.background.idle)
            assert window.grid.tiles == []
            assert window.desk.cameras == ()
            assert window.app.cameras == []

    on_qt(scenario())


def test_what_could_not_be_added_leaves_nothing_to_undo(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            window.opening.open_source(str(tmp_path / "missing.mp4"))
            await until(window.messages.isVisible)
            assert window.desk.cameras == ()
            assert window.desk.undoes is None

    on_qt(scenario())
