"""How decoded pixels are displayed: which way up, mirrored or not, and how wide a pixel is (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, cast

import cv2
import numpy as np
from av.sidedata.sidedata import Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    import av
    from av.sidedata.sidedata import SideData

    from livevision.frame import Image

Matrix: TypeAlias = tuple[int, ...]
"""Nine numbers, as FFmpeg's ``AV_FRAME_DATA_DISPLAYMATRIX`` has them: 16.16 fixed point, the last column 2.30."""

_WIDEST = 4
"""Pixels wider or higher than this are no camera's: half of D1 has 2.9."""
_SQUARE_ENOUGH = 0.005
"""A pixel that is wider or higher by less is taken for a square one: not a pixel in two hundred would move."""
_LARGEST = 16_384
_NUMBERS = 9
_MATRIX = Type.DISPLAYMATRIX
_ONE = 1 << 16
_TURNED: dict[int, Matrix] = {
    90: (0, -_ONE, 0, _ONE, 0, 0, 0, 0, 1 << 30),
    180: (-_ONE, 0, 0, 0, -_ONE, 0, 0, 0, 1 << 30),
    270: (0, _ONE, 0, -_ONE, 0, 0, 0, 0, 1 << 30),
}
"""The matrix that turns by so many degrees counter-clockwise."""


@dataclass(frozen=True, slots=True)
class DisplayGeometry:
    """What a container or a stream says of how its pictures are displayed."""

    matrix: Matrix | None = None
    """The display matrix; None where pictures are displayed as they are stored."""
    pixel_aspect: Fraction | None = None
    """Width of a stored pixel by its height (SAR); None where it is square, not known, or absurd."""

    @property
    def transposes(self) -> bool:
        """Whether rows of the stored picture are columns of the displayed one."""
        return self._axes[0] == 0

    @property
    def turns(self) -> bool:
        """Whether the displayed picture is turned or mirrored."""
        return self._axes != (1, 0, 0, 1)

    @property
    def turn(self) -> tuple[int, bool]:
        """By how many degrees the stored picture is turned clockwise, and whether it is mirrored left to right then."""
        right_x, down_x, right_y, down_y = self._axes
        mirrored = right_x * down_y - down_x * right_y < 0
        # Mirrored back, so that only the turn is left.
        return {(1, 0): 0, (0, 1): 90, (-1, 0): 180, (0, -1): 270}[-right_x if mirrored else right_x, right_y], mirrored

    def displayed_size(self, stored: tuple[int, int]) -> tuple[int, int]:
        """Return width and height of the displayed picture, with square pixels.

        One side is stretched and the other stays, so that no detail is lost; a stretched side is even, as encoders
        want it.
        """
        width, height = stored
        if self.pixel_aspect is not None:
            wide, high = width, height
            if self.pixel_aspect > 1:
                wide = 2 * round(width * self.pixel_aspect / 2)
            else:
                high = 2 * round(height / self.pixel_aspect / 2)
            if max(wide, high) <= _LARGEST:
                width, height = wide, high
        return (height, width) if self.transposes else (width, height)

    def upright(self, image: Image) -> Image:
        """Return the displayed form of a picture that has square pixels already and stands as it is stored."""
        if not self.turns:
            return image
        right_x, down_x, right_y, down_y = self._axes
        if (right_x, down_x, right_y, down_y) in _ROTATIONS:
            return cast("Image", cv2.rotate(image, _ROTATIONS[right_x, down_x, right_y, down_y]))
        if right_x:
            code = -1 if right_x < 0 and down_y < 0 else 1 if right_x < 0 else 0
            return cast("Image", cv2.flip(image, code))
        transposed = cv2.transpose(image)
        return cast("Image", transposed if right_y > 0 else cv2.flip(transposed, -1))

    @property
    def _axes(self) -> tuple[int, int, int, int]:
        """Where a step to the right and a step down go: what they add to x (right, down), and to y."""
        if self.matrix is None:
            return 1, 0, 0, 1
        a, b, c, d = self.matrix[0], self.matrix[1], self.matrix[3], self.matrix[4]
        # The nearest of the eight positions: a picture that is turned by a few degrees is shown as it is.
        if abs(a) + abs(d) >= abs(b) + abs(c):
            return (-1 if a < 0 else 1), 0, 0, (-1 if d < 0 else 1)
        return 0, (-1 if c < 0 else 1), (-1 if b < 0 else 1), 0


AS_STORED = DisplayGeometry()
"""Pictures that are displayed as they are stored."""

_ROTATIONS = {
    (0, 1, -1, 0): cv2.ROTATE_90_COUNTERCLOCKWISE,
    (-1, 0, 0, -1): cv2.ROTATE_180,
    (0, -1, 1, 0): cv2.ROTATE_90_CLOCKWISE,
}


def matrix_of(picture: av.VideoFrame) -> Matrix | None:
    """Return the display matrix that a decoded picture has with it, of container or stream."""
    try:
        # A mapping by its type hints, but what it iterates over is the data.
        data = next((each for each in cast("Sequence[SideData]", picture.side_data) if each.type is _MATRIX), None)
    except ValueError:
        # Of a kind that PyAV has no name for yet, such as a JPEG's EXIF: what it says of a turn is known all the same.
        return _TURNED.get(picture.rotation % 360)
    if data is None:
        return None
    numbers = np.frombuffer(bytes(data), np.int32)
    return tuple(map(int, numbers[:_NUMBERS])) if len(numbers) >= _NUMBERS else None


def sensible(aspect: Fraction | None) -> Fraction | None:
    """Return the pixels' shape, None for a square one and for what no camera has: 0:1, 255:1."""
    if not aspect or aspect < 0 or not Fraction(1, _WIDEST) <= aspect <= _WIDEST:
        return None
    return None if abs(aspect - 1) < _SQUARE_ENOUGH else aspect


class PixelAspect:
    """The shape of a stream's pixels: what the container itself says, else what the codec says, which may change."""

    def __init__(self, declared: Fraction | None) -> None:
        self._declared = declared
        self._first: Fraction | None = None
        self._newest: tuple[Fraction | None, Fraction | None] | None = None

    def now(self, coded: Fraction | None) -> Fraction | None:
        """Return the shape of the picture that was decoded last; ``coded`` is what the decoder says of it."""
        if self._newest is None:
            self._first = coded or None
        elif self._newest[0] == coded:
            return self._newest[1]
        # What the container says is often only what the codec said when the file was opened.
        is_the_containers = bool(self._declared) and self._declared != self._first
        aspect = sensible(self._declared if is_the_containers else coded)
        self._newest = coded, aspect
        return aspect
