"""The programs that are measured beside each other, each set up to show a camera as quickly as it can."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SLOW_MODEL = "tests.benchmarks.slow_model:SlowModel"
WIDTH, HEIGHT = 1280, 720
SIZE = (WIDTH, HEIGHT)


def livevision(url: str, *options: str) -> list[str]:
    """Nothing but video on the whole screen."""
    return [sys.executable, "-m", "livevision", "view", url, "--kiosk", *options]


def _with_slow_model(url: str) -> list[str]:
    return livevision(url, "--model", SLOW_MODEL)


def _mpv(url: str, *drawing: str) -> list[str]:
    plain = ["--no-config", "--no-osc", "--no-input-default-bindings", "--no-audio", "--really-quiet"]
    return ["mpv", "--profile=low-latency", "--untimed", "--rtsp-transport=tcp", "--fs", *plain, *drawing, url]


# Two ways to draw that work without a GPU.  Which one is quicker differs from run to run.
def _mpv_x11(url: str) -> list[str]:
    return _mpv(url, "--vo=x11")


def _mpv_gl(url: str) -> list[str]:
    return _mpv(
        url, "--vo=gpu", "--gpu-context=x11egl", "--gpu-sw=yes", "--opengl-swapinterval=0", "--gpu-dumb-mode=yes"
    )


def _ffplay(url: str) -> list[str]:
    quick = ["-fflags", "nobuffer", "-flags", "low_delay", "-rtsp_transport", "tcp", "-framedrop"]
    drawing = ["-an", "-noborder", "-left", "0", "-top", "0", "-x", str(WIDTH), "-y", str(HEIGHT)]
    return ["ffplay", "-loglevel", "quiet", *quick, *drawing, url]


def _opencv(url: str) -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("opencv_viewer.py")), url]


VIEWERS: dict[str, Callable[[str], list[str]]] = {
    "livevision": livevision,
    "livevision + 300 ms model": _with_slow_model,
    "mpv --vo=x11": _mpv_x11,
    "mpv --vo=gpu": _mpv_gl,
    "ffplay": _ffplay,
    "opencv imshow": _opencv,
}


def installed(names: Sequence[str]) -> list[str]:
    """Return those of ``names`` whose program is there."""
    return [name for name in names if shutil.which(VIEWERS[name]("")[0])]
