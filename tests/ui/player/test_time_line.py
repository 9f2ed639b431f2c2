"""What the time line says: times, scales, and which classes get a lane."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from livevision.inference.filter import DetectionFilter
from livevision.recording.recorded import Recorded
from livevision.recording.sidecar_header import SidecarHeader
from livevision.ui.player.lanes import lanes_of
from livevision.ui.player.position import clock, scale, short_clock, time_of_day


def recorded(seen: dict[str, list[tuple[float, float]]]) -> Recorded:
    """Of each class when it was seen, and how surely."""
    times = sorted({time for sightings in seen.values() for time, _ in sightings})
    result = Recorded(SidecarHeader(size=(100, 100)))
    for time in times:
        objects = [
            {"class": name, "confidence": confidence, "box": [1, 1, 9, 9]}
            for name, sightings in seen.items()
            for at, confidence in sightings
            if at == time
        ]
        result.add_line(json.dumps({"t": time, "objects": objects}).encode())
    assert result.broken == 0
    return result


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00.00"), (12.479, "0:12.48"), (59.999, "1:00.00"), (3727, "1:02:07.00"), (-1, "0:00.00")],
)
def test_a_time_is_written_to_the_hundredth(seconds: float, words: str) -> None:
    assert clock(seconds) == words
    assert short_clock(seconds) == words.removesuffix(".00")


def test_the_time_of_day_passes_midnight_and_may_be_unknown() -> None:
    assert time_of_day(datetime.fromisoformat("2026-03-01T23:59:58+01:00"), 5.0) == "00:00:03"
    assert time_of_day(None, 5.0) == ""
    assert time_of_day(datetime.fromisoformat("9999-12-31T23:59:58"), 5.0) == ""


@pytest.mark.parametrize("length", [0.3, 7.96, 61, 3700, 86_400, 2_000_000])
def test_a_scale_has_round_steps_and_not_too_many(length: float) -> None:
    written = scale(length, 8)
    assert 2 <= len(written) <= 9
    assert written[0] == 0
    assert written[-1] <= length + 1e-9
    assert scale(0, 8) == scale(float("nan"), 8) == scale(length, 0) == []


def test_the_classes_that_were_there_longest_get_a_lane_and_the_others_are_counted() -> None:
    seen = {f"class {number}": [(float(time), 0.9) for time in range(number + 2)] for number in range(9)}
    lanes = lanes_of(recorded(seen), DetectionFilter(0.5), 60.0)
    assert [lane.name for lane in lanes.shown] == [f"class {number}" for number in range(8, 2, -1)]
    assert lanes.more == ("class 2", "class 1", "class 0")
    assert lanes.shown[0].spans == ((0.0, 9.0),)


def test_lanes_follow_the_thresholds_and_merge_what_cannot_be_told_apart() -> None:
    found = recorded({"car": [(0.0, 0.9), (10.0, 0.4), (20.0, 0.9)], "person": [(5.0, 0.9)]})
    assert lanes_of(found, DetectionFilter(0.3), 60.0).shown[0].spans == ((0.0, 0.0), (10.0, 10.0), (20.0, 20.0))
    assert lanes_of(found, DetectionFilter(0.5, frozenset({"Car"})), 60.0).shown[0].spans == ((0.0, 0.0), (20.0, 20.0))
    assert lanes_of(found, DetectionFilter(0.3), 86_400.0).shown[0].spans == ((0.0, 20.0),)
    assert lanes_of(found, DetectionFilter(0.95), 60.0).shown == ()
