"""A server's answer as plain Python values."""

from __future__ import annotations

import json

from livevision.errors import DetectorError
from livevision.inference.http.complaint import complaint_in
from livevision.inference.http.plain_text import clean
from livevision.wording import say

_PREVIEW = 60
"""Characters of a strange answer that are shown."""


def read_json(body: bytes) -> object:
    """Return what a JSON text says; NaN and infinity are let through as numbers.

    Raises DetectorError, which shows how the answer begins, for anything else.
    """
    try:
        value: object = json.loads(body)
    except RecursionError:
        raise DetectorError(say("the server's answer is nested too deeply to be one")) from None
    except ValueError:  # not JSON, not Unicode, or a number of thousands of digits
        if not body.strip():
            raise DetectorError(say("the server's answer is empty: is this the address of a model?")) from None
        raise DetectorError(
            say(
                "the server's answer is not JSON, it begins with {beginning!r}: is this the address of a model?",
                beginning=_beginning(body),
            )
        ) from None
    return value


def describe(value: object) -> str:
    """Say in a few words what came where something else was expected; never fails."""
    match value:
        case None:
            return "null"
        case bool() | int() | float():
            return say("a number") if not isinstance(value, bool) else str(value).lower()
        case str():
            return say("the text {text!r}", text=clean(value, _PREVIEW))
        case list():
            return say("a list of {count}", count=len(value))
        case dict():
            keys = [repr(clean(str(key), 20)) for key, _ in zip(value, range(6), strict=False)]
            return say("an object with {keys}", keys=", ".join(keys)) if keys else say("an empty object")
        case _:
            return type(value).__name__


def unexpected(value: object, wanted: str, hint: str = "") -> DetectorError:
    """Return what to say of an answer without what is ``wanted``: the server's own words, or else what came."""
    said = complaint_in(value) if isinstance(value, dict) else None
    return DetectorError(
        say("the server says: {said}", said=said)
        if said
        else say("{given} came instead of {wanted}{hint}", given=describe(value), wanted=wanted, hint=hint)
    )


def _beginning(body: bytes) -> str:
    return clean(body[: 4 * _PREVIEW].decode(errors="replace"), _PREVIEW)
