"""The public functions: the same parts that the app is made of, for scripts."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from livevision import processing
from livevision.camera import CameraSession
from livevision.inference.filter import DetectionFilter
from livevision.inference.registry import DetectorRegistry
from livevision.overlay import Overlay
from livevision.sources.answering import answering
from livevision.sources.registry import AtEnd, SourceRegistry, display_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from livevision.inference.detector import Detector
    from livevision.processing import ProcessSummary


async def load_detector(model: str) -> Detector:
    """Return a detector that is ready for pictures; close it with its ``aclose``.

    ``model`` is what ``--model`` takes.  Raises UsageError or ModelError.
    """
    return await DetectorRegistry().load(model)


@asynccontextmanager
async def open_camera(
    source: str | int | Path, detector: Detector | None = None, at_end: AtEnd = AtEnd.STOP
) -> AsyncIterator[CameraSession]:
    """Read a camera while the context lasts; ``async for frame in camera`` gives the newest frames.

    Raises UsageError or SourceUnusable for what can never work; a camera that is lost is tried again, one that refuses
    user name or password when :meth:`CameraSession.retry_now` says so.
    """
    sources = SourceRegistry()
    opener = sources.opener(str(source), at_end)
    probe = answering(str(source), sources.address(str(source)))
    name = display_name(str(source))
    work = ThreadPoolExecutor(1, thread_name_prefix=f"convert {name}")
    try:
        async with CameraSession(name, opener, work, detector, is_answering=probe) as camera:
            yield camera
    finally:
        # What is being converted takes milliseconds; nobody is waited for on the loop longer than that.
        await asyncio.get_running_loop().run_in_executor(work, lambda: None)
        work.shutdown(wait=True)


async def process(source: str | Path, target: str | Path, model: str, conf: float = 0.25) -> ProcessSummary:
    """Run a model over every frame of a file and write the annotated video to ``target``, a new MP4.

    Raises UsageError, SourceUnusable, DetectorError or RecordingError.
    """
    detector = await load_detector(model)
    try:
        keep = DetectionFilter.parse(conf, None, detector.classes)
        return await processing.process(Path(source), Path(target), detector, draw=Overlay().draw, keep=keep.apply)
    finally:
        await detector.aclose()
