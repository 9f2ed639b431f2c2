"""What is wrong with settings, in words for whoever wrote them (pure)."""

from __future__ import annotations

import difflib
from enum import Enum
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from livevision.redaction import Redactor
from livevision.wording import Wording, joined, say, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]
"""Where in a file: ``("cameras", 0, "model")``."""

_SECRET = {"source", "model", "recent_models"}
"""Fields whose values are not repeated: an address with a password in it may be among them."""
_LONGEST_VALUE = 40
_redactor = Redactor()
"""Somebody may have put an address where none belongs."""

_WANTED = {
    "string_type": say("text in quotes"),
    "int_type": say("a whole number"),
    "float_type": say("a number"),
    "bool_type": say("true or false"),
    "tuple_type": say("a list, as in [1, 2]"),
    "dict_type": say("a table of its own"),
    "model_type": say("a table of its own"),
    "finite_number": say("a number"),
}


def problems(
    error: ValidationError, model: type[BaseModel], line_of: Callable[[Location], str] | None = None
) -> list[str]:
    """Return a line for every problem; ``line_of`` says what stands before it, as ``line 12: ``."""
    lines: dict[str, None] = {}
    for each in error.errors(include_url=False):
        where = _without_branches(each["loc"], model)
        before = line_of(where) if line_of else ""
        lines[_redactor.redact(joined("", (before, _words(each, where, model))))] = None
    return list(lines)


def _words(error: ErrorDetails, where: Location, model: type[BaseModel]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    name = _name(where)
    shown = say("wrong") if _SECRET & set(where) else _shown(error["input"])
    if kind == "extra_forbidden":
        hint = _hint(str(where[-1]), _fields(model, where[:-1]))
        return say("{name} is unknown; {hint}", name=name, hint=hint)
    if where[-1:] == ("[key]",):
        allowed = context.get("expected") or say("letters, digits, - and _")
        part = _part(str(where[-2]))
        return say("{name} has no {part}, only {known}", name=_name(where[:-2]), part=part, known=allowed)
    if kind in _WANTED:
        return say("{name} is {shown} where {wanted} is wanted", name=name, shown=shown, wanted=_WANTED[kind])
    if kind == "value_error" and not where:  # of the settings as a whole
        return text_of(context["error"])
    return _saying(kind, name, shown, context) or f"{name}: {error['msg']}"


def _saying(kind: str, name: str, shown: str, context: Mapping[str, Any]) -> Wording | None:
    words = None
    match kind:
        case "missing":
            words = say("{name} is missing", name=name)
        case "literal_error" | "enum":
            known = context["expected"]
            words = say("{name} is {shown}, but only {known} is allowed", name=name, shown=shown, known=known)
        case "greater_than_equal":
            words = say("{name} is {shown}, but {least} is the least", name=name, shown=shown, least=context["ge"])
        case "less_than_equal":
            words = say("{name} is {shown}, but {most} is the most", name=name, shown=shown, most=context["le"])
        case "less_than":
            words = say("{name} is {shown}, but has to be below {most}", name=name, shown=shown, most=context["lt"])
        case "too_long":
            words = say("{name} is too long; {most} entries are the most", name=name, most=context["max_length"])
        case "string_too_long":
            words = say("{name} is too long; {most} characters are the most", name=name, most=context["max_length"])
        case "string_too_short":
            words = say("{name} is empty", name=name)
        case "string_pattern_mismatch":
            words = say("{name} has a character in it that is not allowed here", name=name)
        case "string_unicode":
            words = say("{name} has a character in it that no file can hold", name=name)
        case "value_error":
            words = say("{name} is wrong: {error}", name=name, error=context["error"])
    return words


def _hint(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return say("did you mean {known}?", known=near[0]) if near else say("known are {known}", known=", ".join(known))


def _name(where: Location) -> str:
    return ".".join(_part(str(part)) for part in where)


def _part(key: str) -> str:
    shown = key if key.isprintable() else repr(key)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"


def _shown(value: object) -> str:
    if isinstance(value, dict | list | tuple):
        return say("a table") if isinstance(value, dict) else say("a list")
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
