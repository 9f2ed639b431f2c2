"""When a timed recording is complete."""

from livevision.recording.stopwatch import Stopwatch


def over_at(stopwatch: Stopwatch, *captured: float) -> list[bool]:
    return [stopwatch.is_over(moment) for moment in captured]


def test_time_counts_from_the_button_and_not_from_the_pre_roll():
    told = []
    stopwatch = Stopwatch(2.0, 100.0, lambda: told.append(1))
    assert over_at(stopwatch, 95.0, 100.0, 101.9, 102.0, 102.1) == [False, False, False, True, True]
    assert told == [1]


def test_time_counts_from_the_first_picture_of_a_camera_that_comes_late():
    stopwatch = Stopwatch(2.0, 100.0, lambda: None)
    assert over_at(stopwatch, 130.0, 131.9, 132.0) == [False, False, True]


def test_without_a_duration_it_never_ends():
    assert over_at(Stopwatch(None, 100.0, lambda: None), 100.0, 1e9) == [False, False]
