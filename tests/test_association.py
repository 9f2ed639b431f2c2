"""Who is who in two results."""

from __future__ import annotations

import numpy as np
import pytest
import supervision as sv

from livevision.association import Sighting, associate
from livevision.sources.street.scene import Street

SIZE = (1280, 720)
UNKNOWN = (np.nan, np.nan)


def seen(time: float, *boxes, names=None, tracks=None) -> Sighting:
    """What one result says; each object a person if not said otherwise."""
    detections = sv.Detections(
        xyxy=np.array(boxes, np.float32).reshape(-1, 4),
        tracker_id=None if tracks is None else np.array(tracks, int),
        data={"class_name": np.array(names or ["person"] * len(boxes), dtype=str)},
    )
    return Sighting(time, SIZE, detections)


def pairs(before: Sighting, after: Sighting, *velocities) -> dict[int, int]:
    known = np.array(velocities or [UNKNOWN] * len(before.detections), float).reshape(-1, 2)
    found = associate(before, after, known)
    return dict(zip(found.before.tolist(), found.after.tolist(), strict=True))


def walker(x: float, y: float = 400) -> tuple[float, float, float, float]:
    return x - 20, y - 80, x + 20, y + 80


def test_what_moved_a_little_is_found_again_in_any_order():
    before = seen(0, walker(100), walker(500), walker(900))
    assert pairs(before, seen(0.1, walker(908), walker(92), walker(510))) == {0: 1, 1: 2, 2: 0}


def test_two_people_who_pass_each_other_stay_who_they_are():
    # Where each will be is where the other one was, but for their speed.
    before, after = seen(0, walker(600), walker(640)), seen(0.4, walker(640), walker(600))
    assert pairs(before, after, (100, 0), (-100, 0)) == {0: 0, 1: 1}
    assert pairs(before, after) == {0: 1, 1: 0}


def test_a_car_that_does_not_overlap_with_itself_any_more_is_found():
    before, after = seen(0, (100, 400, 400, 500), names=["car"]), seen(0.4, (420, 400, 720, 500), names=["car"])
    assert pairs(before, after) == {0: 0}


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(seen(0.1, walker(1100)), id="too far for the time"),
        pytest.param(seen(0.1, walker(100), names=["car"]), id="another class"),
        pytest.param(seen(0.1, (20, 240, 180, 560)), id="twice as large"),
        pytest.param(seen(0.1), id="nothing"),
    ],
)
def test_what_cannot_be_the_same_object_is_not(after):
    assert pairs(seen(0, walker(100)), after) == {}
    assert pairs(after, seen(0.2, walker(100)), *[UNKNOWN] * len(after.detections)) == {}


def test_a_trackers_identities_count_more_than_places():
    before = seen(0, walker(100), walker(140), tracks=[7, 8])
    assert pairs(before, seen(0.1, walker(100), walker(140), tracks=[8, 7])) == {0: 1, 1: 0}
    assert pairs(before, seen(0.1, walker(100), walker(140), tracks=[8, 9])) == {1: 0}


def test_where_the_tracker_is_not_sure_places_count():
    before = seen(0, walker(100), walker(500), tracks=[-1, -1])
    assert pairs(before, seen(0.1, walker(500), walker(100), tracks=[3, 4])) == {0: 1, 1: 0}


def test_the_speed_of_what_enters_is_that_of_the_side_that_is_seen():
    before, after = seen(0, (0, 400, 60, 500), names=["car"]), seen(0.4, (40, 400, 340, 500), names=["car"])
    found = associate(before, after, np.array([UNKNOWN]))
    assert found.velocities == pytest.approx(np.array([[700, 0]]))


@pytest.mark.parametrize("seed", [1, 4])
def test_on_the_street_at_400_ms_nearly_nobody_is_mistaken(seed):
    street = Street(SIZE, 25, seed)
    right = wrong = 0
    before, velocities = None, None
    for index in range(0, 750, 10):
        truth = street.truth(index)
        identities, truth.tracker_id = truth.tracker_id, None
        after = Sighting(index / 25, SIZE, truth)
        if before is not None:
            known, sighting = before
            found = associate(sighting, after, velocities)
            same = known[found.before] == identities[found.after]
            right, wrong = right + same.sum(), wrong + (~same).sum()
            velocities = found.velocities_after(len(truth))
        else:
            velocities = np.full((len(truth), 2), np.nan)
        before = identities, after
    assert right > 450
    assert wrong <= 2
