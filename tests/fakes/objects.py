"""Grey pictures, detections to draw on them, and what of the pictures was drawn on."""

import cv2
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


def least_difference(image: np.ndarray, part: np.ndarray) -> int:
    """Return by how much, of 255, the part differs in its worst pixel from what is most like it in the picture.

    In whole numbers: what ``matchTemplate`` gives is 0 for equal pixels on some processors only.
    """
    x, y = cv2.minMaxLoc(cv2.matchTemplate(image, part, cv2.TM_SQDIFF))[2]
    there = image[y : y + part.shape[0], x : x + part.shape[1]]
    return int(np.abs(there.astype(int) - part).max())
