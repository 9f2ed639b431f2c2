"""Keeps the screen from going dark while somebody watches."""

from __future__ import annotations

import ctypes
import logging
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtGui import QGuiApplication

from livevision.disk_threads import DiskThreads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

logger = logging.getLogger(__name__)

_AGAIN_AFTER = 20.0
"""Seconds after which it is asked for again: the shortest time after which a screen may be told to go dark."""
_ANSWER_WITHIN = 3.0
_SERVICE, _PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
_DISPLAY_NEEDED, _SYSTEM_NEEDED, _UNTIL_CHANGED = 0x00000002, 0x00000001, 0x80000000


class Inhibitor(Protocol):
    """One way to keep a screen awake.  Used in one thread; what it did ends with the process, however that ends."""

    def hold(self) -> None:
        """Keep it awake from now on; called again every 20 s.  Raises anything where that cannot be done."""

    def release(self) -> None:
        """Let it go dark again."""


class ScreenAwake:
    """Belongs to the event loop; the ways are used in a thread, as a desktop may take its time."""

    def __init__(self, inhibitors: Sequence[Inhibitor], clock: Callable[[], float] = time.monotonic) -> None:
        self._inhibitors = tuple(inhibitors)
        self._clock = clock
        self._thread = DiskThreads("screen awake")
        self._held_at: float | None = None

    def __repr__(self) -> str:
        return f"<ScreenAwake {'held' if self.is_held else 'released'}>"

    @property
    def is_held(self) -> bool:
        """Whether the screen is kept awake."""
        return self._held_at is not None

    def want(self, wanted: bool) -> None:
        """Keep the screen awake, or no longer; returns at once, and may be called as often as one likes."""
        if not wanted:
            if self._held_at is not None:
                self._held_at = None
                self._thread.submit(self._release)
            return
        now = self._clock()
        if self._held_at is None or now - self._held_at >= _AGAIN_AFTER:
            self._held_at = now
            self._thread.submit(self._hold)

    async def aclose(self) -> None:
        """Let the screen go dark again, and end.  May be called once."""
        self.want(False)
        await self._thread.aclose(_ANSWER_WITHIN)

    def _hold(self) -> None:
        for inhibitor in self._inhibitors:
            try:
                inhibitor.hold()
            except Exception as error:  # each desktop has some of them, and none has all
                logger.debug("%s cannot keep the screen awake: %s", type(inhibitor).__name__, error)

    def _release(self) -> None:
        for inhibitor in self._inhibitors:
            try:
                inhibitor.release()
            except Exception as error:  # as above
                logger.debug("%s cannot let the screen go dark: %s", type(inhibitor).__name__, error)


def usual_inhibitors() -> tuple[Inhibitor, ...]:
    """Return the ways that this system may have."""
    if sys.platform == "win32":
        return (WindowsInhibitor(),)
    if sys.platform == "darwin":
        return (MacInhibitor(),)
    on_x11 = QGuiApplication.platformName() == "xcb"
    return (DesktopInhibitor(), *((X11Inhibitor(),) if on_x11 else ()))


class DesktopInhibitor:
    """Asks GNOME, KDE and their like, under X11 and Wayland.  They forget it when the connection is gone."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._cookie: int | None = None

    def hold(self) -> None:
        """Ask once, as long as the desktop is the same."""
        if self._connection is not None:
            return
        address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
        if address == "disabled:":
            return
        from jeepney.io.blocking import open_dbus_connection

        connection = open_dbus_connection("SESSION")
        try:
            reason = QGuiApplication.translate("ScreenAwake", "Live cameras are shown")
            (self._cookie,) = self._call(connection, "Inhibit", "ss", ("livevision", reason))
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def release(self) -> None:
        """Say that it may go dark, and leave the bus, which says so, too."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                self._call(connection, "UnInhibit", "u", (self._cookie,))
            finally:
                connection.close()

    def _call(self, connection: Any, method: str, signature: str, arguments: tuple[object, ...]) -> tuple[Any, ...]:
        from jeepney import DBusAddress, new_method_call
        from jeepney.wrappers import unwrap_msg

        address = DBusAddress(_PATH, _SERVICE, _SERVICE)
        message = new_method_call(address, method, signature, arguments)
        answer: tuple[Any, ...] = unwrap_msg(connection.send_and_get_reply(message, timeout=_ANSWER_WITHIN))
        return answer


class X11Inhibitor:
    """Stops the X server's own saver, for kiosks without a desktop: as long as the connection to it lasts."""

    def __init__(self, display: str | None = None) -> None:
        self._name = None if display is None else display.encode()
        self._libraries: tuple[ctypes.CDLL, ctypes.CDLL | None] | None = None
        self._display: int | None = None

    def hold(self) -> None:
        """Suspend the saver where the server can do that; else begin its waiting anew."""
        x11, saver = self._load()
        if self._display is None:
            self._display = x11.XOpenDisplay(self._name)
            if self._display is None:
                raise OSError("there is no X server")
            if saver is not None:
                saver.XScreenSaverSuspend(self._display, 1)
        # Also where it is suspended: the screen may be dark already.
        x11.XResetScreenSaver(self._display)
        x11.XFlush(self._display)

    def release(self) -> None:
        """Leave the server, which ends the suspension."""
        display, self._display = self._display, None
        if display is not None:
            self._load()[0].XCloseDisplay(display)

    def _load(self) -> tuple[ctypes.CDLL, ctypes.CDLL | None]:
        if self._libraries is None:
            x11 = ctypes.CDLL("libX11.so.6")
            x11.XOpenDisplay.restype = ctypes.c_void_p
            x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
            for name in ("XResetScreenSaver", "XFlush", "XCloseDisplay"):
                getattr(x11, name).argtypes = [ctypes.c_void_p]
            try:
                saver: ctypes.CDLL | None = ctypes.CDLL("libXss.so.1")
            except OSError:
                saver = None
            if saver is not None:
                saver.XScreenSaverSuspend.argtypes = [ctypes.c_void_p, ctypes.c_int]
            self._libraries = x11, saver
        return self._libraries


class WindowsInhibitor:
    """Tells Windows that the display is needed, for as long as the thread lives that says so."""

    def hold(self) -> None:
        """Need it."""
        self._set(_UNTIL_CHANGED | _DISPLAY_NEEDED | _SYSTEM_NEEDED)

    def release(self) -> None:
        """Need it no more."""
        self._set(_UNTIL_CHANGED)

    def _set(self, state: int) -> None:
        windows: Any = ctypes
        windows.windll.kernel32.SetThreadExecutionState(ctypes.c_uint(state))


class MacInhibitor:
    """Lets caffeinate, which every Mac has, do it for as long as this process lives."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def hold(self) -> None:
        """Start it, unless it runs."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(["/usr/bin/caffeinate", "-d", "-i", "-w", str(os.getpid())])

    def release(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(_ANSWER_WITHIN)
