"""What a model's file says, made fit to be shown: short, on one line, without control characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable


def clean(text: str, most: int = 80) -> str:
    """Return ``text`` without what does not print, cut to ``most`` characters."""
    printable = "".join(each if each.isprintable() else " " for each in text[: most + 1]).strip()
    return printable if len(text) <= most else printable[: most - 1] + "…"


def brief(items: Iterable[object], most: int = 4) -> str:
    """Name the first few: "images float32[1,3,640,640], orig_target_sizes int64[1,2]"."""
    said = list(items)
    if not said:
        return say("nothing")
    first = ", ".join(clean(str(each)) for each in said[:most])
    return say("{names} and {count} more", names=first, count=len(said) - most) if len(said) > most else first
