"""Many cameras the way that everybody writes first.  Started by :mod:`tests.benchmarks.cameras`.

A thread for each camera reads, finds and annotates full-size BGR pictures; the GUI's thread makes pixmaps of them and
scales them smoothly.  It is spared two common faults: a picture that comes while another one waits is left out, instead
of filling a queue, and the same reader as livevision's paces the same clips.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING

import cv2
import numpy as np
import supervision as sv
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QSizePolicy, QWidget

from livevision.inference.builtin.motion import MotionDetector
from livevision.sources.file import AtEnd
from livevision.sources.registry import SourceRegistry
from tests.benchmarks.camera_wall import WINDOW
from tests.benchmarks.ten_boxes import ten_boxes
from tests.benchmarks.wall import PROBE_EVERY, SETTLE, Meter, hand_over, wall_options

if TYPE_CHECKING:
    from livevision.frame import Image


class Camera(QObject):
    """Reads a clip in a thread of its own."""

    arrived = Signal(object, float)

    def __init__(self, clip: str, model: str, meter: Meter) -> None:
        super().__init__()
        self.waits = False
        self._reader = SourceRegistry().opener(clip, AtEnd.LOOP)(0)
        self._model = model
        self._motion = MotionDetector() if model == "motion" else None
        self._meter = meter
        self._boxes, self._labels = sv.BoxAnnotator(), sv.LabelAnnotator()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._reader.interrupt()
        self._thread.join(5)

    def _run(self) -> None:
        self._reader.open()
        while (frame := self._reader.read()) is not None:
            image = frame.bgr()
            found = self._found(image)
            image = self._boxes.annotate(image.copy(), found)
            image = self._labels.annotate(image, found)
            if not self.waits:
                self.waits = True
                self.arrived.emit(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), frame.due)
        self._reader.close()

    def _found(self, image: Image) -> sv.Detections:
        if self._motion is None and self._model == "off":
            return sv.Detections.empty()
        self._meter.inferred += 1
        if self._motion is None:
            return ten_boxes()
        boxes, confidence = self._motion.find(image)
        found = sv.Detections(xyxy=boxes, confidence=confidence, class_id=np.zeros(len(boxes), int))
        found.data["class_name"] = ["moving"] * len(found)
        return found


class Tile(QLabel):
    """Shows one camera."""

    def __init__(self, number: int, camera: Camera, meter: Meter) -> None:
        super().__init__()
        self._number, self._camera, self._meter = number, camera, meter
        self._due: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        camera.arrived.connect(self._show)

    def _show(self, image: Image, due: float) -> None:
        self._camera.waits = False
        height, width = image.shape[:2]
        pixmap = QPixmap.fromImage(QImage(image.data, width, height, 3 * width, QImage.Format.Format_RGB888))
        self._due = due
        self.setPixmap(
            pixmap.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._due is not None:
            self._meter.painted(self._number, self._due)
            self._due = None


def _end_all(failed: threading.ExceptHookArgs) -> None:
    """A camera that ended must not pass for one that costs nothing."""
    traceback.print_exception(failed.exc_type, failed.exc_value, failed.exc_traceback)
    os._exit(1)


def main() -> None:
    """Run one wall."""
    options = wall_options((__doc__ or "").partition("\n")[0]).parse_args()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.excepthook = _end_all
    # As fair as can be: OpenCV's own threads would only get in each other's way.
    cv2.setNumThreads(1)
    application = QApplication(sys.argv[:1])
    meter = Meter(len(options.clips))
    window = QWidget()
    window.resize(*WINDOW)
    grid = QGridLayout(window)
    columns = math.ceil(math.sqrt(len(options.clips)))
    cameras = [Camera(clip, options.model, meter) for clip in options.clips]
    for number, camera in enumerate(cameras):
        grid.addWidget(Tile(number, camera, meter), number // columns, number % columns)
    window.show()

    probe = QTimer()
    probe.setTimerType(Qt.TimerType.PreciseTimer)
    last = time.monotonic()

    def probed() -> None:
        nonlocal last
        now = time.monotonic()
        meter.stalls.append(max(0.0, now - last - PROBE_EVERY))
        last = now

    def done() -> None:
        hand_over(meter.figures())
        for camera in cameras:
            camera.stop()
        application.quit()

    probe.timeout.connect(probed)
    probe.start(round(1000 * PROBE_EVERY))
    QTimer.singleShot(round(1000 * SETTLE), meter.begin)
    QTimer.singleShot(round(1000 * (SETTLE + options.seconds)), done)
    application.exec()


if __name__ == "__main__":
    main()
