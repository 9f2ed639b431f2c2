"""SSD and its kin, as PyTorch and as TensorFlow export them."""

import numpy as np
import pytest

from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.interpretation import Hints
from livevision.inference.layouts.layout import Certainty
from livevision.inference.layouts.signature import Signature, Tensor
from livevision.inference.layouts.ssd import Ssd, SsdTf
from livevision.inference.onnx.loading import understand
from livevision.inference.onnx.providers import CPU
from livevision.inference.onnx.session import OnnxSession
from tests.fakes.seeing_models import picture_with, ssd, ssd_tf

SIZES = [(1280, 720), (360, 640)]
FLOATS, BYTES = np.dtype(np.float32), np.dtype(np.uint8)


def see(path, size):
    width, height = size
    box = (width // 4, height // 5, width // 2, height - 40)
    session = OnnxSession(path, CPU)
    understood = understand(session, Hints())
    feeds, fitted = understood.feeds([picture_with(box, size)])
    found = understood.detections(session.run(feeds), fitted[0], DetectionFilter())
    # Of the model's 320x240 pixels one is four of a picture 1280 wide.
    assert found.xyxy[0] == pytest.approx(box, abs=max(2, width / 320, height / 240))
    return understood, found


@pytest.mark.parametrize("size", SIZES)
def test_ultraface_from_pytorch(tmp_path, size):
    understood, found = see(ssd(tmp_path / "u.onnx", [0.1, 0.9]), size)
    assert understood.layout.name == "ssd"
    assert len(understood.names) == 1  # faces; slot 0 is background
    assert found.class_id.tolist() == [0]  # and the second box suppressed
    assert found.confidence == pytest.approx([0.9])


def test_boxes_first_or_last(tmp_path):
    _, found = see(ssd(tmp_path / "s.onnx", [0.1, 0.2, 0.7], ("confidences", "my_boxes")), SIZES[0])
    assert found.class_id.tolist() == [1]


@pytest.mark.parametrize("size", SIZES)
def test_tensorflow_has_y_first(tmp_path, size):
    understood, found = see(ssd_tf(tmp_path / "t.onnx", [0.0, 0.2, 0.8, 0.1, 0.0]), size)
    assert understood.layout.name == "ssd-tf"
    assert found.class_id.tolist() == [1]


PICTURE = Tensor("input", (1, 3, 300, 300), FLOATS)


def signature(*outputs, picture=PICTURE):
    return Signature((picture,), tuple(Tensor(name, shape, FLOATS) for name, shape in outputs))


def test_what_is_claimed():
    named = signature(("boxes", (1, 3000, 4)), ("scores", (1, 3000, 21)))
    shapes = signature(("a", (1, 3000, 4)), ("b", (1, 3000, 21)))
    assert Ssd().match(named).certainty is Certainty.SAYS_SO
    assert "background" in Ssd().match(named).evidence
    assert Ssd().match(shapes).certainty is Certainty.SHAPE
    assert SsdTf().match(named) is None
    assert (
        Ssd().match(signature(*[("boxes", (1, 9, 4)), ("scores", (1, 9, 3))], picture=Tensor("i", (1, 9, 9, 3), BYTES)))
        is None
    )


def test_which_output_has_the_boxes_must_be_clear():
    assert Ssd().match(signature(("a", (1, 3000, 4)), ("b", (1, 3000, 4)))) is None
    four = signature(("scores", (1, 3000, 4)), ("boxes", (1, 3000, 4)))
    assert Ssd().match(four) is not None
    assert Ssd().adjusted(four).boxes == 1


def test_other_families_with_two_outputs_are_left_alone():
    assert Ssd().match(signature(("pred_boxes", (1, 300, 4)), ("logits", (1, 300, 80)))) is None
    # YOLO-NAS: boxes in pixels, a row for each cell.
    nas = Tensor("input", (1, 3, 640, 640), FLOATS)
    assert Ssd().match(signature(("boxes", (1, 8400, 4)), ("scores", (1, 8400, 80)), picture=nas)) is None


def test_80_slots_have_none_for_background():
    coco = signature(("boxes", (1, 3000, 4)), ("scores", (1, 3000, 80)))
    assert Ssd().class_count(coco) == 80
    assert "background" not in Ssd().match(coco).evidence
