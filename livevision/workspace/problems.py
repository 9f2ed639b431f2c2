"""What is wrong with settings, in words for whoever wrote them (pure)."""

from __future__ import annotations

import difflib
from enum import Enum
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from livevision.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]
"""Where in a file: ``("cameras", 0, "model")``."""

_SECRET = {"source", "model", "recent_models"}
"""Fields whose values are not repeated: an address with a password in it may be among them."""
_LONGEST_VALUE = 40
_redactor = Redactor()
"""Somebody may have put an address where none belongs."""

_WANTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list, as in [1, 2]",
    "dict_type": "a table of its own",
    "model_type": "a table of its own",
    "finite_number": "a number",
}


def problems(
    error: ValidationError, model: type[BaseModel], line_of: Callable[[Location], str] | None = None
) -> list[str]:
    """Return a line for every problem; ``line_of`` says what stands before it, as ``line 12: ``."""
    lines: dict[str, None] = {}
    for each in error.errors(include_url=False):
        where = _without_branches(each["loc"], model)
        before = line_of(where) if line_of else ""
        lines[_redactor.redact(before + _words(each, where, model))] = None
    return list(lines)


def _words(error: ErrorDetails, where: Location, model: type[BaseModel]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    name = _name(where)
    shown = "wrong" if _SECRET & set(where) else _shown(error["input"])
    if kind == "extra_forbidden":
        return f"{name} is unknown; {_hint(str(where[-1]), _fields(model, where[:-1]))}"
    if where[-1:] == ("[key]",):
        allowed = context.get("expected") or "letters, digits, - and _"
        return f"{_name(where[:-2])} has no {_part(str(where[-2]))}, only {allowed}"
    if kind in _WANTED:
        return f"{name} is {shown} where {_WANTED[kind]} is wanted"
    if kind in _SAYINGS:
        words = _SAYINGS[kind].format(shown=shown, **context)
        return f"{name} {words}" if where else words.removeprefix("is wrong: ")
    return f"{name}: {error['msg']}"


_SAYINGS = {
    "missing": "is missing",
    "literal_error": "is {shown}, but only {expected} is allowed",
    "enum": "is {shown}, but only {expected} is allowed",
    "greater_than_equal": "is {shown}, but {ge} is the least",
    "less_than_equal": "is {shown}, but {le} is the most",
    "less_than": "is {shown}, but has to be below {lt}",
    "too_long": "is too long; {max_length} entries are the most",
    "string_too_long": "is too long; {max_length} characters are the most",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "has a character in it that is not allowed here",
    "string_unicode": "has a character in it that no file can hold",
    "value_error": "is wrong: {error}",
}


def _hint(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"


def _name(where: Location) -> str:
    return ".".join(_part(str(part)) for part in where)


def _part(key: str) -> str:
    shown = key if key.isprintable() else repr(key)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"


def _shown(value: object) -> str:
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        value = value.value
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _without_branches(where: Location, model: type[BaseModel]) -> Location:
    """Leave out what pydantic adds for the alternatives of a value: no file has it."""
    known: Any = model
    for index, part in enumerate(where):
        if not _leads_on(known):
            # A key of a mapping is meant itself.
            return where[:index] + (("[key]",) if where[-1] == "[key]" else ())
        known = _below(known, part)
    return where


def _leads_on(kind: Any) -> bool:
    kind = _bare(kind)
    return get_origin(kind) in {tuple, dict} or (isinstance(kind, type) and issubclass(kind, BaseModel))


def _below(kind: Any, part: int | str) -> Any:
    """Return the type of what ``part`` leads to in a value of type ``kind``; None where it leads nowhere."""
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return field.annotation if field else None
    if get_origin(kind) is tuple:
        return get_args(kind)[0] if isinstance(part, int) else None
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    return None


def _bare(kind: Any) -> Any:
    """Take the wrapping off ``kind``: ``Annotated[X, …]`` and ``X | None`` are X."""
    while hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    alternatives = [each for each in get_args(kind) if each is not type(None)]
    if type(None) in get_args(kind) and len(alternatives) == 1:
        return _bare(alternatives[0])
    return kind


def _fields(model: type[BaseModel], where: Location) -> list[str]:
    kind: Any = model
    for part in where:
        kind = _below(kind, part)
    kind = _bare(kind)
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []
