"""The street: pictures that repeat exactly, and a truth that fits what was drawn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import supervision as sv

from livevision.frame import Image
from livevision.sources.street import Street

FPS = 25
SIZE = (640, 360)


@pytest.fixture(scope="module")
def street() -> Street:
    return Street(SIZE, FPS, 1)


def changed(street: Street, index: int) -> Image:
    """Where a picture differs from the empty street by more than a shadow."""
    return cv2.absdiff(street.draw(index), street.empty(index)).max(axis=2) > 12


def iou(a: np.ndarray, b: np.ndarray) -> float:
    return float(sv.box_iou_batch(a[None], b[None])[0, 0])


def test_picture_is_a_fresh_writable_bgr_array(street: Street) -> None:
    first = street.draw(7)
    assert first.shape == (360, 640, 3)
    assert first.dtype == np.uint8
    first[:] = 0
    assert street.draw(7).mean() > 60


def test_same_seed_and_index_give_the_same_pixels_in_any_order(street: Street) -> None:
    other = Street(SIZE, FPS, 1)
    pictures = [street.draw(i) for i in (0, 40, 5000)]
    for index, picture in reversed(list(zip((0, 40, 5000), pictures, strict=True))):
        assert np.array_equal(other.draw(index), picture)
        assert np.array_equal(other.truth(index).xyxy, street.truth(index).xyxy)


def test_other_seed_is_another_street(street: Street) -> None:
    other = Street(SIZE, FPS, 2)
    assert cv2.absdiff(other.draw(0), street.draw(0)).mean() > 5
    assert not np.array_equal(other.truth(50).xyxy, street.truth(50).xyxy)


def test_time_not_index_decides_where_things_are() -> None:
    slow, fast = Street((320, 180), 10, 1), Street((320, 180), 50, 1)
    assert np.array_equal(slow.truth(30).xyxy, fast.truth(150).xyxy)


def test_the_noise_is_light_and_differs_from_picture_to_picture(street: Street) -> None:
    difference = cv2.absdiff(street.empty(1), street.empty(2))
    assert 0.5 < difference.mean() < 4
    assert difference.max() <= 8


@pytest.mark.parametrize("index", [0, 60, 133, 400, 1001])
def test_nothing_changes_outside_the_boxes_but_shadows(street: Street, index: int) -> None:
    outside = changed(street, index)
    boxes = street.truth(index).xyxy
    assert outside.any()
    for x1, y1, x2, y2 in boxes:
        margin = 2 + 0.12 * (x2 - x1)  # the shadow reaches a little beyond the object
        outside[int(y1) - 2 : int(y2 + margin) + 1, max(0, int(x1 - margin)) : int(x2 + margin) + 1] = False
    # Objects that are just coming or going, cars up to three quarters of their length, have no box.
    outside[:, :120] = outside[:, -120:] = False
    assert not outside.any()


def test_boxes_are_tight_around_isolated_objects(street: Street) -> None:
    found = {"person": 0, "car": 0, "bicycle": 0}
    for index in range(0, 2400, 20):
        truth = street.truth(index)
        mask = changed(street, index)
        overlaps = sv.box_iou_batch(truth.xyxy, truth.xyxy) - np.eye(len(truth))
        for box, others, name in zip(truth.xyxy, overlaps, truth.data["class_name"], strict=True):
            alone = others.max() == 0 and box[0] > 8 and box[2] < SIZE[0] - 8
            if not alone or found[name] >= 8:
                continue
            x1, y1, x2, y2 = (int(v) for v in box)
            x0, y0 = x1 - 5, y1 - 5
            near = mask[y0 : y2 + 5, x0 : x2 + 5].astype(np.uint8)
            if near[:, 0].any() or near[:, -1].any() or near[0].any():
                continue  # a neighbour's shadow
            x, y, w, h = cv2.boundingRect(near)
            assert iou(np.array([x0 + x, y0 + y, x0 + x + w, y0 + y + h], float), box) >= 0.8, (index, name)
            found[name] += 1
    assert min(found.values()) >= 4, found


def test_truth_is_inside_the_picture_and_complete(street: Street) -> None:
    for index in range(0, 500, 20):
        truth = street.truth(index)
        x1, y1, x2, y2 = truth.xyxy.T
        assert (x1 >= 0).all() and (y1 >= 0).all() and (x2 <= SIZE[0]).all() and (y2 <= SIZE[1]).all()  # noqa: PT018
        assert (x2 - x1 >= 2).all()
        assert truth.confidence is not None
        assert set(truth.confidence.tolist()) == {1.0}
        ids = dict(zip(truth.data["class_name"].tolist(), truth.class_id.tolist(), strict=True))
        assert ids.items() <= {"person": 0, "bicycle": 1, "car": 2}.items()
        assert len(set(truth.tracker_id.tolist())) == len(truth)
        assert (truth.tracker_id > 0).all()


@pytest.mark.parametrize("seed", [1, 5, 1234])
def test_there_is_always_something_of_each_class(seed: int) -> None:
    street = Street((320, 180), FPS, seed)
    counts, last_seen = [], dict.fromkeys(("person", "car", "bicycle"), 0.0)
    for index in range(0, FPS * 60, 5):
        names = street.truth(index).data["class_name"].tolist()
        counts.append(len(names))
        for name in last_seen:
            if name in names:
                last_seen[name] = index / FPS
            assert index / FPS - last_seen[name] < 6, (name, index)
        assert "person" in names
    assert min(counts) >= 3
    assert max(counts) <= 10


def test_identities_cross_the_street_smoothly_from_side_to_side(street: Street) -> None:
    tracks: dict[int, list[tuple[int, str, float]]] = {}
    for index in range(FPS * 30):
        truth = street.truth(index)
        for box, who, name in zip(truth.xyxy, truth.tracker_id.tolist(), truth.data["class_name"], strict=True):
            tracks.setdefault(who, []).append((index, name, float(box[0] + box[2]) / 2))
    assert len(tracks) > 15
    ways: dict[str, set[bool]] = {"person": set(), "car": set(), "bicycle": set()}
    for track in tracks.values():
        indexes, names, xs = zip(*track, strict=True)
        assert indexes == tuple(range(indexes[0], indexes[-1] + 1))
        assert len(set(names)) == 1
        steps = np.diff(xs)
        assert np.abs(steps).max(initial=0) < 25
        ways[names[0]].add(xs[-1] > xs[0])
        complete = indexes[0] > 0 and indexes[-1] < FPS * 30 - 1
        if complete:
            assert min(xs[0], xs[-1]) < 100
            assert max(xs[0], xs[-1]) > SIZE[0] - 100
    assert ways == {name: {True, False} for name in ways}


@pytest.mark.parametrize("size", [(160, 90), (320, 180), (361, 243), (270, 480), (900, 96), (160, 900)])
def test_any_size_can_be_drawn(size: tuple[int, int]) -> None:
    street = Street(size, FPS, 3)
    picture = street.draw(100)
    assert picture.shape == (size[1], size[0], 3)
    assert picture.std() > 20
    assert len(street.truth(100)) > 0


def test_motion_detection_finds_the_objects(street: Street) -> None:
    subtractor = cv2.createBackgroundSubtractorMOG2(history=200, varThreshold=16, detectShadows=True)
    for index in range(60):
        subtractor.apply(street.empty(index))
    hits = total = 0
    for index in range(60, 160, 20):
        mask = (subtractor.apply(street.draw(index), learningRate=0) == 255).astype(np.uint8)
        mask = cv2.medianBlur(mask, 3)
        boxes = street.truth(index).xyxy
        for x1, y1, x2, y2 in boxes.astype(int):
            total += 1
            hits += mask[y1:y2, x1:x2].mean() > 0.3
    assert hits >= 0.9 * total
