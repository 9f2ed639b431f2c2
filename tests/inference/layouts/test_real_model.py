"""A model as it is published, on a real picture and a real clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from livevision.inference.filter import DetectionFilter
from tests.fakes.onnx_run import found_in

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.frame import Image


def picture_of(clip: Path, number: int) -> Image:
    with av.open(str(clip)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index == number:
                return frame.to_ndarray(format="bgr24")
    raise AssertionError(f"{clip.name} has no picture {number}")


@pytest.mark.real_data
def test_yolox_sees_the_dog_the_bicycle_and_the_car(real_data: Path) -> None:
    image = cv2.imread(str(real_data / "dog.jpg"))

    (found,) = found_in(real_data / "yolox_nano.onnx", [image], keep=DetectionFilter(0.5))

    assert found.data["class_name"].tolist() == ["dog", "bicycle", "car"]
    assert found.confidence == pytest.approx([0.86, 0.80, 0.80], abs=0.02)
    expected = [[133, 207, 326, 543], [52, 137, 572, 424], [466, 78, 692, 171]]
    assert np.abs(found.xyxy - expected).max() <= 2


@pytest.mark.real_data
def test_yolox_sees_three_bottles(real_data: Path) -> None:
    image = picture_of(real_data / "bottle-detection.mp4", 60)

    (found,) = found_in(real_data / "yolox_nano.onnx", [image], keep=DetectionFilter(0.5))

    bottles = found[found.data["class_name"] == "bottle"]
    bottles = bottles[np.argsort(bottles.xyxy[:, 0])]
    assert bottles.confidence == pytest.approx([0.92, 0.93, 0.93], abs=0.02)
    expected = [[57, 109, 123, 316], [286, 109, 344, 315], [509, 106, 570, 318]]
    assert np.abs(bottles.xyxy - expected).max() <= 2
