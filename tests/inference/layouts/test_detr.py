"""RT-DETR and D-FINE: picture in, boxes out, with and without a batch axis."""

import numpy as np
import pytest
from onnx import helper

from livevision.errors import ModelError
from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.detr import RtDetr
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.inference.layouts.preparation import Fit
from livevision.inference.layouts.sidecar import read_sidecar
from livevision.inference.layouts.signature import Signature, Tensor
from livevision.inference.onnx.loading import understand
from livevision.inference.onnx.providers import CPU
from livevision.inference.onnx.session import OnnxSession
from tests.fakes.onnx_models import save, value
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


def asking_for(path, mean, weights=()):
    """Write a model with these names that is sure of a box where the mean of its grey picture is ``mean``."""
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Sub", ["mean", "wanted"], ["off"]),
        helper.make_node("Abs", ["off"], ["far"]),
        helper.make_node("Less", ["far", "little"], ["right"]),
        helper.make_node("Cast", ["right"], ["score"], to=1),
        helper.make_node("Reshape", ["score", "one_row"], ["scores"]),
        helper.make_node("Cast", ["orig_target_sizes"], ["sizes"], to=1),
        helper.make_node("Concat", ["sizes", "sizes"], ["twice"], axis=1),
        helper.make_node("Mul", ["twice", "quarters"], ["flat"]),
        helper.make_node("Unsqueeze", ["flat", "row_axis"], ["boxes"]),
        helper.make_node("Identity", ["label"], ["labels"]),
    ]
    constants = {
        "wanted": np.float32(mean),
        "little": np.float32(0.05),
        "one_row": np.array([1, 1], np.int64),
        "row_axis": np.array([1], np.int64),
        "quarters": np.array([[0.25, 0.25, 0.75, 0.75]], np.float32),
        "label": np.array([[3]], np.int64),
    } | {name: np.zeros(1, np.float32) for name in weights}
    inputs = [value("images", (1, 3, 64, 64)), value("orig_target_sizes", (1, 2), np.int64)]
    outputs = [value("labels", (1, 1), np.int64), value("boxes", (1, 1, 4)), value("scores", (1, 1))]
    return save(path, nodes, inputs, outputs, {name: np.asarray(each) for name, each in constants.items()})


GREY = np.full((48, 64, 3), 114, np.uint8)
PLAIN = 114 / 255
# ImageNet's mean and deviation, of red, green and blue (https://pytorch.org/vision/stable/models.html).
NORMALISED = float(np.mean((PLAIN - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])))
DINO = ("model.backbone.dinov3.blocks.0.attn.qkv.weight", "model.encoder.input_proj.0.weight")
HGNET = ("model.backbone.stem.stem1.conv.weight", "model.decoder.anchors")


@pytest.mark.parametrize(
    ("mean", "weights", "layout"), [(PLAIN, HGNET, "rt-detr"), (NORMALISED, DINO, "deimv2")], ids=["D-FINE", "DEIMv2"]
)
def test_the_names_of_its_weights_tell_how_pictures_are_prepared(tmp_path, mean, weights, layout):
    understood, found = see(asking_for(tmp_path / "m.onnx", mean, weights), GREY)
    assert understood.layout.name == layout
    assert found.xyxy[0] == pytest.approx((16, 12, 48, 36), abs=1)


def test_what_nothing_tells_apart_is_a_question(tmp_path):
    path = asking_for(tmp_path / "m.onnx", NORMALISED)
    with pytest.raises(ModelError, match=r"could be rt-detr .*or deimv2 .*mean and deviation.*--layout"):
        see(path, GREY)
    assert len(see(path, GREY, Hints(layout="deimv2"))[1]) == 1
    assert len(see(path, GREY, Hints(layout="rt-detr"))[1]) == 0


def test_a_sidecar_that_says_mean_and_deviation_has_answered(tmp_path):
    path = asking_for(tmp_path / "m.onnx", NORMALISED)
    (tmp_path / "m.json").write_text('{"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}')
    assert len(see(path, GREY, read_sidecar(path))[1]) == 1
    (tmp_path / "m.json").write_text('{"mean": [0, 0, 0]}')
    assert len(see(path, GREY, read_sidecar(path))[1]) == 0
