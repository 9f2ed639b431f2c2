"""Pictures of any shape into the model's rectangle, and boxes back out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from livevision.inference.layouts.preparation import Channels, Fit, Fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.frame import Image
    from livevision.inference.layouts.image_input import ImageInput
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Preparation


_FROM_0_TO_1 = 2.0
"""The largest number in boxes from 0 to 1: some reach over the edge."""


def fitted_into(picture: tuple[int, int], model: tuple[int, int], fit: Fit) -> Fitted:
    """Say where a picture goes; sizes are (width, height).

    Letterboxing keeps the shape: both sides by the smaller of the two factors, to whole pixels, then centred
    (the usual rule of the YOLO families) or at the top left (YOLOX).
    """
    if fit is Fit.STRETCH:
        inner, offset = model, (0, 0)
    else:
        factor = min(model[0] / picture[0], model[1] / picture[1])
        inner = (_side(picture[0], factor, model[0]), _side(picture[1], factor, model[1]))
        spare = (model[0] - inner[0], model[1] - inner[1])
        offset = (0, 0) if fit is Fit.TOP_LEFT else (spare[0] // 2, spare[1] // 2)
    scale = (inner[0] / picture[0], inner[1] / picture[1])
    return Fitted(picture, model, scale, (float(offset[0]), float(offset[1])))


def _side(length: int, factor: float, room: int) -> int:
    return max(1, min(room, round(length * factor)))


def prepare(
    images: Sequence[Image], source: ImageInput, size: tuple[int, int], preparation: Preparation
) -> tuple[Array, list[Fitted]]:
    """Make the tensor for BGR pictures of any sizes: the model's order and type, ``size`` (width, height) each.

    Where the model's batch is fixed and larger, the rest of it is left black.  Takes a millisecond a picture.
    """
    batch = source.empty(max(len(images), source.batch or 1), size)
    planes = source.order.planes(batch)
    planes[len(images) :] = 0
    fitted = []
    for image, target in zip(images, planes, strict=False):
        where = fitted_into((image.shape[1], image.shape[0]), size, preparation.fit)
        _place(image, target, where, preparation)
        fitted.append(where)
    return batch, fitted


def _place(image: Image, target: Array, where: Fitted, preparation: Preparation) -> None:
    """Write a picture into ``target``, ``(3, h, w)``, plane by plane: twice as fast as all colours at once.

    ``(1, h, w)`` gets its luma.
    """
    left, top = int(where.offset[0]), int(where.offset[1])
    width, height = round(where.picture[0] * where.scale[0]), round(where.picture[1] * where.scale[1])
    small = image if (width, height) == where.picture else cv2.resize(image, (width, height))
    inside = (slice(top, top + height), slice(left, left + width))
    is_grey = len(target) == 1
    order = (0,) if is_grey else (2, 1, 0) if preparation.channels is Channels.RGB else (0, 1, 2)
    split = (cv2.cvtColor(small, cv2.COLOR_BGR2GRAY),) if is_grey else cv2.split(small)
    for channel, plane in enumerate(target):
        source, room = split[order[channel]], plane[inside]
        if plane.dtype == np.uint8:  # such a model scales by itself
            _fill_edges(plane, inside, preparation.fill)
            room[...] = source
            continue
        factor, addend = _line(preparation, channel)
        _fill_edges(plane, inside, preparation.fill * factor + addend)
        np.multiply(source, factor, out=room, casting="unsafe")
        if addend:
            room += addend


def _line(preparation: Preparation, channel: int) -> tuple[np.float32, np.float32]:
    """Return factor and addend that make of a pixel what the model wants."""
    std = preparation.std[channel]
    return np.float32(preparation.scale / std), np.float32(-preparation.mean[channel] / std)


def _fill_edges(plane: Array, inside: tuple[slice, slice], value: float | np.float32) -> None:
    rows, columns = inside
    plane[: rows.start] = value
    plane[rows.stop :] = value
    plane[rows, : columns.start] = value
    plane[rows, columns.stop :] = value


def corners(centred: Array) -> Array:
    """Turn boxes ``(n, 4)`` of centre, width and height into x1, y1, x2, y2, as float32."""
    centred = centred.astype(np.float32)
    half = centred[:, 2:] / 2
    with np.errstate(all="ignore"):  # infinity may be among them: left out by soundness
        return np.concatenate((centred[:, :2] - half, centred[:, :2] + half), axis=1)


def unit_of(boxes: Array, fitted: Fitted) -> Array:
    """Return how many of the model's pixels one is in ``boxes``, ``(n, 4)`` of all answers: horizontally, vertically.

    Some exporters (TensorFlow's on their way to ONNX) give boxes from 0 to 1.  Of all cells of a grid, or hundreds of
    queries, some box reaches further than two pixels where numbers are pixels.
    """
    finite = boxes[np.isfinite(boxes)]
    furthest = np.abs(finite).max(initial=0)
    return np.array(fitted.model if 0 < furthest <= _FROM_0_TO_1 else (1, 1), np.float32)


def to_picture(points: Array, fitted: Fitted) -> Array:
    """Take points from the model's pixels to the picture's: pairs of x and y along the last axis, 2 or 4 long."""
    pairs = points.reshape(*points.shape[:-1], points.shape[-1] // 2, 2)
    with np.errstate(all="ignore"):
        back = (pairs - np.array(fitted.offset, np.float32)) / np.array(fitted.scale, np.float32)
        return back.reshape(points.shape).astype(np.float32)
