"""Which boxes a mask of moving pixels becomes: drawn silhouettes of 640x360."""

import cv2
import numpy as np
import pytest

from livevision.inference.builtin.blobs import boxes


def mask(*shapes: np.ndarray) -> np.ndarray:
    drawn = np.zeros((360, 640), np.uint8)
    for shape in shapes:
        cv2.fillPoly(drawn, [shape.round().astype(np.int32)], 1)
    return drawn


def person(x: float, feet: float, tall: float) -> np.ndarray:
    outline = [(-0.06, 0), (0.06, 0), (0.06, 0.16), (0.14, 0.18), (0.14, 0.5), (0.12, 1), (0.05, 1), (0, 0.6)]
    outline += [(-0.05, 1), (-0.12, 1), (-0.14, 0.5), (-0.14, 0.18), (-0.06, 0.16)]
    return np.array([(x + a * tall, feet - tall + b * tall) for a, b in outline])


def car(x: float, ground: float, length: float) -> np.ndarray:
    outline = [(0, 0.4), (0, 0.2), (0.2, 0.18), (0.3, 0), (0.75, 0), (0.9, 0.18), (1, 0.22), (1, 0.4)]
    return np.array([(x + a * length, ground - 0.4 * length + b * length) for a, b in outline])


def bounds(shape: np.ndarray) -> list[float]:
    return [*shape.min(axis=0), *shape.max(axis=0)]


def assert_boxes(found: np.ndarray, *shapes: np.ndarray, within: float = 4) -> None:
    expected = sorted(bounds(shape) for shape in shapes)
    assert len(found) == len(expected)
    np.testing.assert_allclose(sorted(found.tolist()), expected, atol=within)


def test_nothing_moves():
    assert boxes(mask()).shape == (0, 4)


@pytest.mark.parametrize(
    "shape", [person(300, 300, 60), person(300, 300, 120), car(200, 300, 160), person(300, 340, 330)]
)
def test_one_object_is_one_box(shape):
    assert_boxes(boxes(mask(shape)), shape)


def test_noise_is_not_an_object():
    noise = np.zeros((360, 640), np.uint8)
    noise[::9, ::9] = 1

    assert len(boxes(noise)) == 0


def test_a_person_cut_at_the_waist_is_one_box():
    walker = person(300, 300, 100)
    cut = mask(walker)
    cut[250:255] = 0

    assert_boxes(boxes(cut), walker)


def test_two_people_who_touch_are_two_boxes():
    left, right = person(200, 300, 90), person(222, 303, 84)

    assert_boxes(boxes(mask(left, right)), left, right)


def test_who_walks_past_a_car_gets_a_box_of_their_own():
    parked, walker = car(200, 250, 160), person(260, 300, 110)

    found = boxes(mask(parked, walker))

    # Where the walker's head is before the car cannot be seen in a mask: the box reaches up to the roof.
    assert_boxes(found, parked, walker, within=20)


def test_who_stands_behind_a_car_gets_a_box_of_their_own():
    parked, watcher = car(200, 250, 160), person(290, 226, 80)

    found = boxes(mask(parked, watcher))

    assert_boxes(found, parked, watcher, within=20)


def test_a_fragment_within_a_box_is_not_another():
    ring = mask(car(200, 250, 160))
    inner = cv2.erode(ring, np.ones((25, 25), np.uint8))
    core = cv2.erode(ring, np.ones((39, 39), np.uint8))
    assert core.any()

    assert_boxes(boxes(ring - inner + core), car(200, 250, 160))
