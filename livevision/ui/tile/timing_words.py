"""What the operator calls the timings of boxes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from livevision.timing import BoxTiming

translate = QCoreApplication.translate

TIMINGS = tuple(BoxTiming)
"""In the order in which a click goes through them."""


def timing_name(timing: BoxTiming) -> str:
    """Return its name and what it means, in a few words."""
    return {
        BoxTiming.LIVE: translate("timing", "Live: moved to where objects are"),
        BoxTiming.ALIGNED: translate("timing", "Aligned: pictures wait for their boxes"),
        BoxTiming.AS_THEY_COME: translate("timing", "As they come: where objects were"),
    }[timing]


def after(timing: BoxTiming) -> BoxTiming:
    """Return the one that a click leads to."""
    return TIMINGS[(TIMINGS.index(timing) + 1) % len(TIMINGS)]
