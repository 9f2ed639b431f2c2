"""The planes of a decoder's picture as arrays, and pictures made of such arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.video.plane import VideoPlane

    from livevision.frame import Crop

BYTES = {
    "yuv420p": (1, 1, 1),
    "yuvj420p": (1, 1, 1),
    "yuv422p": (1, 1, 1),
    "yuvj422p": (1, 1, 1),
    "yuv444p": (1, 1, 1),
    "yuvj444p": (1, 1, 1),
    "yuv420p10le": (2, 2, 2),
    "yuv422p10le": (2, 2, 2),
    "nv12": (1, 2),
    "gray": (1,),
    "bgr24": (3,),
    "rgb24": (3,),
}
"""Formats whose planes are simple, with the bytes from one sample to the next in each plane."""
DEEP = frozenset({"yuv420p10le", "yuv422p10le"})
"""Those of them in which a sample is a number of two bytes, of which ten bits count."""


def cut(picture: av.VideoFrame, crop: Crop) -> av.VideoFrame | None:
    """Return the part ``crop`` of ``picture`` as a picture of its own with the same tags.

    None where its format cannot be cut, or ``crop`` does not begin and end at whole chroma samples.
    """
    each = BYTES.get(picture.format.name)
    if each is None:
        return None
    x, y, width, height = crop
    parts = []
    for whole, step in zip(picture.planes, each, strict=True):
        across, down = round(picture.width / whole.width), round(picture.height / whole.height)
        if x % across or y % down or (width % across and x + width != picture.width):
            return None
        left, top = x // across * step, y // down
        columns, rows = -(-width // across) * step, -(-height // down)
        parts.append(rows_of(whole)[top : top + rows, left : left + columns])
    return made_of(parts, picture, (width, height))


def rows_of(plane: VideoPlane) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return the bytes of a plane, a row each, with what fills each row up behind them; a view of the plane."""
    return np.frombuffer(cast("memoryview", plane), np.uint8).reshape(-1, plane.line_size)


def made_of(planes: Sequence[np.ndarray[Any, Any]], like: av.VideoFrame, size: tuple[int, int]) -> av.VideoFrame:
    """Return a picture of ``size`` with the bytes of ``planes``, in the format and with the tags of ``like``."""
    picture = av.VideoFrame(*size, like.format.name)
    picture.colorspace, picture.color_range, picture.color_trc = like.colorspace, like.color_range, like.color_trc
    for plane, rows in zip(picture.planes, planes, strict=True):
        padded = np.zeros((plane.buffer_size // plane.line_size, plane.line_size), np.uint8)
        padded[: rows.shape[0], : rows.shape[1]] = rows
        plane.update(padded.tobytes())
    return picture
