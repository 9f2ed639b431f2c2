"""Files that Mp4Sink writes, read back."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from livevision.errors import RecordingError
from livevision.recording.container import Mp4Sink, TimedImage, recording_error
from livevision.recording.partial import PartialFile
from tests.fakes.clips import plain
from tests.recording.material import WALL, read_back

SIZE = (160, 120)
COLOURS = {
    "red": (0, 0, 255),
    "green": (0, 255, 0),
    "blue": (255, 0, 0),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "grey": (128, 128, 128),
    "orange": (0, 159, 230),
    "sky": (233, 180, 86),
}


def record(path: Path, times: list[float], image: np.ndarray | None = None) -> None:
    sink = Mp4Sink(path, "front door")
    for time in times:
        sink.write(TimedImage(plain((90, 90, 90), SIZE) if image is None else image, time, WALL + time))
    sink.close()


def test_irregular_times_and_the_duration_are_kept_to_the_millisecond(tmp_path):
    times = [0.0, 0.033, 0.12, 0.2, 0.2105, 0.5, 0.9, 1.4, 3.9, 4.0, 4.04, 4.1234]
    record(tmp_path / "a.mp4", times)
    recording = read_back(tmp_path / "a.mp4")
    assert recording.times == pytest.approx(times, abs=0.0005)
    # The last picture is shown as long as the one before.
    assert recording.duration == pytest.approx(4.1234 + 0.0834, abs=0.0005)


def test_the_last_picture_of_a_recording_is_not_shown_for_a_whole_gap(tmp_path):
    record(tmp_path / "a.mp4", [0.0, 60.0])
    assert read_back(tmp_path / "a.mp4").duration == pytest.approx(61.0, abs=0.001)


def test_one_picture_is_a_recording(tmp_path):
    record(tmp_path / "a.mp4", [0.0])
    recording = read_back(tmp_path / "a.mp4")
    assert recording.times == [0.0]
    assert recording.duration == pytest.approx(0.04, abs=0.001)


def test_times_closer_than_the_clock_can_tell_stay_in_order(tmp_path):
    record(tmp_path / "a.mp4", [0.0, 0.000001, 0.000002, 0.04])
    times = read_back(tmp_path / "a.mp4").times
    assert len(times) == 4
    assert times == sorted(set(times))


def test_colours_in_the_file_are_those_that_were_drawn(tmp_path):
    image = np.hstack([plain(colour, (80, 720)) for colour in COLOURS.values()] * 2)
    record(tmp_path / "a.mp4", [0.0, 0.04, 0.08], image)
    recording = read_back(tmp_path / "a.mp4")
    for number, (name, colour) in enumerate(COLOURS.items()):
        found = recording.images[-1][360, 80 * number + 40].astype(int)
        assert np.abs(found - colour).max() <= 5, name


def test_colours_are_tagged_as_they_were_converted(tmp_path):
    record(tmp_path / "a.mp4", [0.0, 0.04])
    with av.open(str(tmp_path / "a.mp4")) as container:
        context = container.streams.video[0].codec_context
        tags = context.colorspace, context.color_primaries, context.color_trc, context.color_range
        assert tags == (1, 1, 1, 1)  # BT.709 thrice, and limited range
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")


def test_an_odd_size_loses_its_last_column_and_row(tmp_path):
    image = np.hstack([plain((255, 255, 255), (80, 101)), plain((0, 0, 0), (81, 101))])
    record(tmp_path / "a.mp4", [0.0, 0.04], image)
    last = read_back(tmp_path / "a.mp4").images[-1]
    assert last.shape == (100, 160, 3)
    # Cropped, not scaled: the edge is where it was.
    assert last[50, 70].min() > 240
    assert last[50, 90].max() < 15


def test_a_picture_of_another_size_is_fitted_in_with_black_bars(tmp_path):
    sink = Mp4Sink(tmp_path / "a.mp4")
    sink.write(TimedImage(plain((90, 90, 90), (160, 80)), 0.0, WALL))
    sink.write(TimedImage(plain((255, 255, 255), (300, 300)), 0.04, WALL))
    sink.write(TimedImage(plain((255, 255, 255), (16, 8)), 0.08, WALL))
    sink.close()
    _, square, small = read_back(tmp_path / "a.mp4").images
    assert [square[40, x].mean() > 240 for x in (10, 35, 45, 80, 115, 125, 150)] == [False] * 2 + [True] * 3 + [
        False
    ] * 2
    assert small[5:75, 5:155].min() > 240


def test_there_is_a_keyframe_every_two_seconds_however_slow_the_camera(tmp_path):
    record(tmp_path / "a.mp4", [number * 0.5 for number in range(20)])
    assert read_back(tmp_path / "a.mp4").keyframes == [0.0, 2.0, 4.0, 6.0, 8.0]


def test_the_file_knows_its_title_and_when_it_was_taken(tmp_path):
    record(tmp_path / "a.mp4", [0.0, 0.04])
    metadata = read_back(tmp_path / "a.mp4").metadata
    assert metadata["title"] == "front door"
    assert metadata["creation_time"] == "2023-11-14T22:13:20.000000Z"


def test_a_closed_recording_is_a_plain_file_with_one_index(tmp_path):
    record(tmp_path / "a.mp4", [number / 10 for number in range(30)])
    content = (tmp_path / "a.mp4").read_bytes()
    # Fragments are inside mdat now; what players look at is one moov at the end.
    atoms, at = [], 0
    while at < len(content):
        atoms.append(content[at + 4 : at + 8])
        at += int.from_bytes(content[at : at + 4])
    assert atoms == [b"ftyp", b"free", b"mdat", b"moov"]


def test_the_size_is_known_while_recording(tmp_path):
    sink = Mp4Sink(tmp_path / "a.mp4")
    for number in range(50):
        sink.write(TimedImage(plain((number, 90, 90), SIZE), number / 25, WALL))
    assert 0 < sink.bytes_written == (tmp_path / "a.mp4").stat().st_size
    sink.close()
    sink.close()
    assert sink.bytes_written == (tmp_path / "a.mp4").stat().st_size


def test_a_recording_without_pictures_leaves_no_file(tmp_path):
    Mp4Sink(tmp_path / "a.mp4").close()
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_never_overwritten(tmp_path):
    (tmp_path / "a.mp4").write_text("a wedding")
    with pytest.raises(RecordingError, match=r"a\.mp4: it exists already; choose another name$"):
        Mp4Sink(tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_text() == "a wedding"


def test_a_folder_that_cannot_be_is_one_clear_line(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "nowhere" / "a.mp4", tmp_path / "file" / "a.mp4"):
        with pytest.raises(RecordingError) as caught:
            Mp4Sink(path)
        assert str(caught.value) == f"Cannot record {path}: there is no such folder; create it or choose another"


def test_a_build_without_the_encoder_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(av, "codecs_available", {"mpeg4"})
    with pytest.raises(RecordingError, match="no libx264; install av from PyPI"):
        Mp4Sink(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_more_is_one_error_and_what_was_written_plays(tmp_path, capfd):
    resource = pytest.importorskip("resource")
    # The system's limit for a file's size stands for a full disk: the write fails in the same place.
    sink = Mp4Sink(tmp_path / "a.mp4")
    noise = np.random.default_rng(1).integers(0, 256, (25, 120, 160, 3), np.uint8)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(RecordingError) as caught:  # noqa: PT012  # somewhere among them
            for number in range(200):
                sink.write(TimedImage(noise[number % 25], number / 25, WALL))
        with pytest.raises(RecordingError):
            sink.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert str(caught.value).endswith("a.mp4: the file is as big as this disk allows; choose another disk")
    assert "exception" not in capfd.readouterr().err
    with av.open(str(tmp_path / "a.mp4")) as container:
        # Of the fragment in which the disk became full, some pictures are there, and one is damaged.
        whole = [packet for packet in container.demux(video=0) if packet.pts is not None and not packet.is_corrupt]
        pictures = [picture for packet in whole for picture in packet.decode()]
    assert 13 <= len(pictures) < number


def test_a_full_disk_is_called_a_full_disk():
    error = recording_error(Path("a.mp4"), OSError(errno.ENOSPC, "No space left on device"))
    assert str(error) == "Cannot record a.mp4: the disk is full; make room or choose another disk"


RECORD_FOR_EVER = """
import itertools, sys, time
from pathlib import Path
from livevision.recording.container import Mp4Sink, TimedImage
from tests.fakes.clips import plain

