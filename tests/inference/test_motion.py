"""What is reported as moving, on a small drawn scene and on the synthetic street."""

import cv2
import numpy as np
import pytest
import supervision as sv

from livevision.inference.builtin.motion import LEARNING, MotionDetector
from livevision.sources.street.scene import Street

SIZE = (640, 360)


class Yard:
    """A textured yard in which one block moves to the right; with a camera's noise, the same in every run."""

    def __init__(self, size: tuple[int, int] = SIZE) -> None:
        rng = np.random.default_rng(7)
        self.size = size
        self.ground = cv2.resize(rng.integers(60, 200, (18, 32, 3), np.uint8), size, interpolation=cv2.INTER_CUBIC)

    def block(self, i: int) -> tuple[int, int, int, int]:
        width, height = self.size
        x1, y1 = width // 20 + i * width // 100, height // 3
        return x1, y1, x1 + width // 8, y1 + height // 3

    def draw(self, i: int, *, block: bool = True, shadow: bool = False) -> np.ndarray:
        image = self.ground.astype(np.int16)
        x1, y1, x2, y2 = self.block(i)
        if shadow:
            x_end = x2 + (x2 - x1)
            image[y2 - (y2 - y1) // 4 : y2, x1:x_end] = image[y2 - (y2 - y1) // 4 : y2, x1:x_end] * 7 // 10
        if block:
            image[y1:y2, x1:x2] = (30, 60, 230)
        image += np.random.default_rng(i).integers(-4, 5, image.shape, np.int16)
        return image.clip(0, 255).astype(np.uint8)


@pytest.fixture
async def detector():
    detector = MotionDetector()
    yield detector
    await detector.aclose()


async def learn(detector: MotionDetector, yard: Yard) -> None:
    for i in range(LEARNING):
        found = await detector.detect(yard.draw(1000 + i, block=False))
        assert len(found) == 0


def iou(box: tuple[int, int, int, int], found: sv.Detections) -> float:
    return float(sv.box_iou_batch(np.array([box]), found.xyxy)[0, 0])


@pytest.mark.parametrize("size", [SIZE, (1280, 720), (360, 640), (160, 90)])
async def test_boxes_what_moves_in_pixels_of_the_picture(detector, size):
    yard = Yard(size)
    await learn(detector, yard)

    for i in range(5):
        found = await detector.detect(yard.draw(i))
        assert len(found) == 1
        assert iou(yard.block(i), found) > 0.85
        assert found["class_name"].tolist() == ["moving"]
        assert found.class_id.tolist() == [0]
        assert 0.8 < found.confidence[0] <= 1


async def test_a_still_scene_is_still(detector):
    yard = Yard()
    await learn(detector, yard)

    for i in range(20):
        assert len(await detector.detect(yard.draw(i, block=False))) == 0


async def test_a_shadow_is_not_part_of_the_box(detector):
    yard = Yard()
    await learn(detector, yard)

    found = await detector.detect(yard.draw(3, shadow=True))

    assert len(found) == 1
    assert iou(yard.block(3), found) > 0.85


async def test_what_stays_becomes_part_of_the_scene(detector):
    yard = Yard((160, 90))
    await learn(detector, yard)
    assert len(await detector.detect(yard.draw(3))) == 1

    for _ in range(200):
        found = await detector.detect(yard.draw(3))

    assert len(found) == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda image: image // 3, id="light switched off"),
        pytest.param(lambda image: cv2.convertScaleAbs(image, alpha=0.7), id="light dimmed"),
        pytest.param(lambda image: np.roll(image, (70, 110), (0, 1)), id="camera moved"),
    ],
)
async def test_a_change_of_the_whole_picture_is_a_new_scene_and_no_object(detector, change):
    yard = Yard()
    await learn(detector, yard)

    for i in range(LEARNING + 5):
        assert len(await detector.detect(change(yard.draw(500 + i, block=False)))) == 0

    x1, y1, x2, y2 = box = (300, 50, 380, 150)
    image = change(yard.draw(900, block=False)).copy()
    image[y1:y2, x1:x2] = (30, 60, 230)
    found = await detector.detect(image)
    assert len(found) == 1
    assert iou(box, found) > 0.85


@pytest.mark.parametrize("gain", [0.85, 1.15])
async def test_a_camera_that_changes_its_exposure_still_sees_only_what_moves(detector, gain):
    yard = Yard()
    await learn(detector, yard)

    for i in range(5):
        found = await detector.detect(cv2.convertScaleAbs(yard.draw(i), alpha=gain))
        assert len(found) == 1
        assert iou(yard.block(i), found) > 0.85


async def test_another_size_of_picture_is_a_new_scene(detector):
    await learn(detector, Yard())

    larger = Yard((1280, 720))
    await learn(detector, larger)

    assert iou(larger.block(2), await detector.detect(larger.draw(2))) > 0.85


async def test_the_same_pictures_give_the_same_boxes(detector):
    other = MotionDetector()
    yard = Yard()
    for i in range(LEARNING + 5):
        image = yard.draw(i)
        image.flags.writeable = False
        one, two = await detector.detect(image), await other.detect(image)
    assert len(one) > 0
    np.testing.assert_array_equal(one.xyxy, two.xyxy)
    np.testing.assert_array_equal(one.confidence, two.confidence)
    await other.aclose()


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (3, 500)])
async def test_takes_the_smallest_pictures(detector, size):
    for _ in range(LEARNING + 3):
        found = await detector.detect(np.full((size[1], size[0], 3), 90, np.uint8))

    assert len(found) == 0


def test_finds_what_moves_on_the_street(detector):
    """Every 2nd picture of 6 seconds, after 2 of learning, counting what is at least 0.15 % of the picture.

    Measured: 86 % of what stands clear and 75 % of everything are found, with 0.13 false boxes a picture.
    """
    street = Street(SIZE, 25, 0)
    hits: list[bool] = []
    clear: list[bool] = []
    false = pictures = 0
    for i in range(0, 200, 2):
        boxes, confidence = detector.find(street.draw(i))
        if i < 50:
            continue
        boxes = boxes[confidence >= 0.25]
        truth = street.truth(i).xyxy
        areas = np.prod(truth[:, 2:] - truth[:, :2], axis=1)
        large = areas >= 0.0015 * SIZE[0] * SIZE[1]
        hits += (sv.box_iou_batch(truth, boxes).max(axis=1, initial=0) >= 0.5)[large].tolist()
        clear += (most_shared(truth) < 0.3 * areas)[large].tolist()
        nowhere = sv.box_iou_batch(boxes, truth, sv.OverlapMetric.IOS).max(axis=1, initial=0) < 0.3
        false += int(nowhere.sum())
        pictures += 1

    assert sum(clear) > 200
    assert np.mean(np.array(hits)[clear]) >= 0.8
    assert np.mean(hits) >= 0.68
    assert false <= 0.3 * pictures


def most_shared(boxes: np.ndarray) -> np.ndarray:
    """The area that each box shares with the one that covers most of it."""
    corners = np.maximum(boxes[:, None, :2], boxes[:, :2]), np.minimum(boxes[:, None, 2:], boxes[:, 2:])
    shared = np.prod(np.maximum(corners[1] - corners[0], 0), axis=2)
    np.fill_diagonal(shared, 0)
    return shared.max(axis=1, initial=0)
