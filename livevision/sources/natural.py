"""The order in which people count: ``2.jpg`` before ``10.jpg`` (pure)."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(\d+)", re.ASCII)


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Return a key for :func:`sorted` by which numbers in names count as numbers."""
    parts = _NUMBER.split(name.casefold())
    # Every second part is a number; equal numbers written differently (1, 01) keep apart by their text.
    return [(1, int(part), part) if at % 2 else (0, 0, part) for at, part in enumerate(parts)]
