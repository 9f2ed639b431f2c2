"""The first line of a sidecar: where its detections come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any, TypeAlias

from livevision.errors import SourceUnusable
from livevision.wording import say

FORMAT = 1
"""Of the lines; a reader refuses a higher one."""
_LARGEST_PICTURE = 32_768
_LONGEST_TEXT = 1_000

_Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SidecarHeader:
    """Where the detections come from.  What is not known stays None or empty, and out of the file."""

    size: tuple[int, int]
    """Width and height in pixels of the pictures that the boxes are in."""
    started: str = ""
    """Time of day at file time 0, ISO 8601 with its zone."""
    camera: str = ""
    source: str = ""
    """The address, without user name and password: the caller sees to that."""
    model: str = ""
    runs_on: str = ""
    confidence: float | None = None
    """The threshold in use: from this confidence on it was shown."""
    floor: float | None = None
    """From this confidence on it is here, shown or not, so that the threshold can be lowered afterwards."""
    classes: tuple[str, ...] | None = None
    """Which ones were wanted; None for all."""
    knows: tuple[str, ...] | None = None
    """The classes that the model can answer; None where it does not say."""
    hidden: tuple[str, ...] = ()
    """Classes that were made unrecognisable in the pictures of ``drawn_in``."""
    iou: float | None = None
    files: tuple[str, ...] = ()
    """Names of the recordings that this belongs to, in the same folder."""
    drawn_in: tuple[str, ...] = ()
    """Those of them whose pictures have the boxes drawn in."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Of the libraries that took part."""


def header_line(header: SidecarHeader) -> bytes:
    """Return the line: livevision's version, the format, and the fields that are known."""
    known = {name: value for name, value in asdict(header).items() if value not in (None, "", (), {})}
    fields = {"livevision": version("livevision"), "format": FORMAT, **known}
    return json.dumps(fields, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def read_header(line: bytes, name: str) -> SidecarHeader:
    """Understand the first line of the file ``name``; fields that make no sense are left out.

    Raises SourceUnusable for what is no sidecar, or a newer one.
    """
    try:
        fields: _Json = json.loads(line)
        made_by, form = str(fields["livevision"]), int(fields["format"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise SourceUnusable(
            say("{name} is not a file of detections that livevision has written.", name=name)
        ) from None
    if form > FORMAT:
        raise SourceUnusable(
            say(
                "{name} was written by livevision {version}; a newer livevision can read it.",
                name=name,
                version=made_by[:20],
            )
        )
    versions = fields.get("versions")
    return SidecarHeader(
        **{
            key: text for key in ("started", "camera", "source", "model", "runs_on") if (text := _text(fields.get(key)))
        },
        size=_size(fields.get("size"), name),
        confidence=_share(fields.get("confidence")),
        floor=_share(fields.get("floor")),
        classes=_texts(fields["classes"]) if "classes" in fields else None,
        iou=_share(fields.get("iou")),
        files=_texts(fields.get("files")),
        drawn_in=_texts(fields.get("drawn_in")),
        knows=_texts(fields["knows"]) if "knows" in fields else None,
        hidden=_texts(fields.get("hidden")),
        versions={_text(key): _text(value) for key, value in versions.items()} if isinstance(versions, dict) else {},
    )


def _size(value: object, name: str) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2 and all(type(side) is int for side in value):
        width, height = value
        if 0 < min(value) <= max(value) <= _LARGEST_PICTURE:
            return width, height
    raise SourceUnusable(say("{name} does not say how large the pictures are; its first line is damaged.", name=name))


def _text(value: object) -> str:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(_text, value)) if isinstance(value, list) else ()


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None
