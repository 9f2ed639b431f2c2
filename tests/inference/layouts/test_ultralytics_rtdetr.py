"""RT-DETR as Ultralytics exports it."""

import numpy as np
import pytest

from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.interpretation import Hints
from livevision.inference.layouts.layout import Certainty
from livevision.inference.layouts.signature import Signature, Tensor
from livevision.inference.layouts.ultralytics_rtdetr import UltralyticsRtDetr
from livevision.inference.onnx.loading import understand
from livevision.inference.onnx.providers import CPU
from livevision.inference.onnx.session import OnnxSession
from tests.fakes.onnx_models import ultralytics
from tests.fakes.seeing_models import picture_with, ultralytics_rtdetr

THREE = {"names": str({0: "ripe", 1: "green", 2: "leaf"})}


@pytest.mark.parametrize("size", [(1280, 720), (360, 640), (200, 200)])
def test_boxes_are_where_they_were_drawn(tmp_path, size):
    width, height = size
    box = (width // 4, height // 5, width // 2, height - 40)
    path = ultralytics_rtdetr(tmp_path / "r.onnx", [0.1, 0.8, 0.3], (640, 640), metadata=ultralytics() | THREE)
    session = OnnxSession(path, CPU)
    understood = understand(session, Hints())
    feeds, fitted = understood.feeds([picture_with(box, size)])
    found = understood.detections(session.run(feeds), fitted[0], DetectionFilter())
    assert understood.layout.name == "ultralytics-rtdetr"
    assert found.xyxy[0] == pytest.approx(box, abs=2)
    assert found["class_name"].tolist() == ["green"]
    assert found.confidence == pytest.approx([0.8])


def claim(shape, **metadata):
    floats = np.dtype(np.float32)
    signature = Signature((Tensor("images", (1, 3, 640, 640), floats),), (Tensor("output0", shape, floats),), metadata)
    match = UltralyticsRtDetr().match(signature)
    return match and match.certainty


def test_what_is_claimed():
    assert claim((1, 300, 84)) is Certainty.SHAPE
    assert claim((1, 300, 7), **THREE) is Certainty.SAYS_SO
    assert claim((None, 300, 6), description="Ultralytics RT-DETR-l model") is Certainty.SAYS_SO
    # Box, score and class of YOLOv10 look the same.
    assert claim((1, 300, 6)) is None
    assert claim((1, 8400, 84)) is None
    assert claim((1, 84, 8400)) is None
