"""Fonts for letters that supervision's own font does not have: German, Greek, Korean, Arabic and so on."""

from __future__ import annotations

import importlib.util
import logging
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ImageFont, features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageFont import FreeTypeFont

logger = logging.getLogger(__name__)

_NO_CHARACTER = "\uffff"
"""No font has a picture of it: what it is drawn as stands for everything that a font lacks."""
_PROBE_SIZE = 16
_FOUND_WITHIN = 5.0
_MOST_CANDIDATES = 8
_SKIN = range(0x1F3FB, 0x1F400)
_VARIANTS = range(0xFE00, 0xFE10)
_WELL_KNOWN = {
    "win32": (
        "C:/Windows/Fonts",
        ("segoeui.ttf", "malgun.ttf", "msyh.ttc", "YuGothM.ttc", "Nirmala.ttc", "Nirmala.ttf", "seguiemj.ttf"),
    ),
    "darwin": (
        "/System/Library/Fonts",
        ("AppleSDGothicNeo.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc", "Supplemental/Arial Unicode.ttf"),
    ),
}
"""Where fonts are on systems without fontconfig, those that look best first."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One face in a file."""

    path: str
    index: int = 0

    def at(self, size: int) -> FreeTypeFont:
        """Return it at a size in pixels.  Raises OSError for one that has no such size: colour fonts mostly."""
        return _opened(self, size)


@lru_cache(maxsize=64)
def _opened(file: FontFile, size: int) -> FreeTypeFont:
    engine = ImageFont.Layout.RAQM if can_shape() else ImageFont.Layout.BASIC
    return ImageFont.truetype(file.path, size, index=file.index, layout_engine=engine)


@lru_cache(maxsize=1)
def can_shape() -> bool:
    """Whether letters are joined and put into their order by the library that draws them."""
    return bool(features.check("raqm"))


def has_all(font: FreeTypeFont | ImageFont.ImageFont, text: str) -> bool:
    """Tell whether a font has a picture of each visible character."""
    missing = _picture(font, _NO_CHARACTER)
    visible = (each for each in dict.fromkeys(text) if not each.isspace() and not is_invisible(each))
    return all(_picture(font, each) != missing for each in visible)


@lru_cache(maxsize=1024)
def font_for(text: str) -> FontFile | None:
    """Return a font that has all characters, as far as there is one on this computer.  The first time takes 0.1 s."""
    for file in _candidates(text):
        try:
            if has_all(file.at(_PROBE_SIZE), text):
                return file
        except OSError:
            continue
    return None


def is_right_to_left(text: str) -> bool:
    """Tell whether a text begins at its right end."""
    directions = (unicodedata.bidirectional(each) for each in text)
    return next((each in ("R", "AL") for each in directions if each in ("L", "R", "AL")), False)


def spelt_out(text: str) -> str:
    """Return what stands for characters that no font has: each something else, such as ``[bicycle]`` or ``[C0AC]``."""
    names = []
    for each in text:
        if unicodedata.category(each) == "Cf" or ord(each) in _SKIN or ord(each) in _VARIANTS:
            continue
        name = unicodedata.name(each, "").lower() if unicodedata.category(each) in ("So", "Sm", "Sk") else ""
        names.append(name or f"{ord(each):X}")
    return f"[{' '.join(names)}]" if names else ""


def in_visual_order(text: str) -> str:
    """Return a text from right to left as it stands on paper, joined, for a library that can do neither."""
    joined = []
    letters = [each for each in text if not is_invisible(each)]
    forms = _arabic_forms()
    for number, letter in enumerate(letters):
        known = forms.get(letter, {})
        before = forms.get(letters[number - 1], {}) if number else {}
        after = forms.get(letters[number + 1], {}) if number + 1 < len(letters) else {}
        # One is joined to the next if it has a form for that, and the next one for being joined.
        to_next = "initial" in known and "final" in after
        to_last = "final" in known and "initial" in before
        shapes = {(True, True): "medial", (True, False): "initial", (False, True): "final"}
        form = shapes.get((to_next, to_last), "isolated")
        joined.append(known.get(form, letter))
    return "".join(reversed(joined))


@lru_cache(maxsize=1)
def _arabic_forms() -> dict[str, dict[str, str]]:
    """Return each Arabic letter's shapes, as Unicode has them for old typesetters."""
    forms: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00)):
        kind, _, base = unicodedata.decomposition(chr(code)).partition(" ")
        if kind and " " not in base:
            forms.setdefault(chr(int(base, 16)), {}).setdefault(kind.strip("<>"), chr(code))
    return forms


def is_invisible(character: str) -> bool:
    """Tell whether a character has no picture of its own: it joins others, or is a mark on one."""
    return unicodedata.category(character) in ("Cf", "Mn", "Me")


def _picture(font: FreeTypeFont | ImageFont.ImageFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


def _candidates(text: str) -> Iterator[FontFile]:
    if (plain := _bundled()) is not None:
        yield plain
    folder, names = _WELL_KNOWN.get(sys.platform, ("", ()))
    yield from (FontFile(str(path)) for name in names if (path := Path(folder, name)).is_file())
    if not folder:
        yield from _of_fontconfig(text)


@lru_cache(maxsize=1)
def _bundled() -> FontFile | None:
    """Return DejaVu Sans, which supervision brings along by way of matplotlib (without importing that)."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    return FontFile(str(path)) if path.is_file() else None


def _of_fontconfig(text: str) -> Iterator[FontFile]:
    codes = " ".join(f"{ord(each):x}" for each in dict.fromkeys(text) if not each.isspace())
    form, wanted = "%{file}\t%{index}\n", f":charset={codes}:scalable=true"
    for command in (["fc-match", "-f", form, f"sans-serif{wanted}"], ["fc-list", "-f", form, wanted]):
        try:
            found = subprocess.run(command, capture_output=True, text=True, timeout=_FOUND_WITHIN, check=False).stdout
        except (OSError, subprocess.TimeoutExpired) as error:
            logger.debug("No other fonts: %s", error)
            return
        for line in found.splitlines()[:_MOST_CANDIDATES]:
            path, _, index = line.partition("\t")
            yield FontFile(path, int(index) & 0xFFFF if index.isdecimal() else 0)
