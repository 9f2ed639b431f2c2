"""Webcams, of which there is none here: a device that does what the test says, and OpenCV reading a real clip."""

import cv2
import numpy as np
import pytest

from livevision.errors import SourceUnavailable, UsageError
from livevision.sources.devices import LocalCamera, number_of
from livevision.sources.webcam import WebcamOptions, WebcamReader, device_name, parse_webcam
from tests.fakes.clips import Encoding, number_in, numbered, write_clip


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Stuck:
    """A device that gives pictures of ``make`` for ever, one each ``interval`` seconds."""

    def __init__(self, clock, interval, make):
        self.clock, self.interval, self.make = clock, interval, make
        self.count = 0

    def isOpened(self):  # noqa: N802  # OpenCV's name
        return True

    def read(self):
        self.clock.now += self.interval
        self.count += 1
        return True, self.make(self.count)

    def get(self, prop):
        return {cv2.CAP_PROP_FPS: 25.0, cv2.CAP_PROP_FRAME_WIDTH: 64, cv2.CAP_PROP_FRAME_HEIGHT: 48}.get(prop, 0.0)

    def set(self, _prop, _value):
        return True

    def release(self):
        pass


def watched(clock, device, seconds, name="Stuck", generation=0):
    """Read for so many seconds; return how many pictures came, and the words with which it ended, if it did."""
    reader = WebcamReader(WebcamOptions(name), generation, lambda _index, _backend: device, lambda _: 0, clock)
    reader.open()
    end, came = clock.now + seconds, 0
    try:
        while clock.now < end:
            reader.read()
            came += 1
    except SourceUnavailable as error:
        return came, str(error)
    finally:
        reader.close()
    return came, ""


class FakeDevice:
    def __init__(self, pictures, fps=30.0, opened=True, largest=(1920, 1080)):
        self.pictures = list(pictures)
        self.opened = opened
        self.largest = {cv2.CAP_PROP_FRAME_WIDTH: largest[0], cv2.CAP_PROP_FRAME_HEIGHT: largest[1]}
        self.properties = {cv2.CAP_PROP_FPS: fps, cv2.CAP_PROP_FRAME_WIDTH: 64, cv2.CAP_PROP_FRAME_HEIGHT: 48}
        self.order = []
        self.released = False

    def isOpened(self):  # noqa: N802  # OpenCV's name
        return self.opened

    def read(self):
        return (True, self.pictures.pop(0)) if self.pictures else (False, None)

    def get(self, prop):
        return self.properties.get(prop, 0.0)

    def set(self, prop, value):
        self.properties[prop] = min(value, self.largest.get(prop, value))
        self.order.append(prop)
        return True

    def release(self):
        self.released = True


def picture(level):
    return np.full((48, 64, 3), level, np.uint8)


def reader_of(device, options=None, generation=0):
    return WebcamReader(options or WebcamOptions(0), generation, lambda _index, _backend: device)


def test_gives_the_devices_pictures():
    device = FakeDevice([picture(10), picture(20)])
    reader = reader_of(device, WebcamOptions(1), 7)
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
    reader = WebcamReader(WebcamOptions(0), 0, lambda _index, _backend: cv2.VideoCapture(str(path)))
    info = reader.open()
    frames = [reader.read() for _ in range(4)]
    assert [number_in(frame.bgr()) for frame in frames] == [0, 1, 2, 3]
    assert (info.width, info.height, info.fps) == (320, 240, 25)
    with pytest.raises(SourceUnavailable, match=r"^Camera 0 stopped giving pictures\. Was it unplugged"):
        reader.read()
    reader.close()


def test_size_rate_and_format_are_asked_for_in_the_order_that_drivers_need():
    device = FakeDevice([])
    info = reader_of(device, parse_webcam(0, "size=1280x720&fps=60&format=MJPEG")).open()
    assert (info.width, info.height, info.fps) == (1280, 720, 60)
    assert device.properties[cv2.CAP_PROP_FOURCC] == cv2.VideoWriter.fourcc(*"MJPG")
    asked = [device.order.index(prop) for prop in (cv2.CAP_PROP_FOURCC, cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FPS)]
    assert asked == sorted(asked)


def test_nothing_is_asked_for_unasked():
    device = FakeDevice([])
    reader_of(device).open()
    assert device.order == [cv2.CAP_PROP_BUFFERSIZE]


