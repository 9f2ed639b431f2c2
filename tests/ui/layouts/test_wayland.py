"""Windows under Wayland, in a real compositor with two screens, where there is one to try."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.fixtures import missing
from tests.fakes.xvfb import Xvfb

pytestmark = pytest.mark.xvfb(size=(2100, 760))


@pytest.fixture(autouse=True)
def has_weston() -> None:
    if shutil.which("weston") is None:
        missing("weston is not installed: packaging/test.sh installs it")


PROGRAM = """
from types import SimpleNamespace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from livevision.ui.layouts.tile_window import TileWindow

application = QApplication([])
beside = QWidget()
beside.resize(300, 200)
beside.show()
tile = QLabel("picture")
tile.camera = SimpleNamespace(name="Door")
window = TileWindow(tile, beside.screen())
steps = []

def until(condition, then):
    steps.append(1)
    assert len(steps) < 600, "did not happen in time"
    QTimer.singleShot(50, lambda: then() if condition() else until(condition, then))

def opened():
    print("size", *window.size().toTuple(), flush=True)
    window.toggle_full_screen()
    until(lambda: window.size().toTuple() == (1000, 700), filled)

def filled():
    window.leave_full_screen()
    until(lambda: not window.isFullScreen() and window.size().width() < 1000, left)

def left():
    until(lambda: window.size().toTuple() == (960, 600), ended)

def ended():
    print("size", *window.size().toTuple(), flush=True)
    application.quit()

window.show()
until(lambda: window.isVisible() and window.windowHandle().isExposed(), opened)
application.exec()
"""


@pytest.fixture
def compositor(xvfb: Xvfb, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a program in a compositor with two screens beside each other."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    environment = os.environ | {"DISPLAY": xvfb.display, "XDG_RUNTIME_DIR": str(runtime)}
    size = ["--output-count=2", "--width=1000", "--height=700", "--use-pixman"]
    with subprocess.Popen(
        ["weston", "--backend=x11-backend.so", *size, "--socket=test", "--idle-time=0"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        give_up = time.monotonic() + 30
        while not (runtime / "test").exists():
            assert running.poll() is None
            assert time.monotonic() < give_up
            time.sleep(0.05)
        yield environment | {"WAYLAND_DISPLAY": "test", "QT_QPA_PLATFORM": "wayland", "WAYLAND_DEBUG": "1"}
        running.terminate()


def test_a_window_of_its_own_fills_the_other_screen_and_keeps_its_size(compositor: dict[str, str]) -> None:
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        compositor.pop(name, None)
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=compositor, capture_output=True, text=True, timeout=120, check=True
    )
    assert ended.stdout.split() == ["size", "960", "600", "size", "960", "600"]
    outputs = dict(re.findall(r"wl_output@(\d+)\.geometry\((\d+),", ended.stderr))
    (filled,) = re.findall(r"set_fullscreen\(wl_output@(\d+)\)", ended.stderr)
    assert outputs[filled] == "1000"
