"""Settings as TOML text, and back.  What is read is checked word by word before it is believed."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

import tomli_w
from pydantic import ValidationError

from livevision.errors import SettingsError
from livevision.workspace.lines import LineFinder
from livevision.workspace.problems import problems

if TYPE_CHECKING:
    from livevision.workspace.settings import Document

D = TypeVar("D", bound="Document")

MOST_BYTES = 1_000_000
"""A file of 256 cameras that say everything has about half of this."""
VERSION = 1
_MOST_PROBLEMS = 5
_HEADER = "# livevision writes this file anew when something is changed in its window; comments are not kept.\n\n"


class BrokenSettings(SettingsError):
    """What a file says makes no sense: no TOML, unknown keys, wrong values."""

    def __init__(self, found: list[str]) -> None:
        more = len(found) - _MOST_PROBLEMS
        super().__init__("\n".join(found[:_MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])))


class NewerSettings(SettingsError):
    """A newer livevision wrote the file: whatever it says, it is not ours to change."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it was written by a newer livevision (form {version}, this one knows {VERSION})")


def dumps(data: dict[str, Any]) -> bytes:
    """Return the text of a file with ``data``, as :func:`plain` returns it.  5 ms for 256 cameras."""
    return (_HEADER + tomli_w.dumps({"version": VERSION} | data)).encode()


def plain(document: Document) -> dict[str, Any]:
    """Return what a file says: everything that is not as usual, without passwords."""
    return document.model_dump(mode="json", exclude_defaults=True)


def loads(text: bytes, kind: type[D]) -> D:
    """Understand the text of a file.  Raises BrokenSettings with all that is wrong, or NewerSettings."""
    if len(text) > MOST_BYTES:
        raise BrokenSettings([f"it has more than {MOST_BYTES // 1_000_000} MB, which no file of livevision has"])
    try:
        decoded = text.decode("utf-8-sig")
        data = tomllib.loads(decoded)
    except UnicodeDecodeError as error:
        raise BrokenSettings([f"line {text[: error.start].count(10) + 1}: no text in UTF-8"]) from None
    except RecursionError:
        raise BrokenSettings(["it has lists within lists without end"]) from None
    except ValueError as error:
        raise BrokenSettings([f"no TOML: {error}"]) from None
    return checked(data, kind, LineFinder(decoded))


def checked(data: dict[str, Any], kind: type[D], lines: LineFinder | None = None) -> D:
    """Return ``data`` as settings.  Raises as :func:`loads` does."""
    version = data.get("version", VERSION)
    if isinstance(version, int) and version > VERSION:
        raise NewerSettings(version)
    try:
        # By way of JSON, as pydantic then takes lists for tuples and words for enums, but no "5" for a number.
        text = json.dumps(kind.completed(data), default=str)
        return kind.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise BrokenSettings(problems(error, kind, lines.before if lines else None)) from None
    except (RecursionError, ValueError):
        raise BrokenSettings(["it has values that are larger than any that is meant"]) from None
