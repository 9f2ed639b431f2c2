"""JPEG coding of the pictures that travel to a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2

from livevision.errors import DetectorError
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.frame import Image
    from livevision.inference.options import Jpeg


@dataclass(frozen=True, slots=True)
class JpegPicture:
    """A coded picture, and the size that it has now."""

    data: bytes = field(repr=False)
    width: int
    height: int


def encode_jpeg(image: Image, how: Jpeg) -> JpegPicture:
    """Code a ``(h, w, 3)`` BGR picture, made smaller first where its longer side is more than wanted.

    Blocking, 2 to 10 ms of C code without the GIL: for an executor.  Raises DetectorError.
    """
    height, width = image.shape[:2]
    scale = 1.0 if how.longest_side is None else min(1.0, how.longest_side / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    try:
        # INTER_AREA: anything else drops lines, and small objects with them.
        smaller = image if size == (width, height) else cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        done, coded = cv2.imencode(".jpg", smaller, (cv2.IMWRITE_JPEG_QUALITY, how.quality))
    except cv2.error as error:
        reason = " ".join(str(error.err or error).split())
        raise DetectorError(
            say(
                "a picture of {width}×{height} could not be coded as JPEG: {reason}",
                width=width,
                height=height,
                reason=reason,
            )
        ) from error
    if not done:
        raise DetectorError(say("a picture of {width}×{height} could not be coded as JPEG", width=width, height=height))
    return JpegPicture(coded.tobytes(), *size)
