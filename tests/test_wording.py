import copy
import json
import pickle
from numbers import Real
from pathlib import Path

import numpy as np
import pytest

from livevision.errors import DetectorUnavailable, LivevisionError, ModelNotAllowed, SourceUnavailable
from livevision.redaction import MASK, Redactor
from livevision.sources.status import CameraState, CameraStatus
from livevision.wording import Wording, joined, say, text_of

GONE = say("{name} does not answer ({reason}).", name="Gate", reason=say("no such host"))


def made_of(text: str) -> tuple[str, dict[str, object]]:
    assert isinstance(text, Wording)
    return text.template, dict(text.values)


def test_a_wording_is_its_english_text_and_remembers_what_it_is_made_of() -> None:
    assert GONE == "Gate does not answer (no such host)."
    assert f"{GONE}" == str(GONE) == "".join([GONE])
    assert json.dumps({"why": GONE}) == '{"why": "Gate does not answer (no such host)."}'
    assert made_of(GONE) == ("{name} does not answer ({reason}).", {"name": "Gate", "reason": "no such host"})
    assert isinstance(GONE.values["reason"], Wording)


def test_values_are_written_as_an_f_string_writes_them() -> None:
    path, rate, word = Path("a") / "b.mp4", np.float32(0.5), "it's"
    said = say(
        "{path} {rate:.2f} {typed!r} {count} {braces} {{}}", path=path, rate=rate, typed=word, count=3, braces="{x}"
    )
    assert said == f"{path} {rate:.2f} {word!r} 3 {{x}} {{}}"


@pytest.mark.parametrize("wrong", [{}, {"nam": "Gate"}])
def test_a_value_that_is_missing_is_a_bug(wrong: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        say("{name} ended the stream.", **wrong)


def test_what_is_said_of_an_error_is_told_in_turn() -> None:
    said = say("{model}: {error}", model="a.onnx", error=LivevisionError(GONE))
    assert said == f"a.onnx: {GONE}"
    assert made_of(said.values["error"]) == made_of(GONE)


def test_parts_are_told_one_by_one() -> None:
    said = joined(" {·} ", ("01:07", say("closing")))
    assert said == "01:07 {·} closing"
    assert [isinstance(value, Wording) for value in said.values.values()] == [False, True]
    assert joined(", ", ()) == ""


def test_an_error_keeps_its_wording_and_says_it_in_english() -> None:
    for error in (SourceUnavailable(GONE), DetectorUnavailable(GONE, 2.0)):
        assert str(error) == GONE
        assert made_of(error.text) == made_of(GONE)
    assert made_of(ModelNotAllowed("a:b").text)[1] == {"model": "a:b"}
    assert LivevisionError("plain").text == "plain"
    assert text_of(OSError(2, "gone")) == "[Errno 2] gone"
    assert text_of(KeyError()) == ""


def test_a_camera_keeps_why_it_is_gone() -> None:
    status = CameraStatus(CameraState.FAILED, 0.0, SourceUnavailable(GONE))
    assert made_of(status.reason) == made_of(GONE)


def test_it_survives_pickle_and_copies() -> None:
    for again in (pickle.loads(pickle.dumps(GONE)), copy.deepcopy(GONE)):
        assert again == GONE
        assert made_of(again) == made_of(GONE)
        assert isinstance(again.values["reason"], Wording)
    error = pickle.loads(pickle.dumps(SourceUnavailable(GONE)))
    assert made_of(error.text) == made_of(GONE)


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.learn_secret("hunter2")
    return redactor


def everything_in(text: str) -> str:
    """Return all that a translation could show of a text."""
    if not isinstance(text, Wording):
        return text
    return " ".join(
        [
            text,
            text.template,
            *(everything_in(str(value) if isinstance(value, Real) else value) for value in text.values.values()),
        ]
    )


def test_secrets_are_taken_out_of_the_values_and_it_stays_a_wording(redactor: Redactor) -> None:
    inner = say("{url} refused", url="rtsp://anna:other@gate/hunter2")
    redacted = redactor.redact(say("{name}: {reason}", name="hunter2 gate", reason=inner))
    assert redacted == f"{MASK} gate: rtsp://anna:{MASK}@gate/{MASK} refused"
    assert made_of(redacted)[0] == "{name}: {reason}"
    assert isinstance(redacted.values["reason"], Wording)
    for secret in ("hunter2", "other"):
        assert secret not in everything_in(redacted)


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        (say("rtsp://anna:{password}@gate is wrong", password="other"), "other"),  # only what is around it shows it
        (say("{scheme}://{account}@{host}", scheme="rtsp", account="anna:other", host="gate"), "other"),
        (say("{half}{rest} was typed", half="hun", rest="ter2"), "hunter2"),
        (say("{number} is wrong, not hunter{number}", number=2), "hunter2"),
        (say("hunter2 is wrong"), "hunter2"),
        (say("token={token}", token=say("other")), "other"),
    ],
)
def test_a_secret_that_only_the_whole_text_shows_ends_in_plain_english(
    redactor: Redactor, said: Wording, secret: str
) -> None:
    redacted = redactor.redact(said)
    assert MASK in redacted
    assert not isinstance(redacted, Wording)
    assert secret not in everything_in(redacted)


def test_values_that_are_not_shown_are_redacted_too(redactor: Redactor) -> None:
    redacted = redactor.redact(Wording("it failed", {"unused": "hunter2"}))
    assert redacted == "it failed"
    assert "hunter2" not in everything_in(redacted)
