"""What a killed program left: partial recordings, found and made whole at the next start."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av

from livevision.errors import RecordingError
from livevision.recording.failure import explained
from livevision.recording.mux_streams import copy_stream
from livevision.recording.naming import is_partial, whole_path
from livevision.recording.partial import NewFile, lock, publish
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.stream import Stream

_DEEPEST = 4
_MOST_ENTRIES = 20_000
"""Files and folders that are looked at: the folder of recordings may be somebody's whole disk."""
_QUIET = 60.0
"""Seconds without a change after which a file on a drive without locks is taken for abandoned."""
_WORKING = ".repairing"
_DAMAGED = ".damaged"
_SPARE = 100 << 20
"""Bytes that a repair leaves free."""
_WORDS = "Repaired: the program ended while it recorded"


@dataclass(frozen=True, slots=True)
class Repaired:
    """What became of one partial file."""

    partial: Path
    whole: Path | None
    """The file that plays; None where it could not be repaired now, or was empty."""
    words: str
    """For the operator; nothing where there is nothing to say."""


def find_partial(folder: Path) -> list[Path]:
    """Return the partial recordings in and below ``folder`` that no living process writes, in order of their names.

    Blocking.  A folder that is not there, or may not be read, has none.
    """
    return sorted(path for path in _media(folder) if not _is_being_written(path))


def repair(path: Path, cancelled: threading.Event) -> Repaired:
    """Copy what is whole in a partial recording, packets as they are, to a file without ``.partial``, and remove it.

    The partial file stays until the new one is complete.  One in which nothing can be played is kept as
    ``NAME.damaged.mp4``.  Blocking: takes as long as copying the file; ends soon after ``cancelled`` is set.
    Raises RecordingError where it could not be done now: cancelled, disk full, being written after all.
    """
    try:
        # Held while repairing, so that two programs that start together do not both do it.
        with path.open("r+b") as held:
            try:
                lock(held.fileno())
            except BlockingIOError:
                raise RecordingError(say("{path} is being recorded; it needs no repair", path=path.name)) from None
            except OSError:
                pass  # A network drive without locks; it has been quiet for a while.
            copy = _copied(path, cancelled)
            if sys.platform == "win32":
                held.close()  # It could not be removed while open.
            return _finished(path, copy)
    except OSError as error:
        what, advice = explained(error)
        raise RecordingError(
            say("Cannot repair {path}: {what}; {advice}", path=path, what=what, advice=advice)
        ) from error


async def repair_folder(folder: Path, executor: Executor) -> list[Repaired]:
    """Repair every partial recording in ``folder``, one after the other in ``executor``; never raises for one of them.

    When cancelled, the repair in progress ends soon and leaves its partial file as it was.
    """
    loop = asyncio.get_running_loop()
    cancelled = threading.Event()
    try:
        return await loop.run_in_executor(executor, _repair_all, folder, cancelled)
    finally:
        cancelled.set()


def _repair_all(folder: Path, cancelled: threading.Event) -> list[Repaired]:
    done = []
    for path in find_partial(folder):
        if cancelled.is_set():
            break
        try:
            done.append(repair(path, cancelled))
        except RecordingError as error:
            done.append(Repaired(path, None, error.text))
    return done


def _media(folder: Path) -> Iterator[Path]:
    seen = 0
    # Links are not followed: they may lead anywhere, also back.
    for place, folders, names in os.walk(folder):
        here = folder.joinpath(place)
        seen += len(folders) + len(names)
        if len(here.relative_to(folder).parts) >= _DEEPEST or seen > _MOST_ENTRIES:
            folders.clear()
        yield from (here / name for name in names if is_partial(here / name) and not (here / name).is_symlink())


def _is_being_written(path: Path) -> bool:
    try:
        with path.open("r+b") as file:
            try:
                lock(file.fileno())
            except BlockingIOError:
                return True
            except OSError:
                return time.time() - path.stat().st_mtime < _QUIET
            return False
    except OSError:
        return True  # Gone meanwhile, or not ours.


def _copied(path: Path, cancelled: threading.Event) -> Path | None:
    """Copy what is whole to a file under a working name and return it; None where nothing can be played."""
    size = path.stat().st_size
    if size == 0:
        return None
    if shutil.disk_usage(path.parent).free < size + _SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    working = path.with_name(whole_path(path).stem + _WORKING + path.suffix)
    # Of a repair that was killed; ours, as we hold the lock.
    working.unlink(missing_ok=True)
    file, pictures = NewFile(working), 0
    try:
        pictures = _remux(path, file, cancelled)
    except av.FFmpegError as error:
        # What FFmpeg says of the content has numbers of its own; the others are the disk's, and may pass.
        if file.error is not None or (error.errno in errno.errorcode and error.errno != errno.EINVAL):
            raise (file.error or OSError(error.errno, error.strerror)) from error
    finally:
        file.close()
        if not pictures:
            working.unlink(missing_ok=True)
    return working if pictures else None


def _finished(path: Path, copy: Path | None) -> Repaired:
    """Give the copy the name of a whole file, in place of the partial one."""
    if copy is not None:
        whole = publish(copy, whole_path(path))
        path.unlink()
        return Repaired(
            path, whole, say("{name} was repaired: the program had ended while it was recorded", name=whole.name)
        )
    if path.stat().st_size == 0:
        path.unlink()
        return Repaired(path, None, "")
    damaged = publish(path, path.with_name(whole_path(path).stem + _DAMAGED + path.suffix))
    return Repaired(
        path,
        None,
        say("{name} cannot be played: the program ended just after it began to record it", name=damaged.name),
    )


def _remux(path: Path, file: NewFile, cancelled: threading.Event) -> int:
    """Copy the whole packets of ``path`` to ``file`` and return how many pictures are among them."""
    pictures = 0
    form = "mp4" if path.suffix == ".mp4" else "matroska"
    with av.open(str(path), "r") as source:
        if not source.streams.video:
            return 0
        with av.open(file, "w", format=form) as target:
            streams = _copied_streams(source, target)
            last: dict[int, int] = {}
            for packet in _whole_packets(source, cancelled):
                copy = streams.get(packet.stream_index)
                # A muxer stops at a time that does not increase, of which a damaged file may have some.
                if copy is None or packet.dts is None or packet.dts <= last.get(packet.stream_index, packet.dts - 1):
                    continue
                last[packet.stream_index] = packet.dts
                is_picture = copy.type == "video"
                packet.stream = copy
                target.mux_one(packet)
                pictures += is_picture
    return pictures


def _copied_streams(source: InputContainer, target: OutputContainer) -> dict[int, Stream]:
    target.metadata.update({**source.metadata, "comment": _WORDS})
    copies: dict[int, Stream] = {}
    for stream in source.streams:
        if stream.type in ("video", "audio", "subtitle"):
            copies[stream.index] = copy_stream(target, stream)
            copies[stream.index].metadata.update(stream.metadata)
    return copies


def _whole_packets(source: InputContainer, cancelled: threading.Event) -> Iterator[Packet[Stream]]:
    packets = source.demux()
    while True:
        if cancelled.is_set():
            raise RecordingError(say("The repair of a recording was stopped; it goes on at the next start"))
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError):
            return  # Here the file was cut.
        if packet.size and packet.pts is not None and not packet.is_corrupt:
            yield packet
