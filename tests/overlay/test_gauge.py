"""Lines and letters are as large to the eye on every screen, and in files as the picture's own size says."""

import numpy as np
import pytest

from livevision.overlay import Annotator, Overlay, OverlayStyle, class_colour
from tests.fakes.objects import GREY, canvas, detections, drawn, of_colour
from tests.overlay.test_annotators import rich

FRAME = (1280, 720)
TILES = [(420, 236), (640, 360), (1280, 720)]
RATIOS = [1.25, 1.5, 2.0, 3.0]
BOX = (100.0, 360.0, 600.0, 600.0)


def on_screen(size: tuple[int, int], ratio: float, *annotators: Annotator) -> np.ndarray:
    """Return what is drawn on a tile of ``size`` to the eye, on a screen that has ``ratio`` pixels for one of them."""
    width, height = (round(each * ratio) for each in size)
    style = OverlayStyle(frozenset(annotators)) if annotators else OverlayStyle()
    return Overlay(style).draw(canvas(width, height), rich(BOX), FRAME, (0, 1.0), None, ratio)


def line(image: np.ndarray) -> int:
    """Return how wide the box's right side is, without its rim."""
    row = of_colour(image, class_colour("person"))[round(image.shape[0] * 0.75)]
    right = row[row.size // 3 :]
    return int(right.sum())


def rim(image: np.ndarray) -> int:
    """Return how wide the same is with its rim, if it has one."""
    row = (image[round(image.shape[0] * 0.75)] != GREY).any(axis=1)
    return int(row[row.size // 3 :].sum())


def label_height(image: np.ndarray) -> int:
    # Below the top of the picture and above the box there is only the label.
    return image.shape[0] // 2 - drawn(image)[1]


@pytest.mark.parametrize("size", TILES)
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_line_takes_as_many_more_pixels_as_the_screen_has(size: tuple[int, int], ratio: float) -> None:
    plain, sharp = on_screen(size, 1, Annotator.BOX), on_screen(size, ratio, Annotator.BOX)

    # OpenCV's lines are an odd number of pixels wide.
    assert line(sharp) == pytest.approx(line(plain) * ratio, abs=1)
    assert rim(sharp) == pytest.approx(rim(plain) * ratio, abs=2)


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (1920, 1080)])
def test_a_rim_is_a_pixel_wide_and_hides_no_line(size: tuple[int, int]) -> None:
    image = on_screen(size, 1, Annotator.BOX)

    assert rim(image) == line(image) + 2


@pytest.mark.parametrize("size", TILES)
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_label_takes_as_many_more_pixels_as_the_screen_has(size: tuple[int, int], ratio: float) -> None:
    plain, sharp = on_screen(size, 1, Annotator.LABEL), on_screen(size, ratio, Annotator.LABEL)

    assert label_height(sharp) == pytest.approx(ratio * label_height(plain), rel=0.1)
    (left, _, right, _), (first, _, last, _) = drawn(sharp), drawn(plain)
    assert right - left == pytest.approx(ratio * (last - first), rel=0.07)


@pytest.mark.parametrize(
    "annotator",
    [
        Annotator.BOX,
        Annotator.ROUND_BOX,
        Annotator.CORNERS,
        Annotator.ELLIPSE,
        Annotator.DOT,
        Annotator.TRIANGLE,
        Annotator.RICH_LABEL,
        Annotator.POLYGON,
        Annotator.HALO,
        Annotator.KEYPOINTS,
        Annotator.ORIENTED_BOX,
    ],
)
def test_everything_that_is_drawn_covers_the_same_share_of_the_picture(annotator: Annotator) -> None:
    plain, sharp = (touched(on_screen((1280, 720), ratio, annotator)) for ratio in (1, 2))

    assert sharp == pytest.approx(plain, rel=0.3)


def test_a_trace_covers_the_same_share_of_the_picture() -> None:
    shares = []
    for ratio in (1, 2):
        overlay = Overlay(OverlayStyle(frozenset({Annotator.TRACE})))
        for step in range(50):
            image = canvas(640 * ratio, 360 * ratio)
            found = detections((100 + 10 * step, 360, 200 + 10 * step, 600), tracker_id=np.array([1]))
            overlay.draw(image, found, FRAME, (0, step / 25), None, ratio)
        shares.append(touched(image))
    assert shares[1] == pytest.approx(shares[0], rel=0.2)


@pytest.mark.parametrize("ratio", [0.25, 0.5])
def test_a_coarse_screen_still_shows_something(ratio: float) -> None:
    every = frozenset(Annotator)
    image = Overlay(OverlayStyle(every)).draw(canvas(160, 90), rich(BOX), FRAME, (0, 1.0), None, ratio)

    assert touched(image) > 0


def touched(image: np.ndarray) -> float:
    """Return the share of the picture that was drawn on."""
    return float((image != GREY).any(axis=2).mean())


def test_a_window_that_goes_from_screen_to_screen_fills_no_memory() -> None:
    overlay = Overlay()
    for number in range(40):
        overlay.draw(canvas(160, 90), detections(BOX), FRAME, None, None, 1 + number / 10)
    assert overlay._brushes.cache_info().currsize <= 8


def label_width(size: tuple[int, int], ratio: float) -> float:
    left, _, right, _ = drawn(on_screen(size, ratio, Annotator.LABEL))
    return (right - left) / ratio


@pytest.mark.parametrize("ratio", [1, 2])
def test_in_a_tiny_picture_a_label_is_a_name_and_covers_no_more(ratio: float) -> None:
    assert label_width((310, 174), ratio) < 0.7 * label_width((420, 236), ratio)