sink, started = Mp4Sink(Path(sys.argv[1])), time.monotonic()
for number in itertools.count():
    now = time.monotonic() - started
    sink.write(TimedImage(plain((number % 256, 90, 90), (160, 120)), now, 0.0))
    print(now, flush=True)
    time.sleep(0.04)
"""


def test_a_killed_program_leaves_a_file_that_plays_up_to_the_last_second(tmp_path):
    root = Path(__file__).parents[2]
    path = tmp_path / "a.mp4"
    command = [sys.executable, "-c", RECORD_FOR_EVER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as recording:
        written = 0.0
        while written < 2.5:
            written = float(recording.stdout.readline())
        recording.kill()
    times = read_back(path).times
    assert written - times[-1] < 1.0
    assert max(np.diff(times)) < 0.5


def test_the_size_of_pieces_is_that_of_fragments(tmp_path, monkeypatch):
    # A kill between two pieces of a fragment would leave half of it.
    pieces = []
    sink = Mp4Sink(tmp_path / "a.mp4")
    write = sink._file.write
    monkeypatch.setattr(sink._file, "write", lambda data: pieces.append(bytes(data)) or write(data))
    noise = np.random.default_rng(1).integers(0, 256, (4, 360, 640, 3), np.uint8)
    for number in range(60):
        sink.write(TimedImage(noise[number % 4], number / 25, WALL))
    whole = [piece for piece in pieces if piece[4:8] == b"moof"]
    assert len(whole) >= 3
    for piece in whole:
        assert len(piece) > 300_000
        moof = int.from_bytes(piece[:4])
        assert moof + int.from_bytes(piece[moof : moof + 4]) == len(piece)
    sink.close()


def test_a_recording_is_partial_until_it_is_closed(tmp_path):
    sink = Mp4Sink(tmp_path / "a.mp4", new_file=PartialFile)
    sink.write(TimedImage(plain((90, 90, 90), SIZE), 0.0, WALL))
    assert [path.name for path in tmp_path.iterdir()] == ["a.partial.mp4"]
    (tmp_path / "a.mp4").write_text("a wedding")
    sink.close()
    assert sink.path == tmp_path / "a-2.mp4"
    assert len(read_back(sink.path).times) == 1
    assert (tmp_path / "a.mp4").read_text() == "a wedding"


def test_a_partial_recording_without_pictures_leaves_nothing(tmp_path):
    Mp4Sink(tmp_path / "a.mp4", new_file=PartialFile).close()
    assert list(tmp_path.iterdir()) == []
