"""Other people's code: what it raises in one line, and how long it keeps the event loop from everything else."""

from __future__ import annotations

import asyncio
import signal
import sysconfig
import threading
import time
import traceback
import types
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

T = TypeVar("T")

_OURS = Path(__file__).parent
_LIBRARIES = tuple(Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib", "purelib", "platlib"))
_INSTALLED = frozenset(("site-packages", "dist-packages"))


class Left(Exception):
    """What code in a thread raised, the cause, must not be raised by who awaits it: it would mean something there."""

    @property
    def cause(self) -> BaseException:
        """What was raised: ``SystemExit``, ``KeyboardInterrupt``, ``StopIteration`` or ``CancelledError``."""
        return self.__cause__ or self


def contained(call: Callable[[], T]) -> T:
    """Do ``call``, in a thread, and raise :class:`Left` for what would end the program, or nobody can await."""
    try:
        return call()
    except StopIteration as error:
        raise Left from error
    except Exception:
        raise
    except BaseException as error:
        raise Left from error


def failure(error: BaseException) -> str:
    """Say in one line what a user's code raised, and where in it."""
    error = error.cause if isinstance(error, Left) else error
    text = _raised(error)
    # Their own line, not the one of the library that it called.
    theirs = [each for each in traceback.extract_tb(error.__traceback__) if _is_theirs(each.filename)]
    if not theirs:
        return text
    file, line = Path(theirs[-1].filename).name, theirs[-1].lineno
    return say("{text} ({file}, line {line})", text=text, file=file, line=line)


def _raised(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return say("it called sys.exit({code})", code="" if error.code is None else " ".join(str(error.code).split()))
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _is_theirs(filename: str) -> bool:
    if filename.startswith("<frozen "):
        return False
    path = Path(filename)
    if _INSTALLED & set(path.parts):
        return False
    return not any(folder == path or folder in path.parents for folder in (_OURS, *_LIBRARIES))


def is_an_end(error: BaseException) -> bool:
    """Tell whether ``error`` is of the kind that ends a program: ``sys.exit()``."""
    error = error.cause if isinstance(error, Left) else error
    return not isinstance(error, Exception | asyncio.CancelledError)


def is_its_own(error: BaseException) -> bool:
    """Tell whether a user's code raised ``error`` by itself: not what ends whoever runs it.

    That is a cancelled task, and Ctrl+C where nobody else takes it.  ``sys.exit()`` in a model is the model's end, and
    nothing more.
    """
    if isinstance(error, asyncio.CancelledError):
        try:
            task = asyncio.current_task()
        except RuntimeError:  # in a thread, which nobody can cancel
            return True
        return task is None or not task.cancelling()
    if isinstance(error, KeyboardInterrupt):
        return not _is_interrupted_by_keyboard()
    return not isinstance(error, GeneratorExit)


def _is_interrupted_by_keyboard() -> bool:
    """Say whether Ctrl+C raises KeyboardInterrupt in this thread: by Python's own handler, or asyncio's."""
    if threading.current_thread() is not threading.main_thread():
        return False
    handler = signal.getsignal(signal.SIGINT)
    return handler is signal.default_int_handler or isinstance(handler, partial)


class LoopWatch:
    """Notices a coroutine that computes, or sleeps, where everything else on the event loop has to wait for it."""

    LIMIT = 0.1
    """Seconds in one go; a picture at 25 a second has 0.04."""
    IN_A_ROW = 3
    """Calls: one may be the first, or the machine's fault."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._blocked: list[float] = []
        self.longest = 0.0
        """Seconds for which the last call held up the loop in one go."""

    @property
    def blocks(self) -> float:
        """Seconds for which the last calls held up the loop at the least; 0 where they do not."""
        return min(self._blocked) if len(self._blocked) == self.IN_A_ROW else 0.0

    async def run(self, call: Awaitable[Any]) -> Any:
        """Await ``call``, and take the time of each step of it."""
        steps: list[float] = []
        try:
            return await _stepped(call, steps, self._clock)
        finally:
            self.longest = max(steps, default=0.0)
            self._blocked = [*self._blocked, self.longest][-self.IN_A_ROW :] if self.longest > self.LIMIT else []


@types.coroutine
def _stepped(call: Awaitable[Any], steps: list[float], clock: Callable[[], float]) -> Generator[Any, Any, Any]:
    inner: Any = call.__await__()
    resume: Callable[[], Any] = partial(next, inner)
    while True:
        started = clock()
        try:
            waits_for = resume()
        except StopIteration as done:
            return done.value
        finally:
            steps.append(clock() - started)
        try:
            sent = yield waits_for
        except BaseException as error:
            if not hasattr(inner, "throw"):
                raise
            resume = partial(inner.throw, error)
        else:
            resume = partial(next, inner) if sent is None else partial(inner.send, sent)
