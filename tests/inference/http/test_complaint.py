"""What real servers say went wrong, word for word, becomes one plain sentence."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livevision.inference.http.complaint import complaint_in, complaint_of, missing_fields

PYDANTIC = (
    "ValidationError : 1 validation error for InferenceResponse\nid\n  Input should be a valid string "
    "[type=string_type, input_value=None, input_type=NoneType]\n"
    "    For further information visit https://errors.pydantic.dev/2.14/v/string_type"
)
MISSING = {"type": "missing", "loc": ["body", "file"], "msg": "Field required", "input": None}
BENTOML = {
    "error": "1 validation error for Input",
    "detail": [
        {
            "type": "missing",
            "loc": ["image"],
            "msg": "Field required",
            "url": "https://errors.pydantic.dev/2.14/v/missing",
        }
    ],
}
TRACEBACK = """Traceback (most recent call last):
  File "/srv/lib/python3.11/site-packages/starlette/routing.py", line 73, in app
    response = await f(request)
  File "/srv/model.py", line 12, in predict
    x = payload.inputs[0]
IndexError: list index out of range
"""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({"detail": "Internal server error"}, "Internal server error", id="LitServe"),
        pytest.param({"detail": [MISSING]}, "file: Field required", id="FastAPI"),
        pytest.param(
            {"detail": [{**MISSING, "loc": ["body", "inputs", n, "data"]} for n in range(9)]},
            "inputs.0.data: Field required; inputs.1.data: Field required; inputs.2.data: Field required",
            id="FastAPI, many",
        ),
        pytest.param(BENTOML, "image: Field required", id="BentoML"),
        pytest.param(
            {"error": "An unexpected error has occurred, please check the server log."},
            "An unexpected error has occurred, please check the server log.",
            id="BentoML, its model failed",
        ),
        pytest.param(
            {"code": 503, "type": "InternalServerException", "message": "Prediction failed"},
            "Prediction failed",
            id="TorchServe",
        ),
        pytest.param({"error": "Model none not found"}, "Model none not found", id="MLServer"),
        pytest.param({"error": PYDANTIC}, "id: Input should be a valid string", id="KServe"),
        pytest.param(TRACEBACK, "IndexError: list index out of range", id="traceback"),
        pytest.param({"detail": TRACEBACK}, "IndexError: list index out of range", id="traceback in JSON"),
        pytest.param(
            {"error": {"message": "model is overloaded", "type": "overloaded_error", "code": 529}},
            "model is overloaded",
            id="an object",
        ),
        pytest.param({"errors": [{"message": "no GPU"}, {"message": "no CPU"}]}, "no GPU; no CPU", id="a list"),
        pytest.param({"error": True, "message": "no GPU"}, "no GPU", id="a flag"),
        pytest.param({"title": "Not ready", "status": 503}, "Not ready", id="RFC 9457"),
        pytest.param("<html><h1>502</h1> Bad Gateway</html>", "502 Bad Gateway", id="nginx"),
        pytest.param(
            "<html><head><style>x</style></head><body><h1>502</h1>Bad Gateway</body></html>",
            "502 Bad Gateway",
            id="style",
        ),
        pytest.param("abc\u202edef\x00\x1b[31m \r\n bytes", "abc def [31m bytes", id="control characters"),
        pytest.param("a < b", "a < b", id="less than"),
        pytest.param("no healthy upstream", "no healthy upstream", id="Envoy"),
        pytest.param("[ERROR] no GPU", "[ERROR] no GPU", id="brackets"),
        pytest.param({"a": 1}, "", id="JSON that says nothing"),
        pytest.param([], "", id="an empty list"),
        pytest.param({"error": None}, "", id="null"),
    ],
)
def test_it_is_one_plain_sentence(said: object, words: str) -> None:
    assert complaint_of((said if isinstance(said, str) else json.dumps(said)).encode()) == words


def test_json_that_was_cut_off_is_read_as_far_as_it_goes_and_never_shown() -> None:
    # FastAPI repeats what it was sent: a picture in base64.
    echoed = {"detail": [{"type": "missing", "loc": ["body", "image"], "msg": "Field required", "input": "x" * 99_999}]}
    body = json.dumps(echoed).encode()[:16_384]

    assert complaint_of(body) == "Field required"
    assert complaint_of(b'{"picture": "' + b"x" * 9000) == ""
    assert complaint_of(b'[{"picture": "' + b"x" * 9000) == ""


def test_a_traceback_that_was_cut_off_says_nothing() -> None:
    assert complaint_of(TRACEBACK[:200].encode()) == ""


def test_long_words_end_with_a_whole_word() -> None:
    said = complaint_of(("the model failed " * 50).encode())

    assert len(said) <= 120
    assert said.endswith(("the…", "model…", "failed…"))
    assert complaint_of(b"the key is " + b"k" * 900) == "the key is…"
    assert len(complaint_of(("模型失败" * 100).encode())) == 120


def test_what_a_server_misses_is_known_by_name() -> None:
    assert missing_fields(json.dumps({"detail": [MISSING]}).encode()) == ("file",)
    assert missing_fields(json.dumps(BENTOML).encode()) == ("image",)
    odd = [{**MISSING, "loc": ["body", "a\nb"]}, {**MISSING, "loc": None}, {**MISSING, "loc": ["x" * 99]}, 7]
    assert missing_fields(json.dumps({"detail": odd}).encode()) == ()
    for body in (b"", b"[" * 100_000, b"7", b'{"detail": "x"}'):
        assert missing_fields(body) == ()


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(
        st.sampled_from(["detail", "error", "message", "msg", "loc", "type"]), inner, max_size=3)),
    max_leaves=20,
).map(lambda value: json.dumps(value).encode())))  # fmt: skip
def test_whatever_comes_is_one_short_line(body: bytes) -> None:
    said = complaint_of(body)
    assert len(said) <= 121
    assert said == " ".join(said.split())
    assert missing_fields(body) is not None


@pytest.mark.parametrize(
    "filling", ["1", "<script", "<a", '"error":"', "Traceback (most recent call last)\n", "a.", "\n"]
)
def test_whatever_is_sent_on_purpose_takes_no_time(filling: str) -> None:
    text = (filling * 20_000_000)[:16_000_000]
    began = time.thread_time()
    complaint_in({"error": text})
    complaint_of(text[:16_384].encode())
    complaint_of(b"{" + text[:16_384].encode())
    # The square of what may come would be hours.
    assert time.thread_time() - began < 2.0


def test_a_million_brackets_are_no_words() -> None:
    assert complaint_of(b"[" * 16_384) == ""
    assert complaint_of(b'{"error":' * 1500 + b"}" * 1500) == ""
