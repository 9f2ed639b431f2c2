"""The virtual screen that other tests look at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakes.xvfb import Xvfb

pytestmark = pytest.mark.xvfb(size=(640, 480))

# Fills its window with one colour after another, as fast as it can.
FLICKER = """
from PySide6.QtCore import QTimer, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QWidget

class Flicker(QWidget):
    count = 0
    def paintEvent(self, event):
        Flicker.count += 1
        QPainter(self).fillRect(self.rect(), QColor(255, Flicker.count * 7 % 256, Flicker.count * 31 % 256))

app = QApplication([])
window = Flicker()
window.setWindowFlags(Qt.WindowType.FramelessWindowHint)
window.setGeometry(0, 0, 640, 480)
window.show()
timer = QTimer()
timer.timeout.connect(window.update)
timer.start(0)
app.exec()
"""


def test_an_empty_screen_is_black_and_has_its_size(xvfb: Xvfb) -> None:
    picture = xvfb.screenshot()
    assert picture.shape == (480, 640, 3)
    assert not picture.any()


def test_pictures_are_whole_while_a_window_draws(xvfb: Xvfb) -> None:
    with subprocess.Popen([sys.executable, "-c", FLICKER], env=xvfb.environment()) as program:
        try:
            while not (first := xvfb.screenshot()).any():
                assert program.poll() is None
            seen = {tuple(first[0, 0])}
            while len(seen) < 20:
                picture = xvfb.screenshot()
                assert (picture == picture[0, 0]).all(), "half of one picture and half of the next"
                assert picture[0, 0, 2] == 255, "red is the last of blue, green and red"
                seen.add(tuple(picture[0, 0]))
        finally:
            program.terminate()


def test_two_screens_do_not_disturb_each_other_and_leave_nothing(xvfb: Xvfb) -> None:
    from tests.fakes.xvfb import Xvfb

    with Xvfb((320, 200)) as other:
        assert other.display != xvfb.display
        assert other.screenshot().shape == (200, 320, 3)
        folder = other._folder
        assert folder.exists()
    assert repr(other) == "<Xvfb closed, 320x200>"
    assert not folder.exists()
    with pytest.raises(RuntimeError, match="closed"):
        other.screenshot()
    other.close()
    assert not xvfb.screenshot().any()


def test_a_server_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fakes.xvfb import Xvfb

    server = tmp_path / "Xvfb"
    server.write_text("#!/bin/sh\necho no room for a screen >&2\n")
    server.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(RuntimeError, match="Xvfb did not start: no room for a screen"):
        Xvfb()
