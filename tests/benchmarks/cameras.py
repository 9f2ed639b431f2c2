"""Many cameras at once, beside the way that everybody writes first.  `python -m tests.benchmarks.cameras`

Each wall is a process of its own under its own Xvfb and measures itself: livevision's real window, and the plain
implementation (full-size BGR, supervision's annotators, QPixmap, smooth scaling, a thread for each camera).  Drawing
the generated street would cost as much as showing it, so it is recorded once, as H.264 720p25, and both play the clips
again and again with the same reader: decoding is in both their figures, and `decoding alone` says how much it is.

`boxes` is a detector that costs nothing and finds ten objects; `motion` is the built-in one, the same code in both.
With `--busy`, nine cameras with `motion` run while the window is resized, the panel opened and an address typed.

"age" is a picture's when it is painted; "loop" the CPU of the GUI's thread; "ms/frame" CPU for each picture shown, of
the process, without the X server's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.ten_boxes import TEN_BOXES
from tests.benchmarks.wall import HEAD, SCREEN, SETTLE, Figures, record_street, taken_over
from tests.fakes.xvfb import Xvfb

COUNTS = "1,2,4,9,16"
MODELS = {"off": "off", "boxes": TEN_BOXES, "motion": "motion"}
SEEDS = 3
"""Different clips; cameras share them."""
PATIENCE = 60.0
"""Seconds more than it measures, that a wall gets to start and to end."""
LEAST_FPS = 24.0
BUSY_STALL = 40.0
SHARE = 1 / 3
OURS, PLAIN, IDLE = "livevision", "plain", "decoding alone"
WALLS = {OURS: "tests.benchmarks.camera_wall", PLAIN: "tests.benchmarks.plain_wall", IDLE: "tests.benchmarks.idle_wall"}


def measure(wall: str, clips: list[Path], model: str, seconds: float, *more: str) -> Figures:
    """Run one wall and return what it measured of itself."""
    with tempfile.TemporaryDirectory() as home, Xvfb(SCREEN) as screen:
        private = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), home)
        done = subprocess.run(
            [
                *(sys.executable, "-m", WALLS[wall], *map(str, clips)),
                *("--model", MODELS[model], "--seconds", str(seconds), *more),
            ],
            env=screen.environment() | private,
            capture_output=True,
            check=False,
            text=True,
            timeout=seconds + SETTLE + PATIENCE,
        )
    if done.returncode or not done.stdout:
        raise SystemExit(f"{wall} with {len(clips)} cameras failed ({done.returncode}):\n{done.stderr[-2000:]}")
    return taken_over(done.stdout)


def line(count: int, model: str, wall: str, figures: Figures) -> str:
    return f"{count:>7} {model:<7}{wall:<15}{figures.words()}{os.getloadavg()[0]:>6.1f}"


def compared(ours: Figures, plain: Figures, idle: Figures | None) -> str:
    """Say how much of the plain way's CPU for a shown picture ours takes."""
    if not sum(plain.fps):
        return f"{'':>24}plain shows no picture at all: there is nothing to compare with"
    ratio = ours.per_frame / plain.per_frame
    said = f"{'':>15}{verdict(ratio <= SHARE)}CPU per shown frame {ratio:.2f} of plain's, goal {SHARE:.2f}"
    if idle is not None and plain.per_frame > idle.per_frame:
        beyond = (ours.per_frame - idle.per_frame) / (plain.per_frame - idle.per_frame)
        said += f"; of what is not decoding {beyond:.2f}"
    return said


def verdict(reached: bool) -> str:
    return f"{'reached' if reached else 'MISSED':<9}"


def compare_all(clips: list[Path], options: argparse.Namespace) -> None:
    """Print a row for each number of cameras, model and wall."""
    for count in map(int, options.counts.split(",")):
        some = [clips[number % len(clips)] for number in range(count)]
        idle = measure(IDLE, some, "off", options.seconds) if options.plain else None
        if idle is not None:
            print(line(count, "off", IDLE, idle), flush=True)
        for model in options.models.split(","):
            ours = measure(OURS, some, model, options.seconds)
            print(line(count, model, OURS, ours), flush=True)
            if options.plain:
                plain = measure(PLAIN, some, model, options.seconds)
                print(line(count, model, PLAIN, plain), flush=True)
                print(compared(ours, plain, idle))
            if count == 9 and model == "off":
                worst = min(ours.fps)
                print(f"{'':>15}{verdict(worst >= LEAST_FPS)}every camera at {LEAST_FPS:.0f} frames/s: {worst:.1f}")


def busy(clips: list[Path], seconds: float) -> None:
    """Print how the loop fares while an operator works beside nine cameras with motion."""
    figures = measure(OURS, [clips[number % len(clips)] for number in range(9)], "motion", seconds, "--busy")
    print(line(9, "motion", "livevision busy", figures))
    reached = figures.stall_p99 < BUSY_STALL
    print(f"{'':>15}{verdict(reached)}stall p99 below {BUSY_STALL:.0f} ms: {figures.stall_p99:.1f}", flush=True)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10, help="that each wall is measured for")
    parser.add_argument("--counts", default=COUNTS, help="of cameras, separated by commas")
    parser.add_argument("--models", default="off,motion", help=f"separated by commas; of {', '.join(MODELS)}")
    parser.add_argument("--plain", action="store_true", help="measure the plain implementation, too")
    parser.add_argument("--busy", action="store_true", help="only: nine cameras with motion, and an operator at work")
    options = parser.parse_args()
    if unknown := set(options.models.split(",")) - set(MODELS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="livevision-cameras-") as folder:
        clips = [record_street(Path(folder) / f"street{seed}.mp4", seed) for seed in range(SEEDS)]
        print(f"{'cameras':>7} {'model':<7}{'wall':<15}{HEAD}{'load':>6}", flush=True)
        if options.busy:
            busy(clips, options.seconds)
        else:
            compare_all(clips, options)


if __name__ == "__main__":
    main()
