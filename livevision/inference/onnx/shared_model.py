"""One loaded model that serves all cameras that name it: one thread, round robin, in batches where that is faster."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import supervision as sv

from livevision.errors import DetectorError
from livevision.inference.onnx.turns import Turns
from livevision.priority import give_way
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from livevision.frame import Image
    from livevision.inference.filter import DetectionFilter
    from livevision.inference.onnx.loading import LoadedModel

Answer: TypeAlias = "Future[sv.Detections]"

_NUMBERS = (ValueError, IndexError, TypeError, KeyError, ArithmeticError, cv2.error)
"""What numpy and OpenCV say of outputs that do not have the shape that the model declares."""


@dataclass(frozen=True, slots=True)
class _Job:
    image: Image
    keep: DetectionFilter
    answer: Answer


class SharedModel:
    """A model and its thread, ``onnx <name>``, in which it is loaded, run and dropped.

    :meth:`submit` and :meth:`close` may be called from any thread.
    """

    def __init__(self, name: str, load: Callable[[], LoadedModel]) -> None:
        self.name = name
        self._turns: Turns[_Job] = Turns()
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"onnx {name}", initializer=give_way)
        self._model: LoadedModel | None = None
        self.loaded: Future[LoadedModel] = self._executor.submit(self._load, load)
        """What a loader waits for."""
        self._ended: Future[None] | None = None
        self._room: asyncio.Semaphore | None = None

    def __repr__(self) -> str:
        state = "closed" if self._ended else "open" if self.loaded.done() else "loading"
        return f"<SharedModel {self.name} {state}, {len(self._turns)} waiting>"

    @property
    def is_makeshift(self) -> bool:
        """Whether loading it anew might be better: its hardware stopped working."""
        model = self._model
        return model is not None and model.session.is_makeshift

    def submit(self, owner: Hashable, image: Image, keep: DetectionFilter) -> Answer:
        """Queue a picture of ``owner``, and return the future of its detections or DetectorError.

        Raises DetectorError when the model is closed.
        """
        job = _Job(image, keep, Future())
        with self._lock:
            if self._ended is not None:
                raise DetectorError(say("{name} is closed", name=self.name))
            self._turns.put(owner, job)
            self._executor.submit(self._serve)
        return job.answer

    def turns(self, batch: int) -> asyncio.Semaphore:
        """Return what is shared by all live cameras: room for what is worked on, and as much to go on with.

        On the event loop.
        """
        if self._room is None:
            self._room = asyncio.Semaphore(2 * batch)
        return self._room

    def close(self) -> Future[None]:
        """Take no more; the future is done when all that waits is served and the model is dropped.

        Afterwards :meth:`join`.  May be called twice.
        """
        with self._lock:
            if self._ended is None:
                self._ended = self._executor.submit(self._drop)
                self._executor.shutdown(wait=False)
            return self._ended

    def join(self) -> None:
        """Wait for the thread: microseconds once the future of :meth:`close` is done."""
        self._executor.shutdown(wait=True)

    def _load(self, load: Callable[[], LoadedModel]) -> LoadedModel:
        self._model = load()
        return self._model

    def _drop(self) -> None:
        # Here and not where the last reference goes: freeing a model takes a while.
        self._model = None

    def _serve(self) -> None:
        """Serve who is next.  Called once for every picture, so what an earlier batch took leaves later calls idle."""
        model = self._model
        if model is None:  # loading failed: nobody has a handle
            return
        with self._lock:
            taken = self._turns.take(model.batch)
        jobs = [job for job in taken if job.answer.set_running_or_notify_cancel()]
        if len(jobs) > 1 and self._serve_batch(model, jobs):
            return
        for job in jobs:
            self._serve_one(model, job)

    def _serve_batch(self, model: LoadedModel, jobs: list[_Job]) -> bool:
        """Return False where it failed, so that one bad picture does not take the others with it."""
        try:
            feeds, fitted = model.interpretation.feeds([job.image for job in jobs])
            parts = model.interpretation.split(model.session.run(feeds), len(jobs))
            found = [
                model.interpretation.detections(outputs, one, job.keep)
                for outputs, one, job in zip(parts, fitted, jobs, strict=True)
            ]
        except (DetectorError, *_NUMBERS):
            return False
        for job, detections in zip(jobs, found, strict=True):
            job.answer.set_result(detections)
        return True

    def _serve_one(self, model: LoadedModel, job: _Job) -> None:
        try:
            job.answer.set_result(detect_one(model, job.image, job.keep))
        except Exception as error:  # whatever it is, it is for who awaits, and the thread goes on
            job.answer.set_exception(error)


def detect_one(model: LoadedModel, image: Image, keep: DetectionFilter) -> sv.Detections:
    """Prepare, run and decode one picture.  Blocking.  Raises DetectorError."""
    try:
        feeds, fitted = model.interpretation.feeds([image])
        (outputs,) = model.interpretation.split(model.session.run(feeds), 1)
        return model.interpretation.detections(outputs, fitted[0], keep)
    except _NUMBERS as error:
        detail = " ".join(str(error).split())
        raise DetectorError(
            say(
                "{model} failed on a picture of shape {shape} ({detail})",
                model=model.session.name,
                shape=image.shape,
                detail=detail,
            )
        ) from error
