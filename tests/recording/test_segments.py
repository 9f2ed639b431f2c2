import pytest

from livevision.recording.file_clock import Moment
from livevision.recording.segments import Place, Segmenting, Segments


def test_one_file_where_nothing_else_was_wanted() -> None:
    segments = Segments(Segmenting())
    assert segments.begin_if_due(Moment(0, 5.0), 0.0, 0, "h264")
    assert not segments.begin_if_due(Moment(0, 3605.0), 3600.0, 10**10, "h264")
    assert segments.place_of(Moment(0, 3605.0), 3600.0) == Place(0, 3600.0)


def test_files_of_a_length_are_cut_at_keyframes_and_each_begins_at_zero() -> None:
    segments = Segments(Segmenting(seconds=10))
    begun = [pts for pts in range(0, 60, 4) if segments.begin_if_due(Moment(0, pts), pts, 0, "h264")]
    assert begun == [0, 12, 24, 36, 48]
    assert segments.place_of(Moment(0, 11.96), 11.96) == Place(0, 11.96)
    assert segments.place_of(Moment(0, 12.0), 12.0) == Place(1, 0.0)
    assert segments.place_of(Moment(0, 25.5), 25.5) == Place(2, 1.5)


def test_files_of_a_size() -> None:
    segments = Segments(Segmenting(bytes=1000))
    assert [segments.begin_if_due(Moment(0, at), at, size, "h264") for at, size in [(0, 0), (2, 999), (4, 1000)]] == [
        True,
        False,
        True,
    ]


def test_another_size_of_picture_begins_a_file() -> None:
    segments = Segments(Segmenting())
    assert segments.begin_if_due(Moment(0, 0), 0, 0, (1920, 1080))
    assert not segments.begin_if_due(Moment(0, 2), 2, 500, (1920, 1080))
    assert segments.begin_if_due(Moment(1, 0), 4, 900, (1280, 720))
    # What still comes of the old one belongs to the old one.
    assert segments.place_of(Moment(0, 3.0), 3.0) == Place(0, 3.0)
    assert segments.place_of(Moment(1, 0.5), 4.5) == Place(1, 0.5)


def test_what_is_older_than_the_recording_is_put_at_its_beginning() -> None:
    segments = Segments(Segmenting())
    assert segments.place_of(Moment(0, 1.0), -0.5) == Place(0, pytest.approx(0.0))


def test_a_recording_of_many_files_remembers_where_the_newest_begin() -> None:
    segments = Segments(Segmenting(seconds=1))
    for second in range(5000):
        assert segments.begin_if_due(Moment(0, float(second)), float(second), 0, "h264")
    assert segments.newest == Place(4999, 4999.0)
    assert segments.place_of(Moment(0, 4997.5), 4997.5) == Place(4997, 0.5)
    assert repr(segments) == "<Segments 5000>"
