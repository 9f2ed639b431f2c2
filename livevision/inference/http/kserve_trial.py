"""What a KServe v2 server does not say is learned by asking it about one picture.

MLServer names no inputs and outputs unless somebody wrote them down for the model, and KServe's own server takes
tensors in binary without announcing it, which saves it most of the time that JSON takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from livevision.errors import DetectorError, DetectorUnavailable
from livevision.inference.http.tensors import Coding, decode_tensors, encode_tensors
from livevision.inference.http.trouble import Cause, ServerTrouble
from livevision.inference.http.wire import Request
from livevision.inference.layouts.fitting import prepare
from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.preparation import Preparation
from livevision.inference.layouts.rectangle import USUAL, rectangle
from livevision.inference.layouts.signature import Signature, Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from yarl import URL

    from livevision.frame import Image
    from livevision.inference.http.wire import Server
    from livevision.inference.layouts.layout import Array

_USUAL_INPUT = "images"
"""As most exporters call it; servers that name no inputs rarely look at it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How it went: the outputs that came, in the server's order, and how tensors travelled."""

    outputs: Mapping[str, Array]
    coding: Coding


@dataclass(frozen=True, slots=True)
class Trial:
    """Asks a model at ``url`` about a picture that nobody waits for."""

    server: Server
    url: URL
    headers: Mapping[str, str]

    async def run(
        self, feeds: Callable[[], Mapping[str, Array]], outputs: Sequence[str], codings: Sequence[Coding]
    ) -> Tried:
        """Ask with one coding after the other until there is an answer.  Raises what the last one brought.

        ``feeds`` makes the inputs, off the loop.
        """
        *first, last = codings
        for coding in first:
            try:
                return Tried(await self._ask(feeds, outputs, coding), coding)
            except ServerTrouble as trouble:
                if trouble.cause is Cause.KEY or trouble.wish:
                    raise
            except (DetectorError, DetectorUnavailable):
                pass  # such a server may say anything, with any status
        return Tried(await self._ask(feeds, outputs, last), last)

    async def _ask(
        self, feeds: Callable[[], Mapping[str, Array]], outputs: Sequence[str], coding: Coding
    ) -> Mapping[str, Array]:
        def make() -> Request:
            body, headers = encode_tensors(feeds(), outputs, coding, "livevision-0")
            return Request(self.url, body, {**headers, **self.headers})

        request = await self.server.work(make)
        answer = await self.server.post(request)
        return await self.server.work(lambda: decode_tensors(answer.body, answer.headers))


def usual_input(size: tuple[int, int] | None) -> Tensor:
    """Return what a detector takes that does not say it: one picture of ``size`` (width, height), 640×640 without."""
    width, height = size or (USUAL, USUAL)
    return Tensor(_USUAL_INPUT, (1, 3, height, width), np.dtype(np.float32))


def plain_feeds(inputs: tuple[Tensor, ...], size: tuple[int, int] | None, image: Image) -> dict[str, Array]:
    """Return ``image`` as most families want it; other inputs stay away.  Raises ModelError."""
    signature = Signature(inputs, ())
    source = image_input(signature)
    pictures, _ = prepare([image], source, rectangle(signature, source, size), Preparation())
    return {source.name: pictures}


def learned_outputs(outputs: Mapping[str, Array]) -> tuple[Tensor, ...]:
    """Return what a model gives, from what it gave once."""
    return tuple(Tensor(name, array.shape, array.dtype) for name, array in outputs.items())
