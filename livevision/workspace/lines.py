"""In which line of a TOML text a key stands, as well as that can be told without parsing it once more (pure)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livevision.workspace.problems import Location

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEY})\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_KEY})\s*=")


class LineFinder:
    """Finds keys in a text.  What stands within an inline table or a long string has the line where that begins."""

    def __init__(self, text: str) -> None:
        self._text = text

    def before(self, where: Location) -> str:
        """Return ``line 12: `` for a place in the text, or nothing where it is not found."""
        wanted = tuple(str(part) for part in where if part != "[key]")
        most, line = 0, 0
        for number, found in self._keys():
            common = min(len(found), len(wanted))
            if found[:common] == wanted[:common] and common > most:
                most, line = common, number
        return say("line {number}: ", number=line) if line else ""

    def _keys(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield lines and what they are about: ``("cameras", "0", "name")``."""
        tables: Counter[tuple[str, ...]] = Counter()
        table: tuple[str, ...] = ()
        for number, line in enumerate(self._text.splitlines(), 1):
            if header := _HEADER.match(line):
                parts = _parts(header[2])
                # Below an array of tables its last one is meant.
                table = _placed(parts[:-1], tables) + parts[-1:]
                if header[1] == "[[":
                    tables[table] += 1
                table = _last(table, tables)
                yield number, table
            elif assignment := _ASSIGNMENT.match(line):
                yield number, table + _parts(assignment[1])


def _placed(parts: tuple[str, ...], tables: Counter[tuple[str, ...]]) -> tuple[str, ...]:
    table: tuple[str, ...] = ()
    for part in parts:
        table = _last((*table, part), tables)
    return table


def _last(table: tuple[str, ...], tables: Counter[tuple[str, ...]]) -> tuple[str, ...]:
    return (*table, str(tables[table] - 1)) if tables[table] else table


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, key))
