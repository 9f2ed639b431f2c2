"""Detectors in a user's own Python: ``package.module:factory``, or the entry points of an installed package."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from livevision.errors import LivevisionError, ModelError, ModelNotAllowed
from livevision.inference.foreign_code import LoopWatch, contained, failure, is_its_own
from livevision.inference.one_thread import OneThread
from livevision.inference.own_folder import own_folder
from livevision.inference.python_detector import PythonDetector, is_model
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from importlib.metadata import EntryPoint

    from livevision.inference.detector import Detector

logger = logging.getLogger(__name__)

_LONG = 1.0
"""Seconds for which a factory may hold up everything else, once."""
ENTRY_POINTS = "livevision.detectors"
"""The group in which a package offers its detectors: ``acme = "acme.livevision:Detector"``."""


class PythonModels:
    """Loads detectors from Python code.  To load is to run somebody's code, so each name has to be allowed once.

    What the user typed was allowed by typing it: :meth:`trust` it first.  For other names ``may_import`` asks the user,
    once a name; what is refused may be asked again.
    """

    def __init__(self, may_import: Callable[[str], Awaitable[bool]]) -> None:
        self._may_import = may_import
        self._trusted: set[str] = set()
        self._asking = asyncio.Lock()

    def __repr__(self) -> str:
        return f"<PythonModels {len(self._trusted)} allowed>"

    @property
    def names(self) -> tuple[str, ...]:
        """The detectors that installed packages offer."""
        return tuple(self._entry_points)

    def trust(self, name: str) -> None:
        """Remember that the user wants this one."""
        self._trusted.add(name)

    async def load(self, name: str) -> Detector:
        """Import what ``name`` stands for and return it as a detector, made if it is a factory.

        Importing, and calling a factory, happens in the thread in which the model's blocking code runs from then on:
        both may take seconds.  A factory that needs the event loop, for an ``aiohttp.ClientSession``, is a coroutine
        function, and awaited here.  Raises ModelError where there is no such thing, where it fails, or makes no model.
        """
        await self._ask(name)
        thread = OneThread(f"python {name}")
        entry_point = self._entry_points.get(name)
        try:
            model = await thread.run(lambda: contained(lambda: _model(name, entry_point)))
            if inspect.isawaitable(model):
                model = await _made(name, model)
            return PythonDetector(model, name, thread)
        except BaseException as error:
            await thread.aclose()
            if isinstance(error, LivevisionError) or not is_its_own(error):
                raise
            raise ModelError(say("{name}: {reason}", name=name, reason=failure(error))) from error

    async def _ask(self, name: str) -> None:
        async with self._asking:  # so that two cameras with one model ask once
            if name not in self._trusted and not await self._may_import(name):
                raise ModelNotAllowed(name)
            self._trusted.add(name)

    @cached_property
    def _entry_points(self) -> dict[str, EntryPoint]:
        return {each.name: each for each in entry_points(group=ENTRY_POINTS)}


def _model(name: str, entry_point: EntryPoint | None) -> object:
    """Return the model, or the awaitable that an asynchronous factory makes it with.  Blocking.  Raises ModelError."""
    path = entry_point.value if entry_point else name
    module_name, _, attribute = path.partition("[")[0].replace(" ", "").partition(":")
    with own_folder(module_name):
        thing = _imported(name, module_name, attribute)
        try:
            itself = is_model(thing)
        except ValueError as error:
            raise ModelError(
                say("{name} {error}; write a function without arguments that returns the model", name=name, error=error)
            ) from None
        if itself:
            return thing
        if not callable(thing):
            raise ModelError(
                say("{name} is of type {kind}, and no model, function or class", name=name, kind=type(thing).__name__)
            )
        try:
            return thing()
        except LivevisionError:
            raise
        except BaseException as error:
            raise ModelError(_factory_failed(name, error)) from error


async def _made(name: str, model: Awaitable[object]) -> object:
    watch = LoopWatch()
    try:
        made: object = await watch.run(model)
    except LivevisionError:
        raise
    except BaseException as error:
        if not is_its_own(error):
            raise
        raise ModelError(_factory_failed(name, error)) from error
    if watch.longest > _LONG:
        logger.warning(
            "%s",
            say(
                "{name}() held up video and window for {seconds:.1f} s; make it a plain `def`, which runs in a thread",
                name=name,
                seconds=watch.longest,
            ),
        )
    return made


def _factory_failed(name: str, error: BaseException) -> str:
    if "event loop" in str(error):
        return say(
            "{name}() failed: {reason}; make it an `async def`: it needs the event loop",
            name=name,
            reason=failure(error),
        )
    return say("{name}() failed: {reason}", name=name, reason=failure(error))


def _imported(name: str, module_name: str, attribute: str = "") -> object:
    try:
        thing: object = importlib.import_module(module_name)
    except BaseException as error:
        if isinstance(error, ModuleNotFoundError) and f"{module_name}.".startswith(f"{error.name}."):
            raise ModelError(
                say(
                    "{name}: there is no module {module!r}; install it, or start where it is",
                    name=name,
                    module=error.name,
                )
            ) from error
        raise ModelError(
            say(
                "{name}: importing {module_name} failed: {reason}",
                name=name,
                module_name=module_name,
                reason=failure(error),
            )
        ) from error
    for each in filter(None, attribute.split(".")):
        try:
            thing = getattr(thing, each)
        except AttributeError:
            raise ModelError(
                say(
                    "{name}: {module_name} has no function or class {attribute!r}",
                    name=name,
                    module_name=module_name,
                    attribute=attribute,
                )
            ) from None
    return thing
