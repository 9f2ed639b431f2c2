"""Whole recordings of each kind whose program is killed, and what can be played afterwards.

``python -m tests.recording.kind_kills [COUNT]`` kills so many of each kind, 30 if not said, at random moments, and
prints how much of the end they lost.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livevision.recording.kind import Kind
from livevision.recording.repair import find_partial, repair
from tests.fakes.clips import Encoding, numbered, write_clip
from tests.recording.kills import ROOT, complaints, last_time

STREET = "synthetic:street?size=320x180&fps=25"


@dataclass(frozen=True)
class Remains:
    """What the killed recording of one kind left."""

    kind: Kind
    lost: float
    """Seconds before the kill that none of its media files has; of the one that lost most."""
    sidecar_lost: float
    """The same for the detections."""
    broken_lines: int
    """Lines of detections that cannot be read, the last one left out."""
    complaints: str
    """What ffmpeg said, playing the files as they were left, and as they were repaired."""


def clip(folder: Path) -> Path:
    """Write what stands for a camera that sends packets."""
    return write_clip(folder / "camera.mp4", [numbered(n % 256) for n in range(400)], Encoding(gop=25))


class Child:
    """``livevision record`` in a process of its own."""

    def __init__(self, kind: Kind, source: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        command = [sys.executable, "-m", "livevision", "record", source, "-o", str(folder)]
        command += ["--kind", kind.value, "--model", "motion", "--conf", "0"]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.process.kill()
        self.process.wait()

    def kill_after(self, seconds: float) -> float:
        """Kill it so long after its recording has begun; return the time of day."""
        give_up = time.monotonic() + 60
        while not list(self.folder.glob("*.partial.*")):
            assert time.monotonic() < give_up, "no recording"
            time.sleep(0.02)
        time.sleep(seconds)
        self.process.kill()
        killed = time.time()
        self.process.wait()
        return killed

    def remains(self, killed: float) -> Remains:
        """Look at what it left, and repair it."""
        (lines,) = self.folder.glob("*.detections.jsonl")
        header, *results = lines.read_bytes().split(b"\n")
        started = datetime.fromisoformat(json.loads(header)["started"]).timestamp()
        read, broken = [], 0
        for line in results[:-1]:
            try:
                read.append(json.loads(line)["t"])
            except (ValueError, KeyError):
                broken += 1
        partial = find_partial(self.folder)
        assert partial
        said = "".join(complaints(path) for path in partial)
        ends = [started + last_time(path) for path in partial]
        whole = [repair(path, threading.Event()).whole for path in partial]
        said += "".join(complaints(path) if path else "not repaired" for path in whole)
        return Remains(self.kind, killed - min(ends), killed - (started + max(read, default=0.0)), broken, said)


def kill_each(source: str, folder: Path, seconds: dict[Kind, float]) -> list[Remains]:
    """Record each kind, all at once, and kill them one after the other, when they have run for that long."""
    with ExitStack() as children:
        running = [children.enter_context(Child(kind, source, folder / kind.value)) for kind in seconds]
        killed = {}
        threads = []
        for child in running:

            def kill(child: Child = child) -> None:
                killed[child] = child.kill_after(seconds[child.kind])

            threads.append(threading.Thread(target=kill, name=f"kill {child.kind.value}"))
            threads[-1].start()
        for thread in threads:
            thread.join()
        return [child.remains(killed[child]) for child in running]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    chance = random.Random(5)
    remains: list[Remains] = []
    with tempfile.TemporaryDirectory() as place:
        sources = {"packets": str(clip(Path(place))), "frames": STREET}
        for number in range(count):
            name = "packets" if number % 3 else "frames"
            for pair in ((Kind.CLEAN, Kind.ANNOTATED), (Kind.BOTH, Kind.SOFT)):
                seconds = {kind: chance.uniform(0.8, 6.0) for kind in pair}
                remains += kill_each(sources[name], Path(place) / str(number), seconds)
    for kind in Kind:
        its = [one for one in remains if one.kind is kind]
        clean = sum(not one.complaints for one in its)
        lost, said = max(one.lost for one in its), max(one.sidecar_lost for one in its)
        broken = sum(one.broken_lines for one in its)
        print(
            f"{kind.value:10} {clean} of {len(its)} play, lost at most {lost:.2f} s; "
            f"detections {said:.2f} s, {broken} broken lines"
        )


if __name__ == "__main__":
    main()
