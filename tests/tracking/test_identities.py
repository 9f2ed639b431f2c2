"""Numbers that stay with their objects."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from livevision.tracking import identities
from livevision.tracking.identities import UNSURE, Identities, TrackerChoice
from tests.benchmarks.truth_score import FPS, answer, truth
from tests.tracking.sightings import box, detections, frame, result

CHOICES = [choice for choice in TrackerChoice if choice is not TrackerChoice.OFF]


def numbers(tracked) -> list[int]:
    return tracked.detections.tracker_id.tolist()


@pytest.mark.parametrize("choice", CHOICES)
def test_everybody_gets_a_number_with_the_second_sighting_and_keeps_it(choice):
    follow = Identities(choice)
    seen = []
    for step in range(6):
        right, left = box(100 + 12 * step), box(800 - 10 * step, 300)
        # In an order that changes, as detectors sort by confidence.
        boxes = [right, left] if step % 2 else [left, right]
        tracked = follow.update(result(step / 10, *boxes))
        assert tracked.detections.xyxy.tolist() == pytest.approx(np.array(boxes))
        seen.append(numbers(tracked) if step % 2 else numbers(tracked)[::-1])
    assert seen[0] == [UNSURE, UNSURE]
    assert sorted(seen[-1]) == [1, 2]
    assert {tuple(each) for each in seen[2:]} == {tuple(seen[-1])}


@pytest.mark.parametrize("choice", CHOICES)
def test_results_may_be_far_apart_and_come_irregularly(choice):
    follow = Identities(choice)
    seen = set()
    # Up to four lengths further each time.
    for pts in (0, 0.3, 0.6, 1.2, 1.3, 2.0, 2.3):
        tracked = follow.update(result(pts, box(20 + 350 * pts), box(900, 300)))
        seen.add(numbers(tracked)[0])
    assert seen == {UNSURE, max(seen)}


def test_somebody_missed_for_a_second_is_still_who_they_were():
    follow = Identities()
    for step in range(5):
        before = follow.update(result(step / 10, box(100 + 10 * step)))
    for step in range(5, 15):
        assert numbers(follow.update(result(step / 10))) == []
    after = follow.update(result(1.5, box(250)))
    assert numbers(after) == numbers(before) == [1]


def test_what_is_of_another_kind_is_somebody_else():
    follow = Identities()
    for step in range(3):
        follow.update(result(step / 10, box(100)))
    follow.update(result(0.3, box(100), kinds=["person"]))
    assert numbers(follow.update(result(0.4, box(100), kinds=["person"]))) == [2]


def test_nobody_has_the_number_of_somebody_before_the_reconnect():
    follow = Identities()
    for generation in (0, 1):
        for step in range(3):
            tracked = follow.update(result(step / 10, box(100), box(600, 300), generation=generation))
        assert numbers(tracked) == [1 + 2 * generation, 2 + 2 * generation]
    late = result(0.5, box(100))
    assert follow.update(late) is late


def test_a_result_that_is_not_newer_is_left_as_it_is():
    follow = Identities()
    follow.update(result(0.2, box(100)))
    for pts in (0.1, 0.2):
        late = result(pts, box(100))
        assert follow.update(late) is late


def test_the_detectors_own_identities_count():
    own = result(0, box(100))
    own.detections.tracker_id = np.array([77])
    assert Identities().update(own) is own


def test_off_is_off():
    untracked = result(0, box(100))
    assert Identities(TrackerChoice.OFF).update(untracked) is untracked


def test_the_original_is_not_changed():
    original = result(0, box(100))
    Identities().update(original)
    assert original.detections.tracker_id is None


def test_a_tracker_that_fails_takes_no_boxes_away(monkeypatch, caplog):
    class Broken:
        def update(self, *_args, **_options):
            raise ValueError("no")

    follow = Identities()
    with monkeypatch.context() as context:
        made = identities._made
        context.setattr(identities, "_made", lambda choice: (Broken(), made(choice)[1]))
        failed = result(0, box(100))
        assert follow.update(failed) is failed
        assert "bytetrack failed" in caplog.text
    follow.update(result(0.1, box(100)))
    assert numbers(follow.update(result(0.2, box(100)))) == [1]


def test_what_the_operator_did_not_ask_for_but_gets_anyway_continues_a_track_only():
    follow = Identities()
    for pts in (0, 0.1, 0.2):
        follow.update(result(pts, box(100)))
    found = detections(box(100), box(600))
    found.confidence[:] = 0.1
    faint = dataclasses.replace(result(0.3), detections=found)
    assert numbers(follow.update(faint)) == [1, UNSURE]


def test_nothing_found_is_no_trouble():
    follow = Identities()
    assert numbers(follow.update(result(0))) == []
    assert repr(follow) == "<Identities bytetrack, 0 so far>"


@pytest.mark.parametrize(
    ("rate", "switches", "kept"), [(25, 0, 0.98), (10, 0, 0.97), (10 / 3, 1, 0.93), (1.25, 4, 0.8)]
)
def test_the_street(rate, switches, kept):
    """65 objects a minute.  With IoU instead of nearness it is 86 switches in 30 s at 3.3 results a second."""
    follow = Identities()
    seen: dict[int, list[int]] = {}
    for pts in np.arange(0, 30, 1 / rate):
        index = round(pts * FPS)
        found = dataclasses.replace(result(0), frame=frame(index / FPS), detections=answer(index))
        for who, number in zip(truth(index).tracker_id, numbers(follow.update(found)), strict=True):
            seen.setdefault(who, []).append(number)
    sure = [[number for number in each if number != UNSURE] for each in seen.values()]
    assert sum(a != b for each in sure for a, b in pairwise(each)) <= switches
    most = sum(max(map(each.count, each), default=0) for each in sure)
    assert most / sum(map(len, seen.values())) >= kept
