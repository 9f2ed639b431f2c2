import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from livevision.camera import CameraSession
from livevision.recording.writer import ThreadedWriter
from livevision.stats import JsonLinesSink, LoopMonitor, StatsLog
from tests.fakes.cameras import ScriptedCamera, until
from tests.fakes.leaping import LeapingLoop, leaping

KEYS = {
    "camera",
    "state",
    "captured_fps",
    "shown_fps",
    "inferred_fps",
    "shown",
    "latency_ms_p50",
    "latency_ms_p95",
    "inference_ms_p50",
    "in_flight",
    "dropped",
    "loop_stall_ms_p99",
    "rss_mb",
    "cpu_percent",
}


async def test_one_object_per_camera_with_every_figure(tmp_path: Path) -> None:
    camera, silent = ScriptedCamera(), ScriptedCamera()
    monitor = LoopMonitor()
    path = tmp_path / "s.jsonl"
    writer: ThreadedWriter[dict[str, object]] = ThreadedWriter("stats", lambda: JsonLinesSink(path), 100)
    with ThreadPoolExecutor(1) as work:
        async with (
            CameraSession("door", camera.opener, work) as door,
            CameraSession("gate", silent.opener, work) as gate,
        ):
            camera.send()
            await until(lambda: "live" in (door.status.state.value, gate.status.state.value))
            log = StatsLog(lambda: [door, gate], monitor, writer)
            log.write_once()
            log.write_once()
    await writer.aclose(2)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["camera"] for line in lines] == ["door", "gate", "door", "gate"]
    assert all(line.keys() == KEYS for line in lines)
    assert {line["state"] for line in lines} == {"live", "connecting"}
    assert all(line["rss_mb"] > 10 for line in lines)


@leaping
async def test_a_blocked_loop_is_measured() -> None:
    monitor = LoopMonitor()
    task = asyncio.create_task(monitor.run(), name="loop monitor")
    await asyncio.sleep(0.05)
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LeapingLoop)
    loop.leap(0.15)  # as somebody's slow code
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    (worst,) = monitor.stalls.percentiles(0.99)
    assert worst == pytest.approx(0.14), "it should have come 10 ms into it"
