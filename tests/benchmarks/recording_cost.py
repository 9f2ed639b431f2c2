"""What recording a live camera costs: `python -m tests.benchmarks.recording_cost [SECONDS] [KIND…]`.

One 1080p25 RTSP camera is watched by a session with a tile's worth of work (each picture scaled to 640x360), without
and with each kind of recording, in turns.  Prints the CPU of this process in per cent of a core, and what was dropped.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from livevision.app import App
from livevision.cameras import Camera, CameraRequest
from livevision.frame import Frame, Result
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.sources.reader import Demand
from livevision.sources.status import CameraStatus
from tests.fakes.rtsp import RtspServer

TILE = (640, 360)
ROUNDS = 3


@dataclass(frozen=True)
class Cost:
    """Of one stretch of time."""

    cpu: float
    """Per cent of a core."""
    frames: int
    dropped: int


class Watcher:
    """Does what a tile does with each picture, short of painting."""

    wants = Demand.EVERY_FRAME

    def __init__(self, app: App) -> None:
        self._app = app
        self.seen = 0

    def on_frame(self, frame: Frame) -> None:
        self.seen += 1
        self._app.work.submit(frame.bgr, TILE)

    def on_result(self, result: Result) -> None:
        pass

    def on_status(self, status: CameraStatus) -> None:
        pass


async def measure(app: App, camera: Camera, kind: Kind | None, seconds: float) -> Cost:
    """Watch, and record if ``kind`` says so."""
    if kind is not None:
        app.start_recording(camera, RecordingPlan(app.output, kind, preroll=0))
    await asyncio.sleep(1)
    before, started = time.process_time(), time.perf_counter()
    await asyncio.sleep(seconds)
    cpu = (time.process_time() - before) / (time.perf_counter() - started)
    ended = await app.stop_recording(camera)
    return Cost(100 * cpu, ended.frames if ended else 0, ended.dropped if ended else 0)


async def compare(url: str, kinds: list[Kind], seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with App(Path(folder)) as app:
            camera = await app.add(CameraRequest(url))
            camera.session.subscribe(Watcher(app))
            await asyncio.sleep(4)
            ways: list[Kind | None] = [None, *kinds]
            costs: dict[Kind | None, list[Cost]] = {way: [] for way in ways}
            for _ in range(ROUNDS):
                for way in ways:
                    costs[way].append(await measure(app, camera, way, seconds))
            watching = statistics.median(cost.cpu for cost in costs[None])
            print(f"watching one 1080p25 RTSP camera  {watching:6.1f} % of a core")
            for kind in kinds:
                cpu = statistics.median(cost.cpu for cost in costs[kind])
                frames, dropped = (sum(getattr(cost, what) for cost in costs[kind]) for what in ("frames", "dropped"))
                print(f"  {kind.value:10} {cpu - watching:+6.1f} %   {frames} pictures, {dropped} dropped")


def live(seconds: float, kinds: list[Kind]) -> None:
    """Print what recording costs."""
    with RtspServer("--size", "1920x1080") as server:
        asyncio.run(compare(server.url, kinds, seconds))


def main() -> None:
    live(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0, [Kind(name) for name in sys.argv[2:]] or list(Kind))


if __name__ == "__main__":
    main()
