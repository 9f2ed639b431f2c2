"""The window: display server, Qt and its system libraries, fonts.  Qt itself is tried in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from livevision.doctor.check import Check, Verdict, fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PATIENCE = 20.0
"""Seconds for Qt to start; it takes 0.3 on a quiet machine."""
_MOST_WORDS = 300
_TRY_QT = """
import ctypes, os, pathlib, sys
import cv2  # first, as in the app
for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    if "cv2" in os.environ.get(name, ""):
        del os.environ[name]
import PySide6
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
# Qt does not say which library its X11 part lacks; the linker does.
for plugin in pathlib.Path(PySide6.__file__).parent.glob("Qt/plugins/platforms/libqxcb.so"):
    ctypes.CDLL(str(plugin))
app = QApplication([])
screen = app.primaryScreen()
size = screen.size() if screen else None
shown = f"{size.width()}x{size.height()}" if size else "no screen"
print("LOADED", app.platformName(), shown, len(QFontDatabase.families()))
"""
_DEBIAN_LIBRARIES = {
    "libxcb-cursor": "libxcb-cursor0",
    "libxkbcommon-x11": "libxkbcommon-x11-0",
    "libxcb-icccm": "libxcb-icccm4",
    "libxcb-keysyms": "libxcb-keysyms1",
    "libxcb-shape": "libxcb-shape0",
    "libEGL": "libegl1",
    "libGL": "libgl1",
    "libglib-2": "libglib2.0-0",
    "libdbus-1": "libdbus-1-3",
    "libfontconfig": "libfontconfig1",
}
"""Debian's packages of what Qt loads and most often does not find."""
_XCB_LIBRARIES = "libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
_MISSING_LIBRARY = re.compile(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object")


def check_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Check:
    """Look for a display server: a window needs somewhere to be."""
    forced = environment.get("QT_QPA_PLATFORM")
    if forced in {"offscreen", "minimal"}:
        return warn("Display", f"QT_QPA_PLATFORM={forced}: windows are drawn where nobody sees them", "Unset it.")
    if platform != "linux":
        return ok("Display", {"darwin": "macOS", "win32": "Windows"}.get(platform, platform))
    for name, words in (("WAYLAND_DISPLAY", "Wayland"), ("DISPLAY", "X11")):
        if environment.get(name):
            return ok("Display", f"{words} ({name}={environment[name]})")
    return fail(
        "Display",
        "neither DISPLAY nor WAYLAND_DISPLAY is set",
        "Start it from a desktop session, over `ssh -X`, or in `xvfb-run`. `livevision process` and `probe` need none.",
    )


def check_opencv_qt(environment: Mapping[str, str] = os.environ, find: Callable[[], list[str]] | None = None) -> Check:
    """Look for two OpenCV builds side by side, and a plugin path that leads to another Qt: no window opens then."""
    builds = (find or _opencv_builds)()
    path = environment.get("QT_QPA_PLATFORM_PLUGIN_PATH", "")
    if len(builds) > 1:
        return fail("OpenCV beside Qt", f"installed twice: {', '.join(builds)}", _reinstall(builds))
    # What cv2 sets itself is taken back by the app before Qt starts.
    if path and "cv2" not in path:
        words = f"QT_QPA_PLATFORM_PLUGIN_PATH={path} leads Qt to plugins that may be another version's"
        return warn("OpenCV beside Qt", words, "Unset it.")
    return ok("OpenCV beside Qt", "no conflict")


def check_qt(run: Callable[[], tuple[int | None, str]] | None = None) -> tuple[Check, Check]:
    """Start Qt as the app does, and count its fonts.  Takes a second."""
    code, said = (run or _try_qt)()
    if code is None:
        stuck = fail("Qt", f"did not start within {_PATIENCE:.0f} s", "Is the display that DISPLAY names alive?")
        return stuck, _fonts_unknown()
    loaded = re.search(r"LOADED (\S+) (.+) (\d+)", said)
    if code or not loaded:
        return _qt_failed(code, said), _fonts_unknown()
    fonts = int(loaded[3])
    started = ok("Qt", f"starts, platform {loaded[1]}, {loaded[2]}; drawn by the processor, no OpenGL needed")
    if not fonts:
        return started, fail("Fonts", "none found", "Install some: on Debian, apt-get install fonts-dejavu-core")
    return started, ok("Fonts", f"{fonts} families")


def _fonts_unknown() -> Check:
    return warn("Fonts", "not known before Qt starts", "Mend Qt first.")


def _qt_failed(code: int, said: str) -> Check:
    library = _MISSING_LIBRARY.search(said)
    if library:
        package = next((name for part, name in _DEBIAN_LIBRARIES.items() if library[1].startswith(part)), None)
        hint = f"On Debian or Ubuntu: apt-get install {package}" if package else f"Install what has {library[1]}."
        return fail("Qt", f"the library {library[1]} is missing", hint)
    if "could not connect to display" in said:
        return fail("Qt", "the display does not answer", "Check DISPLAY, and that this user may use that display.")
    if 'load the Qt platform plugin "xcb"' in said:
        return fail("Qt", "its X11 part does not load", f"On Debian or Ubuntu: apt-get install {_XCB_LIBRARIES}")
    last = said.strip().splitlines()[-1][:_MOST_WORDS] if said.strip() else f"ended with {code} and said nothing"
    return fail("Qt", last, "Set up anew: bash packaging/demo.sh, or pip install --force-reinstall PySide6-Essentials")


def _try_qt() -> tuple[int | None, str]:
    """Return the exit code, None where it hung, and what was said.  Without a display, the rest is tried at least."""
    environment = dict(os.environ)
    if check_display(environment).verdict is Verdict.FAIL:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    try:
        ended = subprocess.run(
            [sys.executable, "-c", _TRY_QT],
            env=environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, ""
    return ended.returncode, ended.stdout + ended.stderr


def _opencv_builds() -> list[str]:
    from importlib.metadata import distributions

    names = {str(found.metadata["Name"]).lower().replace("_", "-") for found in distributions()}
    return sorted(name for name in names if name.startswith("opencv-") and "python" in name)


def _reinstall(builds: list[str]) -> str:
    return f"pip uninstall {' '.join(builds)}, then pip install 'opencv-python>=4.11,<5'"


def check_install_path(executable: str | None = None) -> Check:
    """Compare the command with this installation: what is mended here does not help another one."""
    found = executable or shutil.which("livevision")
    here = Path(sys.executable).parent
    if found and Path(found).parent.resolve() != here.resolve():
        return warn("Command", f"`livevision` is {found}, not the one that is checked here", f"Use {here}/livevision.")
    return ok("Command", f"{here}/livevision")
