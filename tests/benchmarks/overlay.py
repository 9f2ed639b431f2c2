"""What drawing costs: `python -m tests.benchmarks.overlay [ROUNDS]`.

Prints the median milliseconds of each annotator by itself, of the default style and of the privacy filter, with 20
objects that have identities, masks, keypoints and oriented boxes, at two sizes of picture.  Each round goes through
all of them, so that all see the same machine.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING

import cv2
import numpy as np
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.overlay import EVERYTHING, Annotator, Overlay, OverlayStyle, Privacy, PrivacyFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Image

FRAME = (1280, 720)
SIZES = ((1280, 720), (640, 360))
OBJECTS = 20
PICTURES = 25


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    found = [scene(index) for index in range(PICTURES)]
    print(f"{OBJECTS} objects, median milliseconds a picture")
    print(f"{'':<16}" + "".join(f"{width}x{height:<8}" for width, height in SIZES))
    times = {size: measured(size, found, rounds) for size in SIZES}
    for name in times[SIZES[0]]:
        print(f"{name:<16}" + "".join(f"{times[size][name]:<12.2f}" for size in SIZES))


def measured(size: tuple[int, int], found: list[sv.Detections], rounds: int) -> dict[str, float]:
    """Return the median milliseconds of each way to draw."""
    picture = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), np.uint8)
    ways = all_ways()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, draw in ways.items():
            for index, detections in enumerate(found):
                image = picture.copy()
                start = time.perf_counter()
                draw(image, detections, number * PICTURES + index)
                times[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(values) for name, values in times.items()}


def all_ways() -> dict[str, Callable[[Image, sv.Detections, int], object]]:
    styles = {annotator.value: frozenset((annotator,)) for annotator in Annotator}
    styles["box and label"] = frozenset((Annotator.BOX, Annotator.LABEL))
    styles["default"] = OverlayStyle().annotators
    ways = {name: drawing(Overlay(OverlayStyle(annotators))) for name, annotators in styles.items()}
    privacy = PrivacyFilter(Privacy(frozenset((EVERYTHING,))))
    ways["privacy filter"] = lambda image, found, index: privacy.hide(image, FRAME, (0, index / 25), found)
    return ways


def drawing(overlay: Overlay) -> Callable[[Image, sv.Detections, int], object]:
    return lambda image, found, index: overlay.draw(image, found, FRAME, (0, index / 25))


def scene(index: int) -> sv.Detections:
    """Return objects that walk, of 60x160 pixels, some behind others."""
    numbers = np.arange(OBJECTS)
    x, y = 40 + numbers * 57 % 1100 + index, 60 + numbers * 131 % 480
    boxes = np.stack((x, y, x + 60, y + 160), axis=1).astype(np.float32)
    mask = np.zeros((OBJECTS, FRAME[1], FRAME[0]), bool)
    for row, (left, top, right, bottom) in enumerate(boxes.astype(int)):
        middle = int(left + right) // 2, int(top + bottom) // 2
        mask[row] = cv2.ellipse(np.zeros(FRAME[::-1], np.uint8), middle, (28, 78), 0, 0, 360, 1, -1)
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    joints = np.random.default_rng(2).uniform((5, 5), (55, 155), (17, 2))
    return sv.Detections(
        xyxy=boxes,
        mask=sv.CompactMask.from_dense(mask, boxes, FRAME[::-1]),
        confidence=np.full(OBJECTS, 0.87, np.float32),
        tracker_id=numbers + 1,
        data={
            "class_name": np.array(["person", "car", "bicycle", "dog"] * OBJECTS)[:OBJECTS],
            "keypoints": (boxes[:, None, :2] + joints).astype(np.float32),
            ORIENTED_BOX_COORDINATES: corners,
        },
    )


if __name__ == "__main__":
    main()
