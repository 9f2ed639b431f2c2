"""Weights in files beside the model: missing, renamed, cut off, changed, or somewhere else altogether."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from livevision.errors import ModelError
from livevision.inference.onnx.file_contents import contents
from livevision.inference.onnx.models import OnnxModels
from livevision.inference.onnx.providers import CPU
from livevision.inference.onnx.session import OnnxSession
from livevision.inference.options import ModelOptions
from tests.fakes.onnx_models import save, value
from tests.fakes.seeing_models import ultralytics_rtdetr

if TYPE_CHECKING:
    from pathlib import Path


def with_weights_beside(path: Path, location: str, number: float = 1.0) -> Path:
    """Write a model of 3,000 weights that are in another file."""
    weights = {"model.backbone.w": np.full(3000, number, np.float32)}
    nodes = [helper.make_node("Add", ["x", "model.backbone.w"], ["y"], name="/model/head/Add")]
    save(path, nodes, [value("x", (3000,))], [value("y", (3000,))], weights)
    (path.parent / location).parent.mkdir(exist_ok=True)
    onnx.save_model(onnx.load(path), path, save_as_external_data=True, location=location, size_threshold=10)
    return path


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        OnnxSession(path, CPU)
    said = str(caught.value)
    assert "\n" not in said
    assert len(said) < 300
    return said


@pytest.mark.parametrize("location", ["a.onnx.data", "weights/a.bin"])
def test_they_are_found_and_named(tmp_path: Path, location: str) -> None:
    path = with_weights_beside(tmp_path / "a.onnx", location, 7.0)
    inside = contents(path)
    assert inside.needs == {location: 12_000}
    assert {"model", "backbone", "head", "add"} <= inside.words
    session = OnnxSession(path, CPU)
    assert session.run({"x": np.zeros(3000, np.float32)})[0][5] == 7
    assert "backbone" in session.signature.words


def test_a_renamed_model_says_what_it_misses_and_where(tmp_path: Path) -> None:
    path = with_weights_beside(tmp_path / "best.onnx", "best.onnx.data")
    yard = tmp_path / "yard"
    yard.mkdir()
    path = path.rename(yard / "yard.onnx")
    said = refused(path)
    assert said.startswith("yard.onnx has its weights in best.onnx.data, which is not in ")
    assert str(yard) in said


def test_weights_that_were_cut_off(tmp_path: Path) -> None:
    path = with_weights_beside(tmp_path / "a.onnx", "a.onnx.data")
    os.truncate(tmp_path / "a.onnx.data", 12_000 - 1024)
    assert refused(path) == (
        "a.onnx.data, with the weights of a.onnx, is cut off: it has 10976 of 12000 bytes; copy it again"
    )


@pytest.mark.parametrize("location", ["../outside.data", "/etc/passwd", "sub/../../outside.data", "C:\\outside.data"])
def test_weights_outside_of_the_folder_are_not_opened(tmp_path: Path, location: str) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    path = with_weights_beside(folder / "a.onnx", "inside.data")
    (tmp_path / "outside.data").write_bytes((folder / "inside.data").read_bytes())
    model = onnx.load(path, load_external_data=False)
    for entry in model.graph.initializer[0].external_data:
        if entry.key == "location":
            entry.value = location
    path.write_bytes(model.SerializeToString())
    assert "outside of its folder: not opened" in refused(path)


def test_in_a_branch_of_the_graph(tmp_path: Path) -> None:
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[4], data_location=onnx.TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="branch.data")
    inner = helper.make_graph([helper.make_node("Constant", [], ["c"], value=tensor)], "then", [], [value("c", (4,))])
    node = helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)
    path = save(tmp_path / "m.onnx", [node], [value("x", (1,), np.bool_)], [value("y", (4,))])
    assert contents(path).needs == {"branch.data": 0}


@pytest.mark.parametrize("data", [b"", b"no model at all", bytes(range(256)) * 40, b"\x3a\xff\xff\xff\xff\x0f"])
def test_what_is_no_model_has_nothing_in_it(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "m.onnx").write_bytes(data)
    assert contents(tmp_path / "m.onnx").needs == {}
    assert contents(tmp_path / "none.onnx").needs == {}


async def test_changed_weights_are_loaded_anew(tmp_path: Path) -> None:
    path = ultralytics_rtdetr(tmp_path / "m.onnx", [0.9, 0.1, 0.0, 0.0])
    model = onnx.load(path)
    model.graph.initializer.append(numpy_helper.from_array(np.ones(3000, np.float32), "large"))
    onnx.save_model(model, path, save_as_external_data=True, location="m.data", size_threshold=1000)
    models = OnnxModels()
    first = await models.load(path, ModelOptions())
    same = await models.load(path, ModelOptions())
    os.utime(tmp_path / "m.data", ns=(1, 1))
    changed = await models.load(path, ModelOptions())
    assert repr(models).count("m.onnx x") == 2
    for detector in (first, same, changed):
        await detector.aclose()
    await models.aclose()
