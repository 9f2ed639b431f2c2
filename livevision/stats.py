"""What --stats writes: one JSON object per camera and second, with the process's own health."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import psutil

from livevision.metrics import LatencyWindow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.camera import CameraSession
    from livevision.recording.writer import ThreadedWriter

_PROBE_EVERY = 0.02
_WRITE_EVERY = 1.0


class LoopMonitor:
    """Measures how late the event loop wakes a task that sleeps: its stalls, in seconds."""

    def __init__(self) -> None:
        self.stalls = LatencyWindow()

    async def run(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _PROBE_EVERY
            await asyncio.sleep(_PROBE_EVERY)
            self.stalls.add(max(0.0, loop.time() - due))


class JsonLinesSink:
    """Appends JSON objects to a file, a line each, flushed each; belongs to a writer's thread."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")

    def write(self, item: dict[str, Any]) -> None:
        """Write one object as one line."""
        self._file.write(json.dumps(item) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class StatsLog:
    """Offers every camera's figures to a writer once a second."""

    def __init__(
        self, cameras: Callable[[], list[CameraSession]], loop: LoopMonitor, writer: ThreadedWriter[dict[str, Any]]
    ) -> None:
        self._cameras = cameras
        self._loop = loop
        self._writer = writer
        self._process = psutil.Process()

    async def run(self) -> None:
        """Write until cancelled."""
        self._process.cpu_percent()
        while True:
            await asyncio.sleep(_WRITE_EVERY)
            self.write_once()

    def write_once(self) -> None:
        """Offer one object per camera now."""
        with self._process.oneshot():
            rss_mb = round(self._process.memory_info().rss / 2**20, 1)
            cpu_percent = self._process.cpu_percent()
        (stall,) = self._loop.stalls.percentiles(0.99)
        for camera in self._cameras():
            self._writer.offer(
                {
                    "camera": camera.name,
                    "state": camera.status.state.value,
                    **camera_figures(camera),
                    "loop_stall_ms_p99": _ms(stall),
                    "rss_mb": rss_mb,
                    "cpu_percent": cpu_percent,
                }
            )


def camera_figures(camera: CameraSession) -> dict[str, Any]:
    """Return one camera's figures under the names and in the units of the stats file: rates per second, times in ms."""
    now = camera.metrics.snapshot()
    return {
        "captured_fps": round(now.captured_fps, 1),
        "shown_fps": round(now.shown_fps, 1),
        "inferred_fps": round(now.inferred_fps, 1),
        "shown": now.shown,
        "latency_ms_p50": _ms(now.age_p50),
        "latency_ms_p95": _ms(now.age_p95),
        "inference_ms_p50": _ms(now.inference_p50),
        "in_flight": now.in_flight,
        "dropped": dict(now.dropped),
    }


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
