"""Tensors of the Open Inference Protocol: there and back, and nothing that an answer can break."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from livevision.errors import DetectorError
from livevision.inference.http.tensors import HEADER_LENGTH, Coding, decode_tensors, encode_tensors

DTYPES = ["bool", "uint8", "int8", "uint16", "int32", "int64", "uint64", "<f2", "<f4", "<f8", ">f4"]


@settings(max_examples=100, deadline=None)
@given(
    array=st.sampled_from(DTYPES).flatmap(
        lambda dtype: arrays.arrays(
            np.dtype(dtype),
            arrays.array_shapes(min_dims=1, max_dims=4, max_side=5),
            # JSON has neither, and no prepared picture.
            elements={"allow_nan": False, "allow_infinity": False} if "f" in dtype else None,
        )
    ),
    coding=st.sampled_from(Coding),
)
def test_what_is_sent_can_be_read(array, coding):
    body, headers = encode_tensors({"a": array, "b": np.zeros((2, 0), np.float32)}, ["o"], coding)
    length = int(headers.get(HEADER_LENGTH, len(body)))
    said = json.loads(body[:length])
    # Inputs and outputs are written in the same way.
    again = json.dumps({"outputs": said["inputs"]}).encode()

    got = decode_tensors(again + body[length:], {HEADER_LENGTH: str(len(again))} if length < len(body) else {})

    assert np.array_equal(got["a"], array)
    assert got["a"].dtype == array.dtype.newbyteorder("<")
    assert got["b"].shape == (2, 0)


def output(**changes):
    return {"name": "o", "datatype": "FP32", "shape": [1, 2], "data": [1.0, 2.0], **changes}


def test_nested_numbers_are_as_good_as_flat_ones():
    got = decode_tensors(json.dumps({"outputs": [output(data=[[1, 2]])]}).encode(), {})

    assert got["o"].tolist() == [[1, 2]]


def test_json_and_binary_may_be_mixed_in_any_order():
    text = json.dumps({
        "outputs": [
            output(name="b", shape=[2], data=None, parameters={"binary_data_size": 8}),
            output(name="j"),
            output(name="c", shape=[1], data=None, datatype="INT64", parameters={"binary_data_size": 8}),
        ]
    }).encode()  # fmt: skip
    body = text + np.array([3, 4], "<f4").tobytes() + np.array([5], "<i8").tobytes()

    got = decode_tensors(body, {"inference-header-content-length": str(len(text))})

    assert {name: array.tolist() for name, array in got.items()} == {"b": [3, 4], "j": [[1, 2]], "c": [5]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"shape": [3]}, "output o has 2 numbers instead of 3"),
        ({"shape": [10**6, 10**6]}, "1000000000000 elements"),
        ({"shape": [10**30]}, "no shape"),
        ({"shape": [-1, 2]}, "no shape"),
        ({"shape": "1,2"}, "no shape"),
        ({"shape": [True, 2]}, "no shape"),
        ({"shape": [1] * 50}, "no shape"),
        ({"datatype": "BF16"}, "output o: the datatype 'BF16' cannot be used"),
        ({"datatype": ["FP32"]}, "cannot be used"),
        ({"data": "x"}, "the text 'x' instead of its numbers"),
        ({"data": None}, "null instead of its numbers"),
        ({"data": ["a", "b"]}, "something else than numbers"),
        ({"data": [[1], [2, 3]]}, "something else than numbers"),
        ({"data": [{}, []]}, "something else than numbers"),
        ({"data": [10**400, 1], "datatype": "INT32"}, "something else than numbers"),
        ({"data": [300, 1], "datatype": "UINT8"}, "something else than numbers"),
        ({"parameters": {"binary_data_size": 8}}, "does not fit the 0 bytes"),
        ({"parameters": {"binary_data_size": -8}}, "does not fit"),
        ({"parameters": {"binary_data_size": "8"}}, "does not fit"),
        ({"parameters": {"binary_data_size": 4}, "shape": [1]}, "does not fit the 0 bytes"),
    ],
)
def test_an_output_that_cannot_be_is_refused(changes, words):
    with pytest.raises(DetectorError, match=words) as caught:
        decode_tensors(json.dumps({"outputs": [output(**changes)]}).encode(), {})

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("said", ["0", "-1", "1e3", "99999", "x" * 1000, "", "٣"])
def test_a_header_length_that_cannot_be_is_refused(said):
    with pytest.raises(DetectorError, match=HEADER_LENGTH):
        decode_tensors(b'{"outputs": []}', {HEADER_LENGTH: said})


def test_bytes_that_belong_to_nothing_are_refused():
    text = b'{"outputs": []}'
    with pytest.raises(DetectorError, match="7 bytes more"):
        decode_tensors(text + b"x" * 7, {HEADER_LENGTH: str(len(text))})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "datatype", "shape", "data", "parameters"]), inner, max_size=5)
    ),
    max_leaves=15,
)


@settings(max_examples=200, deadline=None)
@given(
    changes=st.dictionaries(st.sampled_from(["name", "datatype", "shape", "data", "parameters"]), JSON),
    size=st.none() | st.integers(-20, 20),
    rest=st.binary(max_size=20),
)
def test_any_answer_gives_tensors_or_a_clear_error(changes, size, rest):
    parameters = {} if size is None else {"parameters": {"binary_data_size": size}}
    text = json.dumps({"outputs": [{**output(), **parameters, **changes}]}).encode()
    try:
        got = decode_tensors(text + rest, {HEADER_LENGTH: str(len(text))})
    except DetectorError:
        return
    assert all(isinstance(array, np.ndarray) for array in got.values())
