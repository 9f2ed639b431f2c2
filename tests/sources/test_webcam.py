"""Webcams, of which there is none here: a device that does what the test says, and OpenCV reading a real clip."""

import cv2
import numpy as np
import pytest

from livevision.errors import SourceUnavailable
from livevision.sources.webcam import WebcamReader, device_name
from tests.fakes.clips import Encoding, number_in, numbered, write_clip


class FakeDevice:
    def __init__(self, pictures, fps=30.0, opened=True):
        self.pictures = list(pictures)
        self.opened = opened
        self.properties = {cv2.CAP_PROP_FPS: fps, cv2.CAP_PROP_FRAME_WIDTH: 64, cv2.CAP_PROP_FRAME_HEIGHT: 48}
        self.released = False

    def isOpened(self):  # noqa: N802  # OpenCV's name
        return self.opened

    def read(self):
        return (True, self.pictures.pop(0)) if self.pictures else (False, None)

    def get(self, prop):
        return self.properties.get(prop, 0.0)

    def set(self, prop, value):
        self.properties[prop] = value
        return True

    def release(self):
        self.released = True


def picture(level):
    return np.full((48, 64, 3), level, np.uint8)


def test_gives_the_devices_pictures():
    device = FakeDevice([picture(10), picture(20)])
    reader = WebcamReader(1, 7, lambda _index, _backend: device)
    info = reader.open()
    first, second = reader.read(), reader.read()
    reader.close()
    assert (info.width, info.height, info.fps) == (64, 48, 30.0)
    assert [frame.bgr()[0, 0, 0] for frame in (first, second)] == [10, 20]
    assert (first.index, second.index, second.generation) == (0, 1, 7)
    assert second.pts > first.pts
    assert device.properties[cv2.CAP_PROP_BUFFERSIZE] == 1
    assert device.released


def test_reads_what_opencv_reads(tmp_path):
    path = write_clip(tmp_path / "a.avi", [numbered(n) for n in range(4)], Encoding(codec="mjpeg"))
    reader = WebcamReader(0, 0, lambda _index, _backend: cv2.VideoCapture(str(path)))
    info = reader.open()
    frames = [reader.read() for _ in range(4)]
    assert [number_in(frame.bgr()) for frame in frames] == [0, 1, 2, 3]
    assert (info.width, info.height, info.fps) == (320, 240, 25)
    with pytest.raises(SourceUnavailable, match=r"Camera 0 stopped giving pictures\. Was it unplugged"):
        reader.read()
    reader.close()


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), 90000.0])
def test_a_rate_that_cannot_be_is_unknown(fps):
    reader = WebcamReader(0, 0, lambda _index, _backend: FakeDevice([], fps=fps))
    assert reader.open().fps is None


def test_no_such_camera(capfd):
    reader = WebcamReader(77, 0)
    with pytest.raises(
        SourceUnavailable, match=r"^No camera 77 found\. Is it plugged in, or used by another program\?$"
    ):
        reader.open()
    reader.close()
    reader.close()
    assert capfd.readouterr().err == ""


def test_a_camera_that_another_program_uses():
    reader = WebcamReader(0, 0, lambda _index, _backend: FakeDevice([]))
    reader.open()
    with pytest.raises(SourceUnavailable, match=r"gives no picture\. Is it used by another program"):
        reader.read()


def test_interrupt_is_the_end():
    reader = WebcamReader(0, 0, lambda _index, _backend: FakeDevice([picture(1)] * 3))
    reader.open()
    assert reader.read() is not None
    reader.interrupt()
    assert reader.read() is None


def test_the_makers_name(tmp_path):
    (tmp_path / "video0").mkdir()
    (tmp_path / "video0" / "name").write_text("HD Pro Webcam C920\n")
    assert device_name(0, tmp_path) == "HD Pro Webcam C920"
    assert device_name(1, tmp_path) is None
