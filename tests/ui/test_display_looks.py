"""What reaches the screen when the operator looks closer, turns the picture, freezes it, or hides who is in it."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from livevision.overlay import Annotator, ColourBy, OverlayStyle, Privacy
from livevision.timing import BoxTiming
from livevision.ui.tile.navigation import Navigation
from livevision.ui.tile.orientation import Orientation
from livevision.ui.tile.viewport import Fit, Viewport
from livevision.ui.video_view import VideoView
from tests.fakes.cameras import grey, make_frame, until
from tests.ui.test_display import displayed, result_of
from tests.ui.test_video_view import grabbed

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]
RED = OverlayStyle(annotators=frozenset({Annotator.BOX}), colour_by=ColourBy.ONE, colour="#ff0000")
FULL = (1280, 720)


def detailed() -> np.ndarray:
    """Return a picture with details that no small copy of it has."""
    noise = np.random.default_rng(2).integers(0, 255, (180, 320, 3), np.uint8)
    return cv2.resize(noise, FULL, interpolation=cv2.INTER_CUBIC)


def red(image: np.ndarray) -> np.ndarray:
    """Return left, top, right and bottom of what is red."""
    blue, green, reds = (image[..., channel].astype(int) for channel in range(3))
    rows, columns = np.nonzero((reds > 150) & (green < 90) & (blue < 90))
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])


def roll(view: VideoView, at: tuple[int, int], notches: float) -> None:
    """Turn the wheel over a point of the view."""
    where = QPointF(*at)
    delta = QPoint(0, round(notches * 120))
    event = QWheelEvent(
        where,
        view.mapToGlobal(where),
        QPoint(),
        delta,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


async def drawn(view: VideoView, does: Callable[[], object]) -> np.ndarray:
    """Return what the view shows once it has drawn anew because of what was done."""
    before = view.image
    does()
    await until(lambda: view.image is not before)
    return grabbed(view)


def test_the_wheel_brings_details_that_the_small_picture_has_not(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            Navigation(view, display)
            image = detailed()
            await drawn(view, lambda: display.on_frame(make_frame(image)))
            shown = await drawn(view, lambda: roll(view, (80, 120), 10))
            viewport = display.viewport
            assert viewport.zoom == pytest.approx(1.25**10)
            scale = 0.25 * viewport.zoom
            whole = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            left, top = (round(at * scale) for at in viewport.window(FULL, (320, 180)).part[:2])
            expected = whole[top : top + 180, left : left + 320].astype(int)
            small = cv2.resize(image, (320, 180), interpolation=cv2.INTER_AREA)
            blurred = cv2.resize(small, (whole.shape[1], whole.shape[0]))[top : top + 180, left : left + 320]
            assert np.abs(shown - expected).mean() < 0.35 * np.abs(expected - blurred).mean()
            # What was under the pointer still is: 320, 480 of the picture.
            assert np.abs(shown[120, 80].astype(int) - whole[round(480 * scale), round(320 * scale)]).max() < 60

    on_qt(scenario())


def test_four_times_closer_the_pixels_are_the_pictures_own(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            image = np.random.default_rng(3).integers(0, 255, (720, 1280, 3), np.uint8)
            display.viewport = Viewport().zoomed(4, (160, 90), FULL, (320, 180))
            shown = await drawn(view, lambda: display.on_frame(make_frame(image)))
            np.testing.assert_array_equal(shown, image[270:450, 480:800])

    on_qt(scenario())


def test_only_what_is_seen_is_converted(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            display.viewport = Viewport(zoom=8)
            frame = make_frame(detailed())
            await drawn(view, lambda: display.on_frame(frame))
            ((_, part),) = frame.picture.asked  # type: ignore[attr-defined]
            assert part is not None
            assert part[2] <= 1280 / 8 + 8, "and hardly more than that"

    on_qt(scenario())


def test_dragging_moves_the_picture_with_the_hand_and_boxes_with_it(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            Navigation(view, display)
            display.style = RED
            frame = make_frame(grey(FULL))
            display.on_result(result_of(frame, (600, 320, 680, 400)))
            await drawn(view, lambda: display.on_frame(frame))
            before = red(await drawn(view, lambda: roll(view, (160, 90), 4)))
            assert before.tolist() == pytest.approx([135, 65, 185, 115], abs=3)
            QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(160, 90))
            after = red(await drawn(view, lambda: QTest.mouseMove(view, QPoint(190, 70))))
            QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(190, 70))
            assert (after - before).tolist() == pytest.approx([30, -20, 30, -20], abs=1)

    on_qt(scenario())


@pytest.mark.parametrize("zoom", [1.0, 2.5])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("mirror", [False, True])
def test_boxes_stay_on_their_objects_however_the_picture_is_turned(
    on_qt: OnQt, rotate: int, mirror: bool, zoom: float
) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            display.style = RED
            display.viewport = Viewport(Orientation(rotate, mirror), Fit.WHOLE, zoom, (0.45, 0.4))
            image = grey(FULL, 60)
            image[260:400, 500:700] = 255
            frame = make_frame(image)
            display.on_result(result_of(frame, (500, 260, 700, 400)))
            shown = await drawn(view, lambda: display.on_frame(frame))
            rows, columns = np.nonzero(shown.min(axis=2) > 200)
            inside = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
            assert np.abs(red(shown) - inside).max() <= 5
            wide = columns.max() - columns.min() > rows.max() - rows.min()
            assert bool(wide) is (rotate in (0, 180))

    on_qt(scenario())


def test_a_filled_view_has_no_bars(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed((300, 300)) as (display, view, _):
            display.viewport = Viewport(fit=Fit.FILL)
            shown = await drawn(view, lambda: display.on_frame(make_frame(grey(FULL, 200))))
            assert shown.min() == 200

    on_qt(scenario())


def test_a_frozen_picture_stands_while_the_camera_goes_on(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, metrics):
            frame = replace(make_frame(grey(FULL, 80)), captured=time.monotonic() - 12)
            await drawn(view, lambda: display.on_frame(frame))
            display.freeze()
            for index in range(1, 6):
                display.on_frame(make_frame(grey(FULL, 80 + 20 * index), index, pts=index / 25))
                await asyncio.sleep(0.01)
            assert grabbed(view)[90, 160].tolist() == [80, 80, 80]
            assert display.behind == pytest.approx(12, abs=0.5)
            assert metrics.snapshot().dropped["display"] == 0, "nobody lost what was not wanted"
            assert metrics.snapshot().shown == 1
            closer = await drawn(view, lambda: setattr(display, "viewport", Viewport(zoom=2)))
            assert closer[90, 160].tolist() == [80, 80, 80]
            live = await drawn(view, display.go_live)
            assert live[90, 160].tolist() == [180, 180, 180]

    on_qt(scenario())


def test_what_stands_does_not_look_live(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            await drawn(view, lambda: display.on_frame(make_frame(grey(FULL, 200))))
            view.is_standing = True
            shown = grabbed(view)
            assert shown[4, 100].max() < 100
            assert shown[90, 160].tolist() == [200, 200, 200]

    on_qt(scenario())


HIDDEN = replace(RED, privacy=Privacy(frozenset({"thing"})))
BOX = (480, 240, 800, 480)


@pytest.mark.parametrize("zoom", [1.0, 4.0, 12.0])
def test_who_is_hidden_is_never_painted_however_close_one_looks(on_qt: OnQt, zoom: float) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            display.style = HIDDEN
            display.boxes_shown = False
            image = detailed()
            display.expects_boxes = False
            frame = make_frame(image)
            shown = await drawn(view, lambda: display.on_frame(frame))
            assert few_colours(shown), "nothing is known yet: nothing is shown"
            assert display.hidden_because == "hidden until the model has answered"
            display.expects_boxes = True
            display.on_result(result_of(frame, BOX))
            display.viewport = Viewport(zoom=zoom)
            later = make_frame(image, 1, pts=0.04)
            display.on_frame(later)
            shown = await drawn(view, lambda: display.on_result(result_of(later, BOX)))
            assert display.hidden_because == ""
            part = Viewport(zoom=zoom).window(FULL, (320, 180))
            left, top = ((BOX[i] - part.part[i]) * part.scale for i in (0, 1))
            right, bottom = ((BOX[i + 2] - part.part[i]) * part.scale for i in (0, 1))
            inside = shown[max(0, round(top)) : round(bottom), max(0, round(left)) : round(right)]
            assert few_colours(inside)
            if zoom == 1:
                assert not few_colours(shown), "the rest can be seen"

    on_qt(scenario())


def few_colours(image: np.ndarray) -> bool:
    """Tell whether no more is left of a picture than a mosaic of 6 along the shorter side."""
    # Scaling mixes the colours of neighbours along their border.
    return len(np.unique(image[::2, ::2].reshape(-1, 3), axis=0)) <= 6 * 12 * 4


def test_who_is_hidden_stays_so_when_missed_after_the_picture_stood(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            display.style = HIDDEN
            image = detailed()
            first = make_frame(image)
            display.on_result(result_of(first))
            await drawn(view, lambda: display.on_frame(first))
            display.freeze()
            display.on_result(result_of(make_frame(image, 10, pts=0.4), BOX))
            display.on_result(result_of(make_frame(image, 15, pts=0.6)))
            display.on_frame(make_frame(image, 16, pts=0.64))
            shown = await drawn(view, display.go_live)
            assert few_colours(shown[65:115, 125:195])

    on_qt(scenario())


def test_a_picture_waits_for_its_answer_where_somebody_is_hidden(on_qt: OnQt) -> None:
    """A newcomer must not be seen for as long as the model takes, whatever timing was chosen."""

    async def scenario() -> None:
        async with displayed() as (display, view, _):
            image = detailed()
            display.style = HIDDEN
            assert display.timing is BoxTiming.LIVE, "as the operator chose"
            assert display.waits_for_privacy
            first, newest = (make_frame(image, index, pts=index / 25) for index in (0, 10))
            display.on_frame(first)
            await drawn(view, lambda: display.on_result(result_of(first)))
            before = view.image
            display.on_frame(newest)
            await asyncio.sleep(0.1)
            assert view.image is before, "nobody has looked for them yet"
            shown = await drawn(view, lambda: display.on_result(result_of(newest, BOX)))
            assert few_colours(shown[65:115, 125:195])
            assert not few_colours(shown)
            display.style = RED
            assert not display.waits_for_privacy
            later = make_frame(image, 11, pts=0.44)
            shown = await drawn(view, lambda: display.on_frame(later))
            assert not few_colours(shown[65:115, 125:195])

    on_qt(scenario())


def test_another_way_of_showing_reaches_a_standing_picture(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, _):
            frame = make_frame(grey(FULL))
            display.on_result(result_of(frame, BOX))
            await drawn(view, lambda: display.on_frame(frame))
            display.freeze()
            shown = await drawn(view, lambda: setattr(display, "style", RED))
            assert red(shown).tolist() == pytest.approx([120, 60, 200, 120], abs=4)
            plain = await drawn(view, lambda: setattr(display, "boxes_shown", False))
            assert np.ptp(plain.reshape(-1, 3), axis=0).max() == 0

    on_qt(scenario())
