"""Boxes in an annotated recording are on their objects, however late the detector's answers are: from the pixels."""

from __future__ import annotations

import asyncio
from collections import deque

import cv2
import numpy as np
import supervision as sv

from livevision.recording.plan import RecordingPlan
from livevision.sources.street.scene import Street
from tests.recording.material import frame, read_back, result
from tests.recording.rig import make_recorder, overlap

FPS = 25
LATE = 0.4
EVERY = 3
SIZE = (960, 540)
COUNT = 100
FIRST = 100
"""The street is empty at first."""


def only_boxes(image: np.ndarray, detections: sv.Detections, frame_size: tuple[int, int], moment=None) -> np.ndarray:
    """Leave nothing but each box as a red surface with a black edge, the largest first."""
    image[:] = 0
    for box in detections.xyxy[np.argsort(-detections.box_area)].round().astype(int):
        x1, y1, x2, y2 = (int(side) for side in box)
        cv2.rectangle(image, (x1 - 2, y1 - 2), (x2 + 1, y2 + 1), (0, 0, 0), -1)
        cv2.rectangle(image, (x1, y1), (x2 - 1, y2 - 1), (0, 0, 255), -1)
    return image


def boxes_seen(image: np.ndarray) -> np.ndarray:
    """Return the red surfaces in a picture as x1, y1, x2, y2."""
    red = (image[:, :, 2] > 128).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(red, connectivity=4)
    left, top, width, height = stats[1:, :4].T
    return np.stack([left, top, left + width, top + height], axis=1)


def apart(truth: sv.Detections, margin: int = 6) -> list[np.ndarray]:
    """Return the boxes that touch no other: the surfaces of the others cannot be told apart."""
    grown = truth.xyxy + np.array([-margin, -margin, margin, margin])
    alone = sv.box_iou_batch(grown, grown).astype(bool).sum(axis=1) == 1
    return list(truth.xyxy[alone])


async def test_late_answers_are_drawn_on_the_pictures_that_they_belong_to(tmp_path):
    street = Street(SIZE, FPS, 1)
    recorder = make_recorder(RecordingPlan(tmp_path), draw=only_boxes)
    frames = [frame(index / FPS, street.draw(FIRST + index)) for index in range(COUNT)]
    # Every third picture is with the detector, which takes 0.4 s for each: four at a time.
    asked = deque()
    for index, newest in enumerate(frames):
        recorder.on_frame(newest)
        if index % EVERY == 0:
            asked.append(index)
        while asked and newest.captured >= frames[asked[0]].captured + LATE:
            answered = asked.popleft()
            recorder.on_result(result(frames[answered], street.truth(FIRST + answered), LATE))
        while recorder.progress.left > 40:
            await asyncio.sleep(0.002)
    progress = await recorder.aclose(10)
    assert progress.dropped == 0
    pictures = read_back(progress.path).images[: answered + 1]
    scores = [
        max((overlap(box, other) for other in boxes_seen(image)), default=0.0)
        for index, image in enumerate(pictures)
        for box in apart(street.truth(FIRST + index))
    ]
    assert len(scores) > 100
    assert np.mean(scores) >= 0.9
