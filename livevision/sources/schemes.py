"""How sources begin that are neither addresses nor files."""

from __future__ import annotations

import re

SCREEN = "screen:"
SYNTHETIC = "synthetic:"
WEBCAM = "webcam:"
"""Before a webcam's name; one may also stand alone, or be a number."""
DEVICE = re.compile(r"(?:/dev/video)?(\d+)", re.ASCII)
"""A webcam's number, or the file that stands for it."""
