"""What an operator sees over the picture: boxes where they belong, labels that can be read."""

import numpy as np
import pytest
import supervision as sv

from livevision.overlay import Overlay, class_colour
from tests.fakes.objects import GREY, canvas, detections, drawn, least_difference, of_colour


def test_draws_in_place_and_returns_the_picture():
    image = canvas(1280, 720)

    assert Overlay().draw(image, detections((300, 300, 500, 500)), (1280, 720)) is image
    assert (image != GREY).any()


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (1280, 720), (3840, 2160), (360, 640), (640, 361)])
def test_the_box_is_scaled_to_the_picture(size):
    width, height = size
    image = Overlay().draw(canvas(width, height), detections((480, 270, 960, 810)), (1920, 1080))

    line = of_colour(image, class_colour("person"))
    # Right of the label and below it, only the box is left.
    x2, y2 = line.any(axis=0).nonzero()[0].max() + 1, line.any(axis=1).nonzero()[0].max() + 1
    left = line[round(height * 0.7)].nonzero()[0].min()
    slack = 2 + min(size) / 180
    assert x2 == pytest.approx(width / 2, abs=slack)
    assert y2 == pytest.approx(height * 0.75, abs=slack)
    assert left == pytest.approx(width / 4, abs=slack)
    assert (image[round(height * 0.6), round(width * 0.4)] == GREY).all(), "the inside stays as it was"


def thickness(height: int) -> int:
    image = Overlay().draw(canvas(height * 16 // 9, height), detections((100, 100, 600, 600)), (1280, 720))
    return int(of_colour(image, class_colour("person"))[height // 2].nonzero()[0].size // 2)


def label_height(height: int) -> int:
    # Below the top of the picture and above the box there is only the label.
    image = Overlay().draw(canvas(height * 16 // 9, height), detections((100, 360, 600, 600)), (1280, 720))
    return height // 2 - drawn(image)[1]


def test_lines_and_labels_fit_the_height_of_the_picture():
    assert thickness(180) < thickness(720) < thickness(2160)
    assert 12 <= label_height(180) <= 20
    assert 0.02 * 720 < label_height(720) < 0.05 * 720
    assert 0.02 * 2160 < label_height(2160) < 0.05 * 2160


@pytest.mark.parametrize("size", [(320, 180), (1280, 720)])
@pytest.mark.parametrize(
    "corner",
    [(0, 0, 20, 20), (1900, 0, 1920, 20), (0, 1060, 20, 1080), (1900, 1060, 1920, 1080), (1890, 500, 2100, 700)],
)
def test_labels_stay_within_the_picture(size, corner):
    box = (800, 500, 1200, 800)
    middle = Overlay().draw(canvas(*size), detections(box), (1920, 1080))
    left, top, _, _ = drawn(middle)
    line = 3 if size[1] >= 360 else 1
    above = middle[top : 500 * size[1] // 1080 - line]
    label = above[:, left + line : np.nonzero((above != GREY).any(axis=(0, 2)))[0].max()]

    at_border = Overlay().draw(canvas(*size), detections(corner), (1920, 1080))

    assert label.size > 0
    assert least_difference(at_border, label) == 0, "all of it can be seen"


def test_says_class_identity_and_confidence():
    def label(**more):
        image = Overlay().draw(canvas(1280, 720), detections((400, 300, 420, 320), **more), (1280, 720))
        x1, _, x2, _ = drawn(image)
        return x2 - x1, image

    plain, image = label()
    named, other = label(tracker_id=np.array([7]))
    pending, same = label(tracker_id=np.array([-1]))
    bare, _ = label(confidence=None)
    longer, _ = label(name="traffic light")

    assert bare < plain < named < longer + plain
    assert longer > plain
    assert pending == plain
    np.testing.assert_array_equal(image, same)
    assert (image != other).any()


@pytest.mark.parametrize("name", ["person", "truck", "bus", "face", "car", "bicycle", "motorcycle", "zebra", "Ölkanne"])
def test_text_stands_out_from_its_ground(name):
    image = Overlay().draw(canvas(1280, 720), detections((400, 300, 900, 600), name=name), (1280, 720))
    colour = class_colour(name)
    x1, y1, _, _ = drawn(image)
    label = image[y1 : y1 + 20, x1 : x1 + 60].reshape(-1, 3)

    def luminance(bgr) -> float:
        linear = [(c / 3294.6) if c <= 10.3 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in bgr]
        return 0.0722 * linear[0] + 0.7152 * linear[1] + 0.2126 * linear[2]

    ground = luminance(colour.as_bgr())
    text = max((luminance(pixel) for pixel in np.unique(label, axis=0)), key=lambda other: abs(other - ground))
    lighter, darker = max(text, ground), min(text, ground)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG AA


def test_a_class_has_one_colour_and_those_seen_together_differ():
    assert class_colour("Person") == class_colour("person")
    assert class_colour("zebra") == class_colour("zebra")
    assert class_colour("zebra").as_hex() == "#e69f00", "the same in every run"
    together = ["person", "car", "bicycle", "motorcycle", "bus", "truck"]
    assert len({class_colour(name).as_hex() for name in together}) == len(together)


def test_no_detections_leave_the_picture_alone():
    image = canvas(320, 180)
    image.flags.writeable = False

    Overlay().draw(image, sv.Detections.empty(), (1280, 720))
    Overlay().draw(image, detections((2000, 2000, 2100, 2100), (-50, -50, -10, -10)), (1280, 720))

    assert (image == GREY).all()


def test_a_box_outside_does_not_take_the_others_with_it():
    found = detections((-90, -90, -10, -10), (100, 100, 300, 300), tracker_id=np.array([1, 2]))
    alone = detections((100, 100, 300, 300), tracker_id=np.array([2]))

    np.testing.assert_array_equal(
        Overlay().draw(canvas(640, 360), found, (640, 360)), Overlay().draw(canvas(640, 360), alone, (640, 360))
    )


@pytest.mark.parametrize(
    "found",
    [
        sv.Detections(xyxy=np.array([[100, 100, 300, 300]], np.float32)),
        sv.Detections(xyxy=np.array([[100, 100, 300, 300]], np.float32), tracker_id=np.array([3])),
        detections((100, 100, 300, 300), name=""),
        detections((100, 100, 300, 300), name="line\nbreak"),
        detections((100, 100, 300, 300), name="x" * 500),
    ],
)
def test_draws_what_says_little_or_too_much_of_itself(found):
    image = Overlay().draw(canvas(640, 360), found, (640, 360))

    assert (image[300, 150:250] != GREY).any()


def test_takes_a_picture_smaller_than_a_label():
    image = Overlay().draw(canvas(8, 6), detections((0, 0, 1280, 720)), (1280, 720))

    assert (image != GREY).any()


def test_a_strided_picture_will_do():
    whole = canvas(1280, 720)

    Overlay().draw(whole[:, 640:], detections((100, 200, 300, 400)), (640, 720))

    assert (whole[:, :640] == GREY).all()
    assert (whole[:, 640:] != GREY).any()


def test_the_same_detections_give_the_same_pixels_whatever_was_drawn_before():
    used = Overlay()
    for height in range(100, 1200, 100):
        used.draw(canvas(height, height), detections((0, 0, 50, 50), name=f"class {height}"), (100, 100))
    found = detections((100, 100, 300, 300), (250, 150, 400, 390), tracker_id=np.array([1, 2]))

    np.testing.assert_array_equal(
        used.draw(canvas(640, 360), found, (640, 400)), Overlay().draw(canvas(640, 360), found, (640, 400))
    )
