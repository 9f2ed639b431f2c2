"""Whether people are found where they stand, in pixels of the picture that was given."""

import cv2
import numpy as np
import pytest
import supervision as sv

from livevision.inference.builtin.people import PeopleDetector


def street(size: tuple[int, int], *people: tuple[float, float, float]) -> np.ndarray:
    """A bare street of ``size`` with silhouettes; each is the middle, the feet and the height, as shares of it."""
    width, height = size
    image = np.full((height, width, 3), 170, np.uint8)
    for middle, feet, tall in people:
        h = tall * height
        x, top = middle * width, feet * height - h
        half = [(0.03, 0.14), (0.13, 0.2), (0.15, 0.5), (0.09, 0.5), (0.13, 1), (0.055, 1), (0, 0.58)]
        outline = half + [(-a, b) for a, b in half[::-1]]
        cv2.fillPoly(image, [np.array([(x + a * h, top + b * h) for a, b in outline], np.int32)], (50, 50, 50))
        cv2.ellipse(
            image, (int(x), int(top + 0.075 * h)), (int(0.055 * h), int(0.075 * h)), 0, 0, 360, (50, 50, 50), -1
        )
    return cv2.GaussianBlur(image, (0, 0), height / 180)


@pytest.fixture
async def detector():
    detector = PeopleDetector()
    yield detector
    await detector.aclose()


async def test_finds_each_person_once(detector):
    found = await detector.detect(street((640, 360), (0.3, 0.9, 0.55), (0.7, 0.95, 0.6)))

    truth = np.array([[155, 126, 229, 324], [411, 126, 485, 342]])
    assert len(found) == 2
    assert (sv.box_iou_batch(truth, found.xyxy).max(axis=1) > 0.6).all()
    assert set(found["class_name"]) == {"person"}
    assert found.class_id.tolist() == [0, 0]
    assert (found.confidence > 0.5).all()
    assert (found.confidence <= 1).all()


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900), (720, 1280)])
async def test_boxes_are_in_pixels_of_the_picture_that_was_given(detector, size):
    width, height = size
    tall = 0.6 if width > height else 0.35
    found = await detector.detect(street(size, (0.6, 0.9, tall)))

    assert len(found) == 1
    x1, y1, x2, y2 = found.xyxy[0]
    assert (x1 + x2) / 2 == pytest.approx(0.6 * width, abs=0.03 * width)
    assert y2 == pytest.approx(0.9 * height, abs=0.07 * height)
    assert y1 == pytest.approx((0.9 - tall) * height, abs=0.07 * height)


@pytest.mark.parametrize("size", [(640, 360), (40, 30), (1, 1)])
async def test_an_empty_street_is_empty(detector, size):
    found = await detector.detect(street(size))

    assert len(found) == 0
    assert found.xyxy.shape == (0, 4)
    assert found.confidence.shape == (0,)
    assert "class_name" in found.data


async def test_the_same_picture_gives_the_same_answer(detector):
    image = street((640, 360), (0.3, 0.9, 0.55))
    image.flags.writeable = False

    first, second = await detector.detect(image), await detector.detect(image)

    assert len(first) == 1
    np.testing.assert_array_equal(first.xyxy, second.xyxy)
    np.testing.assert_array_equal(first.confidence, second.confidence)
