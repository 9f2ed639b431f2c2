"""ONNX Runtime itself: found when it is needed, silent on the terminal, and asked why it did not do as it was told."""

from __future__ import annotations

import importlib
import os
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from livevision.errors import ModelError
from livevision.inference.layouts.text import clean
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

INSTALL = "pip install 'livevision[onnx]' (or onnxruntime-gpu, -directml, -openvino for other hardware)"
"""The way to models in ONNX files."""

_NO_TELEMETRY = "ORT_DISABLE_TELEMETRY"
_WARNING, _NOTHING = 2, 4
"""Severities of ONNX Runtime: from warnings on, and fatal ones only."""

_NUMBER = re.compile(r"^\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : ")
_PLACE = re.compile(r"^\S+\.(?:cc|h|cpp|hpp):\d+ \S.*?\)(?: \[[^\]]*\])? ")
"""Where in its own source ONNX Runtime failed, which helps no operator."""

_listening = threading.Lock()
"""Held while somebody listens: there is one log for the whole process."""


def onnx_runtime() -> Any:
    """Return the module ``onnxruntime``, silenced.  Takes 0.1 s the first time.

    Raises ModelError where it is not usable.
    """
    # From 1.29 on it would send the model's name and hashes to its maker, in the official builds, and keep a database
    # in the user's cache folder.  Whoever watches cameras has not agreed to that.  It is read at the import.
    os.environ[_NO_TELEMETRY] = "1"
    runtime = _imported()
    quiet = getattr(runtime, "disable_telemetry_events", None)
    if quiet is not None:  # for a program that has imported it before
        quiet()
    return runtime


def _imported() -> Any:
    try:
        return importlib.import_module("onnxruntime")
    except ModuleNotFoundError as error:
        if error.name != "onnxruntime":
            raise ModelError(
                say("ONNX Runtime misses the module {module}: {advice}", module=error.name, advice=INSTALL)
            ) from error
        raise ModelError(say("ONNX models need ONNX Runtime: {advice}", advice=INSTALL)) from error
    except (ImportError, OSError) as error:  # a system library of its own is missing, or a wheel for another system
        detail = " ".join(str(error).split())
        raise ModelError(
            say("ONNX Runtime is installed but does not start ({detail}): {advice}", detail=detail, advice=INSTALL)
        ) from error


@contextmanager
def overheard(runtime: Any) -> Iterator[list[str]]:
    """Collect what ONNX Runtime logs meanwhile, of all threads, in place of the terminal.

    For the short time of loading: whoever loads at the same time in another thread waits.  Before ONNX Runtime 1.32
    the list stays empty, and nothing is printed either.
    """
    messages: list[str] = []

    def note(_severity: int, _category: str, _logid: str, _location: str, message: str) -> None:
        messages.append(message)

    listen = getattr(runtime, "set_default_logger_callback", None)
    with _listening:
        if listen is None:
            runtime.set_default_logger_severity(_NOTHING)
            yield messages
            return
        listen(note, _WARNING)
        try:
            yield messages
        finally:
            listen(None)
            runtime.set_default_logger_severity(_NOTHING)


def reason(error: BaseException | str) -> str:
    """Return why ONNX Runtime refused: one line, without error numbers and places in its source."""
    said = " ".join(clean(_NUMBER.sub("", str(error)), 600).split())
    return clean(_PLACE.sub("", said), 240).rstrip(".") or type(error).__name__
