"""Texts of servers, made fit for one line on the screen."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
"""Control characters, and those that change the direction of the text around them."""


def clean(text: str, most: int) -> str:
    """Return ``text`` in one line of at most ``most`` characters, without control characters."""
    start = text[: 4 * most]
    return " ".join("".join(c if c.isprintable() else " " for c in start).split())[:most]


def sentence(text: str, most: int) -> str:
    """Return ``text`` in one line; what is longer than ``most`` characters ends with … after a whole word.

    Nothing of a cut word is left: half of a key could not be told to be one.
    """
    line = " ".join(_CONTROL.sub(" ", text[: 64 * most]).split())
    if len(line) <= most:
        return line
    start = line[:most]
    if line[most - 1 : most + 1].isascii() and " " not in line[most - 1 : most + 1]:
        start = start[: start.rfind(" ") + 1]
    return f"{start[: most - 1].rstrip()}…"
