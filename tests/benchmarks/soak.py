"""Four cameras for a long time, one of them always in trouble.  `python -m tests.benchmarks.soak --minutes 20`

Four real RTSP servers in processes of their own, each behind a network that can be spoilt; every 20 s one camera gets a
fault: its network stalls, cuts, gets narrow or slow, its server hangs or dies and comes back.  livevision shows all
four on a private screen.  Prints a row a minute and the verdicts at the end.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from livevision.sources.street import clock
from tests.benchmarks.screen_clock import OLDEST, end
from tests.fakes.xvfb import Xvfb
from tests.faults.faulty_camera import FAULTS, FaultyCamera

CAMERAS = 4
SIZE = (1280, 720)
TILES = [(x, y) for y in (0, 360) for x in (0, 640)]
"""Where the pictures are on the screen, at their own size: the clock in each can be read."""
LOOK_EVERY = 0.1
FAULT_EVERY = 20.0
FAULT_LASTS = 5.0
WARM_UP = 120.0
"""Seconds in which memory may grow: caches, pools, the second time that everything happens."""
LONG_ENOUGH = 300.0
"""Seconds after warm-up from which on a slope says something."""
LAST_WORDS = 20.0
"""Seconds without a fault at the end, to come back in."""
MOST_GROWTH = 5.0
"""MB an hour."""
HEAD = f"{'minute':>6}  {'states':<44}{'shown/s':>8}{'age p50':>9}{'p95 ms':>8}{'rss MB':>8}{'threads':>9}{'files':>7}"


@dataclass(frozen=True)
class Second:
    """All cameras and the process in one second."""

    at: float
    cameras: list[dict[str, Any]]
    ages: list[float]
    """How old what was on the screen was, since the second before, milliseconds."""
    rss: float
    threads: int
    files: int


@dataclass
class Soak:
    """The viewer under observation and what was noted of it."""

    process: psutil.Popen
    stats: Path
    screen: Xvfb
    seconds: list[Second] = field(default_factory=list)
    _ages: list[float] = field(default_factory=list)
    _read: int = 0

    def look(self) -> None:
        """Note how old the pictures are that an operator sees now."""
        shot, now = self.screen.screenshot(), int(time.time() * 1000)
        for x, y in TILES:
            drawn = clock.read(shot[y:, x:])
            if drawn is not None and (age := (now - drawn) % 2**32) < OLDEST:
                self._ages.append(float(age))

    def observe(self, at: float) -> None:
        """Note this second."""
        with self.stats.open(encoding="utf-8") as file:
            file.seek(self._read)
            whole, newline, _unfinished = file.read().rpartition("\n")
        self._read += len((whole + newline).encode())
        newest = {line["camera"]: line for line in map(json.loads, whole.splitlines())}
        if newest:
            rss = self.process.memory_info().rss / 1e6
            ages, self._ages = self._ages, []
            now = Second(at, list(newest.values()), ages, rss, self.process.num_threads(), self.process.num_fds())
            self.seconds.append(now)

    def minute(self, number: int) -> str:
        """Return the row of a minute."""
        part = [second for second in self.seconds if number * 60 <= second.at < number * 60 + 60]
        if not part:
            return f"{number + 1:>6}  nothing was written"
        lines = [line for second in part for line in second.cameras]
        states = " ".join(sorted(line["state"] for line in part[-1].cameras))
        ages = [age for second in part for age in second.ages]
        p95 = sorted(ages)[int(0.95 * len(ages))] if ages else float("nan")
        return (
            f"{number + 1:>6}  {states:<44}{statistics.mean(line['shown_fps'] for line in lines):>8.1f}"
            f"{_median(ages):>9.0f}{p95:>8.0f}{part[-1].rss:>8.1f}{part[-1].threads:>9}{part[-1].files:>7}"
        )

    def verdicts(self) -> list[str]:
        """Judge the whole run."""
        warm = [second for second in self.seconds if second.at >= min(WARM_UP, self.seconds[-1].at / 2)]
        states = [line["state"] for line in self.seconds[-1].cameras]
        first = _median([age for second in warm if second.at < warm[0].at + 60 for age in second.ages])
        last = _median([age for second in warm if second.at >= warm[-1].at - 60 for age in second.ages])
        growth = slope(warm, [second.rss for second in warm])
        # A camera that is just coming back has a thread more: one a camera is noise.
        threads = slope(warm, [float(second.threads) for second in warm])
        files = slope(warm, [float(second.files) for second in warm])
        if warm[-1].at - warm[0].at < LONG_ENOUGH:
            return [f"{'too short':<9} to judge growth", _verdict(states == ["live"] * CAMERAS, ", ".join(states))]
        return [
            _verdict(states == ["live"] * CAMERAS, f"all live at the end: {', '.join(states)}"),
            _verdict(growth < MOST_GROWTH, f"resident memory grows by {growth:.1f} MB/h, limit {MOST_GROWTH:.0f}"),
            _verdict(threads < CAMERAS, f"threads grow by {threads:.1f}/h, limit {CAMERAS}"),
            _verdict(files < CAMERAS, f"descriptors grow by {files:.1f}/h, limit {CAMERAS}"),
            _verdict(
                last <= 1.2 * first + 10, f"age p50 in the last minute {last:.0f} ms, after warm-up {first:.0f} ms"
            ),
        ]


def slope(seconds: list[Second], values: list[float]) -> float:
    """Return by how much ``values`` grow in an hour: least squares."""
    if len(seconds) < 2:
        return 0.0
    return 3600 * statistics.linear_regression([second.at for second in seconds], values).slope


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def _verdict(is_good: bool, words: str) -> str:
    return f"{'reached' if is_good else 'MISSED':<9}{words}"


def run(minutes: float) -> list[str]:
    """Do it and print a row a minute; return the verdicts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        screen = stack.enter_context(Xvfb(SIZE))
        cameras = [stack.enter_context(FaultyCamera()) for _ in range(CAMERAS)]
        stats = folder / "stats.jsonl"
        command = [sys.executable, "-m", "livevision", "view", "--kiosk", *(camera.url for camera in cameras)]
        process = psutil.Popen([*command, "--stats", str(stats)], env=screen.environment())
        stack.callback(end, process)
        started = time.monotonic()
        while not stats.exists() and process.poll() is None and time.monotonic() < started + 30:
            time.sleep(0.1)
        return _watch(Soak(process, stats, screen), cameras, minutes * 60)


