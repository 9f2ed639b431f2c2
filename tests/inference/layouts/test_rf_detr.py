"""RF-DETR: logits, COCO's own numbers, and the slot for background."""

import numpy as np
import pytest

from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.interpretation import Hints
from livevision.inference.layouts.layout import Certainty
from livevision.inference.layouts.rf_detr import RfDetr
from livevision.inference.layouts.signature import Signature, Tensor
from livevision.inference.onnx.loading import understand
from livevision.inference.onnx.providers import CPU
from livevision.inference.onnx.session import OnnxSession
from tests.fakes.seeing_models import picture_with, rf_detr

BOX, SIZE = (300, 120, 700, 360), (1280, 720)


def see(path, keep=None):
    session = OnnxSession(path, CPU)
    understood = understand(session, Hints())
    feeds, fitted = understood.feeds([picture_with(BOX, SIZE)])
    return understood, understood.detections(session.run(feeds), fitted[0], keep or DetectionFilter())


def test_logits_become_confidences_and_boxes_pixels(tmp_path):
    understood, found = see(rf_detr(tmp_path / "r.onnx", [-4.0, 2.0, -9.0], (560, 560)))
    assert understood.layout.name == "rf-detr"
    assert understood.names == ("0", "1")
    assert found.xyxy[0] == pytest.approx(BOX, abs=2)
    assert found.confidence == pytest.approx([1 / (1 + np.exp(-2.0))])
    assert found.class_id.tolist() == [1]


def test_the_last_slot_is_background(tmp_path):
    assert see(rf_detr(tmp_path / "r.onnx", [-4.0, -4.0, 8.0]))[1].class_id.tolist() == []


def test_a_query_may_be_two_classes(tmp_path):
    found = see(rf_detr(tmp_path / "r.onnx", [1.0, 3.0, -9.0]))[1]
    assert found.class_id.tolist() == [1, 0]
    assert found.xyxy[0] == pytest.approx(found.xyxy[1])


def test_91_slots_are_cocos_own_numbers(tmp_path):
    logits = np.full(91, -9.0)
    logits[[3, 90]] = 4.0, 2.0
    assert see(rf_detr(tmp_path / "r.onnx", logits.tolist()))[1]["class_name"].tolist() == ["car", "toothbrush"]


def test_wild_logits_are_no_warning(tmp_path):
    assert see(rf_detr(tmp_path / "r.onnx", [-1e30, 1e30, 0.0]))[1].confidence.tolist() == [1.0]


def test_mmdeploy_has_the_same_names_for_something_else():
    floats = np.dtype(np.float32)
    picture = (Tensor("input", (1, 3, 640, 640), floats),)
    ours = Signature(picture, (Tensor("dets", (1, 300, 4), floats), Tensor("labels", (1, 300, 91), floats)))
    theirs = Signature(picture, (Tensor("dets", (1, 100, 5), floats), Tensor("labels", (1, 100), np.dtype(np.int64))))
    assert RfDetr().match(ours).certainty is Certainty.SAYS_SO
    assert RfDetr().match(theirs) is None
