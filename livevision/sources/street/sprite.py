"""Pictures of moving things, ready to be laid over a background."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from livevision.sources.street.canvas import BLACK, Canvas
from livevision.sources.street.shapes import oval

if TYPE_CHECKING:
    from livevision.frame import Image

_SOLID = 110  # opacity from which a pixel belongs to the object's box


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn object facing right, unlit: premultiplied BGRA and where in it the object stands, in pixels."""

    pixels: Image
    foot: tuple[float, float]
    scale: float
    """Pixels per metre."""


def finished(figure: Figure, scale: float) -> Figure:
    """Average a figure that was drawn larger down to ``scale``, and cut off the empty space around it."""
    ratio = scale / figure.scale
    height, width = (max(1, round(length * ratio)) for length in figure.pixels.shape[:2])
    small = cv2.resize(figure.pixels, (width, height), interpolation=cv2.INTER_AREA)
    x, y, w, h = cv2.boundingRect(small[..., 3])
    foot = figure.foot[0] * width / figure.pixels.shape[1] - x, figure.foot[1] * height / figure.pixels.shape[0] - y
    return Figure(cast("Image", small[y : y + h, x : x + w].copy()), foot, scale)


@dataclass(frozen=True, slots=True)
class Sprite:
    """A lit object with its shadow, for one distance from the camera."""

    colour: Image
    """``(h, w, 3)`` BGR, premultiplied."""
    keep: Image
    """``(h, w, 3)``: how much of the background stays, of 255."""
    foot: tuple[int, int]
    """The pixel that goes where the object stands."""
    box: tuple[int, int, int, int]
    """x1, y1, x2, y2 of the object without its shadow, relative to the foot."""

    def blend(self, image: Image, x: float, y: int) -> None:
        """Lay the sprite over ``image`` with its foot at (x, y); between two pixel columns it is interpolated."""
        left = math.floor(x)
        share = x - left
        colour, keep = self.colour, self.keep
        x0, y0 = left - self.foot[0], y - self.foot[1]
        if share > 1 / 32:
            # Each column takes the share of its left neighbour; the empty border makes room for one column.
            colour = cast("Image", cv2.addWeighted(colour[:, 1:], 1 - share, colour[:, :-1], share, 0))
            keep = cast("Image", cv2.addWeighted(keep[:, 1:], 1 - share, keep[:, :-1], share, 0))
            x0 += 1
        height, width = colour.shape[:2]
        cut_x, cut_y = max(0, -x0), max(0, -y0)
        end_x, end_y = min(width, image.shape[1] - x0), min(height, image.shape[0] - y0)
        if cut_x >= end_x or cut_y >= end_y:
            return
        roi = image[y0 + cut_y : y0 + end_y, x0 + cut_x : x0 + end_x]
        cv2.multiply(roi, keep[cut_y:end_y, cut_x:end_x], roi, 1 / 255)
        cv2.add(roi, colour[cut_y:end_y, cut_x:end_x], roi)


@dataclass(frozen=True, slots=True)
class Shadow:
    """The soft shadow under an object: half its length along the street and across, metres."""

    length: float
    width: float
    opacity: float = 0.5


def bake(figure: Figure, scale: float, shadow: Shadow, *, mirrored: bool) -> Sprite:
    """Scale a figure to ``scale`` pixels per metre, light it from the left and put its shadow under it."""
    pixels, (foot_x, foot_y) = figure.pixels, figure.foot
    if mirrored:
        pixels, foot_x = cast("Image", cv2.flip(pixels, 1)), pixels.shape[1] - foot_x
    ratio = scale / figure.scale
    # The foot falls on a whole pixel, so that the wheels and shoes of all phases stand on one line.
    margin = math.ceil(scale * shadow.width * 1.5) + 2
    wide = shadow.length * scale + margin  # the shadow may be longer than what throws it
    at = math.ceil(max(foot_x * ratio, wide)) + 2, math.ceil(foot_y * ratio) + 2
    size = (
        at[0] + math.ceil(max((pixels.shape[1] - foot_x) * ratio, wide)) + 2,
        at[1] + math.ceil(max((pixels.shape[0] - foot_y) * ratio, 0) + margin) + 2,
    )
    small = _resized(pixels, ratio)
    canvas = np.zeros((size[1], size[0], 4), np.uint8)
    x0, y0 = round(at[0] - foot_x * ratio), round(at[1] - foot_y * ratio)
    canvas[y0 : y0 + small.shape[0], x0 : x0 + small.shape[1]] = _lit(small, scale)
    box = _solid_box(canvas)
    canvas = _over(canvas, _shadow(canvas.shape, at, scale, shadow))
    keep = cast("Image", cv2.cvtColor(255 - canvas[..., 3], cv2.COLOR_GRAY2BGR))
    colour = np.ascontiguousarray(canvas[..., :3])
    return Sprite(colour, keep, at, (box[0] - at[0], box[1] - at[1], box[2] - at[0], box[3] - at[1]))


def _resized(pixels: Image, ratio: float) -> Image:
    size = max(2, round(pixels.shape[1] * ratio)), max(2, round(pixels.shape[0] * ratio))
    if size == (pixels.shape[1], pixels.shape[0]):
        return pixels
    return cast("Image", cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC))


def _lit(pixels: Image, scale: float) -> Image:
    # The left rim of a shape is nearer the sun than the right one: a blurred silhouette's slope gives it volume.
    alpha = pixels[..., 3]
    reach = max(1, round(scale * 0.06))
    soft = cv2.copyMakeBorder(alpha, 0, 0, reach, reach, cv2.BORDER_CONSTANT)
    soft = cv2.blur(cv2.blur(soft, (2 * reach + 1, 2 * reach + 1)), (reach | 1, reach | 1))
    # 128 stands for unchanged light.
    light = cv2.addWeighted(soft[:, 2 * reach :], 0.14, soft[:, : -2 * reach], -0.14, 128)
    lit = cv2.multiply(pixels[..., :3], cv2.merge([light, light, light]), scale=1 / 128)
    # Premultiplied: no colour may exceed its opacity.
    return cast("Image", cv2.merge([*cv2.split(cv2.min(lit, cv2.merge([alpha, alpha, alpha]))), alpha]))


def _shadow(shape: tuple[int, ...], foot: tuple[int, int], scale: float, shadow: Shadow) -> Image:
    mask = np.zeros(shape[:2], np.uint8)
    # An object has some depth: its shadow lies behind its front edge more than before it.
    canvas = Canvas(mask, (scale, -scale), foot)
    canvas.fill(oval((0, shadow.width * 0.4), shadow.length, shadow.width), (round(255 * shadow.opacity), 0, 0, 0))
    mask = cast("Image", cv2.GaussianBlur(mask, (0, 0), max(0.5, shadow.width * scale * 0.4)))
    return cast("Image", cv2.merge([cv2.convertScaleAbs(mask, alpha=c / 255) for c in BLACK[:3]] + [mask]))


def _over(front: Image, back: Image) -> Image:
    keep = cv2.merge([255 - front[..., 3]] * 4)
    return cast("Image", cv2.add(front, cv2.multiply(back, keep, scale=1 / 255)))


def _solid_box(pixels: Image) -> tuple[int, int, int, int]:
    x, y, width, height = cv2.boundingRect((pixels[..., 3] >= _SOLID).astype(np.uint8))
    return x, y, x + width, y + height
