"""Tensors in requests and answers of the Open Inference Protocol (KServe v2), in JSON or binary.

https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md and
https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md: binary data follow
the JSON text, whose length a header says, and are little-endian, row-major and without gaps.
"""

from __future__ import annotations

import json
import math
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from livevision.errors import DetectorError, ModelError
from livevision.inference.http.json_body import describe, read_json, unexpected
from livevision.inference.http.plain_text import clean
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livevision.inference.layouts.layout import Array

HEADER_LENGTH = "Inference-Header-Content-Length"
_DTYPES = {
    "BOOL": "|b1",
    "UINT8": "|u1",
    "UINT16": "<u2",
    "UINT32": "<u4",
    "UINT64": "<u8",
    "INT8": "|i1",
    "INT16": "<i2",
    "INT32": "<i4",
    "INT64": "<i8",
    "FP16": "<f2",
    "FP32": "<f4",
    "FP64": "<f8",
}
_DATATYPES = {np.dtype(code): name for name, code in _DTYPES.items()}
_MOST_AXES = 8
_MOST_ELEMENTS = 1 << 26
"""More than any model's output has; a JSON text of that many numbers would not get here."""


class Coding(Enum):
    """How tensors travel."""

    JSON = "JSON"
    BINARY = "binary"


def dtype_of(datatype: object) -> np.dtype[Any]:
    """Return what ``FP32`` is in NumPy.  Raises ModelError for what has no numbers or none that NumPy knows."""
    code = _DTYPES.get(datatype) if isinstance(datatype, str) else None
    if code is None:
        raise ModelError(
            say(
                "the datatype {datatype!r} cannot be used; known are {known}",
                datatype=clean(str(datatype), 20),
                known=", ".join(_DTYPES),
            )
        )
    return np.dtype(code)


def encode_tensors(
    inputs: Mapping[str, Array], outputs: Sequence[str], coding: Coding, name: str = ""
) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of an inference request for ``outputs``, or for all that there are where none is named.

    ``name`` is the request's own: some servers fail where a model repeats one that was never given.
    """
    arrays = {name: np.ascontiguousarray(array, array.dtype.newbyteorder("<")) for name, array in inputs.items()}
    head: dict[str, Any] = {"id": name} if name else {}
    if coding is Coding.JSON:
        if outputs:
            head["outputs"] = [{"name": output} for output in outputs]
        tensors = ",".join(
            f'{json.dumps(_head(name, array))[:-1]}, "data": [{_numbers(array)}]}}' for name, array in arrays.items()
        )
        beginning = f"{json.dumps(head)[:-1]}, " if head else "{"
        return f'{beginning}"inputs": [{tensors}]}}'.encode(), {"Content-Type": "application/json"}
    head["inputs"] = [
        {**_head(name, array), "parameters": {"binary_data_size": array.nbytes}} for name, array in arrays.items()
    ]
    if outputs:
        # Asked for output by output: Triton heeds the request's own binary_data_output only where none is named.
        head["outputs"] = [{"name": output, "parameters": {"binary_data": True}} for output in outputs]
    else:
        head["parameters"] = {"binary_data_output": True}
    text = json.dumps(head).encode()
    headers = {"Content-Type": "application/octet-stream", HEADER_LENGTH: str(len(text))}
    return b"".join((text, *(array.tobytes() for array in arrays.values()))), headers


def decode_tensors(body: bytes, headers: Mapping[str, str]) -> dict[str, Array]:
    """Return an answer's outputs by name; those in binary are read-only views of ``body``.

    Each has the shape and number of elements that it says.  Raises DetectorError.
    """
    length = _header_length(headers, len(body))
    answer = read_json(body[:length])
    outputs = answer.get("outputs") if isinstance(answer, dict) else None
    if not isinstance(outputs, list):
        raise unexpected(answer, "outputs", say(": is this a KServe v2 server?"))
    tensors: dict[str, Array] = {}
    rest = memoryview(body)[length:]
    for output in outputs:
        if not isinstance(output, dict):
            raise unexpected(output, say("an output"))
        array, used = _tensor(output, rest)
        tensors[str(output.get("name"))] = array
        rest = rest[used:]
    if len(rest):
        raise DetectorError(say("the answer has {count} bytes more than its outputs say", count=len(rest)))
    return tensors


def _header_length(headers: Mapping[str, str], size: int) -> int:
    said = next((value for name, value in headers.items() if name.lower() == HEADER_LENGTH.lower()), None)
    if said is None:
        return size
    if not (said.isascii() and said.isdigit() and len(said) < 12 and 0 < int(said) <= size):
        raise DetectorError(
            say(
                "the answer's {header} is {given!r}, but it has {size} bytes",
                header=HEADER_LENGTH,
                given=clean(said, 20),
                size=size,
            )
        )
    return int(said)


def _tensor(output: dict[str, Any], rest: memoryview) -> tuple[Array, int]:
    """Return an output and how many bytes of ``rest`` are its."""
    name = clean(str(output.get("name")), 40)
    try:
        dtype = dtype_of(output.get("datatype"))
    except ModelError as error:
        raise DetectorError(say("output {name}: {error}", name=name, error=error)) from None
    shape = output.get("shape")
    if (
        not isinstance(shape, list)
        or len(shape) > _MOST_AXES
        or not all(type(side) is int and 0 <= side <= _MOST_ELEMENTS for side in shape)
    ):
        raise DetectorError(say("output {name} has no shape that can be", name=name))
    count = math.prod(shape)
    if count > _MOST_ELEMENTS:
        raise DetectorError(
            say(
                "output {name} has {count} elements, and {most} at most are taken",
                name=name,
                count=count,
                most=_MOST_ELEMENTS,
            )
        )
    parameters = output.get("parameters")
    used = parameters.get("binary_data_size") if isinstance(parameters, dict) else None
    if used is None:
        return _listed(output.get("data"), dtype, count, name).reshape(shape), 0
    if type(used) is not int or used != count * dtype.itemsize or used > len(rest):
        raise DetectorError(
            say(
                "output {name} of {shape} {dtype} does not fit the {count} bytes that came for it",
                name=name,
                shape=shape,
                dtype=dtype,
                count=len(rest),
            )
        )
    return np.frombuffer(rest[:used], dtype).reshape(shape), used


def _listed(data: object, dtype: np.dtype[Any], count: int, name: str) -> Array:
    if not isinstance(data, list):
        raise DetectorError(say("output {name} has {given} instead of its numbers", name=name, given=describe(data)))
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            # Servers nest the numbers by axes or do not; both are row-major.
            array = np.asarray(data, dtype)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise DetectorError(say("output {name} has something else than numbers in it", name=name)) from None
    if array.size != count:
        raise DetectorError(
            say("output {name} has {size} numbers instead of {count}", name=name, size=array.size, count=count)
        )
    return array


def _head(name: str, array: Array) -> dict[str, Any]:
    return {"name": name, "shape": list(array.shape), "datatype": _DATATYPES[array.dtype]}


def _numbers(array: Array) -> str:
    # A prepared picture is a million numbers, but only few different ones: each is written once, as short as can be.
    values, which = np.unique(array, return_inverse=True)
    if array.dtype.kind == "b":
        written = ["true" if value else "false" for value in values]
    else:
        written = [str(value) for value in values]
    return ",".join(np.array(written, dtype=object)[which.ravel()].tolist())
