"""One camera's tile, used as a person would."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from livevision.camera import CameraSession
from livevision.sources.status import CameraState
from livevision.timing import BoxTiming
from livevision.ui.camera_tile import CameraTile
from livevision.ui.fps_monitor import MonitorStyle
from livevision.ui.words import duration
from tests.fakes.cameras import ScriptedCamera, ScriptedDetector, grey, things, until
from tests.ui.test_video_view import grabbed

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]
LEFT = Qt.MouseButton.LeftButton


class Desk(QWidget):
    """Stands for the grid: takes what a tile does not."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: object) -> None:  # noqa: N802
        self.pressed.append("press")

    def mouseDoubleClickEvent(self, event: object) -> None:  # noqa: N802
        self.pressed.append("double")


@asynccontextmanager
async def tile_on_desk(size: tuple[int, int] = (640, 480)) -> AsyncIterator[tuple[CameraTile, ScriptedCamera, Desk]]:
    scripted, desk = ScriptedCamera((320, 180)), Desk()
    desk.resize(*size)
    with ThreadPoolExecutor(2) as work:
        async with CameraSession("Door", scripted.opener, work, ScriptedDetector(things())) as session:
            camera = SimpleNamespace(
                name="Door", session=session, recorder=None, loading="", loading_s=0.0, trouble="", model_trouble=""
            )
            tile = CameraTile(camera, work)  # type: ignore[arg-type]
            layout = QVBoxLayout(desk)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(tile)
            desk.show()
            desk.activateWindow()
            desk.setFocus()
            scripted.send(grey((320, 180), 90))
            await until(lambda: session.metrics.snapshot().shown == 1)
            tile.refresh()
            try:
                yield tile, scripted, desk
            finally:
                await tile.aclose()
                desk.close()
                desk.deleteLater()


def enter(tile: CameraTile) -> None:
    """Move the mouse into the picture."""
    at = QPointF(50, 50)
    QApplication.sendEvent(tile.view, QEnterEvent(at, at, tile.view.mapToGlobal(at)))


def leave(tile: CameraTile) -> None:
    QApplication.sendEvent(tile.view, QEvent(QEvent.Type.Leave))


def heard(signal: Any) -> list[tuple[object, ...]]:
    """Return a list that fills with what a signal tells."""
    told: list[tuple[object, ...]] = []
    signal.connect(lambda *values: told.append(values))
    return told


@pytest.mark.parametrize("when", ["open", "read"])
def test_a_mistake_in_livevision_is_said_and_nobody_waits_for_ever(
    on_qt: OnQt, caplog: pytest.LogCaptureFixture, when: str
) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, scripted, _):
            session, bug = tile.camera.session, RuntimeError("rtsp://me:secret@door is no door")
            if when == "read":
                scripted.lose(bug)
            else:
                scripted.end()
                await until(lambda: session.status.state is CameraState.ENDED)
                scripted.refuse.append(bug)
                session.retry_now()
            await until(lambda: session.status.state is CameraState.FAILED)
            tile.refresh()
            notice = tile.view.notice
            assert notice is not None
            assert notice.headline == "Cannot be shown"
            assert "livevision failed (RuntimeError)" in notice.detail
            assert "secret" not in notice.detail
            assert "Traceback" in caplog.text
            assert "is no door" in caplog.text
            tile.view.action_wanted.emit()
            await until(lambda: session.status.state is CameraState.CONNECTING)

    on_qt(scenario())


