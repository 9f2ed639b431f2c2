"""A user's own model as a detector: a coroutine function, a plain function, or an object with either."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import supervision as sv

from livevision.errors import DetectorError, LivevisionError, ModelError
from livevision.inference.detector import Placed, Remembering, Tunable
from livevision.inference.one_thread import OneThread
from livevision.inference.results import to_detections
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.frame import Image
    from livevision.inference.detector import Detector
    from livevision.inference.filter import DetectionFilter

Call: TypeAlias = "Callable[[Image], Any]"

_METHODS = ("detect", "predict")
_DETECTOR = ("name", "max_in_flight", "classes", "aclose")


class PythonDetector:
    """Calls ``model`` with each picture and understands what it answers, whatever kind of result that is.

    ``model`` is called itself, or its ``detect`` or ``predict``.  A coroutine function is awaited on the event loop;
    anything else runs in ``thread``, one picture at a time.  What the model says of itself holds here too: ``name``,
    ``max_in_flight`` (of a coroutine function), ``classes`` or ``names``, ``tune``, ``runs_on``, ``notice``,
    ``remembers``.  Raises ModelError for what cannot be called.
    """

    def __init__(self, model: object, name: str, thread: OneThread | None = None, in_flight: int = 1) -> None:
        self._model = model
        self._in_flight = in_flight
        self._call = _call(model, name)
        self._is_async = _is_async(self._call)
        said = getattr(model, "name", None)
        self.name = said if isinstance(said, str) and said else name
        self._thread = thread or OneThread(f"python {self.name}")

    def __repr__(self) -> str:
        return f"<PythonDetector {self.name}>"

    @property
    def max_in_flight(self) -> int:
        """How many pictures may be with it at once: what it says, or else ``in_flight``; but one in its one thread."""
        said = getattr(self._model, "max_in_flight", self._in_flight)
        return said if self._is_async and isinstance(said, int) and said > 0 else 1

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names that it says it answers."""
        said = getattr(self._model, "classes", None) or getattr(self._model, "names", None)
        if isinstance(said, Mapping):  # as Ultralytics has them, by number
            said = list(said.values())
        return tuple(map(str, said)) if isinstance(said, list | tuple) and said else None

    @property
    def remembers(self) -> bool:
        """Whether it says that its answer depends on the pictures before."""
        return isinstance(self._model, Remembering) and bool(self._model.remembers)

    @property
    def runs_on(self) -> str:
        """Where it says that it runs."""
        return str(self._model.runs_on) if isinstance(self._model, Placed) else ""

    @property
    def notice(self) -> str:
        """What it says that the operator should know."""
        return str(self._model.notice) if isinstance(self._model, Placed) else ""

    def tune(self, keep: DetectionFilter) -> None:
        """Pass on what is wanted, where the model wants to know."""
        if isinstance(self._model, Tunable):
            self._model.tune(keep)

    async def detect(self, image: Image) -> sv.Detections:
        """Find objects in a read-only ``(h, w, 3)`` BGR picture.  Raises DetectorError, which says where it failed."""
        try:
            if self._is_async:
                answer = await self._call(image)
            else:
                answer = await self._thread.run(partial(self._call, image))
                if inspect.isawaitable(answer):  # a coroutine function in disguise: decorated, or a lambda
                    answer = await answer
            understood = partial(to_detections, answer, (image.shape[1], image.shape[0]), self.classes)
            # Only the others are work: masks to decode, dicts to check.
            return understood() if isinstance(answer, sv.Detections) else await self._thread.run(understood)
        except LivevisionError:
            raise
        except Exception as error:
            raise DetectorError(say("{name}: {reason}", name=self.name, reason=failure(error))) from error

    async def aclose(self) -> None:
        """Close the model where it can be closed, and end the thread; waits for the picture at hand."""
        close = getattr(self._model, "aclose", None) or getattr(self._model, "close", None)
        try:
            if inspect.iscoroutinefunction(close):
                await close()
            elif callable(close):
                await self._thread.run(close)
        finally:
            await self._thread.aclose()


class BorrowedModel(PythonDetector):
    """A model that stays its owner's: closing this leaves it as it is."""

    async def aclose(self) -> None:
        """End the thread; waits for the picture at hand."""
        await self._thread.aclose()


def as_detector(model: object, in_flight: int = 1) -> Detector:
    """Return a detector as it is, and anything else that can be asked about a picture as one.

    ``in_flight`` is for a coroutine function that does not say itself how many pictures it takes at once.  Raises
    ModelError for what cannot be asked.
    """
    detect = getattr(model, "detect", None)
    if inspect.iscoroutinefunction(detect) and all(hasattr(model, each) for each in _DETECTOR):
        return cast("Detector", model)
    name = getattr(model, "__name__", None) or type(model).__name__
    return BorrowedModel(model, str(name), in_flight=in_flight)


def failure(error: Exception) -> str:
    """Say in one line what a user's code raised, and where in it."""
    said = " ".join(str(error).split())
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    own = Path(__file__).parent
    frames = [each for each in traceback.extract_tb(error.__traceback__) if own not in Path(each.filename).parents]
    # Their own line, not the one of the library that it called.
    theirs = [each for each in frames if "site-packages" not in each.filename and "/lib/python" not in each.filename]
    if not theirs:
        return text
    file, line = Path(theirs[-1].filename).name, theirs[-1].lineno
    return say("{text} ({file}, line {line})", text=text, file=file, line=line)


def is_model(thing: object) -> bool:
    """Tell whether something can be asked about a picture as it is; otherwise it makes what can, when called.

    A function is told by its signature: one that needs no argument makes a model, one that needs one is the model.
    Raises ValueError for a function that needs more.
    """
    if not isinstance(thing, type) and any(callable(getattr(thing, method, None)) for method in _METHODS):
        return True
    needed = _needed(thing)
    if len(needed) > 1 or (needed and isinstance(thing, type)):
        raise ValueError(f"needs {', '.join(needed)}")
    return bool(needed)


def _needed(thing: object) -> list[str]:
    try:
        signature = inspect.signature(thing)  # type: ignore[arg-type]
    except (TypeError, ValueError):  # written in C, and does not say
        return []
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    each = signature.parameters.values()
    return [one.name for one in each if one.default is one.empty and one.kind not in optional]


def _call(model: object, name: str) -> Call:
    for method in _METHODS:
        call: Call | None = getattr(model, method, None)
        if callable(call) and not isinstance(model, type):
            return call
    if callable(model) and not isinstance(model, type):
        return model
    raise ModelError(
        say(
            "{name}: {kind} is no type of model; it needs `async def detect(self, image)`, or to be a "
            "function that takes a picture",
            name=name,
            kind=type(model).__name__,
        )
    )


def _is_async(call: Call) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004
