"""The public functions: the same parts that the app is made of, for scripts."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from livevision import processing
from livevision.camera import CameraSession
from livevision.inference.filter import DetectionFilter
from livevision.inference.filtered import FilteredDetector
from livevision.inference.options import ModelOptions
from livevision.inference.python_detector import as_detector
from livevision.inference.slicing import SlicedDetector, parse_tiles
from livevision.inference.sync import SyncCallback
from livevision.one_model import one_model
from livevision.overlay import Overlay
from livevision.sources.answering import answering
from livevision.sources.registry import AtEnd, SourceRegistry, display_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from livevision.inference.detector import Detector
    from livevision.processing import ProcessSummary

_FOR_FILES = ModelOptions(in_flight=16)
"""A file can wait for its answers, so more of them may be on their way than of a camera's."""


async def load_detector(
    model: str,
    conf: float | str = 0.25,
    classes: str | None = None,
    *,
    iou: float | None = None,
    options: ModelOptions | None = None,
) -> FilteredDetector:
    """Return a detector that is ready for pictures and answers what is wanted; close it with its ``aclose``.

    ``model`` is what ``--model`` takes, ``conf`` what ``--conf`` does (``.4,person=.6``), ``classes`` what
    ``--classes`` does.  Raises UsageError or ModelError.
    """
    DetectionFilter.parse(conf, classes, iou=iou)  # a mistake is known before a model is loaded
    async with AsyncExitStack() as stack:
        detector = await stack.enter_async_context(one_model(model, options))
        keep = DetectionFilter.parse(conf, classes, detector.classes, iou)
        return FilteredDetector(detector, keep, stack.pop_all().aclose)


@asynccontextmanager
async def open_camera(
    source: str | int | Path, detector: object = None, at_end: AtEnd = AtEnd.STOP
) -> AsyncIterator[CameraSession]:
    """Read a camera while the context lasts; ``async for frame in camera`` gives the newest frames.

    ``detector`` is a Detector, an ``async def`` or a function that takes a picture, or an object with a ``detect`` or
    ``predict`` like that; it stays the caller's.  Raises UsageError or SourceUnusable for what can never work, and
    ModelError for a ``detector`` that is none; a camera that is lost is tried again, one that refuses user name or
    password when :meth:`CameraSession.retry_now` says so.
    """
    sources = SourceRegistry()
    opener = sources.opener(str(source), at_end)
    probe = answering(str(source), sources.address(str(source)))
    name = display_name(str(source))
    wrapped = None if detector is None else as_detector(detector)
    work = ThreadPoolExecutor(1, thread_name_prefix=f"convert {name}")
    try:
        async with CameraSession(name, opener, work, wrapped, is_answering=probe) as camera:
            yield camera
    finally:
        # What is being converted takes milliseconds; nobody is waited for on the loop longer than that.
        await asyncio.get_running_loop().run_in_executor(work, lambda: None)
        work.shutdown(wait=True)
        if wrapped is not None and wrapped is not detector:
            await wrapped.aclose()


def sliced(model: object, size: str = "640x640", overlap: float = 0.2, in_flight: int = 4) -> SlicedDetector:
    """Return a detector that does the job of ``sv.InferenceSlicer`` with an awaited callback.

    ``detections = await detector.detect(image)`` gives ``model`` overlapping tiles of ``image``.

    ``model`` is as :func:`open_camera` takes it, and stays the caller's; of an ``async def`` as many tiles as
    ``in_flight`` says are awaited together.  Close what is returned with its ``aclose``.  Raises UsageError.
    """
    return SlicedDetector(as_detector(model, in_flight), parse_tiles(size, overlap))


def sync_callback(
    model: object,
    conf: float | str = 0.25,
    classes: str | None = None,
    *,
    iou: float | None = None,
    options: ModelOptions | None = None,
) -> SyncCallback:
    """Return a ``callback(frame, index)`` for ``sv.process_video`` that draws what a model finds.

    ``model`` is what :func:`load_detector` or :func:`open_camera` take; what needs an event loop is used on the
    callback's own, and closed with it.  One loop and one session live as long as the callback does: until its
    ``close()``, the end of a ``with``, or of the expression that it is made in.  A callback is asked one frame at a
    time; :func:`process` keeps a server busy.  Raises UsageError or ModelError.
    """

    async def load() -> Detector:
        if isinstance(model, str):
            return await load_detector(model, conf, classes, iou=iou, options=options)
        detector = as_detector(model)
        return FilteredDetector(detector, DetectionFilter.parse(conf, classes, detector.classes, iou))

    return SyncCallback(load, Overlay().draw)


async def process(
    source: str | Path,
    target: str | Path,
    model: str,
    conf: float | str = 0.25,
    classes: str | None = None,
    *,
    options: ModelOptions | None = None,
) -> ProcessSummary:
    """Run a model over every frame of a file and write the annotated video to ``target``, a new MP4.

    Up to 16 frames are with a server at once, if ``options`` do not say otherwise.  Raises UsageError, SourceUnusable,
    DetectorError or RecordingError.
    """
    processing.check_target(Path(source), Path(target))
    detector = await load_detector(model, conf, classes, options=options or _FOR_FILES)
    try:
        return await processing.process(Path(source), Path(target), detector, draw=Overlay().draw)
    finally:
        await detector.aclose()
