"""Live cameras with live detections: the public API, the same parts that the app is made of."""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livevision import errors
    from livevision.api import load_detector, open_camera, process, sliced, sync_callback
    from livevision.frame import Frame, Result
    from livevision.inference.detector import Detector, Tunable
    from livevision.inference.options import ModelOptions

__version__ = version("livevision")
__all__ = [
    "Detector",
    "Frame",
    "ModelOptions",
    "Result",
    "Tunable",
    "errors",
    "load_detector",
    "open_camera",
    "process",
    "sliced",
    "sync_callback",
]

_HOMES = {
    "Detector": "livevision.inference.detector",
    "Frame": "livevision.frame",
    "ModelOptions": "livevision.inference.options",
    "Result": "livevision.frame",
    "Tunable": "livevision.inference.detector",
    "load_detector": "livevision.api",
    "open_camera": "livevision.api",
    "process": "livevision.api",
    "sliced": "livevision.api",
    "sync_callback": "livevision.api",
}


def __getattr__(name: str) -> object:
    # Loaded on first use: supervision alone takes a second to import, which `livevision --help` need not wait for.
    if name == "errors":
        return import_module("livevision.errors")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'livevision' has no attribute {name!r}")
