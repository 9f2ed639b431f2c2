"""The composition root: creates, starts and stops everything.  Knows nothing of windows."""

from __future__ import annotations

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from livevision.accounts import Accounts, WhenLive
from livevision.camera import CameraSession
from livevision.cameras import Camera, CameraRequest
from livevision.disk_threads import DiskThreads
from livevision.errors import RecordingError, SourceUnusable, UsageError
from livevision.failures import all_of
from livevision.inference.registry import DetectorRegistry, ModelKind
from livevision.recording.naming import recording_path
from livevision.recording.plan import RecordingPlan
from livevision.recording.repair import repair_folder
from livevision.recording.writer import ThreadedWriter
from livevision.recordings import Recordings
from livevision.redaction import Redactor, redacted_logging
from livevision.snapshot import LatestSeen, save_snapshot
from livevision.sources.address import is_address
from livevision.sources.answering import answering
from livevision.sources.registry import AtEnd, SourceRegistry, display_name
from livevision.stats import JsonLinesSink, LoopMonitor, StatsLog
from livevision.switching import ModelSwitch
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from livevision.recording.recorder import RecordingProgress
    from livevision.sources.reader import OpenReader

logger = logging.getLogger(__name__)

_CLOSE_DEADLINE = 20.0
"""Seconds that a recording gets to write what is queued when it is closed."""
_DISK_THREADS = 4
"""One that waits for a network share that is gone must not keep the others from theirs."""
_LOOK_PATIENCE = 10.0
"""Seconds for a disk to say whether there is a file."""
_MOST_STATS = 1000
"""Lines of figures that wait for a slow disk."""


