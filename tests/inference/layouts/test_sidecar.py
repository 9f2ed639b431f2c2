"""What a user writes into a file beside the model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from livevision.errors import ModelError
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.inference.layouts.preparation import Channels, Fit, Preparation
from livevision.inference.layouts.sidecar import read_sidecar
from tests.fakes.signatures import FREE, signature

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tmp_path / "my.model.onnx"


def describe(model: Path, content: Any) -> None:
    model.with_suffix(".json").write_text(content if isinstance(content, str) else json.dumps(content))


def test_nothing_there_says_nothing(model: Path) -> None:
    assert read_sidecar(model) == Hints()


def test_all_of_it_reaches_the_model(model: Path) -> None:
    describe(
        model,
        {
            "layout": "yolov8",
            "names": ["ripe", "green"],
            "size": [320, 256],
            "fit": "top-left",
            "channels": "BGR",
            "scale": 1,
            "mean": [1, 2, 3],
            "std": [4, 5, 6],
            "fill": 0,
        },
    )

    found = interpret(signature((None, None, None), picture=FREE), read_sidecar(model))

    assert found.layout.name == "yolov8"
    assert found.names == ("ripe", "green")
    assert found.size == (320, 256)
    assert found.preparation == Preparation(Fit.TOP_LEFT, Channels.BGR, 1, (1, 2, 3), (4, 5, 6), 0)


def test_a_single_field_leaves_the_rest_to_the_family(model: Path) -> None:
    describe(model, {"scale": 1, "size": 96})

    found = interpret(signature((None, 84, None), picture=FREE), read_sidecar(model))

    assert found.preparation == Preparation(scale=1)
    assert found.size == (96, 96)


@pytest.mark.parametrize("names", [["ripe", "green"], {"0": "ripe", "1": "green"}])
def test_names_are_a_list_or_numbered(model: Path, names: Any) -> None:
    describe(model, {"names": names})

    assert read_sidecar(model).names == ("ripe", "green")


def test_names_may_be_one_a_line(model: Path) -> None:
    model.with_suffix(".names").write_text("﻿ripe\r\ngr\x1been\n\n", encoding="utf-8")

    assert read_sidecar(model) == Hints(names=("ripe", "gr een"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "Expecting property name"),
        ("[]", "all of it"),
        ("[" * 100_000, "nested"),
        ({"layuot": "yolox"}, "layuot"),
        ({"size": [0, 10]}, "size"),
        ({"size": 1_000_000}, "size"),
        ({"fit": "crop"}, "fit"),
        ({"std": [0, 1, 1]}, "std"),
        ({"fill": 256}, "fill"),
        ('{"scale": NaN}', "scale"),
        ({"names": []}, "names"),
        ({"names": {"one": "ripe"}}, "names"),
        ({"names": 3}, "names"),
        ("x" * 2_000_001, "larger"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_what_is_wrong_is_said_in_one_line(model: Path, content: Any, words: str) -> None:
    describe(model, content)

    with pytest.raises(ModelError) as refused:
        read_sidecar(model)

    said = str(refused.value)
    assert said.startswith("my.model.json")
    assert words in said
    assert said.endswith("correct or remove it")
    assert "\n" not in said


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"], ids=["empty", "blank", "binary"])
def test_a_list_of_no_names_is_refused(model: Path, content: bytes) -> None:
    model.with_suffix(".names").write_bytes(content)

    with pytest.raises(ModelError, match=r"my\.model\.names .*correct or remove it"):
        read_sidecar(model)
