"""A picture with something in it, and how an inference server would find it in what it was sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cv2
import numpy as np

from livevision.inference.http.wire import Answer
from livevision.inference.options import ModelOptions

if TYPE_CHECKING:
    from livevision.frame import Image

BOX = (400, 200, 800, 700)
"""x1, y1, x2, y2 of what is red in the picture."""
OPTIONS = ModelOptions()


def picture(width: int = 1600, height: int = 900) -> Image:
    """Larger than what is sent of it."""
    image = np.full((height, width, 3), (90, 120, 60), np.uint8)
    image[BOX[1] : BOX[3], BOX[0] : BOX[2]] = (20, 20, 250)
    return image


def found_in(jpeg: bytes) -> tuple[tuple[int, int], tuple[float, float, float, float]]:
    """Return width and height of a JPEG, and the box of what is red in it."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    rows, columns = np.nonzero((image[:, :, 2] > 170) & (image[:, :, 0] < 60))
    height, width = image.shape[:2]
    return (width, height), (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def answer(content: object, **headers: str) -> Answer:
    return Answer(json.dumps(content, default=float).encode(), headers)


# Each: the address, and what such a server says of a box in the picture that it was sent.
SERVERS = {
    "roboflow": (
        "http://host:9001/coco/3",
        lambda size, box: {
            "image": {"width": size[0], "height": size[1]},
            "predictions": [
                {
                    "x": (box[0] + box[2]) / 2,
                    "y": (box[1] + box[3]) / 2,
                    "width": box[2] - box[0],
                    "height": box[3] - box[1],
                    "confidence": 0.9,
                    "class": "cat",
                    "class_id": 15,
                }
            ],
        },
    ),
    "deepstack": (
        "http://host:5000",
        lambda _size, box: {
            "success": True,
            "predictions": [
                {"label": "cat", "confidence": 0.9, **dict(zip(("x_min", "y_min", "x_max", "y_max"), box, strict=True))}
            ],
        },
    ),
    "torchserve": ("http://host:8080/predictions/rcnn", lambda _size, box: [{"cat": list(box), "score": 0.9}]),
    "huggingface": (
        "http://host:8080/models/detr",
        lambda _size, box: [
            {"label": "cat", "score": 0.9, "box": dict(zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True))}
        ],
    ),
    "json": (
        "http://host/detect?boxes=$.result.objects&box=bbox&format=xywh&label=what&score=sure&send=body",
        lambda _size, box: {
            "result": {
                "objects": [{"what": "cat", "sure": 0.9, "bbox": [box[0], box[1], box[2] - box[0], box[3] - box[1]]}]
            }
        },
    ),
}
