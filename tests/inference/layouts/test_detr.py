"""RT-DETR and D-FINE: picture in, boxes out, with and without a batch axis."""

import numpy as np
import pytest

from livevision.errors import ModelError
from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.detr import RtDetr
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.inference.layouts.preparation import Fit
from livevision.inference.layouts.signature import Signature, Tensor
from livevision.inference.onnx.loading import understand
from livevision.inference.onnx.providers import CPU
from livevision.inference.onnx.session import OnnxSession
from tests.fakes.seeing_models import picture_with, rt_detr

BOX, SIZE = (300, 120, 700, 360), (1280, 720)


def see(path, picture, hints=None, keep=None):
    session = OnnxSession(path, CPU)
    understood = understand(session, hints or Hints())
    feeds, fitted = understood.feeds([picture])
    return understood, understood.detections(session.run(feeds), fitted[0], keep or DetectionFilter())


@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("size", [(1280, 720), (480, 640), (300, 300)])
def test_boxes_are_where_they_were_drawn(tmp_path, batched, size):
    width, height = size
    box = (width // 4, height // 5, width // 2, height - 40)
    understood, found = see(rt_detr(tmp_path / "d.onnx", 7, 0.9, (640, 640), batched), picture_with(box, size))
    assert understood.layout.name == "rt-detr"
    assert found.xyxy[0] == pytest.approx(box, abs=2)
    assert found.class_id.tolist() == [7]
    assert found.confidence == pytest.approx([0.9])


def test_a_model_that_is_not_square(tmp_path):
    _, found = see(rt_detr(tmp_path / "d.onnx", 0, 0.9, (640, 384), True), picture_with(BOX, SIZE))
    assert found.xyxy[0] == pytest.approx(BOX, abs=2)


def test_a_sidecar_may_say_that_pictures_are_not_stretched(tmp_path):
    hints = Hints(preparation={"fit": Fit.LETTERBOX, "fill": 0})
    _, found = see(rt_detr(tmp_path / "d.onnx", 0, 0.9, (640, 640), True), picture_with(BOX, SIZE), hints)
    assert found.xyxy[0] == pytest.approx(BOX, abs=2)


def test_what_is_not_sure_enough_stays_out(tmp_path):
    path = rt_detr(tmp_path / "d.onnx", 0, 0.3, (640, 640), True)
    assert len(see(path, picture_with(BOX, SIZE), keep=DetectionFilter(0.4))[1]) == 0
    assert len(see(path, picture_with(BOX, SIZE), keep=DetectionFilter(0.2))[1]) == 1


def test_two_pictures_at_once_keep_their_boxes(tmp_path):
    session = OnnxSession(rt_detr(tmp_path / "d.onnx", 0, 0.9, (640, 640), True), CPU)
    understood = understand(session, Hints())
    other = (20, 40, 200, 500)
    feeds, fitted = understood.feeds([picture_with(BOX, SIZE), picture_with(other, (640, 600))])
    parts = understood.split(session.run(feeds), 2)
    one, two = (
        understood.detections(part, where, DetectionFilter()) for part, where in zip(parts, fitted, strict=True)
    )
    assert one.xyxy[0] == pytest.approx(BOX, abs=2)
    assert two.xyxy[0] == pytest.approx(other, abs=2)


def test_without_the_sizes_it_is_not_claimed():
    floats = np.dtype(np.float32)
    outputs = tuple(Tensor(name, (1, 300), floats) for name in ("labels", "boxes", "scores"))
    assert RtDetr().match(Signature((Tensor("images", (1, 3, 640, 640), floats),), outputs)) is None


def test_asked_for_where_it_cannot_be():
    floats = np.dtype(np.float32)
    signature = Signature((Tensor("images", (1, 3, 640, 640), floats),), (Tensor("output0", (1, 84, 8400), floats),))
    with pytest.raises(ModelError, match="rt-detr"):
        interpret(signature, Hints(layout="rt-detr"))
