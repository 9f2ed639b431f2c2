"""Cameras that were there before are offered again."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from livevision.desk import Desk
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.main_window import MainWindow
from livevision.ui.recents import kind_of, shown_name
from livevision.workspace.camera_settings import CameraSettings
from livevision.workspace.preferences import MOST_RECENT, Preferences
from tests.fakes.cameras import ScriptedCamera, until
from tests.fakes.sitting import STREET, activate, names, press, rename, sitting, type_address
from tests.ui.test_main_window import sending, wire

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


def offered(window: MainWindow) -> list[str]:
    return [button.text() for button in window.start_page.recent if button.isVisible()]


async def shown(window: MainWindow) -> None:
    await until(lambda: window.grid.tiles[-1].camera.seen.frame is not None)


async def remove(window: MainWindow) -> None:
    count = len(window.grid.tiles)
    press(window, "Ctrl+W")
    await until(lambda: len(window.grid.tiles) == count - 1 and window.background.idle)


def test_a_removed_camera_is_offered_after_a_restart_and_opens_as_it_was(on_qt: OnQt, tmp_path: Path) -> None:
    async def first() -> None:
        async with sitting(tmp_path) as window:
            assert offered(window) == []
            await type_address(window, STREET.format(1))
            await rename(window, "Front & back")
            press(window, "B")
            await until(lambda: not window.grid.tiles[0].display.boxes_shown)
            await shown(window)
            await remove(window)

    async def second() -> None:
        async with sitting(tmp_path) as window:
            assert offered(window) == ["Front && back"]
            (button,) = window.start_page.recent
            button.setFocus()
            QTest.keyClick(button, Qt.Key.Key_Return)
            await until(lambda: names(window) == ["Front & back"])
            assert not window.grid.tiles[0].display.boxes_shown
            press(window, "Ctrl+Z")
            await until(lambda: names(window) == [])

    on_qt(first())
    on_qt(second())


def test_what_never_had_a_picture_is_not_remembered_and_no_password_is_written(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera)
            await type_address(window, "rtsp://anna:s3cret@tpyo.local/main")
            await remove(window)
            assert offered(window) == []
            await type_address(window, "rtsp://anna:s3cret@door.local/main")
            async with sending(camera):
                await shown(window)
            await remove(window)
            assert offered(window) == ["door.local/main"]
            # As long as the window is open, nobody is asked for the password again.
            QTest.mouseClick(window.start_page.recent[0], Qt.MouseButton.LeftButton)
            await until(lambda: len(window.grid.tiles) == 1)
            assert window.desk.cameras[0].source == "rtsp://anna:s3cret@door.local/main"

    on_qt(scenario())
    text = (tmp_path / "preferences.toml").read_text()
    assert "rtsp://door.local/main" in text
    assert "s3cret" not in text
    assert "tpyo" not in text


def test_they_are_in_the_file_menu_and_can_be_forgotten_and_had_back(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            menu = window.recents.menu
            assert not menu.menuAction().isEnabled()
            for number in (1, 2):
                await type_address(window, STREET.format(number))
                await rename(window, f"Camera {number}")
                await shown(window)
                await remove(window)
            menu.aboutToShow.emit()
            assert [each.text() for each in menu.actions() if not each.isSeparator()] == [
                "Camera 2",
                "Camera 1",
                "C&lear",
            ]
            menu.actions()[1].trigger()
            await until(lambda: names(window) == ["Camera 1"])
            await shown(window)
            await remove(window)
            assert offered(window) == ["Camera 1", "Camera 2"]
            QTest.mouseClick(window.start_page.clear, Qt.MouseButton.LeftButton)
            assert offered(window) == []
            assert not window.start_page.clear.isVisible()
            assert "forgotten" in window.messages.text()
            QTest.mouseClick(window.messages.messages[-1].button, Qt.MouseButton.LeftButton)
            await until(lambda: offered(window) == ["Camera 1", "Camera 2"])
            window.start_page.clear.setFocus()
            press(window, "Space")

    async def later() -> None:
        async with sitting(tmp_path) as window:
            assert offered(window) == []

    on_qt(scenario())
    on_qt(later())


def test_two_windows_remember_together(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as one, sitting(tmp_path) as two:
            for number, window in enumerate((one, two)):
                await activate(window)
                await type_address(window, STREET.format(number))
                await rename(window, f"Camera {number}")
                await shown(window)
                await remove(window)

    async def later() -> None:
        async with sitting(tmp_path) as window:
            assert sorted(offered(window)) == ["Camera 0", "Camera 1"]

    on_qt(scenario())
    on_qt(later())


def test_two_windows_full_of_cameras_leave_no_more_than_there_may_be(tmp_path: Path) -> None:
    def many(begin: str) -> Preferences:
        preferences = Preferences()
        for number in range(MOST_RECENT):
            camera = CameraSettings(id=f"{begin}{number}", source=f"rtsp://{begin}{number}/main")
            preferences = preferences.with_recent_camera(camera)
        return preferences

    async def scenario() -> Desk:
        one, two = Desk(), Desk()
        for desk in (one, two):
            await desk.open_preferences()
        one.prefer(many("a"))
        await one.aclose()
        two.prefer(many("b"))
        await two.aclose()
        later = Desk()
        await later.open_preferences()
        await later.aclose()
        return later

    desk = asyncio.run(scenario())
    assert desk.notice == ""
    assert len(desk.preferences.recent_cameras) == MOST_RECENT
    # The latest of whoever wrote last is first.
    assert desk.preferences.recent_cameras[0].id == "b9"


def test_starting_empty_remembers_what_was_open_with_its_latest_settings(on_qt: OnQt, tmp_path: Path) -> None:
    async def first() -> None:
        async with sitting(tmp_path) as window:
            window.desk.prefer(window.desk.preferences.but(startup="empty"))
            await type_address(window, STREET.format(1))
            await shown(window)
            await rename(window, "Door")

    async def second() -> None:
        async with sitting(tmp_path) as window:
            assert offered(window) == ["Door"]

    on_qt(first())
    on_qt(second())


def test_the_same_source_is_one_camera() -> None:
    door = CameraSettings(id="a", source="rtsp://door/main")
    yard = CameraSettings(id="b", source="rtsp://yard/main")
    again = CameraSettings(id="c", source="rtsp://door/main", name="Door")
    preferences = Preferences().with_recent_camera(door).with_recent_camera(yard).with_recent_camera(again)
    assert preferences.recent_cameras == (again, yard)


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [
        ("rtsp://anna:s3cret@door.local/main", SourceKind.NETWORK, "door.local/main"),
        ("/videos/street.mp4?loop", SourceKind.FILE, "street.mp4?loop"),
        ("screen:", SourceKind.SCREEN, "Screen"),
        ("synthetic:street", SourceKind.DEMO, "Street (demo)"),
        ("77", SourceKind.WEBCAM, "Webcam 77"),
        ("/dev/video77", SourceKind.WEBCAM, "Webcam 77"),
    ],
)
def test_a_kind_and_a_name_without_asking_the_disk(source: str, kind: SourceKind, name: str) -> None:
    assert kind_of(source) is kind
    assert shown_name(CameraSettings(id="a", source=source)) == name
