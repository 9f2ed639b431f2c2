"""What a model file says without being loaded: which other files its weights are in, and what its parts are called.

An ONNX file is a protobuf message.  Its few fields that matter here are walked over, and weights are passed by: a file
of 100 MB takes milliseconds.  Nothing in it is believed: what is no such message has no parts.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from livevision.errors import ModelError
from livevision.inference.layouts.text import clean
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Numbers of fields in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
_GRAPH = 7  # of ModelProto
_NODE, _INITIALIZER = 1, 5  # of GraphProto
_NODE_NAME, _ATTRIBUTE = 3, 5  # of NodeProto
_TENSOR, _SUBGRAPH, _TENSORS, _SUBGRAPHS = 5, 6, 10, 11  # of AttributeProto
_TENSOR_NAME, _EXTERNAL = 8, 13  # of TensorProto
_KEY, _VALUE = 1, 2  # of StringStringEntryProto
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

_DEEPEST = 8
_MOST_PARTS = 200_000
_LONGEST_NAME = 4096
_WORD = re.compile(r"[a-z][a-z0-9]+")


@dataclass(slots=True)
class FileContents:
    """Names in a model file."""

    words: set[str] = field(default_factory=set)
    """In the names of weights and operations, in lower case."""
    needs: dict[str, int] = field(default_factory=dict)
    """Other files with weights, as the file names them, and how many bytes each must have at the least."""


def contents(path: Path) -> FileContents:
    """Walk over a model file.  Reads from the disk; a file that cannot be read, or is no ONNX, has nothing in it."""
    found = FileContents()
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            reader = _Reader(data, found)
            for number, start, end in reader.fields(0, len(data)):
                if number == _GRAPH:
                    reader.graph(start, end, 0)
    except (OSError, ValueError, IndexError):
        pass
    return found


def check_weights(path: Path, needs: dict[str, int]) -> None:
    """Raise ModelError, which names the file, where one with a model's weights is missing, short, or anywhere else."""
    for name, size in needs.items():
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in name:
            raise ModelError(
                say(
                    "{model} wants weights from {file}, outside of its folder: not opened; export it again",
                    model=path.name,
                    file=clean(name),
                )
            )
        file = path.parent / parts
        try:
            has = file.stat().st_size if file.is_file() else None
        except OSError:
            has = None
        if has is None:
            raise ModelError(
                say(
                    "{model} has its weights in {file}, which is not in {folder}: put it there, under this name",
                    model=path.name,
                    file=clean(name),
                    folder=path.parent.absolute(),
                )
            )
        if has < size:
            raise ModelError(
                say(
                    "{file}, with the weights of {model}, is cut off: it has {has} of {size} bytes; copy it again",
                    model=path.name,
                    file=clean(name),
                    has=has,
                    size=size,
                )
            )


class _Reader:
    """Walks over one file."""

    def __init__(self, data: mmap.mmap, found: FileContents) -> None:
        self._data = data
        self._found = found
        self._parts = 0

    def fields(self, at: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield number, start and end of each field with a length; others are passed by.  Raises ValueError."""
        while at < end:
            tag, at = self._varint(at, end)
            kind = tag & 7
            if kind == _VARINT:
                _, at = self._varint(at, end)
            elif kind == _FIXED64:
                at += 8
            elif kind == _FIXED32:
                at += 4
            elif kind == _BYTES:
                length, at = self._varint(at, end)
                if at + length > end:
                    raise ValueError("a field reaches over the end")
                yield tag >> 3, at, at + length
                at += length
            else:
                raise ValueError("no protobuf message")

    def graph(self, start: int, end: int, depth: int) -> None:
        """Note what is in a graph."""
        for number, first, last in self.fields(start, end):
            if number == _NODE:
                self._node(first, last, depth)
            elif number == _INITIALIZER:
                self._tensor(first, last)

    def _node(self, start: int, end: int, depth: int) -> None:
        for number, first, last in self.fields(start, end):
            if number == _NODE_NAME:
                self._name(first, last)
            elif number == _ATTRIBUTE:
                for inner, low, high in self.fields(first, last):
                    if inner in (_TENSOR, _TENSORS):
                        self._tensor(low, high)
                    elif inner in (_SUBGRAPH, _SUBGRAPHS) and depth < _DEEPEST:
                        self.graph(low, high, depth + 1)

    def _tensor(self, start: int, end: int) -> None:
        said: dict[str, str] = {}
        for number, first, last in self.fields(start, end):
            if number == _TENSOR_NAME:
                self._name(first, last)
            elif number == _EXTERNAL:
                entry = {inner: self._text(low, high) for inner, low, high in self.fields(first, last)}
                said[entry.get(_KEY, "")] = entry.get(_VALUE, "")
        if "location" in said:
            reaches = sum(int(said[key]) for key in ("offset", "length") if said.get(key, "").isdecimal())
            place = said["location"]
            self._found.needs[place] = max(self._found.needs.get(place, 0), reaches)

    def _name(self, start: int, end: int) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise ValueError("more parts than any model has")
        self._found.words.update(_WORD.findall(self._text(start, end).casefold()))

    def _text(self, start: int, end: int) -> str:
        return self._data[start : min(end, start + _LONGEST_NAME)].decode("utf-8", "replace")

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        value = shift = 0
        while True:
            if at >= end or shift > 63:
                raise ValueError("a number that does not end")
            byte = self._data[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value, at
