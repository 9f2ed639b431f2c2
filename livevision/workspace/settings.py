"""What all settings have in common: they never change, and refuse what no file may hold."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    ValidationError,
)

from livevision.errors import SettingsError
from livevision.url_secrets import concealed
from livevision.wording import joined, say
from livevision.workspace.problems import problems

MOST_CAMERAS = 256
MOST_CLASSES = 1000
"""Names of classes in one list; the largest known set of a detector has 1,203."""

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
_LONGEST_TEXT = 200
_MOST_PARTS = 100

Name = Annotated[str, StringConstraints(max_length=_LONGEST_TEXT, pattern=_NO_CONTROLS)]
"""What an operator calls something: one line."""
Word = Annotated[str, StringConstraints(max_length=64, pattern=_NO_CONTROLS)]
"""One of a few words that belong to another part of the program, which understands it."""
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
"""What a camera is known by, whatever it is called."""
FolderPath = Annotated[str, StringConstraints(max_length=4096, pattern=_NO_CONTROLS)]
Address = Annotated[
    str,
    StringConstraints(max_length=4096, pattern=_NO_CONTROLS),
    # Here and not where files are written, so that no way leads around it.
    PlainSerializer(concealed, return_type=str),
]
"""A source or a model as it is typed.  A password in it stays in memory: what is written has none.  A field of this
type has ``repr=False``."""
Share = Annotated[float, Field(ge=0, le=1)]


def _plain(value: object) -> object:
    parts = list(value) if isinstance(value, list | tuple) else [value]
    if len(parts) > _MOST_PARTS or not all(_is_plain(part) for part in parts):
        raise ValueError(
            say(
                "only a number, true, false, a line of text, or a list of up to {most} of them is allowed",
                most=_MOST_PARTS,
            )
        )
    return tuple(parts) if isinstance(value, list | tuple) else value


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT and re.match(_NO_CONTROLS, value) is not None
    return isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))


def _as_it_is(value: object) -> object:
    # pydantic would try the alternatives of the type one by one, and warn of each that it is not.
    return value


Scalar = bool | int | float | str
Plain = Annotated[Scalar | tuple[Scalar, ...], PlainValidator(_plain), PlainSerializer(_as_it_is, return_type=Any)]
"""What another part of the program will understand."""


class Settings(BaseModel):
    """A group of settings.  Immutable: a change is a new object, made by :meth:`but`.

    Mappings in it are not to be changed either, though Python would let you.
    Every field has a default that is fine, and what has its default is not written, so that a file says what its
    operator chose.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    def but(self, **changes: Any) -> Self:
        """Return these settings with ``changes``, checked.  Raises SettingsError, which says what is allowed."""
        known = type(self).model_fields
        try:
            return type(self).model_validate({name: getattr(self, name) for name in known} | changes)
        except ValidationError as error:
            raise SettingsError(joined("; ", problems(error, type(self)))) from None


class Document(Settings):
    """Settings that are a file of their own."""

    @classmethod
    def completed(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Return what was read with that added which a person who writes a file leaves out.  Checks nothing."""
        return data

    @classmethod
    def bounded(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Return what several windows have together, without what nobody misses where it is too much."""
        return data
