"""Pictures that are turned, and what was found in them."""

import itertools

import numpy as np
import pytest
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.inference.layouts.keypoints import KEYPOINTS
from livevision.ui.tile.orientation import Orientation

SIZE = (120, 80)
ALL = [Orientation(rotate, mirror) for rotate, mirror in itertools.product((0, 90, 180, 270), (False, True))]


def scene() -> tuple[np.ndarray, sv.Detections]:
    """Return a picture with a bright rectangle, and a detection that is exactly it."""
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    image[10:30, 20:80] = 200
    mask = image[None, ..., 0] > 0
    points = np.array([[[20, 10], [80, 10], [80, 30], [20, 30]]], np.float32)
    return image, sv.Detections(
        xyxy=np.array([[20, 10, 80, 30]], np.float32),
        mask=mask,
        class_id=np.zeros(1, int),
        data={
            "class_name": np.array(["thing"]),
            KEYPOINTS: np.array([[[20, 10], [0, 0]]], np.float32),
            ORIENTED_BOX_COORDINATES: points,
        },
    )


@pytest.mark.parametrize("turned", ALL)
@pytest.mark.parametrize("compact", [False, True])
def test_what_was_found_turns_with_the_picture(turned: Orientation, compact: bool) -> None:
    image, found = scene()
    if compact:
        found.mask = sv.CompactMask.from_dense(found.mask, found.xyxy, image_shape=SIZE[::-1])
    there = turned.picture(image)
    assert there.shape[1::-1] == turned.size(SIZE)
    after = turned.detections(found, SIZE)
    rows, columns = np.nonzero(there[..., 0])
    box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert after.xyxy.tolist() == [box]
    np.testing.assert_array_equal(np.asarray(after.mask)[0], there[..., 0] > 0)
    corner, unseen = after.data[KEYPOINTS][0]
    assert corner[0] in (box[0], box[2])
    assert corner[1] in (box[1], box[3])
    assert unseen.tolist() == [0, 0], "a point that was not seen is nowhere"
    oriented = after.data[ORIENTED_BOX_COORDINATES][0]
    assert [*oriented.min(axis=0), *oriented.max(axis=0)] == box


@pytest.mark.parametrize("turned", ALL)
def test_a_part_of_the_turned_picture_comes_from_where_it_was(turned: Orientation) -> None:
    image = np.random.default_rng(1).integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8)
    x, y, width, height = 12, 30, 20, 8
    part = turned.picture(image)[y : y + height, x : x + width]
    left, top, across, down = turned.origin_of((x, y, width, height), SIZE)
    np.testing.assert_array_equal(turned.picture(image[top : top + down, left : left + across]), part)


def test_four_turns_are_none() -> None:
    for mirror in (False, True):
        turned = Orientation(0, mirror)
        image = scene()[0]
        seen = turned.picture(image)
        for _ in range(4):
            turned = turned.turned_right()
            seen = np.rot90(seen, -1)
            np.testing.assert_array_equal(turned.picture(image), seen)


def test_other_angles_are_refused() -> None:
    with pytest.raises(ValueError, match="not 45"):
        Orientation(45)
