"""How to read anyone's answer: where the objects are, and under which keys their box, name and confidence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from livevision.errors import UsageError
from livevision.inference.http.box_formats import BoxFormat, Units
from livevision.sources.options import nearest
from livevision.wording import say

if TYPE_CHECKING:
    from collections import abc

_LARGEST_FILE = 1 << 20


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _spelled(value: object) -> object:
    return "normalised" if value == "normalized" else value


_List = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(max_length=10_000)]


class Mapping(BaseModel):
    """What the query of the address or a JSON file says; what is not said is guessed from the usual keys.

    A path is dotted, ``result.objects`` or ``objects[0].box``; one that begins with ``$`` starts at the answer, any
    other at the object.  With ``$``, ``box``, ``label`` and ``score`` are lists beside each other, one entry an object.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    boxes: str | None = None
    """Path to the list of objects."""
    box: _List = ()
    """Path to a box of four numbers, or the paths of the four."""
    format: BoxFormat | None = None
    """XYXY, unless keys or numbers leave no doubt that they are something else."""
    units: Annotated[Units | None, BeforeValidator(_spelled)] = None
    """Pixels, unless all numbers are within 0 and 1."""
    label: str | None = None
    """Path to a name, or to a number."""
    names: _List = ()
    """What numbers mean, from 0 on."""
    score: str | None = None
    """Path to the confidence; where there is none, objects are taken for sure."""
    certain: Annotated[float | None, Field(gt=0, le=1e6)] = None
    """The confidence of what is certain: 1, or 100 where they are per cent."""
    send: Annotated[str | None, Field(pattern=r"^(body|(form|json):[^\s:]{1,100})$")] = None
    """``body`` for the JPEG as it is, ``form:FIELD`` for a multipart form, ``json:FIELD`` for base64 in JSON.  The
    usual ones are tried where it is not said."""


KEYS = tuple(Mapping.model_fields)
_FILE = "mapping"


def read_mapping(query: abc.Mapping[str, str]) -> tuple[Mapping, dict[str, str]]:
    """Return the mapping that a query says, and what of the query is the server's own.

    ``mapping=FILE.json`` reads a file first; single keys of the query count more.  Raises UsageError, which names the
    nearest key for one that looks like a slip.
    """
    said = {name: value for name, value in query.items() if name in KEYS}
    rest = {name: value for name, value in query.items() if name not in KEYS and name != _FILE}
    for name in rest:
        hint = nearest(name, (*KEYS, _FILE)) if len(name) > 2 else ""
        if hint:
            raise UsageError(
                say(
                    "unknown key {name!r} in the address{hint}; there are {known}",
                    name=name,
                    hint=hint,
                    known=", ".join((*KEYS, _FILE)),
                )
            )
    content: dict[str, object] = {**(_read(query[_FILE]) if _FILE in query else {}), **said}
    for name in content:
        if name not in KEYS:
            raise UsageError(
                say(
                    "unknown key {name!r} in {file}{hint}; there are {known}",
                    name=name,
                    file=query[_FILE],
                    hint=nearest(name, KEYS),
                    known=", ".join(KEYS),
                )
            )
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        raise UsageError(_first(error)) from None
    if mapping.box and len(mapping.box) not in (1, 4):
        raise UsageError(
            say("box names {count} keys: it takes one for all four numbers, or four", count=len(mapping.box))
        )
    return mapping, rest


def steps(path: str) -> tuple[str | int, ...]:
    """Return the keys and places that a dotted path goes through.  Never fails."""
    parts = re.findall(r"[^.\[\]]+", path.removeprefix("$"))
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 10 else part for part in parts)


def follow(value: object, path: tuple[str | int, ...]) -> object:
    """Return what is at the end of a path, or None."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _read(file: str) -> dict[str, object]:
    path = Path(file).expanduser()
    try:
        with path.open("rb") as opened:
            content = json.loads(opened.read(_LARGEST_FILE))
    except OSError as error:
        raise UsageError(
            say("the mapping {file} cannot be read: {reason}", file=file, reason=error.strerror or say("no such file"))
        ) from None
    except (ValueError, RecursionError):
        raise UsageError(say("the mapping {file} is not JSON", file=file)) from None
    if not isinstance(content, dict):
        raise UsageError(
            say("the mapping {file} is no JSON object with the keys {known}", file=file, known=", ".join(KEYS))
        )
    return content


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    name = str(first["loc"][0])
    given = f"{name}={str(first['input'])[:40]}"
    choices = {"format": [each.value for each in BoxFormat], "units": [each.value for each in Units]}
    if name in choices:
        return say("{given} is none of {known}", given=given, known=", ".join(choices[name]))
    if name == "send":
        return say("{given} is none of body, form:FIELD and json:FIELD", given=given)
    return say("{name} in the mapping cannot be used: {reason}", name=name, reason=first["msg"].lower())
