"""Text as a mask, put together from words: these come again, while whole texts change with every percentage."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import supervision as sv
from PIL import Image as Pillow
from PIL import ImageDraw

if TYPE_CHECKING:
    from numpy.typing import NDArray

Mask: TypeAlias = "NDArray[np.uint8]"
"""``(h, w)``, 255 where letters are."""

_REMEMBERED = 256
_WORD = re.compile(r" *[^ ]+")


class Lettering:
    """Supervision's font at one size, in pixels, with so many pixels of ``padding`` around each text.

    Pillow takes 0.15 ms for a text of 16 letters at the size of a tile, and known words 0.02.
    """

    def __init__(self, size: int, padding: int) -> None:
        self._font = sv.RichLabelAnnotator(font_size=size).font
        self._padding = padding
        # "Tg" reaches as high and as low as most text does.
        _, top, _, bottom = self._font.getbbox("Tg")
        self._top, self._height = top, round(bottom - top)
        self._word = lru_cache(maxsize=_REMEMBERED)(self._rendered)

    def mask(self, text: str) -> Mask:
        """Return ``text``, which may have several lines."""
        lines = [[self._word(word) for word in _WORD.findall(line)] for line in text.split("\n")]
        width = max(sum(advance for _, advance in line) for line in lines) + 2 * self._padding
        step = round(self._height * 1.25)
        mask = np.zeros((self._height + 2 * self._padding + (len(lines) - 1) * step, width), np.uint8)
        for number, line in enumerate(lines):
            left = 0
            for word, advance in line:
                # Each has the padding around it, too, into which letters may reach.
                there = mask[number * step : number * step + word.shape[0], left : left + word.shape[1]]
                np.maximum(there, word, out=there)
                left += advance
        return mask

    def _rendered(self, word: str) -> tuple[Mask, int]:
        """Return a word's mask and how far behind its beginning the next one begins."""
        advance = round(self._font.getlength(word))
        image = Pillow.new("L", (advance + 2 * self._padding, self._height + 2 * self._padding))
        ImageDraw.Draw(image).text((self._padding, self._padding - self._top), word, font=self._font, fill=255)
        return np.array(image), advance
