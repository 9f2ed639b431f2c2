"""One camera in trouble beside one that is well, in a real app, with short delays."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.sources import retry, stall
from livevision.sources.backoff import Backoff
from livevision.sources.reader import Demand
from livevision.sources.status import CameraState, CameraStatus
from livevision.sources.street import clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from livevision.cameras import Camera
    from livevision.frame import Frame
    from livevision.inference.detector import Result

SECRET = "p@ss:w/rd#"
ACCOUNT = "anna:p%40ss%3Aw%2Frd%23@"
STALL_AFTER = 0.8
RECOVERY = 2.0
"""Seconds from the end of a trouble to the first picture."""
LOOP_STALL = 0.05
SLACK = 1.0
"""For a machine that does other things, too."""


@dataclass
class Witness:
    """Notes what an operator would see of one camera."""

    camera: Camera
    statuses: list[CameraStatus] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    newest: Frame | None = None

    @property
    def wants(self) -> Demand:
        return Demand.EVERY_FRAME

    def on_frame(self, frame: Frame) -> None:
        self.newest = frame
        self.arrivals.append(time.monotonic())

    def on_result(self, result: Result) -> None:
        pass

    def on_status(self, status: CameraStatus) -> None:
        self.statuses.append(status)

    @property
    def state(self) -> CameraState:
        return self.statuses[-1].state

    @property
    def states(self) -> set[CameraState]:
        return {status.state for status in self.statuses}

    @property
    def words(self) -> list[str]:
        """All that was said, which must be fit for an operator."""
        said = [status.reason for status in self.statuses if status.reason]
        for line in said:
            assert "\n" not in line
            assert "Traceback" not in line
            assert SECRET not in line
            assert "p%40ss" not in line
        return said

    def age(self) -> float:
        """Seconds since the newest picture was drawn at the sender."""
        drawn = None if self.newest is None else clock.read(self.newest.bgr())
        return float("inf") if drawn is None else (int(time.time() * 1000) - drawn) % 2**32 / 1000

    def longest_gap(self, since: float) -> float:
        """Seconds."""
        times = [since, *(arrival for arrival in self.arrivals if arrival >= since), time.monotonic()]
        return max(later - earlier for earlier, later in pairwise(times))

    async def until(self, condition: Callable[[], bool], seconds: float) -> float:
        """Wait for it and return how long it took; fails where it does not come."""
        began = time.monotonic()
        while not condition():
            waited = time.monotonic() - began
            assert waited < seconds, f"not within {seconds} s: {self.statuses[-1]}, said {self.words[-3:]}"
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    async def until_state(self, *states: CameraState, seconds: float = 10.0) -> float:
        return await self.until(lambda: self.state in states, seconds)


@pytest.fixture
def watching(tmp_path: Path):
    """Open sources in an app and return a witness for each; leaving closes the app."""

    @asynccontextmanager
    async def watch(*sources: str) -> AsyncIterator[list[Witness]]:
        async with App(tmp_path) as app:
            witnesses = []
            for source in sources:
                camera = await app.prepare(CameraRequest(source))
                witnesses.append(Witness(camera))
                camera.session.subscribe(witnesses[-1])
                await camera.session.__aenter__()
            yield witnesses
            (stalled,) = app.loop_monitor.stalls.percentiles(0.99)
            assert stalled is None or stalled < LOOP_STALL, f"the event loop was held up for {stalled:.3f} s"

    return watch


@pytest.fixture(autouse=True)
def hand_over_as_in_the_window() -> Iterator[None]:
    """The window hands Python's lock over every millisecond; with the usual five, these fakes' threads hold it up."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    yield
    sys.setswitchinterval(before)


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A silent camera is lost sooner; it is waited for long, so that what ends the wait is that it answers."""
    monkeypatch.setattr(stall, "_STALL_SECONDS", STALL_AFTER)
    monkeypatch.setattr(retry, "Backoff", partial(Backoff, first=15.0, ceiling=15.0))
    return


@pytest.fixture
def quick_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera that answers, but wrongly, is not waited for long."""
    monkeypatch.setattr(retry, "Backoff", partial(Backoff, first=0.2, ceiling=0.4))
