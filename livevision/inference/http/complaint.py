"""What a server says went wrong, as one plain sentence, however it wraps it.

FastAPI, Starlette and LitServe say ``{"detail": …}``, BentoML ``{"error": …, "detail": […]}``, TorchServe
``{"code", "type", "message"}``, KServe servers ``{"error": …}``, pydantic lists of what is wrong with which field, and
some send a Python traceback.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from livevision.inference.http.plain_text import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 120
"""Characters of a server's own words that are shown."""
_DEEPEST = 4
"""Objects within objects that are looked into."""
_MOST_FIELDS = 3
"""Fields of a form or of JSON of which is told what is wrong with them."""
_KEYS = ("error", "message", "detail", "errors", "msg", "reason", "error_message", "description", "title")
_HTML = 4096
"""Characters of a page that are looked at: finding its tags takes the square of them."""
_LONGEST_TEXT = 20_000
"""Characters of one text that are looked at."""
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]{0,200}>", re.DOTALL | re.IGNORECASE)
"""An error page is HTML; its words are what counts."""
_PYDANTIC = re.compile(
    r"\d{1,6} validation errors? for [^\n]{1,200}\n([^\n]{1,200})\n\s+([^\n]{1,400}?)(?= \[type=|\n|$)"
)
"""As pydantic writes it in a text: a field in a line, and below it what is wrong with it."""
_TRACEBACK = "Traceback (most recent call last)"
_RAISED = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|NotFound|Timeout)\b.*", re.MULTILINE)
_SPOKEN = re.compile(r'"(?:msg|message|error|detail)"\s*:\s*"((?:[^"\\]|\\.){1,1000})"')
"""In JSON that does not end: the beginning of a long one."""


def complaint_of(body: bytes) -> str:
    """Return what an error page, or as much of it as was read, says; empty where nothing in it is for people."""
    text = body.decode("utf-8", "replace").strip()
    if text[:1] in {"{", "[", '"'}:
        try:
            return complaint_in(json.loads(text)) or ""
        except RecursionError:
            return ""
        except ValueError:
            found = _SPOKEN.search(text)
            if found is not None:
                return _said(found[1].encode().decode("unicode_escape", "replace")) or ""
            if text[0] != "[" or text[1:2] in {'"', "{", "["}:
                return ""
    if _TRACEBACK in text:
        return _said(text) or ""
    return _said(_TAG.sub(" ", text[:_HTML])) or ""


def complaint_in(value: object, depth: int = 0) -> str | None:
    """Return what an answer says went wrong, where it is such a message."""
    match value:
        case str():
            return _said(value)
        case list() if depth < _DEEPEST:
            said = [words for each in value[: 2 * _MOST_FIELDS] if (words := complaint_in(each, depth + 1))]
            return sentence("; ".join(said[:_MOST_FIELDS]), _LONGEST) or None
        case dict() if depth < _DEEPEST:
            return _field(value) or _by_keys(value, depth)
    return None


def missing_fields(body: bytes) -> tuple[str, ...]:
    """Return the names of the fields that a server says it misses, as FastAPI and BentoML do: a few at most."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    detail = said.get("detail") if isinstance(said, dict) else None
    entries = [each for each in detail[:8] if isinstance(each, dict)] if isinstance(detail, list) else []
    names = [_place(each) for each in entries if each.get("type") == "missing"]
    return tuple(name for name in names if name and re.fullmatch(r"[\w-]{1,40}", name))


def _by_keys(value: Mapping[object, object], depth: int) -> str | None:
    detail = value.get("detail")
    if isinstance(detail, list) and (said := complaint_in(detail, depth + 1)):
        return said  # beside a BentoML's "1 validation error"
    return next((said for key in _KEYS if key in value and (said := complaint_in(value[key], depth + 1))), None)


def _field(value: Mapping[object, object]) -> str | None:
    """Read an entry of pydantic's list: where it is, and what is wrong there."""
    said = value.get("msg")
    if not isinstance(said, str) or not isinstance(value.get("loc"), list):
        return None
    place = _place(value)
    return sentence(f"{place}: {said}" if place else said, _LONGEST)


def _place(entry: Mapping[object, object]) -> str:
    where = entry.get("loc")
    parts = [str(part)[:60] for part in where[:8] if isinstance(part, str | int)] if isinstance(where, list) else []
    return ".".join(part for part in parts if part != "body")


def _said(text: str) -> str | None:
    text = text[:_LONGEST_TEXT]
    if (found := _PYDANTIC.search(text)) is not None:
        return sentence(f"{found[1].strip()}: {found[2]}", _LONGEST)
    if _TRACEBACK in text:
        # Where it broke is for those who wrote it; what it was is for everybody.
        raised = _RAISED.findall(text)
        return sentence(raised[-1], _LONGEST) if raised else None
    return sentence(text, _LONGEST) or None
