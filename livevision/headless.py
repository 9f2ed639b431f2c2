"""`livevision record`: cameras recorded without a window, until they end, their time is over, or a signal comes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
from rich.console import Console
from rich.live import Live
from rich.text import Text

from livevision.app import App
from livevision.cameras import Camera, CameraRequest
from livevision.errors import UsageError
from livevision.failures import all_of
from livevision.recording.wording import ended, under_way
from livevision.sources.status import CameraState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from livevision.recording.plan import RecordingPlan

logger = logging.getLogger(__name__)

_SWITCH_INTERVAL = 0.001
"""As in the window: Python's 5 ms delay a picture at every hop between threads."""
_LOOK_EVERY = 0.25
_TELL_EVERY = 60.0
"""Seconds between two lines where nobody looks at a terminal."""
_PATIENCE = 30.0
"""Seconds beyond the duration that a camera gets to send its first picture."""
_OVER = frozenset({CameraState.ENDED, CameraState.FAILED, CameraState.AUTH_FAILED})


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """What ``livevision record`` was asked for."""

    requests: tuple[CameraRequest, ...]
    plan: RecordingPlan
    stats: Path | None = None


def record(options: RecordOptions, say: Callable[[str], None]) -> list[str]:
    """Record until all is over; ``say`` gets a line for each recording that was made.  Return what failed.

    Raises LivevisionError where a request cannot work, before anything is recorded.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL)
    # Cameras share the cores: one detector that takes all of them makes every picture late.
    cv2.setNumThreads(1)
    return asyncio.run(_record(options, say))


async def _record(options: RecordOptions, say: Callable[[str], None]) -> list[str]:
    stopping = asyncio.Event()
    with _signals_set(stopping):
        async with App(options.plan.folder, options.plan) as app:
            if options.stats is not None:
                await app.write_stats(options.stats)
            for request in options.requests:
                app.detectors.trust(request.model or "")
            cameras = [await app.prepare(request) for request in options.requests]
            models = [asyncio.create_task(_start(app, camera), name=f"start {camera.name}") for camera in cameras]
            status = _status(cameras)
            try:
                await _until_over(app, cameras, models, stopping, status)
            finally:
                for task in models:
                    task.cancel()
                await asyncio.gather(*models, return_exceptions=True)
                await _close(app, cameras, status)
            for words in app.repairs:
                say(words)
            for camera in cameras:
                if (last := camera.recordings.last) is not None and last.paths:
                    say(f"{camera.name}: {ended(last)}")
            return [words for camera in cameras for words in _failures(camera)]


async def _start(app: App, camera: Camera) -> None:
    # Recorded from the first picture on; the model may take longer.
    app.start_recording(camera)
    await camera.session.__aenter__()
    try:
        await app.load_model(camera)
    except UsageError:
        raise  # asked for what cannot be: not a file more of it
    except Exception:
        logger.debug("it is in the camera's model_trouble", exc_info=True)


async def _until_over(
    app: App,
    cameras: Sequence[Camera],
    starting: Sequence[asyncio.Task[None]],
    stopping: asyncio.Event,
    status: _Status,
) -> None:
    begun = time.monotonic()
    duration = app.plan.duration
    while not stopping.is_set():
        status.tell()
        for task in starting:
            if task.done():
                task.result()  # What cannot be recorded ends it all, with words.
        await all_of("stopping", (app.stop_recording(camera) for camera in cameras if _has_ended(camera)))
        if all(camera.recorder is None and camera.recordings.has_begun for camera in cameras):
            return
        if duration is not None and time.monotonic() - begun > duration + _PATIENCE:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_EVERY):
                await stopping.wait()


def _has_ended(camera: Camera) -> bool:
    return camera.recorder is not None and camera.session.status.state in _OVER


async def _close(app: App, cameras: Sequence[Camera], status: _Status) -> None:
    closing = asyncio.ensure_future(all_of("stopping", (app.stop_recording(camera) for camera in cameras)))
    try:
        while not closing.done():
            await asyncio.wait([closing], timeout=_LOOK_EVERY)
            status.tell()
    finally:
        status.end()
    await closing


def _failures(camera: Camera) -> list[str]:
    status = camera.session.status
    failed = []
    if status.state in (CameraState.FAILED, CameraState.AUTH_FAILED) or (
        not camera.recordings.frames and status.reason
    ):
        failed.append(status.reason)
    failed += [words for words in (camera.trouble, camera.model_trouble) if words]
    if not camera.recordings.frames and not failed:
        failed.append("nothing was recorded, as no picture came")
    return [words if camera.name in words else f"{camera.name}: {words}" for words in failed]


class _Status:
    """Says how far all recordings are: on a terminal always, in a service's log once a minute."""

    def __init__(self, cameras: Sequence[Camera], console: Console) -> None:
        self._cameras = cameras
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        self._told = time.monotonic()

    def tell(self) -> None:
        if self._live is not None:
            self._live.start()
            self._live.update(Text("\n".join(self._lines())), refresh=True)
        elif time.monotonic() - self._told >= _TELL_EVERY:
            self._told = time.monotonic()
            for line in self._lines():
                self._console.print(Text(line), soft_wrap=True)

    def end(self) -> None:
        if self._live is not None:
            self._live.stop()

    def _lines(self) -> list[str]:
        return [f"{camera.name}: {_line(camera)}" for camera in self._cameras]


def _status(cameras: Sequence[Camera]) -> _Status:
    return _Status(cameras, Console(stderr=True))


def _line(camera: Camera) -> str:
    parts = [camera.session.status.state.value]
    if camera.recorder is not None:
        parts = [under_way(camera.recorder.progress)]
        if camera.session.status.state is not CameraState.LIVE:
            parts.append(camera.session.status.state.value)
    trouble = camera.trouble or camera.model_trouble or camera.session.detector_trouble
    return " · ".join([*parts, trouble] if trouble else parts)


@contextlib.contextmanager
def _signals_set(stopping: asyncio.Event) -> Iterator[None]:
    """Let Ctrl+C and a service manager's TERM complete the recordings."""
    loop = asyncio.get_running_loop()
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set)) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