class App:
    """All cameras of one process.  Belongs to one event loop; ``async with`` it, and leaving stops everything."""

    def __init__(self, output: Path, plan: RecordingPlan | None = None) -> None:
        self.output = output
        self.plan = plan or RecordingPlan(output)
        """How cameras are recorded where nothing else is said."""
        self.repairs: list[str] = []
        """What was done about recordings whose program had been killed, in the operator's words."""
        self.cameras: list[Camera] = []
        self.loop_monitor = LoopMonitor()
        self.sources = SourceRegistry()
        # Converting and drawing release the GIL, so a thread a core serves all cameras.
        self.work = ThreadPoolExecutor(max(2, os.cpu_count() or 2), thread_name_prefix="work")
        self.redactor = Redactor()
        self.accounts = Accounts(self.redactor)
        self.detectors = DetectorRegistry(
            self.accounts.find_key, self.redactor.learn_secret, complete=self.accounts.complete
        )
        self._models = ModelSwitch(self.detectors, self.redactor, self.work)
        # Beside the work of the cameras, which must not wait for a disk.
        self.disk = DiskThreads("disk", _DISK_THREADS)
        """Where files are looked for."""
        self._snapshots = DiskThreads("snapshots", _DISK_THREADS)
        self._repairing = DiskThreads("repair")
        self._log = ExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stats: ThreadedWriter[dict[str, Any]] | None = None
        self._stats_log: StatsLog | None = None

    def __repr__(self) -> str:
        return f"<App {len(self.cameras)} cameras>"

    async def __aenter__(self) -> Self:
        """Start what runs beside the cameras."""
        self._log.enter_context(redacted_logging(self.redactor))
        self._start(self.loop_monitor.run(), "loop monitor")
        self._start(self._repair(), "repair recordings")
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Stop as :meth:`aclose` does."""
        await self.aclose()

    async def add(self, request: CameraRequest) -> Camera:
        """Open a camera.  Raises UsageError, SourceUnusable or ModelError where the request cannot work."""
        camera = await self.prepare(request)
        await camera.session.__aenter__()
        await self.load_model(camera)
        return camera

    async def prepare(self, request: CameraRequest) -> Camera:
        """Do what :meth:`add` does, short of reading and of a model that takes time.

        Its owner enters the session, and awaits :meth:`load_model` beside it.  Raises as :meth:`add` does.
        """
        self.redactor.learn(request.source)
        # Refused before the keyring is asked, if it is refused.
        open_reader, usual_name = await self.look_up(request.source, request.at_end)
        address = self.sources.address(request.source)
        if address is not None:
            source = await self.accounts.complete(request.source, request.id)
            open_reader = self.sources.opener(source)
        if request.model is not None:
            self.redactor.learn(request.model)
            kind = self.detectors.kind(request.model)
        # From here to where the camera is among the others nothing is awaited: another one may be added meanwhile.
        name = _unused(request.name or usual_name, self.cameras)
        is_answering = answering(request.source, address)
        session = CameraSession(name, open_reader, self.work, keep=request.keep, is_answering=is_answering)
        recordings = Recordings(
            session, self.plan.preroll, self.redactor.redact(request.source), lambda: self._recording_over(camera)
        )
        camera = Camera(request, session, LatestSeen(), recordings, usual_name)
        camera.set_tracker(request.tracker)
        camera.set_style(request.style)
        session.subscribe(camera.seen)
        if address is not None:
            session.subscribe(
                WhenLive(
                    lambda: self._start(
                        self.accounts.keep(request.source, camera.request.id), f"keep the account of {name}"
                    )
                )
            )
        self.cameras.append(camera)
        if request.model is not None and kind is ModelKind.BUILT_IN:
            # At once, so that what cannot be meant is known before there is a window.
            try:
                await self.load_model(camera)
            except BaseException:
                self.cameras.remove(camera)
                raise
        return camera

    def rename(self, camera: Camera, name: str) -> None:
        """Call a camera differently; an empty name is that of its source.  Names stay unique."""
        camera.request = replace(camera.request, name=name)
        others = [each for each in self.cameras if each is not camera]
        camera.session.name = _unused(name or camera.usual_name, others)

    async def load_model(self, camera: Camera) -> None:
        """Load the model that the camera's request names, unless it is there.  Raises as :meth:`set_model` does."""
        if camera.request.model is not None and camera.session.detector is None:
            await self.set_model(camera, camera.request.model)

    async def remove(self, camera: Camera) -> None:
        """Close a camera, its recording first."""
        if camera in self.cameras:
            self.cameras.remove(camera)
            await self._close(camera)

    async def set_model(self, camera: Camera, model: str | None) -> None:
        """Give a camera another model, or none; as :meth:`ModelSwitch.set`."""
        await self._models.set(camera, model)
        if model is not None and camera.running_model == model:
            self._start(self.accounts.keep(model), "keep the key of a model")

    def stop_loading(self, camera: Camera) -> None:
        """Give up the model that is being loaded, if one is; the one that runs goes on."""
        self._models.give_up(camera)

    def start_recording(self, camera: Camera, plan: RecordingPlan | None = None) -> None:
        """Record a camera into new files, as ``plan`` says; what fails later is in its ``trouble``.

        Raises UsageError where the plan would show who is to be hidden.
        """
        camera.recordings.start(plan or camera.plan or self.plan, camera.request.style)
        camera.ask_for_hidden()

    async def stop_recording(self, camera: Camera) -> RecordingProgress | None:
        """Complete a camera's recording and return how it ended, or None where nothing was recorded."""
        try:
            return await camera.recordings.stop(_CLOSE_DEADLINE)
        finally:
            camera.ask_for_hidden()

    async def snapshot(self, camera: Camera) -> Path:
        """Save the newest picture at full size, with its boxes, as PNG in ``output``.  Raises RecordingError."""
        seen = camera.seen.latest()
        if seen is None:
            raise RecordingError(say("{camera} has no picture yet. Wait until it is live.", camera=camera.name))
        folder, name, when = self.output, camera.name, datetime.now().astimezone()

        def save() -> Path:
            return save_snapshot(seen, recording_path(folder, name, when, ".png"), name)

        return await self._snapshots.ask(folder, save)

    async def write_stats(self, path: Path) -> None:
        """Write every camera's figures to ``path`` once a second from now on.  Raises UsageError."""
        try:
            sink = await self.disk.ask(path, lambda: JsonLinesSink(path))
        except OSError as error:
            raise UsageError(
                say("Cannot write {path}: {reason}. Choose another file for --stats.", path=path, reason=error.strerror)
            ) from error
        self._stats = ThreadedWriter("stats", lambda: sink, _MOST_STATS)
        self._stats_log = StatsLog(lambda: [camera.session for camera in self.cameras], self.loop_monitor, self._stats)
        self._start(self._stats_log.run(), "stats")

    async def aclose(self) -> None:
        """Stop everything in order: recordings, cameras, models, own tasks, threads.  May be called twice."""
        if self._stats_log is not None:
            # The last figures are the ones that a short run is judged by.
            self._stats_log.write_once()
            self._stats_log = None
        cameras, self.cameras = self.cameras, []
        await all_of("closing a camera", (self._close(camera) for camera in cameras))
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._stats is not None:
            await self._stats.aclose(_CLOSE_DEADLINE)
        await self.detectors.aclose()
        # A repair was cancelled, and ends with the packet that it is at.
        closing = (self.disk.aclose(), self._snapshots.aclose(), self._repairing.aclose())
        if not all(await asyncio.gather(*closing, return_exceptions=True)):
            logger.warning("A disk does not answer; what was to be read or written there was given up")
        # Nothing in there waits for anybody.
        self.work.shutdown(wait=True)
        await self.accounts.aclose()
        self._log.close()

    async def look_up(self, source: str, at_end: AtEnd = AtEnd.STOP) -> tuple[OpenReader, str]:
        """Return how a source is opened, and what it is called.  Raises UsageError and SourceUnusable."""

        def look() -> tuple[OpenReader, str]:
            return self.sources.opener(source, at_end), display_name(source)

        if is_address(source):
            return look()
        try:
            return await self.disk.ask(source, look, _LOOK_PATIENCE)
        except RecordingError as error:
            raise SourceUnusable(error.text) from error

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(all_of(name, (work,)), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # A task that is cancelled before its first step leaves its work unawaited.
        task.add_done_callback(lambda _: work.close())

    async def _close(self, camera: Camera) -> None:
        # A model that is still loading closes itself when it comes.
        camera.wanted_model = object()
        try:
            await self.stop_recording(camera)
        finally:
            await camera.session.aclose()
            if camera.session.detector is not None:
                await camera.session.detector.aclose()

    def _recording_over(self, camera: Camera) -> None:
        self._start(self._complete_recording(camera), f"stop recording {camera.name}")

    async def _complete_recording(self, camera: Camera) -> None:
        await self.stop_recording(camera)

    async def _repair(self) -> None:
        done = await repair_folder(self.plan.folder, self._repairing)
        self.repairs.extend(one.words for one in done if one.words)


def _unused(wanted: str, cameras: list[Camera]) -> str:
    taken = {camera.name for camera in cameras}
    names = (wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