def test_a_size_that_the_camera_lacks_is_said(caplog):
    info = reader_of(FakeDevice([]), parse_webcam(3, "size=3840x2160")).open()
    assert (info.width, info.height) == (1920, 1080)
    assert [record.getMessage() for record in caplog.records] == ["Camera 3 has no 3840x2160; it gives 1920x1080."]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sise=1280x720", r"unknown option 'sise' of a webcam, did you mean 'size'\?; there are size, fps, format"),
        ("size=big", "size=big is not WIDTHxHEIGHT; try size=1280x720"),
        ("size=0x720", "out of bounds"),
        ("fps=fast", "fps=fast is not a number"),
        ("fps=nan", "out of bounds"),
        ("format=mpjg", r"unknown format 'mpjg' of a webcam, did you mean 'mjpg'\?"),
    ],
)
def test_a_wrong_option_is_answered_with_the_nearest(query, said):
    with pytest.raises(UsageError, match=said):
        parse_webcam(0, query)


def test_a_name_is_looked_up_at_every_attempt():
    plugged_in = [LocalCamera(4, "Logitech C920", "/dev/video4", "V4L2")]
    opened = []

    def open_capture(index, _backend):
        opened.append(index)
        return FakeDevice([])

    for number in (4, 2):
        plugged_in[:] = [LocalCamera(number, "Logitech C920", "", "V4L2")]
        reader = WebcamReader(
            WebcamOptions("logitech"), 0, open_capture, lambda name: number_of(name, lambda: plugged_in)
        )
        reader.open()
        reader.close()
    assert opened == [4, 2]


def test_a_name_that_is_gone_may_come_back():
    reader = WebcamReader(WebcamOptions("Logitech"), 0, find=lambda name: number_of(name, lambda: ()))
    with pytest.raises(SourceUnavailable, match=r"^No camera called Logitech found\. Is it plugged in\?"):
        reader.open()
    reader.close()


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), 90000.0])
def test_a_rate_that_cannot_be_is_unknown(fps):
    assert reader_of(FakeDevice([], fps=fps)).open().fps is None


def test_no_such_camera(capfd):
    reader = WebcamReader(WebcamOptions(77), 0)
    with pytest.raises(
        SourceUnavailable, match=r"^No camera 77 found\. Is it plugged in, or used by another program\?$"
    ):
        reader.open()
    reader.close()
    reader.close()
    assert capfd.readouterr().err == ""


def test_a_camera_that_another_program_uses():
    reader = reader_of(FakeDevice([]))
    reader.open()
    with pytest.raises(SourceUnavailable, match=r"gives no picture\. Is it used by another program"):
        reader.read()


def test_interrupt_is_the_end():
    reader = reader_of(FakeDevice([picture(1)] * 3))
    reader.open()
    assert reader.read() is not None
    reader.interrupt()
    assert reader.read() is None


def test_the_makers_name(tmp_path):
    (tmp_path / "video0").mkdir()
    (tmp_path / "video0" / "name").write_text("HD Pro Webcam C920\n")
    assert device_name(0, tmp_path) == "HD Pro Webcam C920"
    assert device_name(1, tmp_path) is None


SAME = picture(50)


@pytest.mark.parametrize("make", [lambda _: SAME, lambda _: SAME.copy()], ids=["same buffer", "same bytes"])
def test_an_unplugged_camera_that_gives_its_last_picture_for_ever_is_gone(make):
    clock = Clock()
    device = Stuck(clock, 0.0005, make)  # the driver waits for nothing
    for generation in range(3):
        came, said = watched(clock, device, 60, "Unplugged", generation)
        assert said == "Camera Unplugged gives its last picture again and again. Was it unplugged?"
        assert came <= 6 / 0.0005


def test_one_that_is_stuck_after_a_sleep_is_opened_anew():
    clock = Clock()
    came, said = watched(clock, Stuck(clock, 0.04, lambda _: SAME), 60, "Asleep")
    assert said == "Camera Asleep gives the same picture again and again; it is opened anew."
    assert came == pytest.approx(125, abs=5)
    # Now it works, until it is stuck again.
    noisy = Stuck(clock, 0.04, lambda count: picture(count % 200))
    assert watched(clock, noisy, 60, "Asleep", 1)[1] == ""
    assert "opened anew" in watched(clock, Stuck(clock, 0.04, lambda _: SAME), 60, "Asleep", 2)[1]


def test_a_picture_that_stands_by_itself_is_opened_anew_once_and_then_shown():
    clock = Clock()
    card = Stuck(clock, 0.04, lambda _: SAME)
    assert "opened anew" in watched(clock, card, 60, "Test card")[1]
    came, said = watched(clock, card, 600, "Test card", 1)
    assert (came, said) == (pytest.approx(15_000, abs=5), "")


def test_the_least_noise_is_life():
    def noisy(count):
        image = SAME.copy()
        image[47, 63, 0] += count % 2  # not among the pixels that are looked at first
        return image

    clock = Clock()
    assert watched(clock, Stuck(clock, 0.04, noisy), 60, "Noisy")[1] == ""
