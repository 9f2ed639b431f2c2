"""Text as a mask, put together from words: these come again, while whole texts change with every percentage."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import supervision as sv
from PIL import Image as Pillow
from PIL import ImageDraw
from PIL.ImageFont import FreeTypeFont

from livevision.overlay.fonts import (
    FontFile,
    can_shape,
    font_for,
    has_all,
    in_visual_order,
    is_invisible,
    is_right_to_left,
    spelt_out,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

Mask: TypeAlias = "NDArray[np.uint8]"
"""``(h, w)``, 255 where letters are."""

_REMEMBERED = 256
_WORD = re.compile(r" *[^ ]+")

Piece: TypeAlias = "tuple[str, FontFile | None]"
"""Letters of one font; None is supervision's own, which has hardly more than those of English."""


class Lettering:
    """Supervision's font at one size, in pixels, with so many pixels of ``padding`` around each text.

    Letters that it does not have come from another font, or are spelt out where there is none on this computer.
    Pillow takes 0.15 ms for a text of 16 letters at the size of a tile, and known words 0.02.
    """

    def __init__(self, size: int, padding: int) -> None:
        font = sv.RichLabelAnnotator(font_size=size).font
        assert isinstance(font, FreeTypeFont)  # Pillow's own bitmap letters have no sizes, and are its last resort
        self._font = font
        self._size = size
        self._padding = padding
        # "Tg" reaches as high and as low as most text does.
        _, top, _, bottom = self._font.getbbox("Tg")
        self._top, self._height = top, round(bottom - top)
        self._word = lru_cache(maxsize=_REMEMBERED)(self._rendered)
        self._pieces_of = lru_cache(maxsize=_REMEMBERED)(self._split)

    def mask(self, text: str) -> Mask:
        """Return ``text``, which may have several lines."""
        lines = [[self._word(piece) for piece in self._pieces(line)] for line in text.split("\n")]
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

    def _pieces(self, line: str) -> list[Piece]:
        words = _WORD.findall(line)
        if line.isascii():
            return [(word, None) for word in words]
        pieces: list[Piece] = []
        for word in words:
            for text, font in self._pieces_of(word):
                if font is not None and len(pieces) > 1 and pieces[-1][0].isspace() and pieces[-2][1] == font:
                    before, between = pieces[-2][0], pieces[-1][0]
                    if is_right_to_left(before) and is_right_to_left(text):
                        # Several words from right to left: the first one stands at the right.
                        pieces[-2:] = [(f"{before}{between}{text}", font)]
                        continue
                pieces.append((text, font))
        return pieces

    def _split(self, word: str) -> tuple[Piece, ...]:
        """Return which letters of a word are drawn in which font: all in one where there is one that has them."""
        if has_all(self._font, word):
            return ((word, None),)
        bare = word.lstrip(" ")
        blanks: tuple[Piece, ...] = ((word[: -len(bare)], None),) if len(bare) < len(word) else ()
        if (font := font_for(bare)) is not None:
            return (*blanks, (bare, font))
        runs: list[tuple[str, FontFile | None, bool]] = []
        for letter in bare:
            own = has_all(self._font, letter)
            other = None if own else font_for(letter)
            is_known = own or other is not None
            if runs and (runs[-1][1:] == (other, is_known) or is_invisible(letter)):
                runs[-1] = (runs[-1][0] + letter, *runs[-1][1:])
            else:
                runs.append((letter, other, is_known))
        return (*blanks, *((text if is_known else spelt_out(text), font) for text, font, is_known in runs))

    def _rendered(self, piece: Piece) -> tuple[Mask, int]:
        """Return a piece's mask and how far behind its beginning the next one begins."""
        text, file = piece
        if file is not None:
            return self._rendered_in(text, file)
        advance = round(self._font.getlength(text))
        image = Pillow.new("L", (advance + 2 * self._padding, self._height + 2 * self._padding))
        ImageDraw.Draw(image).text((self._padding, self._padding - self._top), text, font=self._font, fill=255)
        return np.array(image), advance

    def _rendered_in(self, text: str, file: FontFile) -> tuple[Mask, int]:
        direction = None
        if is_right_to_left(text):
            text, direction = (text, "rtl") if can_shape() else (in_visual_order(text), None)
        height = self._height + 2 * self._padding
        ascent, _ = self._font.getmetrics()
        baseline = self._padding - self._top + ascent
        font = file.at(self._size)
        _, above, _, below = font.getbbox(text, anchor="ls", direction=direction)
        # Other writings are higher than this one: smaller rather than cut off.
        room = min(1.0, baseline / max(1.0, -above), (height - baseline) / max(1.0, below))
        if room < 1:
            font = file.at(max(6, int(self._size * room)))
        advance = round(font.getlength(text, direction=direction))
        image = Pillow.new("L", (advance + 2 * self._padding, height))
        ImageDraw.Draw(image).text(
            (self._padding, baseline), text, font=font, fill=255, anchor="ls", direction=direction
        )
        return np.array(image), advance
