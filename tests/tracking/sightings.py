"""Results of objects that move as a test says."""

from __future__ import annotations

import numpy as np
import supervision as sv

from livevision.frame import Frame, Result

SIZE = (1000, 500)


class NoPixels:
    """A picture that nobody looks at."""

    size = SIZE

    def bgr(self, size):
        raise AssertionError("nobody was to look at this picture")


def frame(pts: float, generation: int = 0) -> Frame:
    return Frame(round(pts * 25), generation, pts, 100 + pts, 1e9 + pts, NoPixels())


def detections(*boxes, kinds=None, confidence=0.9) -> sv.Detections:
    names = np.array(kinds or ["car"] * len(boxes), dtype=str)
    return sv.Detections(
        xyxy=np.array(boxes, np.float32).reshape(-1, 4),
        confidence=np.full(len(boxes), confidence, np.float32),
        class_id=np.zeros(len(boxes), int),
        data={"class_name": names},
    )


def result(pts: float, *boxes, generation: int = 0, **options) -> Result:
    at = frame(pts, generation)
    return Result(at, detections(*boxes, **options), at.captured, at.captured + 0.1)


def box(left: float, top: float = 100, width: float = 60, height: float = 40) -> tuple[float, ...]:
    """A box, as much of it as is inside the picture."""
    return (max(left, 0), max(top, 0), min(left + width, SIZE[0]), min(top + height, SIZE[1]))
