"""Each check of doctor: fine, and as it is in the field, with a hint that helps."""

import importlib.metadata
import subprocess
import sys
from types import SimpleNamespace

import av
import cv2
import pytest

from livevision.doctor import machine, models, video, window
from livevision.doctor.check import Verdict
from livevision.doctor.examination import examine, has_failed, summary
from livevision.errors import ModelError
from livevision.sources.devices import LocalCamera, advice_without_cameras, find_by_name, local_cameras

CAMERA = LocalCamera(0, "HD Webcam", "/dev/video0", "V4L2")
LOADED = "LOADED xcb 1920x1080 25"


def qt(code, said):
    return window.check_qt(lambda: (code, said))[0]


def no_onnx_runtime():
    raise ModelError("ONNX models need ONNX Runtime") from ModuleNotFoundError("No module named 'onnxruntime'")


def broken_onnx_runtime():
    raise ModelError("ONNX Runtime is installed but does not start (libstdc++)") from ImportError("libstdc++")


GOOD = {
    "Python": lambda: machine.check_python((3, 12), 64),
    "PySide6": lambda: machine.check_qt_fits_python("6.12.0", (3, 12)),
    "power": lambda: machine.check_power(2, 4 << 30),
    "clock": lambda: machine.check_clock(1.8e9),
    "Wayland": lambda: window.check_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux"),
    "X11": lambda: window.check_display({"DISPLAY": ":0"}, "linux"),
    "Windows": lambda: window.check_display({}, "win32"),
    "one OpenCV": lambda: window.check_opencv_qt(
        {"QT_QPA_PLATFORM_PLUGIN_PATH": "/x/cv2/qt"}, lambda: ["opencv-python"]
    ),
    "Qt": lambda: qt(0, LOADED),
    "OpenCV": video.check_opencv,
    "FFmpeg": video.check_ffmpeg,
    "ONNX Runtime": models.check_onnx_runtime,
    "webcams": lambda: video.check_cameras(lambda: (CAMERA,), lambda _path: True),
}


@pytest.mark.parametrize("check", GOOD.values(), ids=GOOD)
def test_what_is_fine_is_said_to_be(check):
    found = check()
    assert found.verdict is Verdict.OK
    assert found.hint == ""
    assert found.line().startswith("OK    ")


