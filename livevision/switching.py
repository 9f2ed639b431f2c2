"""Gives a camera another model, while its picture and its old model go on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from livevision.errors import LivevisionError
from livevision.inference.registry import DetectorRegistry, ModelKind

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from livevision.cameras import Camera
    from livevision.inference.detector import Detector
    from livevision.redaction import Redactor


class ModelSwitch:
    """Belongs to one event loop.  ``work`` converts the picture that a server is tried out with."""

    def __init__(self, detectors: DetectorRegistry, redactor: Redactor, work: Executor) -> None:
        self._detectors = detectors
        self._redactor = redactor
        self._work = work

    async def set(self, camera: Camera, model: str | None) -> None:
        """Give a camera another model, or none; the picture and the old model go on until the new one is ready.

        Raises UsageError, ModelError, or DetectorError of a server that does not answer, and leaves the old one then.
        Of several calls at once the last one counts, and the others return.  A model that runs already is not loaded
        again; it only ends the loading of another one.
        """
        self.give_up(camera)
        if model is not None and camera.loaded == (model, camera.request.options):
            camera.request = replace(camera.request, model=model)
            return
        wanted = camera.wanted_model
        camera.loading, camera.loading_since = model or "", camera.clock()
        options = camera.request.options
        loading = camera.pending = asyncio.create_task(self._load(model, camera), name=f"load for {camera.name}")
        try:
            detector = await loading
        except BaseException as error:
            is_wanted = camera.wanted_model is wanted
            if is_wanted:
                self.give_up(camera)
            if isinstance(error, LivevisionError) and is_wanted:
                camera.model_trouble = error.text
            if is_wanted or _is_cancelled():
                raise
            return  # it was given up, or another one is wanted by now
        if camera.wanted_model is not wanted:
            if detector is not None:
                await detector.aclose()
            return
        self.give_up(camera)
        camera.loaded = None if model is None else (model, options)
        camera.request = replace(camera.request, model=model)
        old, camera.session.detector = camera.session.detector, detector
        camera.recordings.detector_changed()
        if old is not None:
            await old.aclose()

    def give_up(self, camera: Camera) -> None:
        """Stop loading, if something is being loaded; the model that runs goes on.  Why another failed is forgotten."""
        camera.wanted_model = object()
        camera.loading = camera.model_trouble = ""
        pending, camera.pending = camera.pending, None
        if pending is not None:
            pending.cancel()

    async def _load(self, model: str | None, camera: Camera) -> Detector | None:
        if model is None:
            return None
        self._redactor.learn(model)
        detector = await self._detectors.load(model, camera.request.options)
        try:
            camera.check_classes(detector)
            await self._try_out(detector, model, camera)
        except BaseException:
            await asyncio.shield(detector.aclose())
            raise
        return detector

    async def _try_out(self, detector: Detector, model: str, camera: Camera) -> None:
        # A server is loaded whether or not it is there: it has to answer before it takes another model's place.
        frame = camera.seen.frame
        if camera.running_model is None or frame is None or self._detectors.kind(model) is not ModelKind.SERVER:
            return
        image = await asyncio.get_running_loop().run_in_executor(self._work, frame.bgr)
        await detector.detect(image)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
