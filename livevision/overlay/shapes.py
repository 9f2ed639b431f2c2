"""Supervision's annotators that draw lines and marks around objects, as thick as fits the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.overlay.colours import DARK
from livevision.overlay.style import Annotator

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Image
    from livevision.overlay.colours import Palette
    from livevision.overlay.gauge import Gauge
    from livevision.overlay.placed import Placed
    from livevision.overlay.style import OverlayStyle

_UPRIGHT = (Annotator.BOX, Annotator.ROUND_BOX, Annotator.CORNERS)

_Colours: TypeAlias = "sv.Color | sv.ColorPalette"


class _Shape(Protocol):
    def annotate(self, scene: Image, detections: sv.Detections, custom_color_lookup: object) -> object: ...


class Shapes:
    """Boxes, ellipses, dots and the like."""

    def __init__(self, style: OverlayStyle, palette: Palette, gauge: Gauge) -> None:
        line = gauge.line(style.thickness)
        mark = gauge.part(40, style.thickness, 6)
        lines: dict[Annotator, Callable[[_Colours, int], object]] = {
            Annotator.BOX: sv.BoxAnnotator,
            Annotator.ROUND_BOX: lambda colour, thick: sv.RoundBoxAnnotator(colour, thick, roundness=0.4),
            Annotator.CORNERS: lambda colour, thick: sv.BoxCornerAnnotator(colour, thick, corner_length=mark),
            Annotator.ELLIPSE: sv.EllipseAnnotator,
            Annotator.ORIENTED_BOX: sv.OrientedBoxAnnotator,
        }
        self._shapes: list[tuple[Annotator, list[_Shape]]] = []
        for annotator, shape in lines.items():
            if annotator in style.annotators:
                thick = line + 1 if annotator is Annotator.CORNERS else line
                # A dark rim keeps a line visible on ground of its own colour; in a small tile it would be too much.
                # Told 2 OpenCV paints 3 pixels, told 3 it paints 5: of the thinnest line nothing would be seen but rim.
                dark = 2 if thick == 1 else thick + 2
                rim = [] if gauge.is_small else [shape(DARK, gauge.stroke(dark))]
                self._shapes.append(
                    (annotator, cast("list[_Shape]", [*rim, shape(palette.ground, gauge.stroke(thick))]))
                )
        outline = gauge.stroke(1)
        if Annotator.DOT in style.annotators:
            dot = sv.DotAnnotator(palette.ground, mark // 3, outline_thickness=outline, outline_color=DARK)
            self._shapes.append((Annotator.DOT, [cast("_Shape", dot)]))
        if Annotator.TRIANGLE in style.annotators:
            triangle = sv.TriangleAnnotator(palette.ground, mark, mark, outline_thickness=outline, outline_color=DARK)
            self._shapes.append((Annotator.TRIANGLE, [cast("_Shape", triangle)]))
        self._oriented = Annotator.ORIENTED_BOX in style.annotators

    def draw(self, image: Image, placed: Placed) -> None:
        """Draw them all."""
        oriented = self._oriented and ORIENTED_BOX_COORDINATES in placed.detections.data
        for annotator, layers in self._shapes:
            if not (oriented and annotator in _UPRIGHT):
                for layer in layers:
                    layer.annotate(image, placed.detections, custom_color_lookup=placed.colours)
