"""Where boxes are, given where they were."""

from __future__ import annotations

import numpy as np
import pytest
import supervision as sv

from livevision.association import Sighting
from livevision.inference.layouts.keypoints import KEYPOINTS
from livevision.tracking.tracks import FADE, Tracks
from tests.tracking.sightings import SIZE, box, detections


def watched(*sightings: tuple[float, list], **options) -> Tracks:
    tracks = Tracks()
    for time, boxes in sightings:
        tracks.add(Sighting(time, SIZE, detections(*boxes, **options)))
    return tracks


def at(tracks: Tracks, time: float) -> list[list[float]]:
    assert tracks.scene is not None
    return [[round(float(side), 1) for side in each] for each in tracks.scene.at(time).xyxy]


def close(*expected) -> list:
    return [pytest.approx(each, abs=1.0) for each in expected]


def test_what_moves_goes_on_as_it_did():
    tracks = watched(*((step / 10, [box(100 + 10 * step, 100 + 5 * step)]) for step in range(5)))
    assert at(tracks, 0.4) == close(box(140, 120))
    assert at(tracks, 0.7) == close(box(170, 135))
    # A display may be behind, too.
    assert at(tracks, 0.35) == close(box(135, 117.5))


def test_two_sightings_a_second_apart_are_enough():
    tracks = watched((0, [box(100)]), (0.8, [box(220)]))
    assert at(tracks, 1.4) == close(box(310))


def test_results_may_come_irregularly():
    tracks = watched(*((pts, [box(100 + 100 * pts)]) for pts in (0, 0.04, 0.31, 0.33, 0.7)))
    assert at(tracks, 1.0) == close(box(200))


def test_what_is_new_is_there_at_once_where_it_was_seen():
    tracks = watched((0, []), (0.1, [box(300)]))
    assert at(tracks, 0.4) == close(box(300))


def test_what_stands_still_and_is_seen_unsteadily_stands_still():
    shake = np.random.default_rng(1).normal(0, 2, (12, 4))
    tracks = watched(*((step / 10, [tuple(np.array(box(300)) + shake[step])]) for step in range(12)))
    assert at(tracks, 1.6) == [pytest.approx(box(300), abs=5)]


def test_what_comes_nearer_grows():
    tracks = watched(*((step / 10, [box(300 - 5 * step, 100, 60 + 10 * step, 40 + 6 * step)]) for step in range(6)))
    assert at(tracks, 0.8) == close(box(260, 100, 140, 88))


def test_a_box_that_swings_keeps_its_usual_width():
    widths = [40, 60, 80, 60] * 4
    tracks = watched(*((step / 10, [box(300 - width / 2, 100, width, 90)]) for step, width in enumerate(widths)))
    (now,) = at(tracks, 1.8)
    assert 55 < now[2] - now[0] < 65


def test_what_leaves_slides_out_and_is_gone():
    tracks = watched(*((step / 10, [box(900 + 10 * step)]) for step in range(4)))
    assert at(tracks, 0.5) == close((950, 100, 1000, 140))
    assert at(tracks, 0.6) == close((960, 100, 1000, 140))
    assert at(tracks, 0.9) == []


def test_what_enters_moves_with_the_side_that_is_seen_until_it_is_inside():
    tracks = watched(*((step / 10, [box(-45 + 10 * step)]) for step in range(6)))
    assert at(tracks, 0.8) == close(box(35))
    early = watched((0, [box(-45)]), (0.1, [box(-35)]))
    (now,) = at(early, 0.15)
    assert now[2] == pytest.approx(30, abs=1)


def test_nobody_is_faster_than_can_be():
    tracks = watched((0, [box(100)]), (0.04, [box(122)]))
    assert at(tracks, 0.54) == close(box(122 + 0.5 * 4 * 60))


def test_a_speed_is_not_believed_for_ever():
    tracks = watched((0, [box(100)]), (0.4, [box(140)]), (0.8, [box(180)]))
    (now,) = at(tracks, 2.7)
    assert 300 < now[0] < 180 + 190


def test_what_is_missed_goes_on_fades_and_is_gone():
    seen = [(step / 10, [box(100 + 10 * step), box(500, 300)]) for step in range(8)]
    missed = [(step / 10, [box(500, 300)]) for step in range(8, 15)]
    for count, left in ((1, 1.0), (2, 1.0), (3, 0.8), (4, 0.4)):
        scene = watched(*seen, *missed[:count]).scene
        now = scene.at(scene.time)
        assert now.xyxy[1] == pytest.approx(box(170 + 10 * count), abs=1)
        assert now.data[FADE] == pytest.approx([1, left])
    assert at(watched(*seen, *missed), 1.4) == close(box(500, 300))


