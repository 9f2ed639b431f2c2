"""Settings as TOML text, and back.  What is read is checked word by word before it is believed."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

import tomli_w
from pydantic import ValidationError

from livevision.errors import SettingsError
from livevision.wording import joined, say
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
        rest = (say("and {count} more", count=more),) if more > 0 else ()
        super().__init__(joined("\n", (*found[:_MOST_PROBLEMS], *rest)))


class NewerSettings(SettingsError):
    """A newer livevision wrote the file: whatever it says, it is not ours to change."""

    def __init__(self, version: int) -> None:
        super().__init__(
            say(
                "it was written by a newer livevision (form {form}, this one knows {known})",
                form=version,
                known=VERSION,
            )
        )


def dumps(data: dict[str, Any]) -> bytes:
    """Return the text of a file with ``data``, as :func:`plain` returns it.  5 ms for 256 cameras."""
    return (_HEADER + tomli_w.dumps({"version": VERSION} | data)).encode()


def plain(document: Document) -> dict[str, Any]:
    """Return what a file says: everything that is not as usual, without passwords."""
    return document.model_dump(mode="json", exclude_defaults=True)


def loads(text: bytes, kind: type[D]) -> D:
    """Understand the text of a file.  Raises BrokenSettings with all that is wrong, or NewerSettings."""
    if len(text) > MOST_BYTES:
        raise BrokenSettings(
            [say("it has more than {most} MB, which no file of livevision has", most=MOST_BYTES // 1_000_000)]
        )
    try:
        decoded = text.decode("utf-8-sig")
        data = tomllib.loads(decoded)
    except UnicodeDecodeError as error:
        number = text[: error.start].count(10) + 1
        raise BrokenSettings([say("line {number}: no text in UTF-8", number=number)]) from None
    except RecursionError:
        raise BrokenSettings([say("it has lists within lists without end")]) from None
    except ValueError as error:
        raise BrokenSettings([say("no TOML: {reason}", reason=error)]) from None
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
        raise BrokenSettings([say("it has values that are larger than any that is meant")]) from None