BAD = {
    "old Python": (lambda: machine.check_python((3, 10), 64), "FAIL", "3.11 or newer"),
    "32 bits": (lambda: machine.check_python((3, 11), 32), "FAIL", "64-bit"),
    "new Python": (lambda: machine.check_python((3, 19), 64), "WARN", "tested with"),
    "the pair that crashes": (
        lambda: machine.check_qt_fits_python("6.12.1", (3, 11)),
        "FAIL",
        "PySide6-Essentials<6.12",
    ),
    "no Qt": (lambda: machine.check_qt_fits_python(None, (3, 11), "PySide6-Nonsense"), "FAIL", "pip install"),
    "one core": (lambda: machine.check_power(1, 4 << 30), "WARN", "model on top"),
    "no memory": (lambda: machine.check_power(8, 100 << 20), "WARN", "Close other programs"),
    "1970": (lambda: machine.check_clock(3600.0), "FAIL", "network time"),
    "no display": (lambda: window.check_display({}, "linux"), "FAIL", "xvfb-run"),
    "offscreen": (lambda: window.check_display({"QT_QPA_PLATFORM": "offscreen"}, "linux"), "WARN", "Unset"),
    "two OpenCVs": (
        lambda: window.check_opencv_qt({}, lambda: ["opencv-python", "opencv-python-headless"]),
        "FAIL",
        "pip uninstall opencv-python opencv-python-headless",
    ),
    "another Qt": (
        lambda: window.check_opencv_qt({"QT_QPA_PLATFORM_PLUGIN_PATH": "/opt/qt5/plugins"}, list),
        "WARN",
        "Unset",
    ),
    "a library": (
        lambda: qt(1, "Traceback\nOSError: libxcb-cursor.so.0: cannot open shared object file: No such file"),
        "FAIL",
        "apt-get install libxcb-cursor0",
    ),
    "an unknown library": (
        lambda: qt(1, "ImportError: libodd.so.3: cannot open shared object file"),
        "FAIL",
        "Install what has libodd.so.3",
    ),
    "a display that is dead": (
        lambda: qt(-6, 'could not connect to display :7\nCould not load the Qt platform plugin "xcb"'),
        "FAIL",
        "Check DISPLAY",
    ),
    "xcb": (lambda: qt(-6, 'Could not load the Qt platform plugin "xcb" in ""'), "FAIL", "libxcb-cursor0 libxkb"),
    "a Qt that hangs": (lambda: qt(None, ""), "FAIL", "display that DISPLAY names"),
    "a Qt that says nothing": (lambda: qt(-11, ""), "FAIL", "Set up anew"),
    "no fonts": (lambda: window.check_qt(lambda: (0, "LOADED xcb 800x600 0"))[1], "FAIL", "fonts-dejavu-core"),
    "another command": (lambda: window.check_install_path("/elsewhere/livevision"), "WARN", "Use "),
    "OpenCV 5": (lambda: video.check_opencv("5.0.1"), "FAIL", "opencv-python>=4.11,<5"),
    "no H.264": (lambda: video.check_ffmpeg({"mjpeg", "hevc"}), "FAIL", "force-reinstall"),
    "no encoder": (lambda: video.check_ffmpeg({"h264", "mjpeg", "hevc"}), "FAIL", "force-reinstall"),
    "no RTSP": (lambda: video.check_ffmpeg(formats={"hls"}), "FAIL", "force-reinstall"),
    "no ONNX Runtime": (lambda: models.check_onnx_runtime(no_onnx_runtime), "WARN", "pip install 'livevision[onnx]'"),
    "a broken ONNX Runtime": (lambda: models.check_onnx_runtime(broken_onnx_runtime), "FAIL", "Reinstall it"),
    "no webcam": (lambda: video.check_cameras(tuple, platform="linux"), "WARN", "ls /dev/video*"),
    "no right": (lambda: video.check_cameras(lambda: (CAMERA,), lambda _path: False), "FAIL", "usermod -aG video"),
}


@pytest.mark.parametrize(("check", "verdict", "hint"), BAD.values(), ids=BAD)
def test_what_is_wrong_comes_with_what_to_do(check, verdict, hint):
    found = check()
    assert found.verdict.value == verdict
    assert hint in found.hint
    assert "\n" not in found.line()
    assert found.line().endswith(f" -> {found.hint}")


def test_opencv_that_lost_its_data(monkeypatch):
    monkeypatch.setattr(cv2, "data", SimpleNamespace(haarcascades="/nowhere"))
    assert "lacks haarcascade" in video.check_opencv().words


