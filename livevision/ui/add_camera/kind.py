"""The kinds of sources that the window offers."""

from __future__ import annotations

from enum import Enum


class SourceKind(Enum):
    """What somebody wants to see; the values are the names of the icons."""

    WEBCAM = "camera"
    NETWORK = "network-camera"
    FILE = "file-video"
    SCREEN = "screen"
    DEMO = "demo"