def test_what_was_there_for_a_moment_only_is_not_missed_for_longer():
    always = box(500, 300)
    seen = [(0.0, [always]), (0.04, [always, box(100)]), (0.08, [always, box(100)]), (0.12, [always, box(100)])]
    assert len(at(watched(*seen, (0.16, [always])), 0.16)) == 2
    assert at(watched(*seen, (0.16, [always]), (0.24, [always])), 0.24) == close(always)


def test_a_slow_model_may_miss_somebody_for_longer():
    seen = [(pts, [box(100), box(500, 300)]) for pts in (0, 0.5, 1.0)]
    tracks = watched(*seen, (1.5, [box(500, 300)]))
    assert at(tracks, 1.6) == close(box(500, 300), box(100))


def test_what_was_seen_once_and_never_again_is_gone_at_once():
    tracks = watched((0, [box(500, 300)]), (0.1, [box(500, 300), box(100)]), (0.2, [box(500, 300)]))
    assert at(tracks, 0.2) == close(box(500, 300))


def test_boxes_of_a_model_that_stopped_fade_and_are_gone():
    tracks = watched((0, [box(100)]), (0.1, [box(100)]))
    assert tracks.scene.at(1.5).data[FADE].tolist() == [1]
    assert tracks.scene.at(1.85).data[FADE] == pytest.approx([0.5])
    assert at(tracks, 2.11) == []


def test_a_newcomer_moves_as_those_before_it_did():
    tracks = Tracks()
    for car in range(4):
        for step in range(20):
            tracks.add(Sighting(car * 4 + step / 10, SIZE, detections(box(20 + 15 * step))))
    tracks.add(Sighting(19, SIZE, detections(box(20), box(20, 400))))
    assert at(tracks, 19.4) == close(box(80), box(20, 400))


def test_who_is_who_follows_the_trackers_numbers():
    tracks = Tracks()
    for step, lefts in enumerate(((100, 400), (200, 300), (300, 200))):
        found = detections(*(box(left) for left in lefts))
        found.tracker_id = np.array([1, 2])
        tracks.add(Sighting(step * 0.5, SIZE, found))
    scene = tracks.scene.at(1.25)
    assert scene.tracker_id.tolist() == [1, 2]
    assert scene.xyxy[:, 0] == pytest.approx([350, 150], abs=1)


def test_points_and_masks_move_along():
    tracks = Tracks()
    for step in range(3):
        left = 100 + 10 * step
        found = detections(box(left))
        found.data[KEYPOINTS] = np.array([[(left + 5, 110), (0, 0)]], np.float32)
        mask = np.zeros((1, SIZE[1], SIZE[0]), bool)
        mask[:, 105:110, left : left + 10] = True
        found.mask = sv.CompactMask.from_dense(mask, found.xyxy, (SIZE[1], SIZE[0]))
        tracks.add(Sighting(step / 10, SIZE, found))
    now = tracks.scene.at(0.4)
    assert now.data[KEYPOINTS].tolist() == [[[pytest.approx(145, abs=0.5), 110], [0, 0]]]
    assert np.argwhere(now.mask[0])[:, 1].min() == 140
    assert found.data[KEYPOINTS][0, 0, 0] == 125
    assert found.mask[0][107, 120]


def test_a_missing_one_with_a_mask_does_not_spoil_answers_without():
    masked = detections(box(100))
    masked.mask = sv.CompactMask.from_dense(np.ones((1, SIZE[1], SIZE[0]), bool), masked.xyxy, (SIZE[1], SIZE[0]))
    tracks = Tracks()
    for time, found in ((0, masked), (0.1, masked), (0.2, detections(box(500)))):
        tracks.add(Sighting(time, SIZE, found))
    assert at(tracks, 0.2) == close(box(500))


def test_what_is_not_newer_changes_nothing():
    tracks = watched((0.2, [box(100)]))
    for time in (0.1, 0.2):
        tracks.add(Sighting(time, SIZE, detections(box(700))))
    assert at(tracks, 0.2) == close(box(100))
    assert repr(tracks) == "<Tracks of 1 objects>"
