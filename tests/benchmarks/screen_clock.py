"""Runs a viewer on a private screen and reads there, from the sender's clock in the picture, how old it is."""

from __future__ import annotations

import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from livevision.sources.street import clock
from tests.fakes.xvfb import Xvfb

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EVERY = 0.004
"""Seconds between two looks at the screen: what is measured is known to so much."""
OLDEST = 60_000
"""Milliseconds; what reads as older is no clock."""
END_TIMEOUT = 5.0


@dataclass
class Look:
    """What was on the screen at one moment."""

    at: float
    """:func:`time.monotonic`."""
    age: float
    """Milliseconds from the sender's clock to this moment."""
    is_new: bool
    """Whether this picture was not there at the look before."""


@dataclass
class Watch:
    """One viewer, watched from its start on."""

    process: psutil.Popen
    screen: Xvfb
    port: int
    started: float = field(default_factory=time.monotonic)
    opened: float | None = None
    """When it connected to the camera."""
    first: float | None = None
    """When its first picture was on the screen."""
    looks: list[Look] = field(default_factory=list)
    _drawn: int | None = None

    def run(self, seconds: float) -> None:
        """Watch for so long, or until the viewer has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            self._look()
            time.sleep(EVERY)

    def cpu_seconds(self) -> float:
        """What the viewer and its children have used."""
        used = 0.0
        for process in [self.process, *self.process.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            used += times.user + times.system
        return used

    def _look(self) -> None:
        if self.opened is None and _is_connected(self.port):
            self.opened = time.monotonic()
        shot = self.screen.screenshot()[: clock.CELL]
        now, at = int(time.time() * 1000), time.monotonic()
        drawn = clock.read(shot)
        # A screen that is still black reads as 0.
        if drawn is None or (age := (now - drawn) % 2**32) >= OLDEST:
            return
        if self.first is None:
            self.first = at
        self.looks.append(Look(at, float(age), drawn != self._drawn))
        self._drawn = drawn


@contextmanager
def watching(command: Sequence[str], size: tuple[int, int], port: int) -> Iterator[Watch]:
    """Start a viewer on a screen of its own; it is ended afterwards.  ``port`` is the camera's."""
    with Xvfb(size) as screen:
        process = psutil.Popen(
            list(command), env=screen.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        try:
            yield Watch(process, screen, port)
        finally:
            end(process)


def end(process: psutil.Popen) -> None:
    """End a process as its user would, or else by force; it may have ended by itself."""
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            process.wait(END_TIMEOUT)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()


def _is_connected(port: int) -> bool:
    """Say whether anybody on this machine is connected, or connecting, to ``port``."""
    remote = f":{port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[2].endswith(remote) and fields[3] in {"01", "02"}:
            return True
    return False
