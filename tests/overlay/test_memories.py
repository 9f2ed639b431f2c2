"""Traces and heat: remembered in stream time, not by how often a picture is drawn."""

import numpy as np
import pytest

from livevision.overlay import Annotator, Overlay, OverlayStyle
from tests.fakes.objects import GREY, canvas, detections

FRAME = (640, 360)


def overlay(annotator: Annotator) -> Overlay:
    return Overlay(OverlayStyle(frozenset((annotator,))))


def walker(x: float, tracker: int = 1):
    return detections((x, 100, x + 40, 200), tracker_id=np.array([tracker]))


def walked(ours: Overlay, seconds: float, *, speed: float = 100, start: float = 0.0, generation: int = 0) -> np.ndarray:
    image = canvas(*FRAME)
    for step in range(round(seconds * 25) + 1):
        pts = start + step / 25
        image = ours.draw(canvas(*FRAME), walker(20 + speed * (pts - start)), FRAME, (generation, pts))
    return image


def left_end(image: np.ndarray) -> int:
    return int(np.nonzero((image != GREY).any(axis=(0, 2)))[0].min())


def touched(image: np.ndarray) -> int:
    return int((image != GREY).any(axis=2).sum())


def test_a_trace_is_where_the_feet_were_in_the_last_two_seconds():
    image = walked(overlay(Annotator.TRACE), 4)

    rows, columns = np.nonzero((image != GREY).any(axis=2))
    assert abs(rows.mean() - 200) < 3, "at the lower edge of the box"
    assert columns.max() == pytest.approx(440, abs=4)
    assert columns.min() == pytest.approx(440 - 200, abs=12)


def test_a_trace_fades():
    image = walked(overlay(Annotator.TRACE), 2)

    old, new = (np.abs(image[195:205, column].astype(int) - GREY).max() for column in (60, 225))
    assert 0 < old < 0.6 * new


def test_drawing_a_picture_again_adds_nothing_to_traces_and_heat():
    for annotator in (Annotator.TRACE, Annotator.HEAT_MAP):
        ours = overlay(annotator)
        image = walked(ours, 1)

        for _ in range(20):
            again = ours.draw(canvas(*FRAME), walker(120), FRAME, (0, 1.0))

        np.testing.assert_array_equal(again, image)
        ours.draw(canvas(*FRAME), walker(80), FRAME, (0, 0.6))  # one before, as when stepping back
        np.testing.assert_array_equal(ours.draw(canvas(*FRAME), walker(120), FRAME, (0, 1.0)), image)


def test_another_generation_begins_anew():
    for annotator in (Annotator.TRACE, Annotator.HEAT_MAP):
        ours = overlay(annotator)
        before = touched(walked(ours, 1))
        image = ours.draw(canvas(*FRAME), walker(400), FRAME, (1, 1.04))

        assert touched(image) < 0.5 * before


def test_a_jump_back_begins_anew_and_a_trace_has_no_future():
    ours = overlay(Annotator.TRACE)
    walked(ours, 4)

    assert touched(ours.draw(canvas(*FRAME), walker(300), FRAME, (0, 3.0))) > 0
    assert np.nonzero((ours.draw(canvas(*FRAME), walker(300), FRAME, (0, 3.0)) != GREY).any(axis=(0, 2)))[0].max() < 350
    assert touched(ours.draw(canvas(*FRAME), walker(20), FRAME, (0, 0.3))) == 0
    assert touched(ours.draw(canvas(*FRAME), walker(60), FRAME, (0, 0.5))) > 0, "and goes on from there"


def test_without_a_moment_there_are_no_traces():
    ours = overlay(Annotator.TRACE)

    for step in range(20):
        image = ours.draw(canvas(*FRAME), walker(20 + step * 10), FRAME)

    assert (image == GREY).all()


def test_a_trace_does_not_grow_without_end():
    ours = overlay(Annotator.TRACE)
    for step in range(2000):
        ours.draw(canvas(64, 36), walker(step % 600, tracker=step), FRAME, (0, step / 1000))

    assert len(ours._traces._ways) <= 200


def test_heat_gathers_where_something_stands_and_cools():
    ours = overlay(Annotator.HEAT_MAP)
    warm = walked(ours, 2, speed=0)

    assert (warm[200, 40] != GREY).any()
    assert (warm[:, 200:] == GREY).all()
    nobody = detections()
    later = ours.draw(canvas(*FRAME), nobody, FRAME, (0, 12.0))
    assert (later[200, 40] != GREY).any(), "half of it is left after ten seconds"
    cold = ours.draw(canvas(*FRAME), nobody, FRAME, (0, 120.0))
    assert (cold == GREY).all()


def test_heat_is_brighter_where_it_lasted_longer():
    ours = overlay(Annotator.HEAT_MAP)
    walked(ours, 2, speed=0)
    for step in range(3):
        image = ours.draw(canvas(*FRAME), walker(400), FRAME, (0, 2.2 + step / 25))

    assert image[200, 40].sum() > image[200, 420].sum()
