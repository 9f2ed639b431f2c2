"""Partial recordings: found, made whole, never lost."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest

from livevision.errors import RecordingError
from livevision.recording import repair as repair_module
from livevision.recording.container import Mp4Sink, TimedImage
from livevision.recording.partial import PartialFile
from livevision.recording.repair import find_partial, repair, repair_folder
from tests.fakes.clips import numbered
from tests.recording.kills import complaints
from tests.recording.material import WALL, read_back

GO_ON = threading.Event()
FRAMES = 60


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What is in the file after 2.4 s of recording, as the program is killed."""
    path = tmp_path_factory.mktemp("interrupted") / "a.mp4"
    noise = np.random.default_rng(1).integers(0, 256, (5, 48, 64, 3), np.uint8)
    sink = Mp4Sink(path, "front door", new_file=PartialFile)
    for number in range(FRAMES):
        sink.write(TimedImage(noise[number % 5], number / 25, WALL + number / 25))
    content = sink._file.path.read_bytes()
    sink.close()
    return content


@pytest.fixture(scope="module")
def interrupted_mkv(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same in Matroska, with sound and a subtitle track, and without the end that close() writes."""
    path = tmp_path_factory.mktemp("interrupted") / "a.mkv"
    with av.open(str(path), "w", options={"cluster_time_limit": "500", "flush_packets": "1"}) as container:
        video = container.add_stream("libx264", rate=25, options={"preset": "ultrafast", "tune": "zerolatency"})
        video.width, video.height, video.pix_fmt = 320, 240, "yuv420p"
        sound = container.add_stream("aac", rate=8000, layout="mono")
        words = container.add_stream("ass")
        words.codec_context.subtitle_header = b"[Script Info]\nScriptType: v4.00+\n\n[Events]\n"
        container.start_encoding()
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(numbered(number), format="bgr24")
            frame.pts = number
            container.mux(video.encode(frame))
            noise = av.AudioFrame.from_ndarray(np.zeros((1, 320), np.float32), format="fltp", layout="mono")
            noise.sample_rate, noise.pts = 8000, number * 320
            container.mux(sound.encode(noise))
            line = av.Packet(f"{number},0,Default,,0,0,0,,{number}".encode())
            line.stream, line.time_base, line.pts, line.dts, line.duration = (
                words,
                Fraction(1, 1000),
                number * 40,
                number * 40,
                40,
            )
            container.mux(line)
        return path.read_bytes()


def partial(folder: Path, content: bytes, name: str = "a.partial.mp4") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_partial_recording_becomes_a_whole_one(tmp_path, interrupted):
    path = partial(tmp_path, interrupted)
    repaired = repair(path, GO_ON)
    assert repaired.whole == tmp_path / "a.mp4"
    assert repaired.words == "a.mp4 was repaired: the program had ended while it was recorded"
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]
    recording = read_back(tmp_path / "a.mp4")
    count = len(recording.times)
    assert recording.times == pytest.approx([number / 25 for number in range(count)], abs=0.0005)
    assert FRAMES / 25 - recording.times[-1] < 1.0
    assert recording.metadata["title"] == "front door"
    assert recording.metadata["creation_time"] == "2023-11-14T22:13:20.000000Z"
    assert complaints(tmp_path / "a.mp4") == ""


def test_cut_anywhere_it_plays_up_to_there(tmp_path, interrupted):
    assert len(interrupted) > 80_000
    seconds_before = 0.0
    for length in range(len(interrupted), 0, -997):
        path = partial(tmp_path, interrupted[:length])
        repaired = repair(path, GO_ON)
        assert not path.exists()
        if repaired.whole is None:
            # Cut before the first picture.
            assert repaired.words.startswith("a.damaged.mp4 cannot be played")
            assert (tmp_path / "a.damaged.mp4").read_bytes() == interrupted[:length]
            (tmp_path / "a.damaged.mp4").unlink()
        else:
            times = read_back(repaired.whole).times
            assert times == pytest.approx([number / 25 for number in range(len(times))], abs=0.0005)
            seconds_before = seconds_before or times[-1]
            assert times[-1] <= seconds_before
            seconds_before = times[-1]
            repaired.whole.unlink()
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fraction", [0.05, 0.3, 0.5, 0.77, 0.99, 1.0])
def test_what_is_left_plays_without_a_complaint(tmp_path, interrupted, fraction):
    path = partial(tmp_path, interrupted[: int(len(interrupted) * fraction)])
    assert complaints(repair(path, GO_ON).whole) == ""


def test_matroska_keeps_sound_and_subtitles(tmp_path, interrupted_mkv):
    for length in range(len(interrupted_mkv), len(interrupted_mkv) // 4, -4999):
        path = partial(tmp_path, interrupted_mkv[:length], "a.partial.mkv")
        whole = repair(path, GO_ON).whole
        assert whole == tmp_path / "a.mkv"
        with av.open(str(whole)) as container:
            assert [stream.type for stream in container.streams] == ["video", "audio", "subtitle"]
            assert container.duration / av.time_base == pytest.approx(2.4 * length / len(interrupted_mkv), abs=0.8)
            assert len(list(container.decode(video=0))) > 5
        assert complaints(whole) == ""
        whole.unlink()


def test_an_empty_one_is_removed_without_a_word(tmp_path):
    repaired = repair(partial(tmp_path, b""), GO_ON)
    assert (repaired.whole, repaired.words) == (None, "")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_played_is_kept_under_a_name_that_says_so(tmp_path):
    (tmp_path / "a.damaged.mp4").write_text("older")
    repaired = repair(partial(tmp_path, b"no video at all" * 100), GO_ON)
    assert repaired.whole is None
    assert repaired.words.startswith("a.damaged-2.mp4 cannot be played")
    assert (tmp_path / "a.damaged-2.mp4").read_bytes() == b"no video at all" * 100
    assert find_partial(tmp_path) == []


def test_a_whole_file_of_that_name_is_left_alone(tmp_path, interrupted):
    (tmp_path / "a.mp4").write_text("a wedding")
    assert repair(partial(tmp_path, interrupted), GO_ON).whole == tmp_path / "a-2.mp4"
    assert (tmp_path / "a.mp4").read_text() == "a wedding"


def test_the_rest_of_a_repair_that_was_killed_is_done_again(tmp_path, interrupted):
    (tmp_path / "a.repairing.mp4").write_bytes(b"half")
    assert repair(partial(tmp_path, interrupted), GO_ON).whole == tmp_path / "a.mp4"
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]


def test_a_cancelled_repair_leaves_everything_as_it_was(tmp_path, interrupted):
    path = partial(tmp_path, interrupted)
    stop = threading.Event()
    stop.set()
    with pytest.raises(RecordingError, match="stopped; it goes on at the next start"):
        repair(path, stop)
    assert path.read_bytes() == interrupted
    assert [file.name for file in tmp_path.iterdir()] == ["a.partial.mp4"]


def test_without_room_for_a_copy_the_partial_file_stays(tmp_path, interrupted, monkeypatch):
    path = partial(tmp_path, interrupted)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
    with pytest.raises(RecordingError) as caught:
        repair(path, GO_ON)
    assert str(caught.value) == f"Cannot repair {path}: the disk is full; make room or choose another disk"
    assert path.read_bytes() == interrupted


def test_a_disk_that_becomes_full_meanwhile_loses_nothing(tmp_path, interrupted, monkeypatch):
    path = partial(tmp_path, interrupted)

    class Full(repair_module.NewFile):
        def write(self, data: bytes) -> int:
            self.error = OSError(errno.ENOSPC, "No space left on device")
            return -errno.ENOSPC

    monkeypatch.setattr(repair_module, "NewFile", Full)
    with pytest.raises(RecordingError, match="the disk is full"):
        repair(path, GO_ON)
    assert [file.name for file in tmp_path.iterdir()] == ["a.partial.mp4"]
    assert path.read_bytes() == interrupted


def test_one_that_is_being_written_is_neither_found_nor_repaired(tmp_path):
    file = PartialFile(tmp_path / "a.mp4")
    file.write(b"video")
    assert find_partial(tmp_path) == []
    with pytest.raises(RecordingError, match=r"a\.partial\.mp4 is being recorded"):
        repair(file.path, GO_ON)
    file.close()
    assert find_partial(tmp_path) == [tmp_path / "a.partial.mp4"]


def test_without_locks_only_what_has_been_quiet_is_found(tmp_path, monkeypatch):
    def no_locks(descriptor: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(repair_module, "lock", no_locks)
    path = partial(tmp_path, b"video")
    assert find_partial(tmp_path) == []
    os.utime(path, (path.stat().st_mtime - 61,) * 2)
    assert find_partial(tmp_path) == [path]


def test_folders_below_are_searched_and_links_are_not(tmp_path):
    (tmp_path / "cam" / "2026-03-01").mkdir(parents=True)
    found = partial(tmp_path / "cam" / "2026-03-01", b"x", "a.partial.mkv")
    partial(tmp_path, b"x", "a.mp4")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "b.partial.mp4").symlink_to(found)
    assert find_partial(tmp_path) == [found]
    assert find_partial(tmp_path / "nowhere") == []


async def test_a_folder_is_repaired_off_the_loop_and_one_trouble_does_not_stop_the_rest(tmp_path, interrupted):
    partial(tmp_path, interrupted, "a.partial.mp4")
    partial(tmp_path, b"x" * 100, "b.partial.mp4")
    partial(tmp_path, interrupted, "c.partial.mp4")
    with ThreadPoolExecutor(1) as executor:
        repaired = await repair_folder(tmp_path, executor)
    assert [one.whole and one.whole.name for one in repaired] == ["a.mp4", None, "c.mp4"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.mp4", "b.damaged.mp4", "c.mp4"]


async def test_a_cancelled_repair_of_a_folder_ends_soon(tmp_path, interrupted, monkeypatch):
    partial(tmp_path, interrupted)
    began, ended = threading.Event(), threading.Event()

    def endless(path: Path, cancelled: threading.Event) -> None:
        began.set()
        assert cancelled.wait(60)
        ended.set()
        raise RecordingError("stopped")

    monkeypatch.setattr(repair_module, "repair", endless)
    with ThreadPoolExecutor(1) as executor:
        task = asyncio.create_task(repair_folder(tmp_path, executor))
        while not began.is_set():
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.wait(60)
