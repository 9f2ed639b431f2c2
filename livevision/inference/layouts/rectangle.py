"""How large a model's rectangle is: as it was made, or as the user wants where it leaves that free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.errors import ModelError
from livevision.inference.layouts import ultralytics
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.inference.layouts.image_input import ImageInput
    from livevision.inference.layouts.signature import Signature

USUAL = 640
_STEP = 32
_LARGEST = 8192


def rectangle(signature: Signature, source: ImageInput, wanted: tuple[int, int] | None) -> tuple[int, int]:
    """Return the width and height for pictures: the model's own; else the wanted ones, rounded up to whole cells of 32
    pixels; else those in the metadata; else 640.  Raises ModelError where the model has another size than is wanted.
    """  # noqa: D205
    fixed = (source.width, source.height)
    if wanted is not None:
        for have, want in zip(fixed, wanted, strict=True):
            if have is not None and have != want:
                own = "x".join(str(side or "?") for side in fixed)
                raise ModelError(
                    say(
                        "the model takes {own} pictures only, not {width}x{height}: leave --imgsz out, "
                        "or export it with free sizes",
                        own=own,
                        width=wanted[0],
                        height=wanted[1],
                    )
                )
        wanted = tuple(-(-side // _STEP) * _STEP for side in wanted)  # type: ignore[assignment]
    free = wanted or ultralytics.image_size(signature) or (USUAL, USUAL)
    width, height = fixed[0] or free[0], fixed[1] or free[1]
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise ModelError(
            say(
                "pictures of {width}x{height} for the model are out of bounds: 1 to {largest} a side",
                width=width,
                height=height,
                largest=_LARGEST,
            )
        )
    return width, height