def test_the_bar_comes_with_the_mouse_and_goes_with_it(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            bar = tile.bar
            assert not bar.isVisible()
            plain = grabbed(tile.view)
            enter(tile)
            await until(lambda: bar.opacity == 1)
            room = bar.geometry()
            there = grabbed(tile.view)[room.top() : room.bottom(), room.left() : room.right()]
            assert there.max() > 200, "icons"
            assert there.min() < 60, "on a dark ground"
            assert tile.view.rect().contains(room)
            leave(tile)
            await until(lambda: not bar.isVisible())
            np.testing.assert_array_equal(grabbed(tile.view), plain)

    on_qt(scenario())


def test_each_button_tells_what_is_wanted_and_says_what_it_does(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            enter(tile)
            for button, signal in (
                (tile.bar.record, tile.record_wanted),
                (tile.bar.snapshot, tile.snapshot_wanted),
                (tile.bar.maximise, tile.maximise_wanted),
                (tile.bar.settings, tile.settings_wanted),
            ):
                told = heard(signal)
                QTest.mouseClick(button, LEFT)
                assert told == [()]
            model = heard(tile.model_toggled)
            assert tile.bar.model.is_on
            QTest.mouseClick(tile.bar.model, LEFT)
            assert model == [(False,)]
            assert all(button.toolTip() and button.accessibleName() for button in tile.bar.buttons)

    on_qt(scenario())


def test_with_the_keyboard_alone_one_comes_to_the_bar(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, desk):
            await until(lambda: QApplication.focusWidget() is desk)
            QTest.keyClick(desk, Qt.Key.Key_Tab)
            assert QApplication.focusWidget() is tile.view
            await until(lambda: tile.bar.opacity == 1)
            assert grabbed(tile.view)[1, 300].tolist() != [90, 90, 90], "a ring shows where the keyboard is"
            told = heard(tile.snapshot_wanted)
            QTest.keyClick(tile.view, Qt.Key.Key_Tab)
            assert QApplication.focusWidget() is tile.bar.record
            QTest.keyClick(tile.bar.record, Qt.Key.Key_Tab)
            QTest.keyClick(tile.bar.snapshot, Qt.Key.Key_Space)
            assert told == [()]
            desk.setFocus()
            await until(lambda: not tile.bar.isVisible())

    on_qt(scenario())


def test_a_narrow_tile_keeps_the_buttons_that_matter_most(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk((170, 200)) as (tile, _, _):
            enter(tile)
            assert tile.view.rect().contains(tile.bar.geometry())
            assert tile.bar.record.isVisible()
            assert tile.bar.snapshot.isVisible()
            assert not tile.bar.model.isVisible()
            fits = [button for button in tile.bar.buttons if button.isVisible()]
            assert all(tile.bar.rect().contains(button.geometry()) for button in fits)

    on_qt(scenario())


def test_a_click_goes_through_the_timings_and_tells_it(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            told = heard(tile.timing_chosen)
            enter(tile)
            names = []
            for _ in range(3):
                QTest.mouseClick(tile.bar.timing, LEFT)
                names.append(tile.bar.timing.accessibleName())
            assert told == [(BoxTiming.ALIGNED,), (BoxTiming.AS_THEY_COME,), (BoxTiming.LIVE,)]
            assert tile.display.timing is BoxTiming.LIVE
            assert "wait" in names[0]
            assert len(set(names)) == 3

    on_qt(scenario())


def test_freezing_says_how_far_behind_and_a_press_on_it_is_live_again(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, scripted, _):
            tile.toggle_frozen()
            scripted.send(grey((320, 180), 200))
            await until(lambda: tile.display.behind > 0)
            tile.refresh()
            assert tile.badges.frozen.text().startswith(f"frozen · {duration(tile.display.behind)} behind")
            assert tile.badges.frozen.isVisible()
            assert grabbed(tile.view)[4, 300].max() < 70, "the border is dimmed"
            centre = tile.view.rect().center()
            assert grabbed(tile.view)[centre.y(), centre.x()].tolist() == [90, 90, 90]
            QTest.mouseClick(tile.badges.frozen, LEFT)
            assert not tile.display.frozen
            assert not tile.badges.frozen.isVisible()
            await until(lambda: grabbed(tile.view)[centre.y(), centre.x()].tolist() == [200, 200, 200])

    on_qt(scenario())


def test_keys_zoom_a_badge_says_how_close_and_leads_back(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            tile.zoom_in()
            tile.zoom_in()
            assert tile.badges.zoom.text() == "1.6×"
            tile.zoom_out()
            assert tile.badges.zoom.text() == "1.2×"
            QTest.mouseClick(tile.badges.zoom, LEFT)
            assert not tile.display.viewport.is_zoomed
            assert not tile.badges.isVisible()

    on_qt(scenario())


def test_presses_and_double_clicks_come_to_the_grid_also_while_zoomed(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, desk):
            chosen = heard(tile.chosen)
            tile.zoom_in()
            QTest.mouseClick(tile.view, LEFT, pos=QPoint(300, 200))
            QTest.mouseDClick(tile.view, LEFT, pos=QPoint(300, 200))
            assert desk.pressed.count("double") == 1
            assert chosen
            QTest.mouseDClick(tile.header, LEFT, pos=QPoint(400, 16))
            assert desk.pressed.count("double") == 2
            QTest.mousePress(tile.header, LEFT, pos=QPoint(400, 16))
            assert desk.pressed[-1] == "press", "so that it can be dragged"

    on_qt(scenario())


@pytest.mark.parametrize("way", ["double click", "F2"])
def test_the_name_is_changed_where_it_stands(on_qt: OnQt, way: str) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, desk):
            told, editor = heard(tile.renamed), tile.header.editor
            if way == "F2":
                QTest.keyClick(tile.view, Qt.Key.Key_F2)
            else:
                QTest.mouseDClick(tile.header, LEFT, pos=QPoint(40, 16))
            assert editor.isVisible()
            assert desk.pressed.count("double") == 0
            QTest.keyClicks(editor, "Gate")
            QTest.keyClick(editor, Qt.Key.Key_Return)
            assert told == [("Gate",)]
            tile.camera.session.name = "Gate"
            tile.camera.name = "Gate"  # type: ignore[misc]
            tile.refresh()
            assert tile.header.words.startswith("Gate · ")

    on_qt(scenario())


def test_a_name_that_is_left_or_empty_changes_nothing(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            told, editor = heard(tile.renamed), tile.header.editor
            tile.rename()
            QTest.keyClicks(editor, "Gate")
            QTest.keyClick(editor, Qt.Key.Key_Escape)
            assert not editor.isVisible()
            tile.rename()
            QTest.keyClicks(editor, "   ")
            QTest.keyClick(editor, Qt.Key.Key_Return)
            assert told == []
            assert tile.header.name == "Door"

    on_qt(scenario())


def test_the_context_menu_has_it_all(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            opened: list[QMenu] = []
            tile.menu_opening.connect(opened.append)
            where = QPoint(60, 60)
            reason = QContextMenuEvent.Reason.Mouse
            QApplication.sendEvent(tile.view, QContextMenuEvent(reason, where, tile.view.mapToGlobal(where)))
            (menu,) = opened
            texts = {action.text(): action for action in menu.actions()}
            assert {"Record", "Save a snapshot", "Rename…", "Settings of this camera…"} <= texts.keys()
            told = heard(tile.viewport_chosen)
            picture = {action.text(): action for action in texts["Picture"].menu().actions()}
            picture["Turn right"].trigger()
            assert tile.display.viewport.orientation.rotate == 90
            assert told == [(tile.display.viewport,)]
            frozen = texts["Freeze the picture"]
            frozen.trigger()
            assert tile.display.frozen
            monitors = {action.text(): action for action in texts["FPS monitor"].menu().actions()}
            monitors["One line"].trigger()
            assert tile.monitor.look is MonitorStyle.COMPACT
            assert tile.monitor.height() < 30
            monitors["Off"].trigger()
            assert not tile.monitor.isVisible()
            menu.close()

    on_qt(scenario())


def test_boxes_that_are_too_late_are_told(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            tile.display.timing = BoxTiming.ALIGNED
            tile.display._timing.gave_up = True  # type: ignore[attr-defined]
            tile.refresh()
            assert tile.badges.late.text() == "boxes come too late"
            QTest.mouseClick(tile.badges.late, LEFT)
            assert tile.display.timing is not BoxTiming.ALIGNED

    on_qt(scenario())


@pytest.mark.parametrize(
    ("size", "look"),
    [
        ((640, 480), MonitorStyle.FULL),
        ((160, 172), MonitorStyle.FULL),
        ((320, 171), MonitorStyle.COMPACT),
        ((160, 148), MonitorStyle.COMPACT),
        ((320, 147), MonitorStyle.OFF),
        ((160, 90), MonitorStyle.OFF),
        ((60, 300), MonitorStyle.OFF),
    ],
)
def test_the_monitor_is_whole_or_compact_or_gone_but_never_cut(
    on_qt: OnQt, size: tuple[int, int], look: MonitorStyle
) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, desk):
            desk.resize(*size)
            tile.refresh()
            grabbed(desk)
            assert tile.monitor.shown_look is look
            assert tile.monitor.isVisible() == (look is not MonitorStyle.OFF)
            parts = [part.geometry() for part in (tile.header, tile.view, tile.monitor) if part.isVisible()]
            assert all(tile.rect().contains(part) for part in parts)
            assert not any(one.intersects(other) for one, other in pairwise(parts))
            assert tile.view.height() >= 50
            assert ("Pictures painted a second" in tile.header.toolTip()) == (look is not MonitorStyle.FULL)
            assert tile.monitor.look is MonitorStyle.FULL, "what is wanted stays"
            desk.resize(640, 480)
            grabbed(desk)
            assert tile.monitor.isVisible()
            assert tile.monitor.shown_look is MonitorStyle.FULL

    on_qt(scenario())


def test_a_frozen_picture_is_no_failure_of_the_camera(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            tile.toggle_frozen()
            tile.refresh()
            assert tile.monitor.readings["shown"] == "frozen"
            assert "stands on purpose" in tile.monitor.toolTip()
            tile.toggle_frozen()
            tile.refresh()
            assert tile.monitor.readings["shown"].endswith("fps")

    on_qt(scenario())


def test_the_grid_hears_of_pictures_of_another_shape(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            told = heard(tile.shape_changed)
            assert tile.aspect == pytest.approx(16 / 9)
            turned = replace(tile.display.viewport, orientation=tile.display.viewport.orientation.turned_right())
            tile.choose_viewport(turned)
            tile.refresh()
            assert tile.aspect == pytest.approx(9 / 16)
            tile.refresh()
            assert told == [()], "once"
            before = tile.surround
            tile.choose_monitor_style(MonitorStyle.COMPACT)
            assert tile.surround < before
            assert told == [(), ()]

    on_qt(scenario())


def test_in_a_kiosk_nothing_comes_over_the_picture(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _, _):
            tile.show_video_only()
            enter(tile)
            await asyncio.sleep(0.02)
            assert not tile.bar.isVisible()

    on_qt(scenario())
