"""Detections onto pixels, with supervision's annotators, at whatever size the picture has."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from livevision.overlay.blending import around, make_solid, translucent
from livevision.overlay.colours import palette_of
from livevision.overlay.concealment import conceal
from livevision.overlay.gauge import Gauge
from livevision.overlay.heat import HeatMap
from livevision.overlay.labels import Labels, paste
from livevision.overlay.masks import Masks
from livevision.overlay.placed import place
from livevision.overlay.privacy import Concealment
from livevision.overlay.shapes import Shapes
from livevision.overlay.skeletons import Skeletons
from livevision.overlay.style import Annotator, OverlayStyle
from livevision.overlay.traces import Traces

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.overlay.blending import Rect
    from livevision.overlay.placed import Placed, Size, Window
    from livevision.overlay.traces import Moment

_DEFAULT = OverlayStyle()
_NOTHING = (0, 0, 0, 0)


class Overlay:
    """Draws objects as its style says: boxes and labels, such as ``person 87 %`` or ``car #12 64 %``, masks and so on.

    Remembers what it needs for the last few sizes of picture, recent labels as pixels, and what traces and heat maps
    are made of.  For any thread, but one at a time: each consumer of pictures has its own, and one camera.
    """

    def __init__(self, style: OverlayStyle = _DEFAULT) -> None:
        self.style = style
        palette = palette_of(style)
        self._brushes = lru_cache(maxsize=8)(lambda gauge: _Brushes(style, gauge))
        self._traces = Traces(style, palette) if Annotator.TRACE in style.annotators else None
        self._heat = HeatMap() if Annotator.HEAT_MAP in style.annotators else None

    def draw(
        self,
        image: Image,
        detections: sv.Detections,
        frame_size: Size,
        moment: Moment | None = None,
        window: Window | None = None,
        ratio: float = 1.0,
    ) -> Image:
        """Draw on ``image``, a writable BGR or BGRA array of any size, in place, and return it.

        The boxes are in pixels of a picture of ``frame_size`` (width, height), of which ``image`` is a scaled copy, or
        one of the part ``window``.
        ``moment`` is the frame's generation and pts; without it there are no traces and no heat map.  Objects are as
        solid as ``detections.data["fade"]`` says, 1 to 0.  Where nothing is to be drawn, ``image`` may be read-only.
        Lines and letters are as large as fits a picture of this size, and for a screen with a device pixel ``ratio``
        as fits what the eye sees of it.
        """
        height, width = image.shape[:2]
        window = window or (0.0, 0.0, *frame_size)
        gauge = Gauge(min(width, height), max(1.0, ratio))
        placed = place(detections, window, (width, height), self.style)
        if placed is not None:
            self._blur(image, placed)
        if moment is not None:
            self._note(detections, frame_size, moment)
            if self._heat is not None:
                self._heat.draw(image, frame_size, window)
            if self._traces is not None and placed is not None:
                self._traces.draw(image, placed, moment[1], gauge)
        if placed is not None:
            self._brushes(gauge).draw(image, placed)
            make_solid(image)
        return image

    def _blur(self, image: Image, placed: Placed) -> None:
        for annotator, how in ((Annotator.BLUR, Concealment.BLUR), (Annotator.PIXELATE, Concealment.PIXELATE)):
            if annotator in self.style.annotators:
                conceal(image, placed.detections.xyxy, how)

    def _note(self, detections: sv.Detections, frame_size: Size, moment: Moment) -> None:
        if self._heat is not None:
            self._heat.note(moment, detections, frame_size)
        if self._traces is not None:
            self._traces.note(moment, detections)


class _Brushes:
    """What draws on pictures of one size."""

    def __init__(self, style: OverlayStyle, gauge: Gauge) -> None:
        palette = palette_of(style)
        self._layers: list[Masks | Shapes | Skeletons] = [Masks(style, palette, gauge), Shapes(style, palette, gauge)]
        if Annotator.KEYPOINTS in style.annotators:
            self._layers.append(Skeletons(style, palette, gauge))
        self._labels = Labels(style, palette, gauge)
        # Triangles stand above boxes, and halos reach farthest.
        self._margin = gauge.part(36, style.thickness, 8)

    def draw(self, image: Image, placed: Placed) -> None:
        """Draw the faint ones first, so that solid ones lie on them."""
        labels = self._labels.arranged(image, placed)
        for opacity in sorted(set(placed.opacity.tolist())):
            rows = placed.opacity == opacity
            some, texts = placed, labels
            if not rows.all():
                some = placed.where(rows)
                texts = [label for label, drawn in zip(labels, rows, strict=False) if drawn]
            part = self._touched(image, some, texts) if opacity < 1 else _NOTHING
            with translucent(image, part, opacity):
                for layer in self._layers:
                    layer.draw(image, some)
                for label in texts:
                    paste(image, label)

    def _touched(self, image: Image, placed: Placed, labels: list[tuple[Image, int, int]]) -> Rect:
        """Return the part of the picture that is painted on."""
        boxes = placed.detections.xyxy
        # An ellipse is twice as wide as its box.
        margin = int((boxes[:, 2:] - boxes[:, :2]).max() / 2) + self._margin
        corners = [(left + x, top + y) for patch, left, top in labels for y, x in ((0, 0), patch.shape[:2])]
        return around(np.concatenate((boxes.reshape(-1, 2), np.array(corners).reshape(-1, 2))), margin, image)
