"""The cameras of this machine: their list, and the live picture of the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from livevision.errors import SourceUnavailable
from livevision.sources.devices import LocalCamera
from livevision.ui.add_camera import webcam_page
from livevision.ui.add_camera.kind import SourceKind
from tests.fakes.cameras import ScriptedCamera, grey, until
from tests.ui.test_video_view import grabbed

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.app import App
    from livevision.ui.add_camera.dialog import AddCameraDialog
    from tests.ui.add_camera.conftest import OpenDialog
    from tests.ui.test_main_window import OnQt

FRONT = LocalCamera(0, "Front HD", "/dev/video0", "V4L2")
BACK = LocalCamera(2, "Back HD", "/dev/video2", "V4L2")
TWIN = LocalCamera(4, "Back HD", "/dev/video4", "V4L2")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webcam_page, "_LOOK_EVERY", 0.02)


class Plugged:
    """Webcams by the address that opens them."""

    def __init__(self) -> None:
        self.cameras: dict[str, ScriptedCamera] = {}
        self.opened: list[str] = []

    def __call__(self, app: App) -> None:
        def opener(source: str, *_: object) -> object:
            self.opened.append(source)
            return self.cameras.setdefault(source.partition("?")[0], ScriptedCamera()).opener

        app.sources.opener = opener  # type: ignore[method-assign, assignment]

    def send(self, source: str, level: int) -> None:
        camera = self.cameras[source]
        camera.send(grey(camera.size, level))


def names(dialog: AddCameraDialog) -> list[str]:
    cameras = dialog.webcam.cameras
    return [cameras.item(row).text() for row in range(cameras.count())]


def shows(dialog: AddCameraDialog, level: int) -> Callable[[], bool]:
    view = dialog.webcam.view
    return lambda: abs(int(grabbed(view)[view.height() // 2, view.width() // 2, 0]) - level) < 3


def test_the_chosen_camera_is_seen_live_and_given_free_for_the_next(on_qt: OnQt, dialog: OpenDialog) -> None:
    plugged = Plugged()

    async def scenario() -> None:
        async with dialog([FRONT, BACK], plugged) as shown:
            shown.open_at(SourceKind.WEBCAM)
            await until(lambda: names(shown) == ["Front HD", "Back HD"])
            await until(lambda: "webcam:Front HD" in plugged.cameras)
            plugged.send("webcam:Front HD", 200)
            await until(shows(shown, 200))
            QTest.keyClick(shown.webcam.cameras, Qt.Key.Key_Down)
            await until(lambda: "webcam:Back HD" in plugged.cameras and plugged.cameras["webcam:Back HD"].readers)
            assert plugged.cameras["webcam:Front HD"].readers[0].closed
            plugged.send("webcam:Back HD", 90)
            await until(shows(shown, 90))
            # Nobody looks any more.
            shown.open_at(SourceKind.DEMO)
            await until(lambda: plugged.cameras["webcam:Back HD"].readers[0].closed)

    on_qt(scenario())


def test_the_camera_is_free_before_it_is_asked_for(on_qt: OnQt, dialog: OpenDialog) -> None:
    plugged = Plugged()

    async def scenario() -> None:
        async with dialog([FRONT], plugged) as shown:
            wanted: list[tuple[str, bool]] = []
            camera = plugged.cameras["webcam:Front HD"] = ScriptedCamera()
            shown.camera_wanted.connect(lambda request, _: wanted.append((request.source, camera.readers[-1].closed)))
            shown.open_at(SourceKind.WEBCAM)
            await until(lambda: bool(camera.readers))
            shown.webcam.size_choice.setCurrentIndex(shown.webcam.size_choice.findData("1280x720"))
            shown.webcam.rate.setCurrentIndex(shown.webcam.rate.findData("30"))
            shown.webcam.format.setCurrentIndex(shown.webcam.format.findData("mjpg"))
            asked = "webcam:Front HD?size=1280x720&fps=30&format=mjpg"
            await until(lambda: plugged.opened[-1] == asked and not camera.readers[-1].closed)
            QTest.mouseClick(shown.add, Qt.MouseButton.LeftButton)
            await until(lambda: len(wanted) == 1)
            assert wanted == [(asked, True)]

    on_qt(scenario())


def test_without_a_camera_there_is_advice_until_one_is_plugged_in(on_qt: OnQt, dialog: OpenDialog) -> None:
    webcams: list[LocalCamera] = []

    async def scenario() -> None:
        async with dialog(webcams, Plugged()) as shown:
            shown.open_at(SourceKind.WEBCAM)
            page = shown.webcam
            await until(lambda: page.headline.text() == "No camera was found")
            assert "plugged in" in page.advice.text()
            assert not shown.add.isEnabled()
            webcams.append(BACK)
            await until(lambda: names(shown) == ["Back HD"])
            assert not page.advice.isVisible()
            assert shown.add.isEnabled()
            webcams.clear()
            await until(page.advice.isVisible)
            assert not shown.add.isEnabled()

    on_qt(scenario())


def test_another_one_plugged_in_leaves_the_chosen_one_alone(on_qt: OnQt, dialog: OpenDialog) -> None:
    webcams = [BACK]
    plugged = Plugged()

    async def scenario() -> None:
        async with dialog(webcams, plugged) as shown:
            shown.open_at(SourceKind.WEBCAM)
            await until(lambda: names(shown) == ["Back HD"])
            await until(lambda: bool(plugged.cameras["webcam:Back HD"].readers))
            webcams.insert(0, FRONT)
            await until(lambda: names(shown) == ["Front HD", "Back HD"])
            assert shown.webcam.sources() == ("webcam:Back HD",)
            assert plugged.opened == ["webcam:Back HD"]

    on_qt(scenario())


def test_twins_are_told_apart_by_number(on_qt: OnQt, dialog: OpenDialog) -> None:
    async def scenario() -> None:
        async with dialog([FRONT, BACK, TWIN], Plugged()) as shown:
            shown.open_at(SourceKind.WEBCAM)
            await until(lambda: len(names(shown)) == 3)
            shown.webcam.cameras.setCurrentRow(2)
            assert shown.webcam.sources() == ("4",)

    on_qt(scenario())


def test_a_camera_that_another_program_uses_says_so(on_qt: OnQt, dialog: OpenDialog) -> None:
    plugged = Plugged()
    camera = plugged.cameras["webcam:Front HD"] = ScriptedCamera()
    camera.refuse.append(SourceUnavailable("It is used by another program."))

    async def scenario() -> None:
        async with dialog([FRONT], plugged) as shown:
            shown.open_at(SourceKind.WEBCAM)
            view = shown.webcam.view
            await until(lambda: view.notice is not None and "another program" in view.notice.detail)

    on_qt(scenario())


def test_closing_at_once_leaves_nothing_behind(on_qt: OnQt, dialog: OpenDialog) -> None:
    plugged = Plugged()

    async def scenario() -> None:
        async with dialog([FRONT], plugged) as shown:
            shown.open_at(SourceKind.WEBCAM)
            shown.close()
            assert not shown.isVisible()

    on_qt(scenario())
    assert all(reader.closed for camera in plugged.cameras.values() for reader in camera.readers)


def test_closing_with_a_picture_on_its_way_leaves_nothing_behind(on_qt: OnQt, dialog: OpenDialog) -> None:
    plugged = Plugged()

    async def scenario() -> None:
        async with dialog([FRONT], plugged) as shown:
            shown.open_at(SourceKind.WEBCAM)
            await until(lambda: bool(plugged.cameras) and bool(plugged.cameras["webcam:Front HD"].readers))
            plugged.send("webcam:Front HD", 200)
            shown.close()
            await until(lambda: plugged.cameras["webcam:Front HD"].readers[0].closed)

    on_qt(scenario())
