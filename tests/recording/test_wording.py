"""What an operator reads about a recording."""

from pathlib import Path

from livevision.recording.recorder import RecordingProgress
from livevision.recording.wording import ended, under_way


def progress(count: int = 1, dropped: int = 0, words: str = "") -> RecordingProgress:
    paths = tuple(Path(f"{number}.mp4") for number in range(count))
    return RecordingProgress(paths, 67.3, 12_300_000, 1600, dropped, 0, words)


def test_how_far_it_is():
    assert under_way(progress()) == "01:07 · 12.3 MB"
    assert under_way(progress(dropped=2, words="closing, 35 left")) == "01:07 · 12.3 MB · 2 dropped · closing, 35 left"


def test_how_it_ended():
    assert ended(progress(0)) == "Nothing was recorded: no picture came"
    assert ended(progress(1)) == "Recorded 01:07 to 0.mp4"
    assert ended(progress(2, dropped=3)) == "Recorded 01:07 to 0.mp4 and 1.mp4, 3 pictures dropped"
    assert ended(progress(9)) == "Recorded 01:07 to 0.mp4, 7 more and 8.mp4"
