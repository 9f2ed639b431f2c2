"""What a KServe v2 server says about itself and a model.  Untrusted: everything is checked before it is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.errors import DetectorError, ModelError
from livevision.inference.http.json_body import describe, read_json, unexpected
from livevision.inference.http.plain_text import clean
from livevision.inference.http.tensors import dtype_of
from livevision.inference.layouts.signature import Signature, Tensor
from livevision.inference.layouts.ultralytics import literal
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_TENSORS = 64
_MOST_AXES = 8
_LONGEST_SIDE = 1 << 26
_LONGEST_TEXT = 100_000
"""Characters of one parameter: the names of ten thousand classes."""


def read_extensions(body: bytes) -> frozenset[str]:
    """Return the protocol's extensions that a server lists at ``/v2``.  Raises DetectorError."""
    said = read_json(body)
    extensions = said.get("extensions") if isinstance(said, dict) else None
    return (
        frozenset(each for each in extensions if isinstance(each, str)) if isinstance(extensions, list) else frozenset()
    )


def read_signature(body: bytes, metadata: Mapping[str, str]) -> Signature:
    """Return what a model takes and gives, as far as the server says it: MLServer and KServe's own name no tensors
    where nobody wrote them down for the model.

    Raises ModelError for what cannot be used, and says what was seen.
    """  # noqa: D205
    try:
        said = read_json(body)
    except DetectorError as error:
        raise ModelError(error.text) from None
    if not isinstance(said, dict) or not {"inputs", "outputs"} <= said.keys():
        hint = say(": is this a KServe v2 server?")
        raise ModelError(unexpected(said, say("inputs and outputs of a model"), hint).text)
    inputs, outputs = (_tensors(said[key], key[:-1]) for key in ("inputs", "outputs"))
    return Signature(inputs, outputs, metadata)


def refuse_halves(signature: Signature) -> None:
    """Raise ModelError for FP16, where tensors have to travel in JSON."""
    halves = [tensor for tensor in signature.inputs + signature.outputs if tensor.dtype == np.float16]
    if halves:
        raise ModelError(
            say(
                "{tensor} is FP16, which JSON does not have, and the server does not take binary_tensor_data: "
                "serve the model with FP32 inputs and outputs",
                tensor=halves[0],
            )
        )


def read_parameters(body: bytes) -> dict[str, str]:
    """Return the parameters that were configured for a model at a Triton, as a model file has its metadata.

    One called ``metadata`` is a Python dict literal, as Ultralytics writes it: its entries count as parameters.
    Raises DetectorError.
    """
    said = read_json(body)
    parameters = said.get("parameters") if isinstance(said, dict) else None
    if not isinstance(parameters, dict):
        return {}
    texts: dict[str, str] = {}
    for name, value in parameters.items():
        text = value.get("string_value") if isinstance(value, dict) else None
        if isinstance(text, str) and len(text) <= _LONGEST_TEXT:
            texts[name] = text
    return {**texts, **_entries(texts.get("metadata", ""))}


def _entries(text: str) -> dict[str, str]:
    entries = literal(text)
    return {str(name): str(value) for name, value in entries.items()} if isinstance(entries, dict) else {}


def _tensors(listed: object, what: str) -> tuple[Tensor, ...]:
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise ModelError(unexpected(listed, say("inputs and outputs of a model")).text)
    if len(listed) > _MOST_TENSORS:
        raise ModelError(say("the model has {count} {what}s: a detector has a few", count=len(listed), what=what))
    return tuple(_tensor(each, what) for each in listed)


def _tensor(each: object, what: str) -> Tensor:
    name = each.get("name") if isinstance(each, dict) else None
    shape = each.get("shape") if isinstance(each, dict) else None
    if not isinstance(each, dict) or not isinstance(name, str) or not isinstance(shape, list):
        raise ModelError(
            say(
                "an {what} of the model is {given} instead of a name, a datatype and a shape",
                what=what,
                given=describe(each),
            )
        )
    shown = clean(name, 40)
    if len(shape) > _MOST_AXES or not all(type(side) is int and -1 <= side <= _LONGEST_SIDE for side in shape):
        raise ModelError(say("{what} {shown} of the model has no shape that can be", what=what, shown=shown))
    try:
        dtype = dtype_of(each.get("datatype"))
    except ModelError as error:
        raise ModelError(say("{what} {shown} of the model: {error}", what=what, shown=shown, error=error)) from None
    return Tensor(name, tuple(None if side < 0 else side for side in shape), dtype)
