"""What the operator calls the timings of boxes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from livevision.timing import BoxTiming

TIMINGS = tuple(BoxTiming)
"""In the order in which a click goes through them."""


def timing_name(timing: BoxTiming) -> str:
    """Return its name and what it means, in a few words."""
    return {
        BoxTiming.LIVE: _tr("Live: moved to where objects are"),
        BoxTiming.ALIGNED: _tr("Aligned: pictures wait for their boxes"),
        BoxTiming.AS_THEY_COME: _tr("As they come: where objects were"),
    }[timing]


def after(timing: BoxTiming) -> BoxTiming:
    """Return the one that a click leads to."""
    return TIMINGS[(TIMINGS.index(timing) + 1) % len(TIMINGS)]


def _tr(text: str) -> str:
    return QCoreApplication.translate("timing", text)
