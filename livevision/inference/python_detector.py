"""A user's own model as a detector: a coroutine function, a plain function, or an object with either."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import supervision as sv

from livevision.errors import DetectorError, LivevisionError, ModelError
from livevision.inference.detector import Tunable, notice, remembers, runs_on, said
from livevision.inference.foreign_code import LoopWatch, contained, failure, is_an_end, is_its_own
from livevision.inference.one_thread import OneThread
from livevision.inference.results import to_detections
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from livevision.frame import Image
    from livevision.inference.detector import Detector
    from livevision.inference.filter import DetectionFilter

logger = logging.getLogger(__name__)

Call: TypeAlias = "Callable[[Image], Any]"

_METHODS = ("detect", "predict")
_DETECTOR = ("name", "max_in_flight", "classes", "aclose")


class PythonDetector(Tunable):
    """Calls ``model`` with each picture and understands what it answers, whatever kind of result that is.

    ``model`` is called itself, or its ``detect`` or ``predict``.  A coroutine function is awaited on the event loop;
    anything else runs in ``thread``, one picture at a time.  What the model says of itself holds here too: ``name``,
    ``max_in_flight`` (of a coroutine function), ``classes`` or ``names``, ``runs_on``, ``notice``, ``remembers``; a
    :class:`Tunable` is tuned.  Raises ModelError for what cannot be called.
    """

    def __init__(
        self,
        model: object,
        name: str,
        thread: OneThread | None = None,
        in_flight: int = 1,
        watch: LoopWatch | None = None,
    ) -> None:
        self._model = model
        self._in_flight = in_flight
        self._watch = watch or LoopWatch()
        self._over: str = ""
        self._call = _call(model, name)
        self._is_async = _is_async(self._call)
        self.name = said(model, "name", str) or name
        self._thread = thread or OneThread(f"python {self.name}")

    def __repr__(self) -> str:
        return f"<PythonDetector {self.name}>"

    @property
    def max_in_flight(self) -> int:
        """How many pictures may be with it at once: what it says, or else ``in_flight``; but one in its one thread."""
        most = said(self._model, "max_in_flight", int) or self._in_flight
        return most if self._is_async and most > 0 else 1

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names that it says it answers."""
        for name in ("classes", "names"):
            known: Any = said(self._model, name, object)
            if isinstance(known, Mapping):  # as Ultralytics has them, by number
                known = list(known.values())
            if isinstance(known, list | tuple) and known:
                return tuple(map(str, known))
        return None

    @property
    def remembers(self) -> bool:
        """Whether it says that its answer depends on the pictures before."""
        return remembers(self._model)

    @property
    def runs_on(self) -> str:
        """Where it says that it runs."""
        return runs_on(self._model)

    @property
    def notice(self) -> str:
        """What the operator should know: what it says, or that it holds up everything else."""
        if not self._watch.blocks:
            return notice(self._model)
        return say(
            "{name} holds up video and window for {milliseconds:.0f} ms with each picture: its `async def` computes "
            "without awaiting; make it a plain `def`, which gets a thread of its own",
            name=self.name,
            milliseconds=1000 * self._watch.blocks,
        )

    def tune(self, keep: DetectionFilter) -> None:
        """Pass on what is wanted, where the model is one that wants to know: :class:`Tunable`, by its class."""
        if isinstance(self._model, Tunable):
            try:
                self._model.tune(keep)
            except Exception as error:
                logger.warning("%s: tune failed: %s", self.name, failure(error))

    async def detect(self, image: Image) -> sv.Detections:
        """Find objects in a read-only ``(h, w, 3)`` BGR picture.  Raises DetectorError, which says where it failed.

        A model that calls ``sys.exit()`` is over: it is not asked again.
        """
        if self._over:
            raise DetectorError(self._over)
        try:
            return await self._asked(image)
        except LivevisionError:
            raise
        except BaseException as error:
            if not is_its_own(error):
                raise
            text = say("{name}: {reason}", name=self.name, reason=failure(error))
            if is_an_end(error):
                text = self._over = say("{text}; it is over: choose the model again to start it anew", text=text)
            raise DetectorError(text) from error

    async def _asked(self, image: Image) -> sv.Detections:
        if self._is_async:
            answer = await self._awaited(self._call(image))
        else:
            answer = await self._thread.run(partial(contained, partial(self._call, image)))
            if inspect.isawaitable(answer):  # a coroutine function in disguise: decorated, or a lambda
                answer = await self._awaited(answer)
        understood = partial(contained, partial(to_detections, answer, (image.shape[1], image.shape[0]), self.classes))
        # Only the others are work: masks to decode, dicts to check.
        return understood() if isinstance(answer, sv.Detections) else await self._thread.run(understood)

    async def _awaited(self, answer: Awaitable[Any]) -> Any:
        blocked = self._watch.blocks
        try:
            return await self._watch.run(answer)
        finally:
            if self._watch.blocks and not blocked:
                logger.warning("%s", self.notice)

    async def aclose(self) -> None:
        """Close the model where it can be closed, and end the thread; waits for the picture at hand."""
        try:
            await self._close_model()
        except BaseException as error:
            if not is_its_own(error):
                raise
            # It is on its way out: nobody can do anything about it.
            logger.warning("%s: closing failed: %s", self.name, failure(error))
        finally:
            await self._thread.aclose()

    async def _close_model(self) -> None:
        close: Any = said(self._model, "aclose", object) or said(self._model, "close", object)
        if not callable(close):
            return
        closing = close() if inspect.iscoroutinefunction(close) else await self._thread.run(partial(contained, close))
        if inspect.isawaitable(closing):
            await closing


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
