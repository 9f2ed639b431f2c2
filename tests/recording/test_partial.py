"""Files that grow under another name, never over what exists."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading

import pytest

from livevision.recording import partial as partial_module
from livevision.recording.naming import free_path, is_partial, partial_path, whole_path
from livevision.recording.partial import NewFile, PartialFile, publish, reserve


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_has_its_name_only_when_it_is_complete(tmp_path):
    file = PartialFile(tmp_path / "a.mp4")
    file.write(b"video")
    assert names(tmp_path) == ["a.partial.mp4"]
    assert (tmp_path / "a.partial.mp4").read_bytes() == b"video"  # readable meanwhile
    assert file.complete() == file.path == tmp_path / "a.mp4"
    assert names(tmp_path) == ["a.mp4"]
    assert (tmp_path / "a.mp4").read_bytes() == b"video"
    assert file.closed


def test_a_name_that_was_taken_meanwhile_is_left_alone(tmp_path):
    file = PartialFile(tmp_path / "a.mp4")
    file.write(b"video")
    (tmp_path / "a.mp4").write_text("a wedding")
    assert file.complete() == tmp_path / "a-2.mp4"
    assert (tmp_path / "a.mp4").read_text() == "a wedding"
    assert (tmp_path / "a-2.mp4").read_bytes() == b"video"


@pytest.mark.parametrize("taken", ["a.mp4", "a.partial.mp4"])
def test_what_is_there_is_never_opened(tmp_path, taken):
    (tmp_path / taken).write_text("a wedding")
    with pytest.raises(FileExistsError):
        PartialFile(tmp_path / "a.mp4")
    assert (tmp_path / taken).read_text() == "a wedding"
    assert names(tmp_path) == [taken]


def test_a_link_is_not_written_through(tmp_path):
    (tmp_path / "a.partial.mp4").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r"symbolic|exists"):
        PartialFile(tmp_path / "a.mp4")
    assert names(tmp_path) == ["a.partial.mp4"]


def test_two_recordings_never_write_one_file(tmp_path):
    first = PartialFile(tmp_path / "a.mp4")
    with pytest.raises(FileExistsError):
        PartialFile(tmp_path / "a.mp4")
    first.discard()
    assert names(tmp_path) == []


def test_a_reserved_name_is_taken_over_by_the_recording(tmp_path):
    path = reserve(tmp_path / "new" / "a.mp4")
    assert path == tmp_path / "new" / "a.mp4"
    assert names(tmp_path / "new") == ["a.partial.mp4"]
    file = PartialFile(path)
    file.write(b"video")
    assert file.complete() == path


def test_recordings_of_the_same_second_all_get_names(tmp_path):
    start, reserved = threading.Barrier(8), []

    def take() -> None:
        start.wait()
        reserved.append(reserve(tmp_path / "cam.mp4"))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(reserved)) == 8
    assert all(partial_path(path).exists() for path in reserved)


@pytest.mark.parametrize(
    "companion", ["a.mkv", "a.annotated.mp4", "a.detections.jsonl", "a.detections.csv", "a.partial.mkv"]
)
def test_a_name_is_free_only_where_its_companions_are(tmp_path, companion):
    (tmp_path / companion).touch()
    assert reserve(tmp_path / "a.mp4") == tmp_path / "a-2.mp4"
    assert free_path(tmp_path / "a.png") == tmp_path / "a.png"


def test_several_that_want_one_name_at_once_all_get_one(tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.part").write_text(str(number))
    start, published = threading.Barrier(6), {}

    def take(number: int) -> None:
        start.wait()
        published[number] = publish(tmp_path / f"{number}.part", tmp_path / "a.mp4")

    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {path.read_text(): number for number, path in published.items()} == {str(n): n for n in range(6)}
    assert len(names(tmp_path)) == 6


def test_a_name_that_cannot_be_given_leaves_the_partial_file(tmp_path, monkeypatch):
    file = PartialFile(tmp_path / "a.mp4")
    file.write(b"video")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "replace", refuse)
    with pytest.raises(PermissionError):
        file.complete()
    assert file.closed
    assert names(tmp_path) == ["a.partial.mp4"]


class FullDisk:
    """A raw file on a disk with room for some bytes."""

    def __init__(self, raw, room: int) -> None:
        self._raw = raw
        self._room = room

    def __getattr__(self, name: str):
        return getattr(self._raw, name)

    def write(self, data: bytes) -> int:
        if self._room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self._raw.write(data[: min(self._room, 3)])
        self._room -= written
        return written


def test_a_write_is_whole_or_not_at_all_and_the_last_one(tmp_path):
    file = PartialFile(tmp_path / "a.mp4")
    file._raw = FullDisk(file._raw, 10)
    assert file.write(b"12345678") == 8
    assert file.write(b"abcdef") == -errno.ENOSPC
    file._raw._room = 100  # Somebody made room: the file would have a hole.
    assert file.write(b"xyz") == -errno.ENOSPC
    assert (file.size, file.error.errno) == (8, errno.ENOSPC)
    assert file.complete() == tmp_path / "a.partial.mp4"
    assert (tmp_path / "a.partial.mp4").read_bytes() == b"12345678"


def test_a_patch_in_the_middle_that_fails_does_not_cut_the_file(tmp_path):
    file = NewFile(tmp_path / "a.mp4")
    file.write(b"12345678")
    file.seek(2, 0)
    file._raw = FullDisk(file._raw, 0)
    assert file.write(b"ab") == -errno.ENOSPC
    file.close()
    assert (tmp_path / "a.mp4").read_bytes() == b"12345678"


def test_a_drive_without_locks_is_recorded_to_all_the_same(tmp_path, monkeypatch):
    def no_locks(descriptor: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(partial_module, "lock", no_locks)
    file = PartialFile(tmp_path / "a.mp4")
    file.write(b"video")
    assert file.complete() == tmp_path / "a.mp4"


def test_nothing_stays_open(tmp_path):
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0  # noqa: PTH112,PTH208
    (tmp_path / "a.partial.mp4").write_text("x")
    for _ in range(3):
        with pytest.raises(FileExistsError):
            PartialFile(tmp_path / "a.mp4")
    if before:
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_names_of_partial_files():
    from pathlib import Path

    assert whole_path(Path("x/a.b.partial.mkv")) == Path("x/a.b.mkv")
    assert is_partial(Path("a.partial.mp4"))
    assert not is_partial(Path(".partial.mp4"))
    assert not is_partial(Path("a.partial.txt"))
    assert not is_partial(Path("partial.mp4"))


HOLD = """
import sys
from pathlib import Path
from livevision.recording.partial import PartialFile
file = PartialFile(Path(sys.argv[1]))
file.write(b"video")
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_sees_whether_a_file_is_written(tmp_path):
    from livevision.recording.repair import find_partial

    command = [sys.executable, "-c", HOLD, str(tmp_path / "a.mp4")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        assert find_partial(tmp_path) == []
        other.kill()
        other.wait()
        assert find_partial(tmp_path) == [tmp_path / "a.partial.mp4"]
