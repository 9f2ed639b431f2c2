"""Boxes and labels as Advanced SubStation Alpha events, which players draw over a clean recording (pure).

Format: Matroska's "SSA/ASS" codec mapping, and libass's reading of the override codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import supervision as sv

from livevision.overlay import class_colour, label_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

_DARK = sv.Color.from_hex("#101418")
_LONGEST_LABEL = 120
_SPECIAL = str.maketrans({"{": "(", "}": ")", "\\": "/"})
"""What begins override codes in a text, and what stands for it: players do not agree on how it would be escaped."""

_HEADER = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Box,sans-serif,{font},&H00FFFFFF,&H00FFFFFF,&H00181410,&H00181410,0,0,0,0,100,100,0,0,1,1,0,7,0,0,0,1
Style: Label,sans-serif,{font},&H00181410,&H00FFFFFF,&H00FFFFFF,&H00FFFFFF,0,0,0,0,100,100,0,0,3,{pad},0,1,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def header(size: tuple[int, int]) -> str:
    """Return the head of a subtitle track for pictures of ``size`` (width, height), on whose pixels events are put."""
    width, height = size
    font = _font_height(size)
    return _HEADER.format(width=width, height=height, font=font, pad=max(1, font // 10))


def events(detections: sv.Detections, size: tuple[int, int]) -> tuple[str, ...]:
    """Return the events that show ``detections`` on pictures of ``size``, as ``Layer,Style,Name,…,Text``.

    One holds all boxes of a colour, and one each label.  Nothing where there is nothing to be seen.
    """
    seen = _inside(detections, size)
    return (*_boxes(seen, size), *_labels(seen, size)) if len(seen) else ()


def _inside(detections: sv.Detections, size: tuple[int, int]) -> sv.Detections:
    boxes = detections.xyxy
    seen = np.asarray((boxes[:, :2] < size).all(axis=1) & (boxes[:, 2:] >= 0).all(axis=1))
    # Indexing an empty one with an empty mask is not for every version of supervision.
    return cast("sv.Detections", detections[seen]) if seen.any() else sv.Detections.empty()


def _boxes(detections: sv.Detections, size: tuple[int, int]) -> Iterator[str]:
    line = max(1, round(min(size) / 360))
    shapes: dict[str, list[str]] = {}
    corners = np.clip(detections.xyxy, 0, np.array((size[0] - 1, size[1] - 1) * 2)).round().astype(int)
    for name, (left, top, right, bottom) in zip(_names(detections), corners.tolist(), strict=True):
        shapes.setdefault(_colour(class_colour(name)), []).append(_frame(left, top, right, bottom, line))
    for colour, paths in shapes.items():
        yield rf"0,Box,,0,0,0,,{{\an7\pos(0,0)\1c{colour}\p1}}{' '.join(paths)}{{\p0}}"


def _frame(left: int, top: int, right: int, bottom: int, line: int) -> str:
    """Return the path of a frame ``line`` pixels wide, its middle on the box: a surface with a hole.

    The hole's corners go round the other way, which makes it one whatever the rule for filling.
    """
    before, behind = line // 2, line - line // 2
    x1, y1, x2, y2 = left - before, top - before, right + behind, bottom + behind
    outer = f"m {x1} {y1} l {x2} {y1} {x2} {y2} {x1} {y2}"
    x1, y1, x2, y2 = x1 + line, y1 + line, x2 - line, y2 - line
    return outer if x1 >= x2 or y1 >= y2 else f"{outer} m {x1} {y1} l {x1} {y2} {x2} {y2} {x2} {y1}"


def _labels(detections: sv.Detections, size: tuple[int, int]) -> Iterator[str]:
    highest = _font_height(size) + 2 * max(1, _font_height(size) // 10)
    for name, text, box in zip(_names(detections), label_texts(detections), detections.xyxy, strict=True):
        plain = plain_text(text)
        if not plain:
            continue
        colour = class_colour(name)
        left, bottom = max(0, round(float(box[0]))), max(highest, round(float(box[1])))
        letters = _colour(_letters_on(colour))
        yield rf"1,Label,,0,0,0,,{{\pos({left},{bottom})\1c{letters}\3c{_colour(colour)}}}{plain}"


def plain_text(text: str) -> str:
    """Return ``text`` so that no player takes anything in it for a code; it may come from a stranger's model."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[:_LONGEST_LABEL])
    return " ".join(printable.translate(_SPECIAL).split())


def _names(detections: sv.Detections) -> list[str]:
    names = detections.data.get("class_name")
    return [""] * len(detections) if names is None else [" ".join(str(name).split()) for name in names]


def _font_height(size: tuple[int, int]) -> int:
    # A fifth more than in the overlay: here it is the line's height, there that of the letters' square.
    return round(1.2 * max(11, round(6 + min(size) / 60)))


def _colour(colour: sv.Color) -> str:
    return f"&H{colour.b:02X}{colour.g:02X}{colour.r:02X}&"


def _letters_on(ground: sv.Color) -> sv.Color:
    """Return dark or white, whichever stands out more (WCAG 2's contrast ratio)."""
    light = _luminance(ground)
    on_white, on_dark = 1.05 / (light + 0.05), (light + 0.05) / (_luminance(_DARK) + 0.05)
    return sv.Color.WHITE if on_white > on_dark else _DARK


def _luminance(colour: sv.Color) -> float:
    parts = (part / 255 for part in (colour.r, colour.g, colour.b))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
