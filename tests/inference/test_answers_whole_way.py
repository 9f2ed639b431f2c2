"""Answers that cannot be shown as they are, from the model to what the operator reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from onnx import helper

import livevision as lv
from livevision import cli
from livevision.errors import DetectorError
from livevision.inference.registry import DetectorRegistry
from livevision.sources.reader import Demand
from tests.fakes.cameras import grey, until
from tests.fakes.clips import plain, write_clip
from tests.fakes.onnx_models import constant_model, save, ultralytics, value

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.frame import Frame, Result
    from livevision.sources.status import CameraStatus


def quantised(path: Path, scale: float, scores: tuple[int, ...]) -> Path:
    """Write a YOLOv8 of two classes whose scores were bytes: ``scores`` of its first answers, times ``scale``."""
    boxes = np.zeros((1, 4, 8400), np.float32)
    as_bytes = np.zeros((1, 2, 8400), np.uint8)
    for number, score in enumerate(scores):
        boxes[0, :, number] = (100 + 200 * number, 100, 80, 60)
        as_bytes[0, 1, number] = score
    nodes = [
        helper.make_node("DequantizeLinear", ["bytes", "scale"], ["scores"]),
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        helper.make_node("Add", ["boxes", "nothing"], ["placed"]),
        helper.make_node("Concat", ["placed", "scores"], ["output0"], axis=1),
    ]
    constants = {
        "bytes": as_bytes,
        "scale": np.array(scale, np.float32),
        "zero": np.zeros((), np.float32),
        "boxes": boxes,
    }
    inputs, outputs = [value("images", (1, 3, 640, 640))], [value("output0", (1, 6, 8400))]
    return save(path, nodes, inputs, outputs, constants, ultralytics())


@pytest.mark.parametrize("scale", [1.0000001 / 255, 1.004 / 255, 1.13 / 255])
async def test_the_surest_objects_of_a_quantised_model_are_not_lost(tmp_path, scale):
    path = quantised(tmp_path / "q.onnx", scale, (255, 120, 254))
    detector = await lv.load_detector(str(path), conf=0.25)
    found = await detector.detect(grey((640, 640)))
    assert sorted(found.xyxy[:, 0].tolist()) == [60, 260, 460]
    assert found.confidence.max() == 1.0
    await detector.aclose()


@pytest.mark.parametrize(
    ("scale", "said"), [(97 / 255, "scores up to 97: per cent?"), (6 / 255, "scores up to 6: logits?")]
)
async def test_scores_on_another_scale_are_refused_with_words(tmp_path, scale, said):
    path = quantised(tmp_path / "q.onnx", scale, (255, 120, 30))
    detector = await lv.load_detector(str(path), conf=0.25)
    with pytest.raises(DetectorError, match=r"q\.onnx: scores up to") as refused:
        await detector.detect(grey((640, 640)))
    assert said in str(refused.value)
    await detector.aclose()


def flat(path: Path) -> Path:
    """Write a model whose 300 boxes have no width."""
    rows = np.tile(np.array([10, 10, 10, 50, 0.9, 1], np.float32), (1, 300, 1))
    rows[0, :, 0] = rows[0, :, 2] = np.arange(300)
    return constant_model(path, {"output0": rows}, metadata=ultralytics(end2end=True))


def test_a_film_with_nothing_but_invalid_boxes_ends_with_words(tmp_path, monkeypatch, capfd):
    film = write_clip(tmp_path / "film.mp4", [plain((90, 90, 90), (320, 320))] * 3)
    output = tmp_path / "out.mp4"
    arguments = ["process", film, "-o", output, "--model", flat(tmp_path / "flat.onnx")]
    monkeypatch.setattr("sys.argv", ["livevision", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capfd.readouterr().err
    assert ended.value.code == 1
    assert "flat.onnx: 300 boxes, none valid: widths are 0" in told
    assert not output.exists()


async def test_a_camera_says_that_no_box_was_valid_and_does_not_pass_it_for_an_empty_scene(tmp_path):
    models = DetectorRegistry()
    detector = await models.load(str(flat(tmp_path / "flat.onnx")))
    results: list[Result] = []

    class Listener:
        wants = Demand.EVERY_FRAME
        on_result = staticmethod(results.append)

        def on_frame(self, frame: Frame) -> None:
            pass

        def on_status(self, status: CameraStatus) -> None:
            pass

    async with lv.open_camera("synthetic:street?size=320x320&fps=25&seed=1", detector=detector) as camera:
        camera.subscribe(Listener())
        await until(lambda: camera.detector_trouble != "")
        assert camera.detector_trouble.startswith("flat.onnx: 300 boxes, none valid: widths are 0")
    assert results == []
    await detector.aclose()
    await models.aclose()
