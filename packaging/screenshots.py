"""Makes the pictures of the README from the app itself: ``.venv/bin/python packaging/screenshots.py``.

No screen is needed.  Look at the pictures before committing them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import cv2
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.sources.street.scene import Street
from livevision.ui.garbage import no_automatic_collection
from livevision.ui.main_window import MainWindow
from livevision.ui.opening import DEMO
from livevision.ui.run import prepare_application

TARGET = Path(__file__).parent.parent / "assets" / "screenshots"
SETTLE = 9.0
"""Seconds until the motion detector knows the street and the curves show something."""


async def take(name: str, size: QSize, requests: list[CameraRequest], record: bool) -> None:
    """Open a window with these cameras and save how it looks."""
    async with App(TARGET / "recordings") as app:
        window = MainWindow(app)
        window.resize(size)
        window.show()
        for request in requests:
            camera = await window.open(request)
            if record:
                app.start_recording(camera)
                record = False
        await asyncio.sleep(SETTLE if requests else 0.5)
        window.refresh()
        window.grab().save(str(TARGET / f"{name}.png"))
        await window.aclose()
        await app.aclose()
        window.hide()
        window.deleteLater()
        QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    for recording in (TARGET / "recordings").glob("*.mp4"):
        recording.unlink()
    if (TARGET / "recordings").exists():
        (TARGET / "recordings").rmdir()


async def inspect(name: str) -> None:
    """Save how the look into a model file looks, with the real one that LIVEVISION_REAL_DATA has."""
    data = os.environ.get("LIVEVISION_REAL_DATA")
    if data is None:
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        cv2.imwrite("street.png", Street((1280, 720), 25, 1).draw(400))
        async with App(Path("pictures")) as app:
            window = MainWindow(app)
            dialog = window.inspecting.open(str(Path(data) / "yolox_nano.onnx"))
            while "can be used" not in dialog.words:
                await asyncio.sleep(0.1)
            dialog.picture_chosen.emit("street.png")
            while not dialog.picture.isVisible():
                await asyncio.sleep(0.1)
            dialog.grab().save(str(TARGET / f"{name}.png"))
            await window.aclose()
            await app.aclose()
            window.deleteLater()
            QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


async def main() -> None:
    """Take all of them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    await inspect("inspect")
    await take("start", QSize(1120, 680), [], record=False)
    await take("demo", QSize(1280, 810), [DEMO], record=True)
    two = [DEMO, CameraRequest("synthetic:street?size=1280x720&fps=25&seed=7", "motion")]
    await take("two-cameras", QSize(1600, 560), two, record=False)


if __name__ == "__main__":
    application = prepare_application()
    with no_automatic_collection(), asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        runner.run(main())
