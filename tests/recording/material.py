"""Frames with times of their own, boxes that survive coding, and recordings read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av

from livevision.frame import Frame, Image, Result
from livevision.pictures import ArrayPicture
from tests.fakes.clips import plain

if TYPE_CHECKING:
    from pathlib import Path

    import supervision as sv

START = 1000.0
"""time.monotonic() when pts was 0."""
WALL = 1_700_000_000.0
GREY = plain((90, 90, 90), (160, 120))


def frame(pts: float, image: Image = GREY, generation: int = 0, captured: float | None = None) -> Frame:
    """Return a frame that was captured at START + pts, if not said otherwise."""
    captured = START + pts if captured is None else captured
    return Frame(round(pts * 25), generation, pts, captured, WALL + captured - START, ArrayPicture(image))


def result(of: Frame, detections: sv.Detections, took: float = 0.0) -> Result:
    """Return what a detector found in a frame, ``took`` seconds after it was captured."""
    return Result(of, detections, of.captured, of.captured + took)


def fill_boxes(image: Image, detections: sv.Detections, frame_size: tuple[int, int], moment=None) -> Image:
    """Draw each box as a red surface; the colours of thin lines would be blurred by the coding."""
    assert image.flags.writeable
    assert frame_size == (image.shape[1], image.shape[0])
    for x1, y1, x2, y2 in detections.xyxy.astype(int):
        image[y1:y2, x1:x2] = (0, 0, 255)
    return image


def is_red(pixel: Image) -> bool:
    """Tell whether a pixel of a recording was drawn as :func:`fill_boxes` does."""
    blue, green, red = (int(level) for level in pixel)
    return red > 220 and max(blue, green) < 40


@dataclass(frozen=True)
class Recording:
    """What is in a file."""

    times: list[float]
    images: list[Image]
    keyframes: list[float]
    duration: float
    metadata: dict[str, str]


def read_back(path: Path) -> Recording:
    """Decode a whole recording."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        return Recording(
            [decoded.time for decoded in frames],
            [decoded.to_ndarray(format="bgr24") for decoded in frames],
            [decoded.time for decoded in frames if decoded.key_frame],
            container.duration / av.time_base,
            dict(container.metadata),
        )