def _watch(soak: Soak, cameras: list[FaultyCamera], duration: float) -> list[str]:
    started = time.monotonic()
    turn, troubled, minute = 0, None, 0
    print(HEAD, flush=True)
    while (now := time.monotonic() - started) < duration:
        if soak.process.poll() is not None:
            return [_verdict(False, f"livevision ended with exit code {soak.process.returncode} after {now:.0f} s")]
        since_fault = now - turn * FAULT_EVERY
        if troubled and since_fault >= FAULT_LASTS - FAULT_EVERY:
            troubled.heal()
            troubled = None
        if since_fault >= 0 and now < duration - LAST_WORDS:
            troubled = cameras[turn % CAMERAS]
            # Each camera meets each fault: 4 and 7 have no divisor in common.
            troubled.suffer(FAULTS[turn % len(FAULTS)])
            turn += 1
        soak.look()
        if not soak.seconds or now >= soak.seconds[-1].at + 1:
            soak.observe(now)
        if now >= (minute + 1) * 60:
            print(soak.minute(minute), flush=True)
            minute += 1
        time.sleep(LOOK_EVERY)
    print(soak.minute(minute), flush=True)
    return soak.verdicts()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    print(*run(parser.parse_args().minutes), sep="\n")


if __name__ == "__main__":
    main()
