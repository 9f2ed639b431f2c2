"""Which words name a model, and what is said of those that don't."""

import numpy as np
import pytest

from livevision.errors import ModelError, UsageError
from livevision.inference.detector import turns_of
from livevision.inference.registry import DetectorRegistry

BUILT_IN = {"motion": "moving", "people": "person", "faces": "face"}


def test_knows_the_built_in_models():
    assert DetectorRegistry().names() == tuple(BUILT_IN)
    assert repr(DetectorRegistry()) == "<DetectorRegistry motion, people, faces>"


@pytest.mark.parametrize(("name", "class_name"), BUILT_IN.items())
async def test_loads_a_model_that_works(name, class_name):
    detector = await DetectorRegistry().load(f" {name.upper()} ")
    try:
        assert detector.name == name
        assert detector.classes == (class_name,)
        assert detector.max_in_flight == 1
        found = await detector.detect(np.zeros((90, 160, 3), np.uint8))
        assert len(found) == 0
        assert found.confidence is not None
        assert "class_name" in found.data
    finally:
        await detector.aclose()


async def test_each_load_is_a_model_of_its_own():
    registry = DetectorRegistry()
    one, other = await registry.load("motion"), await registry.load("motion")

    await one.aclose()

    assert len(await other.detect(np.zeros((90, 160, 3), np.uint8))) == 0
    await other.aclose()


@pytest.mark.parametrize(
    ("model", "error", "words"),
    [
        ("peopel", UsageError, ["'peopel'", "did you mean 'people'?", "motion, people, faces"]),
        ("quux", UsageError, ["'quux'", "motion, people, faces"]),
        ("", UsageError, ["''", "motion, people, faces"]),
        ("models/yolox.onnx", UsageError, ["no model file models/yolox.onnx"]),
        ("kserv+http://me:secret@host/m", UsageError, ["'kserv'", "kserve"]),
        ("http://me:secret@host/m", UsageError, ["does not say what the server speaks", "kserve"]),
        ("nobody.allowed:this", ModelError, ["nobody.allowed:this", "not allowed to run"]),
    ],
)
async def test_says_in_one_line_what_cannot_be_loaded_and_what_can(model, error, words):
    with pytest.raises(error) as caught:
        await DetectorRegistry().load(model)

    message = str(caught.value)
    assert "\n" not in message
    assert "secret" not in message
    for word in words:
        assert word in message


async def test_the_built_in_ones_share_the_processor():
    registry = DetectorRegistry()
    one, other = await registry.load("motion"), await registry.load("people")
    elsewhere = await DetectorRegistry().load("motion")
    try:
        assert turns_of(one) is turns_of(other)
        assert turns_of(one) is not turns_of(elsewhere)
        assert one.runs_on == "CPU"
    finally:
        for each in (one, other, elsewhere):
            await each.aclose()
