"""How old is the picture on the screen?  `python -m tests.benchmarks.latency`

A real RTSP server draws the wall clock into every picture; livevision shows it on a private virtual screen of the same
size; the clock is read back from the screen's pixels.  Prints a table: a row per model.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from livevision.sources.street import clock
from tests.fakes.rtsp import RtspServer
from tests.fakes.xvfb import Xvfb

SIZE = (1280, 720)
SETTLE = 3.0
OLDEST = 20_000
"""Milliseconds; what reads as older is no clock."""
MODELS = {"none": None, "motion": "motion", "300 ms": "tests.benchmarks.slow_model:SlowModel"}


@dataclass(frozen=True)
class Row:
    """One run."""

    model: str
    first_picture: float
    shown: float
    inferred: float
    ages: list[float]
    cpu: float
    stall: float
    fills_the_screen: bool

    def words(self) -> str:
        ordered = sorted(self.ages)
        p95 = ordered[int(0.95 * len(ordered))]
        return (
            f"{self.model:>8} {self.first_picture:>8.2f} {self.shown:>8.1f} {self.inferred:>9.1f} "
            f"{statistics.median(ordered):>8.0f} {p95:>8.0f} {ordered[-1]:>8.0f} {self.cpu:>7.0f} {self.stall:>9.1f} "
            f"{'yes' if self.fills_the_screen else 'NO':>5}"
        )


def measure(name: str, model: str | None, url: str, seconds: float) -> Row:
    """Run livevision once and read its window."""
    with tempfile.TemporaryDirectory() as folder, Xvfb(SIZE) as screen:
        stats = Path(folder) / "s.jsonl"
        command = [sys.executable, "-m", "livevision", "view", url, "--kiosk", "--stats", str(stats)]
        command += ["--duration", str(seconds), *(["--model", model] if model else [])]
        started = time.monotonic()
        process = subprocess.Popen(command, env=screen.environment())
        first, shot = None, None
        ages: list[float] = []
        while process.poll() is None:
            shot_now = screen.screenshot()
            now = int(time.time() * 1000)
            drawn = clock.read(shot_now)
            # A screen that is still black reads as 0.
            if drawn is not None and (now - drawn) % 2**32 < OLDEST:
                shot = shot_now
                if first is None:
                    first = time.monotonic() - started
                # Any moment at which an operator may look, not only the one after a change.
                if time.monotonic() - started > first + SETTLE:
                    ages.append(float((now - drawn) % 2**32))
            time.sleep(0.004)
        lines = [json.loads(line) for line in stats.read_text().splitlines()][int(SETTLE) :]
    if first is None or not ages or not lines:
        raise SystemExit(f"{name}: no picture came on the screen")
    return Row(
        name,
        first,
        statistics.mean(line["shown_fps"] for line in lines),
        statistics.mean(line["inferred_fps"] for line in lines),
        ages,
        statistics.mean(line["cpu_percent"] for line in lines),
        statistics.median(line["loop_stall_ms_p99"] for line in lines),
        shot is not None and all(shot[y, x].max() > 8 for x in (1, -2) for y in (20, -2)),
    )


def main() -> None:
    """Measure every model, several rounds one after the other, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    print(
        f"{'model':>8} {'first s':>8} {'shown/s':>8} {'inferred':>9} {'age p50':>8} {'p95':>8} {'max ms':>8} "
        f"{'cpu %':>7} {'stall p99':>9} {'1:1':>5}"
    )
    with RtspServer("--size", "1280x720", "--fps", "25", "--clock") as server:
        for _ in range(options.rounds):
            for name, model in MODELS.items():
                print(measure(name, model, server.url, options.seconds).words(), flush=True)


if __name__ == "__main__":
    main()
