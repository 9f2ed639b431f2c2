"""What stands behind the ``?`` of a source: ``size=1280x720&fps=30``, with bounds and helpful refusals (pure)."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from livevision.errors import UsageError
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable

SMALLEST, LARGEST = (16, 16), (16384, 16384)
SLOWEST, FASTEST = 0.01, 240.0


def read_options(query: str, known: tuple[str, ...], owner: str) -> dict[str, str]:
    """Return the options of ``query`` by name.  Raises UsageError for one that ``owner`` does not know."""
    given = dict(parse_qsl(query, keep_blank_values=True))
    for name in given:
        if name not in known:
            raise UsageError(
                say(
                    "unknown option {name!r} of {owner}{hint}; there are {known}",
                    name=name,
                    owner=owner,
                    hint=nearest(name, known),
                    known=", ".join(known),
                )
                if known
                else say("unknown option {name!r}: {owner} has none", name=name, owner=owner)
            )
    return given


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``, did you mean 'x'?`` for the known word that looks most like ``word``, or nothing."""
    near = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)
    return say(", did you mean {known!r}?", known=near[0]) if near else ""


def read_size(text: str, smallest: tuple[int, int] = SMALLEST, largest: tuple[int, int] = LARGEST) -> tuple[int, int]:
    """Return width and height of ``1280x720``.  Raises UsageError."""
    found = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text.strip().lower(), re.ASCII)
    if not found:
        raise UsageError(say("size={text} is not WIDTHxHEIGHT; try size=1280x720", text=text))
    width, height = int(found[1]), int(found[2])
    if not (smallest[0] <= width <= largest[0] and smallest[1] <= height <= largest[1]):
        low, high = ("x".join(map(str, bound)) for bound in (smallest, largest))
        raise UsageError(
            say("size={text} is out of bounds; choose one from {low} to {high}", text=text, low=low, high=high)
        )
    return width, height


def read_rate(text: str, slowest: float = SLOWEST, fastest: float = FASTEST) -> float:
    """Return pictures per second.  Raises UsageError."""
    try:
        fps = float(text.replace(",", "."))
    except ValueError:
        raise UsageError(say("fps={text} is not a number; try fps=25", text=text)) from None
    if not slowest <= fps <= fastest:
        raise UsageError(
            say(
                "fps={text} is out of bounds; choose one from {slowest:g} to {fastest:g}",
                text=text,
                slowest=slowest,
                fastest=fastest,
            )
        )
    return fps


def read_position(text: str) -> tuple[int, int]:
    """Return the left and top edge of ``100,50`` in pixels.  Raises UsageError."""
    found = re.fullmatch(r"(\d{1,6}),(\d{1,6})", text.strip(), re.ASCII)
    if not found:
        raise UsageError(say("at={text} is not LEFT,TOP in pixels; try at=0,0", text=text))
    return int(found[1]), int(found[2])
