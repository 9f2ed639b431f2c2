"""From what a user calls a model to a detector that is ready."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from livevision.errors import ModelError, UsageError
from livevision.inference.builtin.faces import FaceDetector
from livevision.inference.builtin.motion import MotionDetector
from livevision.inference.builtin.people import PeopleDetector
from livevision.inference.python import load_factory

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.inference.detector import Detector

_FACTORY = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
"""``package.module:factory``."""


class DetectorRegistry:
    """The models that can be asked for by name.  Handed to whoever loads models."""

    def __init__(self) -> None:
        self._makers: dict[str, Callable[[], Detector]] = {
            "motion": MotionDetector,
            "people": PeopleDetector,
            "faces": FaceDetector,
        }

    def __repr__(self) -> str:
        return f"<DetectorRegistry {', '.join(self.names())}>"

    def names(self) -> tuple[str, ...]:
        """Return the models that need nothing but their name."""
        return tuple(self._makers)

    async def load(self, model: str) -> Detector:
        """Return a fresh detector, ready for pictures; close it with its ``aclose``.

        The built-in ones take 10 ms at most.  Raises UsageError for what is no model at all, and ModelError for one
        that cannot be loaded.
        """
        name = model.strip()
        maker = self._makers.get(name.casefold())
        if maker is not None:
            return maker()
        known = f"known are {', '.join(self.names())}, and package.module:factory for your own"
        if "://" in name:
            # Without the address: it may carry a password.
            raise ModelError(f"a model on a server ({name.split('://')[0]}://…) cannot be used yet; {known}")
        if name.casefold().endswith(".onnx"):
            raise ModelError(f"the model file {name} cannot be used yet; {known}")
        if _FACTORY.fullmatch(name):
            return load_factory(name)
        near = difflib.get_close_matches(name.casefold(), self.names(), n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise UsageError(f"there is no model {name!r}: {hint}{known}")
