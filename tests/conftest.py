"""What every test can rely on: no screen, no desktop bus, nothing left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import cv2  # noqa: F401  # first, because it points Qt at the Qt 5 that it brings
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.keyrings import Safe
    from tests.fakes.xvfb import Xvfb

# Before anything imports PySide6.  A test marked xvfb starts the program in a process of its own: Xvfb.environment().
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# The desktop of whoever runs the tests takes no part.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
# Before anything imports ONNX Runtime, as livevision does: its builds report to their maker otherwise.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "DISPLAY", "WAYLAND_DISPLAY"):
    os.environ.pop(_name, None)

# Settings of whoever runs the tests are neither read nor written.
_settings = tempfile.TemporaryDirectory(prefix="livevision-tests-")
os.environ["XDG_CONFIG_HOME"] = os.environ["APPDATA"] = os.environ["LOCALAPPDATA"] = _settings.name

pytest_plugins = ["tests.fakes.fixtures", "tests.leak_guard"]


@pytest.fixture
def xvfb(request: pytest.FixtureRequest) -> Iterator[Xvfb]:
    """A private virtual screen, 1280x800 or as ``@pytest.mark.xvfb(size=(width, height))`` says."""
    from tests.fakes.fixtures import missing
    from tests.fakes.xvfb import Xvfb

    if shutil.which("Xvfb") is None:
        missing("Xvfb is not installed: packaging/test.sh installs it")
    marker = request.node.get_closest_marker("xvfb")
    with Xvfb(**(marker.kwargs if marker else {})) as screen:
        yield screen


@pytest.fixture
def real_data() -> Path:
    """The folder with a real model, picture and clip."""
    folder = os.environ.get("LIVEVISION_REAL_DATA")
    if not folder:
        pytest.skip("LIVEVISION_REAL_DATA does not say where the real model, picture and clip are")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"LIVEVISION_REAL_DATA is {folder}, which is not a folder")
    return path


_ALONE = ("faults", "benchmarks")
"""Folders whose tests need the machine for themselves."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what must not run beside other tests; packaging/test.sh runs the rest side by side."""
    for item in items:
        inside = Path(str(item.path)).relative_to(Path(__file__).parent).parts
        if inside[0] in _ALONE or item.get_closest_marker("xvfb"):
            item.add_marker("alone")


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Path]:
    """Return a file that hangs whoever opens it, until the test is over: a pipe that nobody writes to."""
    path = tmp_path / "share"
    os.mkfifo(path)
    yield path
    for _ in range(100):
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:  # nobody waits there
            break
        threading.Event().wait(0.02)


@pytest.fixture
def desktop_keyring() -> Iterator[Safe]:
    """The keyring that this desktop has for the length of a test."""
    import keyring

    from tests.fakes.keyrings import Safe

    before = keyring.get_keyring()
    safe = Safe()
    keyring.set_keyring(safe)
    yield safe
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    """Take away whatever keyring this desktop has, for the length of a test."""
    import keyring
    from keyring.backends import fail

    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)
