"""The screen as a camera: a real virtual one here, the others by what FFmpeg would be asked."""

import os
import subprocess
import sys

import numpy as np
import pytest

from livevision.errors import SourceError, SourceUnusable, UsageError
from livevision.sources import screen
from livevision.sources.screen import ScreenOptions, ScreenReader, parse_screen

PAINT = """
import sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        QPainter(self).fillRect(self.rect(), QColor(200, 40, 10))
        QTimer.singleShot(100, lambda: print("shown", flush=True))
        QTimer.singleShot(200, lambda: sys.stdin.read() or app.quit())
app = QApplication([])
window = Window()
window.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.BypassWindowManagerHint)
window.setGeometry(100, 60, 200, 120)
window.show()
app.exec()
"""


@pytest.fixture
def painted(xvfb):
    """A screen with one orange rectangle on it, 200x120 at 100,60."""
    environment = os.environ | {"DISPLAY": xvfb.display, "QT_QPA_PLATFORM": "xcb"}
    painter = subprocess.Popen(
        [sys.executable, "-c", PAINT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    )
    assert painter.stdout.readline() == "shown\n"
    yield xvfb
    painter.communicate()


@pytest.mark.xvfb(size=(640, 360))
def test_the_whole_screen(painted, monkeypatch):
    monkeypatch.setenv("DISPLAY", painted.display)
    reader = ScreenReader(parse_screen("screen:?fps=20"), 2)
    info = reader.open()
    frames = [reader.read() for _ in range(8)]
    reader.close()
    assert (info.width, info.height, info.fps) == (640, 360, 20)
    assert {frame.size for frame in frames} == {(640, 360)}
    assert frames[0].pts == 0
    assert frames[-1].pts == pytest.approx(7 / 20, abs=0.1)
    image = frames[-1].bgr()
    assert np.abs(image[60:180, 100:300].astype(int) - (10, 40, 200)).max() <= 8
    assert image[200:].max() <= 8


@pytest.mark.xvfb(size=(640, 360))
def test_a_part_of_it(painted):
    reader = ScreenReader(parse_screen(f"screen:?size=64x32&at=100,60&display={painted.display}"), 0)
    info = reader.open()
    image = reader.read().bgr()
    reader.interrupt()
    assert reader.read() is None
    reader.close()
    reader.close()
    assert (info.width, info.height) == (64, 32)
    assert np.abs(image.astype(int) - (10, 40, 200)).max() <= 8


@pytest.mark.xvfb(size=(640, 360))
def test_a_part_that_is_not_on_it(xvfb):
    reader = ScreenReader(parse_screen(f"screen:?size=640x360&at=500,0&display={xvfb.display}"), 0)
    with pytest.raises(SourceUnusable, match=r"Does size, from at on, fit on it"):
        reader.open()
    reader.close()


@pytest.mark.xvfb(size=(640, 360))
def test_a_screen_that_goes_away(xvfb):
    reader = ScreenReader(parse_screen(f"screen:?display={xvfb.display}"), 0)
    reader.open()
    assert reader.read() is not None
    xvfb.close()
    left = [reader]
    with pytest.raises(SourceError, match="could not be read any more"):
        list(map(ScreenReader.read, left * 20))
    reader.close()


def test_no_display(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    reader = ScreenReader(ScreenOptions(), 0)
    with pytest.raises(SourceUnusable, match=r"DISPLAY is not set\. Try screen:\?display=:0"):
        reader.open()


@pytest.mark.skipif(sys.platform != "linux", reason="asks for an X display")
def test_a_display_that_nobody_serves():
    reader = ScreenReader(ScreenOptions(display=":98765"), 0)
    with pytest.raises(SourceError, match="could not be read"):
        reader.open()
    reader.close()


@pytest.mark.parametrize(
    ("platform", "device", "target", "asked"),
    [
        ("linux", "x11grab", ":7+10,20", {"framerate": "5", "video_size": "640x360"}),
        (
            "win32",
            "gdigrab",
            "desktop",
            {"framerate": "5", "video_size": "640x360", "offset_x": "10", "offset_y": "20"},
        ),
    ],
)
def test_what_other_systems_are_asked_for(platform, device, target, asked):
    options = parse_screen("screen:?size=640x360&at=10,20&fps=5")
    grab = screen._grab(options, platform, ":7")
    assert (grab.device, grab.target, grab.options) == (device, target, asked)


def test_macos_knows_only_the_whole_screen():
    assert screen._grab(parse_screen("screen:"), "darwin", None).device == "avfoundation"
    with pytest.raises(SourceUnusable, match="leave out size and at"):
        screen._grab(parse_screen("screen:?size=640x360"), "darwin", None)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("screen:2", "there is one screen:"),
        ("screen:?sise=1x1", r"did you mean 'size'\?"),
        ("screen:?at=10", "at=10 is not LEFT,TOP"),
        ("screen:?fps=1000", "out of bounds"),
        ("screen:?size=full", "not WIDTHxHEIGHT"),
    ],
)
def test_what_makes_no_sense(source, said):
    with pytest.raises(UsageError, match=said):
        parse_screen(source)
