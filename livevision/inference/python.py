"""Detectors in a user's own Python: ``package.module:factory``."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from typing import TYPE_CHECKING, cast

from livevision.errors import LivevisionError, ModelError

if TYPE_CHECKING:
    from livevision.inference.detector import Detector


def load_factory(model: str) -> Detector:
    """Import ``package.module`` and return what ``factory()`` makes; the current folder is searched too.

    This runs the user's code: only for a name that the user gave.  Raises ModelError where there is no such module or
    factory, where it fails, or where what it makes is no detector.
    """
    module_name, _, factory_name = model.partition(":")
    try:
        module = _import(module_name)
    except ModuleNotFoundError as error:
        raise ModelError(f"{model}: there is no module {error.name!r}; install it, or start where it is") from error
    except Exception as error:
        raise ModelError(f"{model}: importing {module_name} failed: {type(error).__name__}: {error}") from error
    factory = getattr(module, factory_name, None)
    if not callable(factory):
        raise ModelError(f"{model}: {module_name} has no function or class {factory_name!r}")
    try:
        detector = factory()
    except LivevisionError:
        raise
    except Exception as error:
        raise ModelError(f"{model}: {factory_name}() failed: {type(error).__name__}: {error}") from error
    if not inspect.iscoroutinefunction(getattr(detector, "detect", None)):
        raise ModelError(
            f"{model}: {factory_name}() made a {type(detector).__name__}, which has no `async def detect(self, image)`"
        )
    return cast("Detector", detector)


def _import(name: str) -> object:
    # A console script does not search the current folder, where a user's own module usually is.
    here = os.getcwd()  # noqa: PTH109  sys.path holds strings
    added = here not in sys.path
    if added:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    finally:
        if added:
            sys.path.remove(here)
