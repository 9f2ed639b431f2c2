"""Grey pictures, detections to draw on them, and what of the pictures was drawn on."""

import numpy as np
import supervision as sv

GREY = 96


def canvas(width: int, height: int) -> np.ndarray:
    return np.full((height, width, 3), GREY, np.uint8)


def detections(*boxes: tuple[float, float, float, float], name: str = "person", **more) -> sv.Detections:
    count = len(boxes)
    return sv.Detections(
        xyxy=np.array(boxes, np.float32).reshape(-1, 4),
        confidence=more.pop("confidence", np.full(count, 0.87, np.float32)),
        class_id=np.zeros(count, int),
        data={"class_name": np.full(count, name)},
        **more,
    )


def drawn(image: np.ndarray, *, ignoring: int = GREY) -> tuple[int, int, int, int]:
    """Bounds of everything that is not background."""
    rows, columns = np.nonzero((image != ignoring).any(axis=2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def of_colour(image: np.ndarray, colour: sv.Color) -> np.ndarray:
    return (image == colour.as_bgr()).all(axis=2)
