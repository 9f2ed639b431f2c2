"""Recordings whose program is killed: a child that records, and what can be played afterwards.

``python -m tests.recording.kills FILE FPS SIZE`` is the child.  ``python -m tests.recording.kills`` kills 30 of them at
random moments and prints how much of the end each one lost.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import av

from livevision.overlay import Overlay
from livevision.recording.annotated import AnnotatedFrame, AnnotatedMp4
from livevision.recording.naming import partial_path
from livevision.recording.partial import PartialFile
from livevision.recording.repair import repair
from livevision.recording.writer import ThreadedWriter
from livevision.sources.synthetic import SyntheticReader, parse_synthetic

ROOT = Path(__file__).parents[2]
MOST_LOST = 1.5
"""Seconds before the kill that may be missing."""


@dataclass(frozen=True)
class Remains:
    """What a killed recording left."""

    recorded: float
    """Seconds from its first picture to the kill."""
    playable: float
    """Time of the last picture that plays."""
    complaints: str
    """What ffmpeg said, playing it."""

    @property
    def lost(self) -> float:
        return self.recorded - self.playable


def record_and_kill(path: Path, seconds: float, fps: int = 30, size: str = "320x180") -> Remains:
    """Record into ``path`` in a child, kill it after ``seconds``, and look at the partial file."""
    command = [sys.executable, "-m", "tests.recording.kills", str(path), str(fps), size]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        try:
            started = float(child.stdout.readline())
            time.sleep(max(0.0, started + seconds - time.monotonic()))
        finally:
            child.kill()
        killed = time.monotonic()
    partial = partial_path(path)
    return Remains(killed - started, last_time(partial), complaints(partial))


def complaints(path: Path) -> str:
    """Play a whole file with ffmpeg and return what it complains of."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-xerror", "-i", str(path), "-map", "0:v"]
    # With times as they are in the file: rounded to those of a constant rate, two pictures may get the same.
    command += ["-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-"]
    played = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    return played.stderr + (f"exit code {played.returncode}" if played.returncode else "")


def last_time(path: Path) -> float:
    """Return the time of the last picture that can be decoded."""
    with av.open(str(path)) as container:
        return max((frame.time for frame in container.decode(video=0)), default=0.0)


async def record(path: Path, fps: int, size: str) -> None:
    """Record a synthetic street with its true boxes until killed; prints when the first picture was taken."""
    reader = SyntheticReader(parse_synthetic(f"synthetic:street?fps={fps}&size={size}"), 0)
    reader.open()
    sink = AnnotatedMp4(path, "street", Overlay().draw, new_file=PartialFile)
    writer: ThreadedWriter[AnnotatedFrame] = ThreadedWriter("street", sink.open, 90)
    first: float | None = None
    while (frame := await asyncio.to_thread(reader.read)) is not None and writer.error is None:
        if first is None:
            first = frame.captured
            print(first, flush=True)
        writer.offer(AnnotatedFrame(frame, reader.truth(frame.index), frame.captured - first))
    raise writer.error or RuntimeError("the scene has ended")


def kill_many(count: int, folder: Path) -> list[Remains]:
    """Kill ``count`` recordings at random moments between 1 and 6 s; each one plays before and after its repair."""
    chance = random.Random(5)
    remains = []
    for number in range(count):
        path = folder / f"{number}.mp4"
        remains.append(record_and_kill(path, chance.uniform(1.0, 6.0), chance.choice((25, 30, 60))))
        whole = repair(partial_path(path), threading.Event()).whole
        assert whole == path
        assert not complaints(whole)
    return remains


def main() -> None:
    if len(sys.argv) > 1:
        asyncio.run(record(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
    folder = Path(tempfile.mkdtemp())
    try:
        remains = kill_many(30, folder)
    finally:
        shutil.rmtree(folder)
    print(f"{sum(not one.complaints for one in remains)} of {len(remains)} play without complaint")
    print(f"lost at most {max(one.lost for one in remains):.2f} s")


if __name__ == "__main__":
    main()
