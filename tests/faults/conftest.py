"""One camera in trouble beside one that is well, in a real app, with short delays."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.sources import retry, stall, stream
from livevision.sources.backoff import Backoff
from livevision.sources.reader import Demand
from livevision.sources.status import CameraState, CameraStatus
from livevision.sources.street import clock
from tests.fakes.cameras import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from livevision.cameras import Camera
    from livevision.frame import Frame
    from livevision.inference.detector import Result

SECRET = "p@ss:w/rd#"
ACCOUNT = "anna:p%40ss%3Aw%2Frd%23@"
STALL_AFTER = 2.0
RECOVERY = 2.0
"""Seconds from the end of a trouble to the next attempt."""
LOOP_STALL = 0.15
"""Seconds: whoever waits for a network or a disk on the loop holds it up for longer."""
SLACK = 1.0
"""For a machine that does other things, too."""
RATE_KNOWN = 1.5
"""Seconds of pictures after which a camera's rate is known, and so what is too long a pause."""
GAP = 0.5
"""Seconds between two pictures that nobody notices."""


@dataclass
class Witness:
    """Notes what an operator would see of one camera."""

    camera: Camera
    statuses: list[CameraStatus] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    stamps: list[tuple[int, float]] = field(default_factory=list)
    """Generation and pts of each picture: the sender's time, who was busy or not."""
    newest: Frame | None = None

    @property
    def wants(self) -> Demand:
        return Demand.EVERY_FRAME

    def on_frame(self, frame: Frame) -> None:
        self.newest = frame
        self.arrivals.append(time.monotonic())
        self.stamps.append((frame.generation, frame.pts))

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
    def lasted(self) -> float:
        """Seconds of pictures so far, of one connection."""
        return self.stamps[-1][1] - self.stamps[0][1] if self.stamps else 0.0

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

    def pictures_since(self, moment: float) -> list[float]:
        """Return the stamps of the pictures that came since then, monotonic; fails where the camera was opened anew."""
        since = [stamp for arrival, stamp in zip(self.arrivals, self.stamps, strict=True) if arrival >= moment]
        assert len({generation for generation, _ in since}) == 1
        return [pts for _, pts in since]

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> float:
        """Wait for it and return how long it took; fails where it does not come."""
        began = time.monotonic()
        while not condition():
            waited = time.monotonic() - began
            assert waited < seconds, f"not within {seconds} s: {self.statuses[-1]}, said {self.words[-3:]}"
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    async def until_state(self, *states: CameraState, seconds: float = PATIENCE) -> float:
        return await self.until(lambda: self.state in states, seconds)


async def note_stalls(late: list[float]) -> None:
    """Note by how much the loop wakes a task too late, in seconds, less what this program waited for a processor."""
    loop = asyncio.get_running_loop()
    while True:
        due, waited = loop.time() + 0.02, waited_for_a_processor()
        await asyncio.sleep(0.02)
        late.append(max(0.0, loop.time() - due - (waited_for_a_processor() - waited)))


def waited_for_a_processor() -> float:
    """Return the seconds that the threads of this program were ready and did not run, as Linux counts them."""
    nanoseconds = 0
    for thread in Path("/proc/self/task").glob("*/schedstat"):
        with suppress(OSError):  # it has just ended
            nanoseconds += int(thread.read_text().split()[1])
    return nanoseconds / 1e9


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
            late: list[float] = []
            watching_the_loop = asyncio.create_task(note_stalls(late))
            yield witnesses
            watching_the_loop.cancel()
            stalled = sorted(late)[int(0.99 * len(late))] if late else 0.0
            assert stalled < LOOP_STALL, f"the event loop was held up for {stalled:.3f} s"

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
    monkeypatch.setattr(stream, "TIMEOUT", 10.0)
    monkeypatch.setattr(retry, "Backoff", partial(Backoff, first=15.0, ceiling=15.0))
    return


@pytest.fixture
def quick_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera that answers, but wrongly, is not waited for long."""
    monkeypatch.setattr(retry, "Backoff", partial(Backoff, first=0.2, ceiling=0.4))
