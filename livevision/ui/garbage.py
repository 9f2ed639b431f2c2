"""Python's garbage collector, kept on the GUI thread.

Automatic collection runs in whichever thread happens to allocate, a capture thread as well, and destroys the Qt objects
that it finds in reference cycles there: Qt crashes when a widget dies outside its thread.  So it is switched off while
a window runs, and done from the event loop instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVERY = 0.5


@contextlib.contextmanager
def no_automatic_collection() -> Iterator[None]:
    """Switch automatic collection off; leaving collects once and switches it on again."""
    gc.collect()
    # What is there by now, mostly modules, stays: skipping it makes a later collection a matter of microseconds.
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.collect()
        gc.enable()


async def collect_here() -> None:
    """Collect on the event loop, as often and as deep as Python's thresholds say, until cancelled."""
    while True:
        await asyncio.sleep(_EVERY)
        thresholds, counts = gc.get_threshold(), gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                break
