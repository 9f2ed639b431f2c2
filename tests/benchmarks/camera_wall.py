"""The real window with many cameras, which measures itself.  Started by :mod:`tests.benchmarks.cameras`."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.sources.file import AtEnd
from livevision.sources.reader import Demand
from livevision.ui.add_camera.dialog import AddCameraDialog
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.event_loop import EventLoop
from livevision.ui.garbage import collect_here, no_automatic_collection
from livevision.ui.main_window import MainWindow
from livevision.ui.run import prepare_application
from tests.benchmarks.wall import PROBE_EVERY, SETTLE, Meter, hand_over, wall_options

if TYPE_CHECKING:
    import argparse

    from livevision.frame import Frame, Result
    from livevision.sources.status import CameraStatus

WINDOW = (1280, 800)
_ADDRESS = "rtsp://192.168.0.20:554/stream1"
_BETWEEN = 0.08
"""Seconds between two things that the operator does: a quick typist, and a window dragged in steps."""


class Answers:
    """Counts a camera's results."""

    wants = Demand.KEYFRAMES

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def on_frame(self, frame: Frame) -> None:
        pass

    def on_result(self, result: Result) -> None:
        self._meter.inferred += 1

    def on_status(self, status: CameraStatus) -> None:
        pass


async def probe(meter: Meter) -> None:
    """Note how late the loop wakes who sleeps, until cancelled."""
    while True:
        due = time.monotonic() + PROBE_EVERY
        await asyncio.sleep(PROBE_EVERY)
        meter.stalls.append(max(0.0, time.monotonic() - due))


async def keep_busy(window: MainWindow, end: float) -> None:
    """Do what an operator does, until ``end``: resize, open and close the panel, type an address into a dialog."""
    while time.monotonic() < end:
        for step in (*range(8), *reversed(range(8))):
            window.resize(WINDOW[0] - 40 * step, WINDOW[1] - 20 * step)
            await asyncio.sleep(_BETWEEN)
        for _ in range(2):
            window.panels.show_panel()
            await asyncio.sleep(5 * _BETWEEN)
            window.panels.camera_dock.close()
            await asyncio.sleep(2 * _BETWEEN)
        window.opening.ask_for_camera(SourceKind.NETWORK)
        await asyncio.sleep(5 * _BETWEEN)
        (dialog,) = window.findChildren(AddCameraDialog)
        line = next(each for each in dialog.findChildren(QLineEdit) if each.isVisible())
        for letter in _ADDRESS:
            QTest.keyClicks(line, letter)
            await asyncio.sleep(_BETWEEN)
        assert _ADDRESS in line.text(), f"typed {_ADDRESS}, read {line.text()!r}"
        dialog.close()
        await asyncio.sleep(_BETWEEN)


async def show(options: argparse.Namespace) -> None:
    """Show all cameras, measure, and hand the figures over."""
    meter = Meter(len(options.clips))
    model = None if options.model == "off" else options.model
    with tempfile.TemporaryDirectory() as folder:
        async with App(Path(folder)) as app:
            if model is not None:
                app.detectors.trust(model)
            window = MainWindow(app)
            collecting = asyncio.create_task(collect_here())
            probing = asyncio.create_task(probe(meter))
            window.resize(*WINDOW)
            window.show()
            for number, clip in enumerate(options.clips):
                camera = await window.open(CameraRequest(clip, model, at_end=AtEnd.LOOP, name=f"camera {number + 1}"))
                camera.session.subscribe(Answers(meter))
                tile = window.grid.tiles[-1]
                tile.view.painted.connect(lambda due, which=number: meter.painted(which, due))
            await asyncio.sleep(SETTLE)
            meter.begin()
            if options.busy:
                await keep_busy(window, time.monotonic() + options.seconds)
            else:
                await asyncio.sleep(options.seconds)
            hand_over(meter.figures())
            probing.cancel()
            await window.aclose()
            await app.aclose()
            collecting.cancel()
            window.hide()
            window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main() -> None:
    """Run one wall."""
    parser = wall_options((__doc__ or "").partition("\n")[0])
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()
    application = prepare_application()
    with no_automatic_collection(), asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner:
        runner.run(show(options))


if __name__ == "__main__":
    main()