def test_the_output_folder(tmp_path):
    assert machine.check_output(tmp_path / "not" / "yet", 10**11).verdict is Verdict.OK
    assert not (tmp_path / "not").exists()
    assert machine.check_output(tmp_path, 10**9).verdict is Verdict.WARN
    (tmp_path / "file").touch()
    assert machine.check_output(tmp_path / "file" / "x").verdict is Verdict.FAIL
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_folder_that_may_not_be_written_to(tmp_path, monkeypatch):
    def refuse(**_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("livevision.doctor.machine.tempfile.TemporaryFile", refuse)  # tests may run as root
    found = machine.check_output(tmp_path)
    assert found.verdict is Verdict.FAIL
    assert "Permission denied" in found.words


def test_keyrings(monkeypatch):
    import keyring
    from keyring.backends import fail

    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    assert machine.check_keyring().verdict is Verdict.WARN
    monkeypatch.setattr(keyring, "get_keyring", lambda: SimpleNamespace(name="Safe"))
    assert (machine.check_keyring().verdict, machine.check_keyring().words) == (Verdict.OK, "Safe")

    def broken():
        raise RuntimeError("secret detail")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    assert machine.check_keyring().verdict is Verdict.WARN
    assert "secret" not in machine.check_keyring().line()


def test_qt_is_really_started_and_not_here():
    found, fonts = window.check_qt()
    assert found.verdict is Verdict.OK, found
    assert "offscreen" in found.words
    assert fonts.verdict is Verdict.OK


@pytest.mark.xvfb(size=(640, 360))
def test_qt_is_really_started_on_a_screen(xvfb, monkeypatch):
    monkeypatch.setenv("DISPLAY", xvfb.display)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert "platform xcb, 640x360" in window.check_qt()[0].words


def test_no_qt_in_this_process():
    script = (
        "import sys, pathlib; from livevision.doctor.examination import examine; "
        "list(examine(pathlib.Path('.'))); sys.exit('PySide6' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0


def test_a_qt_that_hangs_is_given_up_on(monkeypatch):
    monkeypatch.setattr(window, "_TRY_QT", "import time; time.sleep(60)")
    monkeypatch.setattr(window, "_PATIENCE", 0.2)
    assert "did not start" in window.check_qt()[0].words


def test_the_whole_examination_counts():
    checks = [machine.check_clock(1.8e9), machine.check_power(1, 4 << 30)]
    assert summary(checks) == "All 2 checks passed, 1 with a warning."
    assert not has_failed(checks)
    checks.append(machine.check_clock(0.0))
    assert summary(checks) == "1 of 3 checks failed: Clock."
    assert has_failed(checks)


def test_every_check_is_in_the_examination(tmp_path):
    names = [check.name.split()[0] for check in examine(tmp_path)]
    assert names == [
        *("Python", "Command", "PySide6", "OpenCV", "Display", "Qt", "Fonts", "OpenCV", "FFmpeg", "ONNX", "Webcams"),
        *("Keyring", "Output", "Machine", "Clock"),
    ]


def test_opencv_builds_are_counted_from_what_is_installed(monkeypatch):
    installed = [
        SimpleNamespace(metadata={"Name": name}) for name in ("opencv_python", "numpy", "opencv-contrib-python")
    ]
    monkeypatch.setattr(importlib.metadata, "distributions", lambda: installed)
    assert window.check_opencv_qt({}).verdict is Verdict.FAIL


def test_what_onnx_runtime_can_run_on_is_listed():
    build = SimpleNamespace(
        __version__="1.32.0",
        get_available_providers=lambda: ["CPUExecutionProvider", "AzureExecutionProvider", "CUDAExecutionProvider"],
    )
    assert models.check_onnx_runtime(lambda: build).words.startswith("1.32.0, for CUDA, CPU, as far as")
    assert models.check_onnx_runtime().words.endswith("for CPU only")


def test_local_cameras_are_listed_by_number(monkeypatch):
    def enumerate_cameras(_backend):
        info = SimpleNamespace
        return [
            info(index=2, name="Logitech BRIO", path="/dev/video2"),
            info(index=0, name=None, path=None),
        ]

    monkeypatch.setattr("livevision.sources.devices.enumerate_cameras", enumerate_cameras)
    cameras = local_cameras()
    assert [camera.number for camera in cameras] == [0, 2]
    assert cameras[0].line().startswith("0  without a name  (")
    assert cameras[1].line().endswith(", /dev/video2)")
    assert find_by_name("brio", cameras) == cameras[1]
    assert find_by_name("", cameras) is None
    assert find_by_name("sony", cameras) is None


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_without_cameras_there_is_advice(platform):
    assert "plugged in" in advice_without_cameras(platform)


def test_this_ffmpeg_has_what_the_readme_promises():
    assert {"x11grab", "nut"} <= set(av.formats_available) or sys.platform != "linux"
