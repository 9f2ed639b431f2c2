"""The screen stays on while somebody watches, and only then."""

import asyncio
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import MatchRule, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from livevision.ui.screen_awake import DesktopInhibitor, ScreenAwake, X11Inhibitor
from tests.fakes.cameras import until
from tests.fakes.fixtures import missing
from tests.fakes.sitting import STREET, sitting, type_address
from tests.fakes.xvfb import Xvfb

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


class Noted:
    """A way that notes what it is told."""

    def __init__(self) -> None:
        self.is_held = False
        self.held = 0

    def hold(self) -> None:
        self.is_held = True
        self.held += 1

    def release(self) -> None:
        self.is_held = False


class Broken:
    """What a desktop without such a service is like."""

    def hold(self) -> None:
        raise OSError("no such service")

    release = hold


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


async def test_one_way_that_fails_leaves_the_others_and_it_is_asked_for_now_and_then() -> None:
    noted, now = Noted(), [0.0]
    awake = ScreenAwake((Broken(), noted), lambda: now[0])
    for _ in range(100):
        awake.want(True)
        now[0] += 0.25
    await until(lambda: noted.held == 2)
    awake.want(False)
    await until(lambda: not noted.is_held)
    awake.want(True)
    await until(lambda: noted.is_held)
    await awake.aclose()
    assert not noted.is_held


def test_it_is_kept_awake_while_a_live_camera_can_be_seen(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        noted = Noted()
        async with sitting(tmp_path) as window:
            await window.awake.aclose()
            window.awake = ScreenAwake((noted,))
            await asyncio.sleep(0.6)
            assert not noted.is_held  # the start page
            await type_address(window, STREET.format(1))
            await until(lambda: noted.is_held, 30)
            window.showMinimized()
            await until(lambda: not noted.is_held)
            window.showNormal()
            await until(lambda: noted.is_held)
            window.desk.prefer(window.desk.preferences.but(keep_screen_on=False))
            await until(lambda: not noted.is_held)
            window.desk.prefer(window.desk.preferences.but(keep_screen_on=True))
            await until(lambda: noted.is_held)
            window.commands.remove(window.grid.tiles[0])
            await until(lambda: not noted.is_held)
            window.commands.undo()
            await until(lambda: noted.is_held, 30)
        assert not noted.is_held

    on_qt(scenario())


class Desktop:
    """A session bus with the service that GNOME and KDE have; notes who keeps the screen awake."""

    def __init__(self, address: str) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.signatures: list[str] = []
        self.gone: list[str] = []
        self._connection = open_dbus_connection(address)
        self._connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.ScreenSaver"))
        rule = MatchRule(type="signal", sender=message_bus.bus_name, interface=message_bus.interface)
        rule.add_arg_condition(2, "")
        self._connection.send_and_get_reply(message_bus.AddMatch(rule))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="desktop")
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                message = self._connection.receive(timeout=0.05)
            except TimeoutError:
                continue
            fields = {field.name: value for field, value in message.header.fields.items()}
            if message.header.message_type is MessageType.method_call:
                self.calls.append((fields["member"], message.body))
                self.signatures.append(fields.get("signature", ""))
                answer = ("u", (7,)) if fields["member"] == "Inhibit" else (None, ())
                self._connection.send(new_method_return(message, *answer))
            elif fields.get("member") == "NameOwnerChanged":
                self.gone.append(message.body[0])


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    if shutil.which("dbus-daemon") is None:
        missing("dbus-daemon is not installed: packaging/test.sh installs it")
    address = f"unix:path={tmp_path / 'bus'}"
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address={address}"], stdout=subprocess.PIPE
    )
    assert daemon.stdout is not None
    daemon.stdout.readline()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    desktop = Desktop(address)
    yield desktop
    desktop.close()
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


async def test_a_desktop_is_asked_and_told(desktop: Desktop) -> None:
    inhibitor = DesktopInhibitor()
    inhibitor.hold()
    inhibitor.hold()
    assert desktop.calls == [("Inhibit", ("livevision", "Live cameras are shown"))]
    inhibitor.release()
    inhibitor.release()
    await until(lambda: len(desktop.calls) == 2)
    # Real ones answer an error to anything but an unsigned number.
    assert (desktop.calls[1], desktop.signatures[1]) == (("UnInhibit", (7,)), "u")
    await until(lambda: len(desktop.gone) == 1)


async def test_a_desktop_notices_when_the_program_is_killed(desktop: Desktop) -> None:
    program = (
        "import time\n"
        "from livevision.ui.screen_awake import DesktopInhibitor\n"
        "inhibitor = DesktopInhibitor()\n"
        "inhibitor.hold()\n"
        "print('held', flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as holding:
        assert holding.stdout is not None
        assert holding.stdout.readline() == b"held\n"
        assert [name for name, _ in desktop.calls] == ["Inhibit"]
        assert desktop.gone == []
        holding.send_signal(signal.SIGKILL)
    await until(lambda: len(desktop.gone) == 1, 20)


class Saver:
    """The saver of an X server, which goes on after a second without a key."""

    class _Info(ctypes.Structure):
        _fields_ = (
            ("window", ctypes.c_ulong),
            ("state", ctypes.c_int),
            ("kind", ctypes.c_int),
            ("til_or_since", ctypes.c_ulong),
            ("idle", ctypes.c_ulong),
            ("event_mask", ctypes.c_ulong),
        )

    def __init__(self, display: str) -> None:
        self._x11, self._xss = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
        self._x11.XOpenDisplay.restype = self._x11.XDefaultRootWindow.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(display.encode()))
        self._x11.XSetScreenSaver(self._display, 1, 1, 0, 0)
        self._x11.XSync(self._display, 0)

    @property
    def is_on(self) -> bool:
        info = self._Info()
        root = ctypes.c_void_p(self._x11.XDefaultRootWindow(self._display))
        assert self._xss.XScreenSaverQueryInfo(self._display, root, ctypes.byref(info))
        return info.state == 1

    def close(self) -> None:
        self._x11.XCloseDisplay(self._display)


async def test_an_x_server_does_not_go_dark_and_does_afterwards(xvfb: Xvfb) -> None:
    try:
        saver = Saver(xvfb.display)
    except OSError as error:
        missing(f"{error}: packaging/test.sh installs it")
    inhibitor = X11Inhibitor(xvfb.display)
    try:
        await until(lambda: saver.is_on, 20)
        inhibitor.hold()
        await until(lambda: not saver.is_on, 20)
        for _ in range(30):
            await asyncio.sleep(0.1)
            assert not saver.is_on
        inhibitor.release()
        await until(lambda: saver.is_on, 20)
    finally:
        inhibitor.release()
        saver.close()


async def test_without_an_x_server_it_is_an_error_that_nobody_has_to_hear() -> None:
    with pytest.raises(OSError, match="no X server"):
        X11Inhibitor(f":{os.getpid()}").hold()
