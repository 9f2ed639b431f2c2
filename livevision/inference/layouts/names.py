"""What a model's classes are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from livevision.inference.layouts.text import clean
from livevision.inference.layouts.ultralytics import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.signature import Signature

MOST = 50_000
"""Names; the largest vocabularies in use have 21,841."""

# The 80 classes of COCO (https://cocodataset.org), in the order of its detection models.
_COCO = """person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, stop sign,
    parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, backpack, umbrella,
    handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard,
    surfboard, tennis racket, bottle, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange,
    broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, potted plant, bed, dining table, toilet, tv,
    laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase,
    scissors, teddy bear, hair drier, toothbrush"""
COCO = tuple(" ".join(name.split()) for name in _COCO.split(","))

# COCO's own numbers go to 90 and leave these out; models that keep them have 91 slots, the first for background.
_UNUSED = frozenset((0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83))


def usual(count: int | None) -> tuple[str, ...]:
    """Return the names of a model that does not name its classes: COCO's where the number is COCO's, else numbers."""
    if count == len(COCO):
        return COCO
    if count == 91:
        known = iter(COCO)
        return tuple(str(number) if number in _UNUSED else next(known) for number in range(91))
    return tuple(str(number) for number in range(min(count or 0, MOST)))


def in_metadata(signature: Signature) -> tuple[str, ...] | None:
    """Return the names that a model's file gives; None where it gives none that make sense."""
    said = literal(signature.metadata.get("names", ""))
    if isinstance(said, dict):
        return from_numbered(said)
    if isinstance(said, list | tuple) and 0 < len(said) <= MOST:
        return tuple(clean(str(name)) for name in said)
    return None


def from_numbered(names: Mapping[Any, object]) -> tuple[str, ...] | None:
    """Return names that are given as {0: "person", …}, or with numbers as text; a gap gets its number."""
    numbered = {}
    for key, name in names.items():
        text = str(key)
        if not text.isdecimal() or len(text) > 5 or not isinstance(name, str | int | float):
            return None
        numbered[int(text)] = clean(str(name))
    if not numbered or max(numbered) >= MOST:
        return None
    return tuple(numbered.get(number, str(number)) for number in range(max(numbered) + 1))


def named(class_id: Array, names: tuple[str, ...]) -> NDArray[np.str_]:
    """Return the name of each ``class_id``; its number where there is no name."""
    return np.array([names[number] if 0 <= number < len(names) else str(number) for number in class_id.tolist()], str)
