"""The kinds of recordings.  Imports nothing, for the command line's help."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """What a recording's media files hold."""

    ANNOTATED = "annotated"
    """Boxes drawn in, each on its own picture."""
    CLEAN = "clean"
    """What the camera sends, in original quality."""
    BOTH = "both"
    """One file of each."""
    SOFT = "soft"
    """What the camera sends, with the boxes as subtitles that players switch on and off."""
