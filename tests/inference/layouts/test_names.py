"""What classes are called, by whatever says so, and what must never be believed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from livevision.errors import ModelError
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.inference.layouts.names import COCO, MOST, named
from tests.fakes.onnx_models import ultralytics
from tests.fakes.signatures import signature

TWO_CLASSES = (1, 6, 8400)


@pytest.mark.parametrize(
    "text",
    [
        "{0: 'ripe', 1: 'green'}",
        "{1: 'green', 0: 'ripe'}",
        "['ripe', 'green']",
        "('ripe', 'green')",
        '{"0": "ripe", "1": "green"}',
        " {0: 'ripe\\n', 1: 'gr\\x1been'} ",
    ],
)
def test_names_come_from_the_metadata(text: str) -> None:
    found = interpret(signature(TWO_CLASSES, metadata={"names": text, "task": "detect"}))

    assert [name.replace("gr een", "green") for name in found.names] == ["ripe", "green"]
    assert "metadata" in found.evidence[1]


def test_a_gap_in_the_metadata_gets_its_number() -> None:
    found = interpret(signature((1, 7, 8400), metadata=ultralytics(names={0: "ripe", 2: "green"})))

    assert found.names == ("ripe", "1", "green")


def test_names_of_the_user_go_before_those_in_the_metadata() -> None:
    found = interpret(signature(TWO_CLASSES, metadata=ultralytics()), Hints(names=("reif", "grün")))

    assert found.names == ("reif", "grün")


def test_too_few_names_of_the_user_are_refused_in_numbers() -> None:
    with pytest.raises(ModelError, match="1 class names are given, but the model has 2 classes"):
        interpret(signature(TWO_CLASSES, metadata=ultralytics()), Hints(names=("ripe",)))


def test_eighty_classes_without_names_are_cocos() -> None:
    names = interpret(signature((1, 84, 8400))).names

    assert names == COCO
    assert len(COCO) == len(set(COCO)) == 80
    assert (names[0], names[3], names[57], names[62], names[79]) == (
        "person",
        "motorcycle",
        "couch",
        "tv",
        "toothbrush",
    )


def test_other_classes_without_names_are_numbers() -> None:
    assert interpret(signature((1, 7, 8400))).names == ("0", "1", "2")


def test_names_that_contradict_the_width_are_a_question() -> None:
    with pytest.raises(ModelError, match=r"name 2 classes, but as yolov8 it has 3: say which with --layout"):
        interpret(signature((1, 7, 8400), metadata=ultralytics()))


def test_names_of_another_number_are_left_where_the_user_says_what_it_is() -> None:
    found = interpret(signature((1, 7, 8400), metadata=ultralytics()), Hints(layout="yolov8"))

    assert found.names == ("0", "1", "2")
    assert "2 names in the metadata are of no use" in found.evidence[1]


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch {target}')",
        "{{0: __import__('os').system('touch {target}')}}",
        "[open('{target}', 'w')]",
        "{{0: 'a', " * 10_000,
        "[" * 10_000 + "]" * 10_000,
        "-" * 100_000 + "1",
        "9" * 100_000,
        "['" + "x" * 10_000_000 + "']",
        "{{" + "'a': 1," * 100 + "}}",
        "{{99999999999: 'a'}}",
        "{{True: 'a'}}",
        "{{0: ['a']}}",
        "[]",
        "{{}}",
        "'person'",
        "None",
        "\x00",
        "",
    ],
    ids=lambda text: text[:20],
)
def test_metadata_that_make_no_sense_are_not_believed_and_never_run(text: str, tmp_path: Path) -> None:
    target = tmp_path / "touched"
    text = text.replace("{{", "{").replace("}}", "}").replace("{target}", str(target))
    found = interpret(signature(TWO_CLASSES, metadata=ultralytics() | {"names": text, "imgsz": text, "args": text}))

    assert found.names == ("0", "1")
    assert found.size == (640, 640)
    assert not target.exists()


def test_names_are_as_short_as_a_label() -> None:
    found = interpret(signature(TWO_CLASSES, metadata=ultralytics(names=["a" * 1000, "b"])))

    assert len(found.names[0]) == 80


def test_a_class_without_a_name_is_called_by_its_number() -> None:
    assert named(np.array([0, 1, 7, -1]), ("ripe", "green")).tolist() == ["ripe", "green", "7", "-1"]
    assert named(np.array([], int), ("ripe",)).shape == (0,)


def test_absurd_numbers_of_classes_take_no_memory() -> None:
    assert len(interpret(signature((1, 4 + 10_000_000, 8400))).names) == MOST
