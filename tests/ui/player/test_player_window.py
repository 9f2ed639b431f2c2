"""The player as a person uses it: keys, clicks and drags; what it shows is read from the pixels of its window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import supervision as sv
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from livevision.overlay import OverlayStyle, class_colour
from livevision.recording.sidecar import SidecarSink, TimedDetections, sidecar_path
from livevision.recording.sidecar_header import SidecarHeader
from livevision.ui.background import Background
from livevision.ui.player.player_window import PlayerWindow
from livevision.ui.player.players import Players
from tests.fakes.cameras import until
from tests.fakes.clips import Encoding, number_in, numbered, write_clip
from tests.recording.material import WALL, read_back
from tests.ui.test_main_window import action
from tests.ui.test_main_window import opened as opened_main
from tests.ui.test_video_view import grabbed

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]

SIZE = (320, 240)
FRAMES = 200  # 8 s


def detections(*named: tuple[str, float, tuple[int, int, int, int]]) -> sv.Detections:
    return sv.Detections(
        xyxy=np.array([box for _, _, box in named], np.float32).reshape(-1, 4),
        confidence=np.array([confidence for _, confidence, _ in named], np.float32),
        class_id=np.zeros(len(named), int),
        data={"class_name": np.array([name for name, _, _ in named])},
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person all the time who moves by a pixel a picture; a car of which one is not so sure, in the first half."""
    path = write_clip(
        tmp_path_factory.mktemp("recordings") / "door.mkv",
        [numbered(number) for number in range(FRAMES)],
        Encoding(b_frames=2, gop=25),
    )
    header = SidecarHeader(
        size=SIZE, started="2026-03-01T14:05:09+01:00", model="yolo.onnx", runs_on="CPU", confidence=0.4, floor=0.2
    )
    sink = SidecarSink(sidecar_path(path), header)
    for number in range(0, FRAMES, 5):
        seen = [("person", 0.9, (number, 30, number + 40, 110))]
        if number < FRAMES // 2:
            seen.append(("car", 0.5, (230, 40, 300, 100)))
        sink.write(TimedDetections(number / 25, number / 25, 0, WALL + number / 25, 0.02, detections(*seen)))
    sink.close()
    return path


@asynccontextmanager
async def opened(path: Path, troubles: list[str] | None = None) -> AsyncIterator[PlayerWindow]:
    work = ThreadPoolExecutor(2, thread_name_prefix="work")
    background = Background((troubles if troubles is not None else []).append)
    players = Players(work, background, lambda camera: OverlayStyle())
    window = players.open(path)
    window.resize(900, 640)
    try:
        await until(lambda: window.view.notice is None or window.view.notice.headline != "Opening…")
        if sidecar_path(path).exists():
            await until(lambda: window.time_line.lanes.shown and window.panel.isVisible())
        yield window
    finally:
        await players.aclose()
        await background.aclose()
        work.shutdown()


def picture(window: PlayerWindow) -> np.ndarray:
    """The part of the window's pixels that is the picture, (h, w, 3) BGR."""
    pixels = grabbed(window.view)
    width, height = window.view.fit(SIZE)
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[top : top + height, left : left + width]


def number(window: PlayerWindow) -> int:
    return number_in(picture(window))


def has_box(window: PlayerWindow, name: str, x: float, y: float) -> bool:
    """Whether a line of the class's colour is at a place, in pixels of the recording."""
    image = picture(window)
    scale = image.shape[1] / SIZE[0]
    at = round(x * scale), round(y * scale)
    near = image[max(0, at[1] - 3) : at[1] + 4, max(0, at[0] - 3) : at[0] + 4].astype(int)
    return bool((np.abs(near - np.array(class_colour(name).as_bgr())).max(axis=2) < 40).any())


def press(window: PlayerWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.view, key)


def on_line(window: PlayerWindow, seconds: float) -> QPoint:
    return QPoint(round(window.time_line.x_of(seconds)), window.time_line.height() - 28)


def test_a_click_on_the_time_line_shows_the_picture_of_that_time(source: Path, on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            for seconds in (4.0, 1.02, 7.9, 3.98):
                QTest.mouseClick(window.time_line, Qt.MouseButton.LeftButton, pos=on_line(window, seconds))
                there = window.time_line.time_at(on_line(window, seconds).x())
                await until(lambda there=there: number(window) == int(there * 25 + 0.01))
                assert window.controls.position.text().endswith("/ 0:07.96")

    on_qt(scenario())


def test_dragging_goes_along_and_play_goes_on_afterwards(source: Path, on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            press(window, Qt.Key.Key_Space)
            line = window.time_line
            QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=on_line(window, 1))
            assert not window.player.is_playing
            for seconds in (2, 3, 5, 4):
                QTest.mouseMove(line, on_line(window, seconds))
            there = line.time_at(on_line(window, 4).x())
            await until(lambda: number(window) == int(there * 25 + 0.01))
            assert line.hovered == pytest.approx(there)
            QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=on_line(window, 4))
            assert window.player.is_playing
            await until(lambda: number(window) > int(there * 25) + 3)

    on_qt(scenario())


