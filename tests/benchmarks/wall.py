"""What every wall of cameras that is measured has in common: where pictures come from, and what is noted of it."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import av
import psutil

from livevision.sources.street.scene import Street

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIZE = (1280, 720)
FPS = 25
CLIP_SECONDS = 12
SCREEN = (1920, 1080)
SETTLE = 4.0
"""Seconds after the last camera was opened that do not count: windows are laid out, `motion` learns its scene."""
PROBE_EVERY = 0.01
"""Seconds that the stall probe sleeps."""


def record_street(path: Path, seed: int) -> Path:
    """Write the generated street as a camera would send it: H.264, a keyframe a second, no B-frames."""
    scene = Street(SIZE, FPS, seed)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = FPS
        stream.codec_context.options = {"preset": "veryfast", "tune": "zerolatency", "crf": "26"}
        for index in range(CLIP_SECONDS * FPS):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(scene.draw(index), format="bgr24")))
        container.mux(stream.encode(None))
    return path


def at(values: Sequence[float], share: float) -> float:
    """Return a percentile, nearest rank; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True)
class Figures:
    """One wall in one run.  Times in milliseconds, ``cpu`` in percent of a core, ``loop`` that of the GUI's thread."""

    fps: list[float]
    """Shown, of each camera."""
    inferred: float
    """Answers of the detector a second, mean over the cameras."""
    age_p50: float
    age_p95: float
    stall_p50: float
    stall_p99: float
    stall_max: float
    cpu: float
    loop: float
    rss_mb: float

    @property
    def per_frame(self) -> float:
        """CPU milliseconds for each picture that was shown."""
        return self.cpu * 10 / sum(self.fps) if sum(self.fps) else 0.0

    def words(self) -> str:
        return (
            f"{min(self.fps):>8.1f}{statistics.mean(self.fps):>7.1f}{self.inferred:>7.1f}"
            f"{self.age_p50:>9.0f}{self.age_p95:>7.0f}"
            f"{self.stall_p50:>10.1f}{self.stall_p99:>7.1f}{self.stall_max:>7.0f}"
            f"{self.cpu:>7.0f}{self.loop:>7.0f}{self.rss_mb:>8.0f}{self.per_frame:>10.2f}"
        )


HEAD = (
    f"{'fps min':>8}{'mean':>7}{'infer':>7}{'age p50':>9}{'p95':>7}{'stall p50':>10}{'p99':>7}{'max':>7}"
    f"{'cpu %':>7}{'loop %':>7}{'rss MB':>8}{'ms/frame':>10}"
)


@dataclass
class Meter:
    """Notes what happens from :meth:`begin` on.  Belongs to the GUI's thread."""

    cameras: int
    ages: list[float] = field(default_factory=list)
    stalls: list[float] = field(default_factory=list)
    inferred: int = 0
    _shown: list[int] = field(default_factory=list)
    _since: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget everything and count from now on."""
        self.ages.clear()
        self.stalls.clear()
        self.inferred = 0
        self._shown = [0] * self.cameras
        self._since = time.monotonic(), _cpu_seconds(), time.thread_time()

    def painted(self, camera: int, due: float) -> None:
        """Count a picture that reached the screen now, and should have been here at ``due``, monotonic seconds."""
        self._shown[camera] += 1
        self.ages.append(time.monotonic() - due)

    def figures(self) -> Figures:
        """Return what was noted."""
        began, cpu, loop = self._since
        took = time.monotonic() - began
        ages, stalls = ([1000 * each for each in some] for some in (self.ages, self.stalls))
        return Figures(
            [count / took for count in self._shown],
            self.inferred / took / self.cameras,
            at(ages, 0.5),
            at(ages, 0.95),
            at(stalls, 0.5),
            at(stalls, 0.99),
            max(stalls, default=0.0),
            100 * (_cpu_seconds() - cpu) / took,
            100 * (time.thread_time() - loop) / took,
            psutil.Process().memory_info().rss / 2**20,
        )


def hand_over(figures: Figures) -> None:
    """Print them for the process that started this one."""
    print(json.dumps(asdict(figures)), flush=True)


def taken_over(output: str) -> Figures:
    """Read what :func:`hand_over` printed."""
    return Figures(**json.loads(output.splitlines()[-1]))


def wall_options(description: str) -> argparse.ArgumentParser:
    """Return the parser of what every wall is told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("clips", nargs="+", help="one for each camera")
    parser.add_argument("--model", default="off")
    parser.add_argument("--seconds", type=float, default=10)
    return parser


def _cpu_seconds() -> float:
    times = psutil.Process().cpu_times()
    return times.user + times.system
