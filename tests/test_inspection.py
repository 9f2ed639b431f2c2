"""What the model doctor says of a model, and the picture that it draws."""

import json

import cv2
import numpy as np
import pytest

from livevision.errors import ModelError, UsageError
from livevision.inference.options import Device, ModelOptions
from livevision.inspection import inspect
from tests.fakes.onnx_models import constant_model, ultralytics
from tests.fakes.seeing_models import picture_with, ultralytics_rtdetr

BOX = (300, 120, 700, 360)
OPTIONS = ModelOptions()
FOUR = {"names": str({0: "ripe", 1: "green", 2: "leaf", 3: "soil"})}


@pytest.fixture
def model(tmp_path):
    return ultralytics_rtdetr(tmp_path / "m.onnx", [0.9, 0.1, 0.0, 0.0], (640, 640), metadata=ultralytics() | FOUR)


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "yard.jpg"
    cv2.imwrite(str(path), picture_with(BOX, (1280, 720)))
    return path


def test_all_that_there_is_to_know(model, image, tmp_path):
    report = inspect(model, image, OPTIONS, tmp_path / "out")
    assert report.layout == "ultralytics-rtdetr"
    assert report.image_size == (640, 640)
    assert report.classes == ("ripe", "green", "leaf", "soil")
    assert report.offered[-1] == report.runs_on == "CPU"
    assert 0 < report.timing.run_ms < 1000
    said = "\n".join(report.lines())
    for words in (
        "m.onnx",
        "takes      images float32[1,3,640,640]",
        "gives      output0 float32[1,300,8]",
        "says       task: detect",
        "layout     ultralytics-rtdetr",
        "as many as the metadata name",
        "classes    ripe, green, leaf, soil",
        "runs on    CPU",
        "of it the model alone",
        "found      ripe 90 %  at ",
    ):
        assert words in said
    assert "notice" not in said


def test_the_picture_is_drawn_and_nothing_overwritten(model, image, tmp_path):
    out = tmp_path / "out"
    first, second = (inspect(model, image, OPTIONS, out).found.drawn for _ in range(2))
    assert sorted(path.name for path in out.iterdir()) == ["yard.inspected-2.png", "yard.inspected.png"]
    assert first != second
    drawn, before = cv2.imread(first), cv2.imread(str(image))
    changed = np.abs(drawn.astype(int) - before).max(axis=2) > 60
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert (columns[0], columns[-1], rows[-1]) == pytest.approx((BOX[0], BOX[2], BOX[3]), abs=5)
    assert np.array_equal(cv2.imread(str(image)), before)


def test_without_a_picture_nothing_is_written(model, tmp_path):
    report = inspect(model, None, OPTIONS, tmp_path / "out")
    assert report.found is None
    assert report.timing is not None
    assert not (tmp_path / "out").exists()


def test_a_layout_that_is_not_recognised_is_a_finding(tmp_path, image):
    path = constant_model(tmp_path / "odd.onnx", {"mystery": np.zeros((1, 11), np.float32)})
    report = inspect(path, image, OPTIONS, tmp_path / "out")
    assert report.layout is None
    said = "\n".join(report.lines())
    assert "layout     not recognised" in said
    assert "mystery float32[1,11]" in said
    assert "--layout" in said
    assert not (tmp_path / "out").exists()


def test_a_device_that_is_not_there_is_said(model, tmp_path):
    report = inspect(model, None, ModelOptions(device=Device.COREML), tmp_path)
    assert report.runs_on == "CPU"
    assert any(line.startswith("  notice     CoreML could not be used") for line in report.lines())


def test_json_has_it_all(model, image, tmp_path):
    report = json.loads(json.dumps(inspect(model, image, OPTIONS, tmp_path / "out").as_dict()))
    assert report["name"] == "m.onnx"
    assert report["image_size"] == [640, 640]
    assert report["timing"]["picture_ms"] > 0
    assert report["found"]["unsound"] == 0


def test_what_a_file_says_does_not_take_the_terminal_over(tmp_path):
    evil = {"author\x1b[2J": "\x1b]0;owned\a\nsecond line", "long": "x" * 100_000, **{f"k{n}": "v" for n in range(99)}}
    path = ultralytics_rtdetr(tmp_path / "m.onnx", [0.9, 0.1, 0.0, 0.0], metadata=evil | ultralytics() | FOUR)
    lines = inspect(path, None, OPTIONS, tmp_path).lines()
    assert all(line.isprintable() and len(line) < 400 for line in lines)
    assert len(lines) < 50


def test_boxes_that_cannot_be_true_are_counted(tmp_path, image):
    rows = np.zeros((1, 300, 8), np.float32)
    rows[0, 0] = [0.5, 0.5, 0.2, 0.2, 0.8, 0, 0, 0]
    rows[0, 1] = [np.nan, 0.5, 0.2, 0.2, 0.9, 0, 0, 0]
    path = constant_model(tmp_path / "n.onnx", {"output0": rows}, metadata=ultralytics() | FOUR)
    report = inspect(path, image, ModelOptions(layout="ultralytics-rtdetr"), tmp_path / "out")
    assert report.found.unsound == 1
    assert report.found.boxes == ("ripe 80 %  at 512,288 to 768,432",)
    assert "  left out   1 boxes that cannot be true" in report.lines()


def test_what_is_no_picture(model, tmp_path):
    (tmp_path / "no.jpg").write_text("no picture")
    (tmp_path / "empty.jpg").touch()
    for name in ("no.jpg", "empty.jpg", "none.jpg"):
        with pytest.raises(UsageError, match=name):
            inspect(model, tmp_path / name, OPTIONS, tmp_path / "out")


def test_what_is_no_model(tmp_path, image):
    with pytest.raises(ModelError, match="is a folder"):
        inspect(tmp_path, None, OPTIONS, tmp_path)
    with pytest.raises(ModelError, match=r"yard\.jpg is no model"):
        inspect(image, None, OPTIONS, tmp_path)


def test_a_folder_that_cannot_be_written_to(model, image, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        inspect(model, image, OPTIONS, tmp_path / "file" / "x")


@pytest.mark.real_data
def test_yolox(real_data, tmp_path):
    report = inspect(real_data / "yolox_nano.onnx", real_data / "dog.jpg", OPTIONS, tmp_path)
    assert report.layout == "yolox"
    assert [line.split()[0] for line in report.found.boxes[:3]] == ["dog", "bicycle", "car"]