def test_the_keys_play_step_jump_and_change_the_speed(source: Path, on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            press(window, Qt.Key.Key_Period)
            await until(lambda: number(window) == 1)
            press(window, Qt.Key.Key_Period)
            await until(lambda: number(window) == 2)
            press(window, Qt.Key.Key_Comma)
            await until(lambda: number(window) == 1)
            press(window, Qt.Key.Key_Right)
            await until(lambda: number(window) == 126)
            press(window, Qt.Key.Key_Left)
            await until(lambda: number(window) == 1)
            press(window, Qt.Key.Key_End)
            await until(lambda: number(window) == FRAMES - 1)
            press(window, Qt.Key.Key_Home)
            await until(lambda: number(window) == 0)
            for key, speed in ((Qt.Key.Key_BracketRight, 2.0), (Qt.Key.Key_BracketLeft, 1.0)):
                press(window, key)
                assert (window.player.speed, window.controls.speed.currentData()) == (speed, speed)
            for _ in range(9):
                press(window, Qt.Key.Key_BracketRight)
            assert window.player.speed == 8.0
            press(window, Qt.Key.Key_Space)
            assert window.controls.play.accessibleName() == "Pause"
            await until(lambda: number(window) == FRAMES - 1)
            await until(lambda: window.controls.play.accessibleName() == "Play")

    on_qt(scenario())


def test_boxes_are_where_the_objects_were_and_can_be_switched_off(source: Path, on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            for at in (20, 63, 97):  # of two results, or between them
                window.player.seek(at / 25)
                await until(lambda at=at: number(window) == at)
                assert has_box(window, "person", at + 40, 100)
                assert not has_box(window, "person", at + 52, 100)
                assert has_box(window, "car", 300, 90)
            press(window, Qt.Key.Key_B)
            await until(lambda: not has_box(window, "person", 97 + 40, 100))
            assert not window.controls.boxes.isChecked()
            press(window, Qt.Key.Key_B)
            await until(lambda: has_box(window, "person", 97 + 40, 100))

    on_qt(scenario())


def test_threshold_and_classes_are_chosen_afterwards_and_seen_at_once(source: Path, on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            panel, line = window.panel, window.time_line
            assert panel.made_by.text() == "yolo.onnx\nCPU"
            assert panel.confidence.value() == 40
            assert "Recorded from 20 %" in panel.floor.text()
            panel.confidence.setValue(5)
            assert panel.percent.text() == "20 %"
            assert [lane.name for lane in line.lanes.shown] == ["person", "car"]
            await until(lambda: has_box(window, "car", 300, 90))
            panel.confidence.setValue(51)
            await until(lambda: not has_box(window, "car", 300, 90))
            await until(lambda: [lane.name for lane in line.lanes.shown] == ["person"])
            assert has_box(window, "person", 40, 100)
            panel.confidence.setValue(50)  # as sure as it is written down
            await until(lambda: has_box(window, "car", 300, 90))
            person = next(box for box in panel.classes if box.text() == "person")
            QTest.keyClick(person, Qt.Key.Key_Space)
            assert not window.player.is_playing  # a check box keeps its key to itself
            await until(lambda: not has_box(window, "person", 40, 100))
            await until(lambda: [lane.name for lane in line.lanes.shown] == ["car"])

    on_qt(scenario())


def test_the_time_line_marks_when_a_class_was_seen(source: Path, on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            line = window.time_line
            pixels = grabbed(line).astype(int)

            def is_marked(name: str, seconds: float) -> bool:
                row = [lane.name for lane in line.lanes.shown].index(name)
                pixel = pixels[8 + 15 * row + 4, round(line.x_of(seconds))]
                return bool(np.abs(pixel - np.array(class_colour(name).as_bgr())).max() < 30)

            assert [is_marked("car", seconds) for seconds in (1.0, 3.6, 4.2, 7.0)] == [True, True, False, False]
            assert all(is_marked("person", seconds) for seconds in (1.0, 7.0))
            assert line.accessibleName() == "Time line. Seen: person, car"

    on_qt(scenario())


def test_the_time_of_day_stands_beside_the_time_in_the_file(source: Path, on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            window.player.seek(6.0)
            await until(lambda: number(window) == 150)
            assert window.controls.position.text() == "0:06.00 / 0:07.96"
            assert window.controls.time_of_day.text() == "14:05:15"

    on_qt(scenario())


def test_a_section_is_marked_and_exported_exactly(source: Path, on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            for seconds, key in ((2.0, Qt.Key.Key_I), (3.0, Qt.Key.Key_O)):
                window.player.seek(seconds)
                await until(lambda seconds=seconds: number(window) == round(seconds * 25))
                press(window, key)
            assert window.controls.section.text() == "0:02.00 – 0:03.00"
            press(window, Qt.Key.Key_E)
            dialog = window.dialog
            assert dialog is not None
            await until(lambda: dialog.target.text().endswith("door_00-02.0_00-03.0.annotated.mp4"))
            dialog.target.setText(str(tmp_path / "cut.mp4"))
            QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
            await until(window.messages.isVisible)
            assert "Exported 26 pictures" in window.messages.text()
            await until(lambda: window.dialog is None)
        async with opened(tmp_path / "cut.mp4") as window:
            assert number(window) == 50
            press(window, Qt.Key.Key_End)
            await until(lambda: number(window) == 75)

    on_qt(scenario())


@pytest.mark.parametrize("hidden", [(), ("Person",)])
def test_who_is_hidden_in_the_window_is_hidden_in_an_export(
    hidden: tuple[str, ...], on_qt: OnQt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In the stripes, where hiding shows.
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")
    path = write_clip(tmp_path / "yard.mkv", [numbered(each) for each in range(30)], Encoding(gop=10))
    sink = SidecarSink(sidecar_path(path), SidecarHeader(size=SIZE, confidence=0.4, floor=0.1))
    for each in range(30):
        # Nobody asked to see one of whom the model is so unsure.
        seen = detections(("person", 0.2, (20, 130, 300, 230)))
        sink.write(TimedDetections(each / 25, each / 25, 0, WALL + each / 25, 0.02, seen))
    sink.close()

    async def scenario() -> None:
        async with opened_main(tmp_path) as window:
            window.desk.prefer(window.desk.preferences.but(privacy={"classes": hidden, "style": "pixelate"}))
            player = window.players.open(path)
            await until(lambda: player.panel.isVisible() and player.controls.isEnabled())
            player.ask_for_export()
            dialog = player.dialog
            assert dialog is not None
            said = [label.text() for label in dialog.findChildren(QLabel)]
            assert any("it would show who is to be hidden" in each for each in said) == bool(hidden)
            assert dialog.as_recorded.isEnabled() != bool(hidden)
            # And in the player's own picture.
            player.go(29 / 25)
            await until(lambda: player.player.position > 1.15 and not player.player.is_playing)
            player.picture.redraw()
            await asyncio.sleep(0.2)
            shown = grabbed(player.view).astype(int)
            height, width = shown.shape[:2]
            room = player.view.fit(SIZE)
            top, left = (height - room[1]) // 2, (width - room[0]) // 2
            plain = cv2.resize(numbered(29), room, interpolation=cv2.INTER_LINEAR).astype(int)
            differs = np.abs(shown[top : top + room[1], left : left + room[0]] - plain)
            assert (differs[room[1] * 7 // 12 : room[1] * 11 // 12].mean() > 8) == bool(hidden)
            assert player.picture.hidden_because == ""
            await until(dialog.target.text)
            dialog.target.setText(str(tmp_path / "cut.mp4"))
            QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
            await until(player.messages.isVisible)

    on_qt(scenario())
    before, after = (read_back(each).images[5].astype(int) for each in (path, tmp_path / "cut.mp4"))
    changed = np.abs(after - before)[140:220, 40:280].mean()
    assert (changed > 8) == bool(hidden)


def test_an_export_that_cannot_be_says_why_and_one_can_try_again(source: Path, on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(source) as window:
            press(window, Qt.Key.Key_E)
            dialog = window.dialog
            assert dialog is not None
            (tmp_path / "a.mkv").write_text("mine")
            dialog.as_recorded.setChecked(True)
            await until(lambda: dialog.target.text().endswith("door_00-00.0_00-08.0.mkv"))
            dialog.target.setText(str(tmp_path / "a.mkv"))
            QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
            await until(lambda: "exists already" in dialog.trouble.text())
            assert dialog.export.isEnabled()
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            await until(lambda: window.dialog is None)

    on_qt(scenario())


def test_an_export_that_fails_unexpectedly_says_so_and_does_not_wait_for_ever(
    source: Path, on_qt: OnQt, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("livevision.ui.player.export_dialog.export_clean", broken)

    async def scenario() -> None:
        async with opened(source) as window:
            press(window, Qt.Key.Key_E)
            dialog = window.dialog
            assert dialog is not None
            dialog.as_recorded.setChecked(True)
            await until(lambda: dialog.target.text() != "")
            QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
            await until(lambda: dialog.trouble.text() == "The export failed: a bug")
            assert dialog.export.isEnabled()
            assert not dialog.progress.isVisible()
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            await until(lambda: window.dialog is None)

    on_qt(scenario())


def test_a_video_without_detections_just_plays(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        path = write_clip(tmp_path / "plain.mp4", [numbered(index) for index in range(50)])
        async with opened(path) as window:
            assert not window.panel.isVisible()
            assert not window.controls.boxes.isEnabled()
            press(window, Qt.Key.Key_Space)
            await until(lambda: number(window) > 5)

    on_qt(scenario())


def test_a_damaged_file_and_a_damaged_sidecar_are_told_in_words(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        bad = tmp_path / "bad.mp4"
        bad.write_bytes(b"hello" * 100)
        async with opened(bad) as window:
            assert window.view.notice is not None
            assert window.view.notice.headline == "Cannot be shown"
            assert "bad.mp4 is not a video" in window.view.notice.detail
            assert not window.controls.play.isEnabled()
        path = write_clip(tmp_path / "plain.mp4", [numbered(index) for index in range(50)])
        async with opened(path) as window:
            pass
        sidecar_path(path).write_text("hello\n")
        work = ThreadPoolExecutor(1)
        window = PlayerWindow(path, work)
        window.show()
        window.start()
        try:
            await until(window.messages.isVisible)
            assert "is not a file of detections" in window.messages.text()
            await until(lambda: window.view.image is not None)
        finally:
            await window.aclose()
            window.deleteLater()
            work.shutdown()

    on_qt(scenario())


def test_an_annotated_recording_has_its_boxes_already(source: Path, on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        path = tmp_path / "door.annotated.mkv"
        path.write_bytes(source.read_bytes())
        sidecar_path(path).write_bytes(sidecar_path(source).read_bytes())
        async with opened(path) as window:
            assert not window.controls.boxes.isChecked()
            assert not has_box(window, "person", 40, 100)

    on_qt(scenario())


def test_closing_a_window_closes_its_file_while_others_play_on(source: Path, on_qt: OnQt) -> None:
    async def scenario() -> None:
        work = ThreadPoolExecutor(2, thread_name_prefix="work")
        background = Background(lambda _: None)
        players = Players(work, background, lambda camera: OverlayStyle())
        first, second = players.open(source), players.open(source)
        try:
            await until(lambda: first.view.image is not None and second.view.image is not None)
            QTest.keyClick(first.view, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
            assert not first.isVisible()
            player = first.player
            await until(lambda: players.windows == [second])
            await until(lambda: "closed" in repr(player))
            QTest.keyClick(second.view, Qt.Key.Key_Space)
            await until(lambda: (second.player.position or 0) > 0.2)
        finally:
            await players.aclose()
            await background.aclose()
            work.shutdown()

    on_qt(scenario())


def test_a_file_with_detections_is_watched_and_any_other_is_not(source: Path, on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        work = ThreadPoolExecutor(1)
        background = Background(lambda _: None)
        players = Players(work, background, lambda camera: OverlayStyle())
        others: list[str] = []
        await players.open_recorded(str(source), others.append)
        await players.open_recorded(str(tmp_path / "other.mp4"), others.append)
        await players.open_recorded("rtsp://door/main", others.append)
        assert [window.path for window in players.windows] == [source]
        assert others == [str(tmp_path / "other.mp4"), "rtsp://door/main"]
        await players.aclose()
        await background.aclose()
        work.shutdown()

    on_qt(scenario())


def test_a_recording_opened_in_the_window_is_watched_in_the_player(source: Path, on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened_main(tmp_path) as window:
            window.opening.open_files([str(source)])
            await until(lambda: window.players.windows)
            player = window.players.windows[0]
            await until(lambda: player.view.image is not None)
            assert window.grid.tiles == []
            assert action(window, "Ctrl+Shift+O").isEnabled()

    on_qt(scenario())
