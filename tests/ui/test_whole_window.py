"""The program as a user starts it, on a virtual screen, watched through the screen's pixels."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from livevision.sources.street import clock
from tests.fakes.cameras import PATIENCE
from tests.fakes.xvfb import Xvfb

pytestmark = pytest.mark.xvfb(size=(1280, 720))


@contextmanager
def running(screen: Xvfb, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "livevision", *map(str, arguments)],
        env=screen.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def age(screen: Xvfb) -> float | None:
    """Milliseconds since the picture on the screen was drawn; None while there is none."""
    drawn = clock.read(screen.screenshot())
    milliseconds = (int(time.time() * 1000) - (drawn or 0)) % 2**32
    return milliseconds if drawn is not None and milliseconds < 60_000 else None


def wait_for_picture(screen: Xvfb, process: subprocess.Popen[str]) -> None:
    give_up = time.monotonic() + PATIENCE
    while age(screen) is None:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up, "no picture came on the screen"
        time.sleep(0.02)


def test_kiosk_fills_the_screen_with_an_rtsp_camera_pixel_for_pixel(
    xvfb: Xvfb, rtsp_clock_url: str, tmp_path: Path
) -> None:
    stats = tmp_path / "s.jsonl"
    with running(
        # Not motion, which sees the clock change: its label would hide what is read here.
        *(xvfb, "view", rtsp_clock_url, "--model", "people", "--kiosk", "--duration", "6", "--stats", stats),
    ) as shown:
        wait_for_picture(xvfb, shown)
        ages = []
        end = time.monotonic() + 2
        while time.monotonic() < end:
            ages.append(age(xvfb))
            time.sleep(0.01)
        picture = xvfb.screenshot()
        _out, err = shown.communicate(timeout=PATIENCE)
    assert (shown.returncode, err) == (0, "")
    # The goal of 90 ms is the benchmark's to show; here, on a busy machine, it must be of that order.
    measured = [each for each in ages if each is not None]
    assert len(measured) > 0.9 * len(ages)
    assert np.median(measured) < 500
    # From corner to corner: no border, no bar, no menu.
    assert all(picture[y, x].max() > 8 for y in (30, -3) for x in (3, -3))
    lines = [json.loads(line) for line in stats.read_text().splitlines()]
    assert max(line["shown_fps"] for line in lines) > 10
    assert {line["state"] for line in lines[2:]} == {"live"}


def test_quitting_with_ctrl_c_completes_the_recording_and_says_nothing(xvfb: Xvfb, tmp_path: Path) -> None:
    source = "synthetic:street?size=1280x720&clock=1"
    with running(xvfb, "view", source, "--kiosk", "--record", "annotated", "--output", tmp_path) as shown:
        wait_for_picture(xvfb, shown)
        time.sleep(1)
        shown.send_signal(signal.SIGINT)
        _out, err = shown.communicate(timeout=PATIENCE)
    assert (shown.returncode, err) == (0, "")
    (recorded,) = tmp_path.glob("*.mp4")
    with av.open(recorded) as container:
        assert sum(1 for _ in container.decode(video=0)) > 5


def test_a_killed_program_leaves_a_recording_that_plays(xvfb: Xvfb, tmp_path: Path) -> None:
    source = "synthetic:street?size=1280x720&fps=10&clock=1"
    with running(xvfb, "view", source, "--kiosk", "--record", "annotated", "--output", tmp_path) as shown:
        wait_for_picture(xvfb, shown)
        time.sleep(3)
        seen = clock.read(xvfb.screenshot())
        shown.kill()
        shown.wait()
    (recorded,) = tmp_path.glob("*.mp4")
    with av.open(recorded) as container:
        pictures = [picture.to_ndarray(format="bgr24") for picture in container.decode(video=0)]
    last = clock.read(pictures[-1])
    assert last is not None
    assert seen is not None
    # By the pictures' own clock, whatever the machine has to do beside: what was seen last is hardly newer.
    assert (seen - last) % 2**32 < 1500 or last > seen


def test_the_window_shows_its_start_page_and_ends_on_term(xvfb: Xvfb) -> None:
    with running(xvfb) as shown:
        give_up = time.monotonic() + PATIENCE
        while xvfb.screenshot().max() < 150:
            assert time.monotonic() < give_up
            time.sleep(0.05)
        shown.send_signal(signal.SIGTERM)
        out, err = shown.communicate(timeout=PATIENCE)
    assert (shown.returncode, out, err) == (0, "", "")
