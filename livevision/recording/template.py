"""What recordings are called: ``{camera}_{date}_{time}``, or with folders, ``{camera}/{date}/{time}``."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.recording.naming import safe_name
from livevision.wording import say

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

DEFAULT_TEMPLATE = "{camera}_{date}_{time}"
_FIELDS = ("camera", "date", "time", "kind", "number")
_FIELD = re.compile(r"\{([^{}]*)\}")
_MOST_FOLDERS = 8
_TELLS_APART = {"time", "number"}


@dataclass(frozen=True, slots=True)
class NameFields:
    """What a name is made of."""

    camera: str
    when: datetime
    """Local time of the first picture."""
    kind: str
    """annotated, clean, both or soft."""
    number: int = 1
    """Of the segment, from 1 on."""


@dataclass(frozen=True, slots=True)
class NameTemplate:
    """How a recording's path within the folder of recordings is made.  Made by :func:`parse_template`."""

    parts: tuple[str, ...]
    """Folders, and the file's name without its suffix, with fields in braces."""

    def path(self, folder: Path, fields: NameFields, suffix: str) -> Path:
        """Return a path in ``folder`` or below; ``suffix`` has its dot.  Looks at nothing and creates nothing."""
        values = {
            "camera": fields.camera,
            "date": f"{fields.when:%Y-%m-%d}",
            "time": f"{fields.when:%H-%M-%S}",
            "kind": fields.kind,
            "number": f"{fields.number:03}",
        }
        # Each part by itself, so that a camera's name never makes a folder, and never leads out of this one.  A camera
        # whose name is long must not push the time out of the name.
        long = len("".join((*self.parts, *values.values())).encode(errors="replace")) > 100
        values["camera"] = _shortened(fields.camera) if long else fields.camera
        *folders, name = (safe_name(_FIELD.sub(lambda field: values[field[1]], part)) for part in self.parts)
        return folder.joinpath(*folders, name + suffix)


def parse_template(text: str) -> NameTemplate:
    """Understand a template.  Fields: camera, date, time, kind, number (of the segment).  Raises UsageError."""
    for name in _FIELD.findall(text):
        if name not in _FIELDS:
            close = difflib.get_close_matches(name, _FIELDS, 1)
            if close:
                raise UsageError(
                    say(
                        "There is no {{{name}}} in names of recordings; did you mean {{{near}}}? There are {known}",
                        name=name,
                        near=close[0],
                        known=_listed(),
                    )
                )
            raise UsageError(
                say("There is no {{{name}}} in names of recordings; there are {known}", name=name, known=_listed())
            )
    rest = _FIELD.sub("", text)
    if "{" in rest or "}" in rest:
        raise UsageError(say("{text}: a brace is not closed; write fields as {{camera}}", text=text))
    parts = tuple(text.replace("\\", "/").split("/"))
    if not all(part.strip(" .") for part in parts):
        raise UsageError(
            say(
                "{text}: a name of recordings stays within their folder, so it has no .., no // and no / at its ends; "
                "try {usual}",
                text=text,
                usual=DEFAULT_TEMPLATE,
            )
        )
    if re.match(r"[A-Za-z]:", text) or len(parts) > _MOST_FOLDERS:
        raise UsageError(
            say("{text}: give folders below that of the recordings, at most {most}", text=text, most=_MOST_FOLDERS - 1)
        )
    if not _TELLS_APART & set(_FIELD.findall(text)):
        raise UsageError(
            say(
                "{text}: add {{time}}, as every recording would have the same name; try {usual}",
                text=text,
                usual=DEFAULT_TEMPLATE,
            )
        )
    return NameTemplate(parts)


def _shortened(name: str) -> str:
    return name.encode(errors="ignore")[:60].decode(errors="ignore")


def _listed() -> str:
    return ", ".join(f"{{{name}}}" for name in _FIELDS)
