"""Drawing on a part of a frame: everything is where it is on the whole one, closer."""

import cv2
import numpy as np
import pytest

from livevision.overlay import Annotator, Overlay, OverlayStyle
from tests.fakes.objects import GREY, canvas
from tests.overlay.test_annotators import FRAME, rich

WINDOW = (400.0, 100.0, 320.0, 360.0)
SIZE = (640, 720)
"""Twice as close."""


def touched(image: np.ndarray) -> np.ndarray:
    """Return where something was drawn, as shares of the image: left, top, right, bottom."""
    rows, columns = np.nonzero(np.abs(image.astype(int) - GREY).max(axis=2) > 30)
    height, width = image.shape[:2]
    return np.array([columns.min() / width, rows.min() / height, columns.max() / width, rows.max() / height])


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize(
    "annotator",
    [Annotator.BOX, Annotator.MASK, Annotator.POLYGON, Annotator.KEYPOINTS, Annotator.ORIENTED_BOX, Annotator.TRACE],
)
def test_what_is_drawn_is_where_it_is_on_the_frame(annotator: Annotator, compact: bool) -> None:
    near, whole = (Overlay(OverlayStyle(frozenset({annotator}))) for _ in range(2))
    x, y, width, height = (round(each) for each in WINDOW)
    for step in range(10):
        found, moment = rich((500 + 3 * step, 200, 620 + 3 * step, 440), compact=compact), (0, step / 10)
        close = near.draw(canvas(*SIZE), found, FRAME, moment, WINDOW)
        afar = whole.draw(canvas(*FRAME), found, FRAME, moment)
    # Lines are as thick as fits the picture: half of one more or less.
    assert touched(close) == pytest.approx(touched(afar[y : y + height, x : x + width]), abs=0.02)


def test_heat_stays_where_it_was_when_one_looks_closer() -> None:
    ours = Overlay(OverlayStyle(frozenset({Annotator.HEAT_MAP})))
    for step in range(50):
        afar = ours.draw(canvas(*FRAME), rich(), FRAME, (0, step / 10))
    close = ours.draw(canvas(*SIZE), rich(), FRAME, (0, 4.9), WINDOW)
    x, y, width, height = (round(each) for each in WINDOW)
    expected = cv2.resize(afar[y : y + height, x : x + width], SIZE)
    assert np.abs(expected.astype(int) - GREY).max() > 60
    assert np.abs(close.astype(int) - expected).mean() < 3


def test_a_mask_from_close_up_takes_no_more_memory_than_the_picture() -> None:
    ours = Overlay(OverlayStyle(frozenset({Annotator.MASK})))
    found = rich((0, 0, 1280, 720))
    # Whole, it would be 330 MB: 16 times as wide and as high.
    tiny = (600.0, 300.0, 80.0, 45.0)
    image = ours.draw(canvas(1280, 720), found, FRAME, None, tiny)
    assert np.abs(image.astype(int) - GREY).max(axis=2).min() > 10


def test_what_is_not_in_the_window_is_not_drawn() -> None:
    image = Overlay().draw(canvas(*SIZE), rich((900, 500, 1000, 600)), FRAME, None, WINDOW)
    np.testing.assert_array_equal(image, canvas(*SIZE))
