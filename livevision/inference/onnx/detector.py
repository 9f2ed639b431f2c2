"""One camera's share of a loaded model."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from livevision.errors import DetectorError
from livevision.inference.detector import Tunable
from livevision.inference.filter import DetectionFilter
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.onnx.loading import LoadedModel
    from livevision.inference.onnx.shared_model import Answer, SharedModel


class OnnxDetector(Tunable):
    """A detector whose model others may use, too.

    Pictures are served in turns with those of the other cameras.  A :meth:`detect` that is cancelled gives up waiting:
    a picture that has not begun is dropped, one that has is finished in the background.
    """

    max_in_flight: ClassVar[int] = 1

    def __init__(self, model: LoadedModel, shared: SharedModel, release: Callable[[], Future[None] | None]) -> None:
        self._model = model
        self._shared = shared
        self._release = release
        self._keep = DetectionFilter()
        self._waiting: set[Answer] = set()
        self._closed = False
        self._ending: Future[None] | None = None

    @property
    def turns(self) -> asyncio.Semaphore:
        """What live cameras hold while one of their pictures is with the model, or is the next."""
        return self._shared.turns(self._model.batch)

    def __repr__(self) -> str:
        return f"<OnnxDetector {self.name} on {self.runs_on} {'closed' if self._closed else 'open'}>"

    @property
    def name(self) -> str:
        """The file's name."""
        return self._model.session.name

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names that it can answer."""
        return self._model.interpretation.names

    @property
    def layout(self) -> str:
        """The family that the model belongs to."""
        return self._model.interpretation.layout.name

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height at which the model looks at pictures."""
        return self._model.interpretation.size

    @property
    def evidence(self) -> tuple[str, ...]:
        """How the layout was recognised, in lines for the operator."""
        return self._model.interpretation.evidence

    @property
    def runs_on(self) -> str:
        """The provider that really runs it: ``CPU``, ``CUDA``."""
        return self._model.session.runs_on

    @property
    def notice(self) -> str:
        """What the operator should know although it works."""
        return self._model.session.notice or self._model.notice

    def tune(self, keep: DetectionFilter) -> None:
        """Take what is wanted from the next picture on; other cameras' wishes stay theirs."""
        self._keep = keep

    async def detect(self, image: Image) -> sv.Detections:
        """Find objects in a ``(h, w, 3)`` BGR picture; boxes in its pixels.  Raises DetectorError."""
        if self._closed:
            raise DetectorError(say("{name} is closed", name=self.name))
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
            raise DetectorError(
                say(
                    "{name} takes BGR pictures, not {dtype} of shape {shape}",
                    name=self.name,
                    dtype=image.dtype,
                    shape=image.shape,
                )
            )
        answer = self._shared.submit(self, image, self._keep)
        self._waiting.add(answer)
        answer.add_done_callback(self._waiting.discard)
        return await asyncio.wrap_future(answer)

    async def aclose(self) -> None:
        """Wait for the pictures that are being worked on, without holding up the loop; the last one ends the thread.

        May be called twice.
        """
        if not self._closed:
            self._closed = True
            self._ending = self._release()
        for answer in tuple(self._waiting):
            await asyncio.shield(asyncio.wrap_future(_settled(answer)))
        if self._ending is not None:
            await asyncio.shield(asyncio.wrap_future(self._ending))
            self._shared.join()


def _settled(answer: Answer) -> Future[None]:
    """Return what is done when ``answer`` is, and says neither what it was nor that it failed: others await that."""
    settled: Future[None] = Future()
    answer.add_done_callback(lambda _: settled.set_result(None))
    return settled
