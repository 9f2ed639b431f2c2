"""From what a user calls a model to a detector that is ready."""

from __future__ import annotations

import asyncio
import difflib
import os
import re
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.inference.builtin.faces import FaceDetector
from livevision.inference.builtin.motion import MotionDetector
from livevision.inference.builtin.people import PeopleDetector
from livevision.inference.http.address import NAMES, parse_server_address
from livevision.inference.http.models import HttpModels
from livevision.inference.onnx.models import OnnxModels
from livevision.inference.options import ModelOptions
from livevision.inference.python import PythonModels
from livevision.inference.slicing import SlicedDetector
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from livevision.inference.detector import Detector

_FACTORY = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
"""``package.module:factory``."""


class ModelKind(Enum):
    """Where a model comes from."""

    BUILT_IN = "built in"
    """Ready at once."""
    FILE = "an ONNX file"
    SERVER = "on a server"
    PYTHON = "in Python"


async def _nobody_knows(_host: str) -> str | None:
    return None


async def _never(_name: str) -> bool:
    return False


async def _as_it_is(address: str) -> str:
    return address


class DetectorRegistry:
    """The models that can be asked for.  Handed to whoever loads models; cameras that name the same file share it.

    ``find_key`` asks for the key of a server, ``learn_secret`` is told every key, and ``may_import`` asks the user
    whether Python code may be run that was not typed (:meth:`trust`).  ``complete`` gives the address of a server the
    secrets that were not kept in it.
    """

    def __init__(
        self,
        find_key: Callable[[str], Awaitable[str | None]] = _nobody_knows,
        learn_secret: Callable[[str], None] = lambda secret: None,
        may_import: Callable[[str], Awaitable[bool]] = _never,
        complete: Callable[[str], Awaitable[str]] = _as_it_is,
    ) -> None:
        self._complete = complete
        self._turns = asyncio.Semaphore(os.cpu_count() or 1)
        """The built-in ones share the processor, with a core each at most."""
        self._makers: dict[str, Callable[[asyncio.Semaphore], Detector]] = {
            "motion": MotionDetector,
            "people": PeopleDetector,
            "faces": FaceDetector,
        }
        self._files = OnnxModels()
        self._servers = HttpModels(find_key, learn_secret)
        self._python = PythonModels(may_import)

    def __repr__(self) -> str:
        return f"<DetectorRegistry {', '.join(self.names())}>"

    def names(self) -> tuple[str, ...]:
        """Return the models that need nothing but their name."""
        return (*self._makers, *self._python.names)

    def kind(self, model: str) -> ModelKind:
        """Say what kind of model a user means, without loading it.  Raises UsageError where it is none at all."""
        name = model.strip()
        if name.casefold() in self._makers:
            return ModelKind.BUILT_IN
        if "://" in name:
            parse_server_address(name, NAMES)
            return ModelKind.SERVER
        if name.casefold().endswith(".onnx"):
            if not Path(name).is_file():
                raise UsageError(say("there is no model file {name}; look for a mistake in the path", name=name))
            return ModelKind.FILE
        if name in self._python.names or _FACTORY.fullmatch(name):
            return ModelKind.PYTHON
        near = difflib.get_close_matches(name.casefold(), self.names(), n=1)
        hint = say("did you mean {known!r}? ", known=near[0]) if near else ""
        raise UsageError(
            say(
                "there is no model {name!r}: {hint}known are {known}, FILE.onnx, servers as in roboflow+http://…, "
                "and package.module:factory for your own",
                name=name,
                hint=hint,
                known=", ".join(self.names()),
            )
        )

    def trust(self, model: str) -> None:
        """Remember that the user asked for this one, so that it may be run if it is Python code."""
        self._python.trust(model.strip())

    async def aclose(self) -> None:
        """Close connections and threads of all models, those in use, too.  May be called twice."""
        await self._files.aclose()
        await self._servers.aclose()

    async def load(self, model: str, options: ModelOptions | None = None) -> Detector:
        """Return a fresh detector, ready for pictures; close it with its ``aclose``.

        Takes as long as the model needs, without holding up the loop.  Raises UsageError for what is no model at all,
        and ModelError for one that cannot be loaded.
        """
        options = options or ModelOptions()
        name = model.strip()
        detector = await self._load(name, options)
        if options.tiles is None:
            return detector
        try:
            return SlicedDetector(detector, options.tiles)
        except UsageError:
            await detector.aclose()
            raise

    async def _load(self, name: str, options: ModelOptions) -> Detector:
        match self.kind(name):
            case ModelKind.BUILT_IN:
                return self._makers[name.casefold()](self._turns)
            case ModelKind.FILE:
                return await self._files.load(Path(name), options)
            case ModelKind.SERVER:
                return await self._servers.load(await self._complete(name), options)
            case ModelKind.PYTHON:
                return await self._python.load(name)
