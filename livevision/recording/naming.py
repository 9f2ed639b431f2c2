"""File names for recordings and snapshots that every system accepts, and that no file has yet."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_LONGEST = 150
"""Bytes of a camera's name; with date, number and suffix it stays below the 255 that file systems take."""

_PARTIAL = ".partial"
_MEDIA = (".mp4", ".mkv")
_COMPANIONS = (
    *(copy + suffix for copy in ("", ".annotated") for suffix in _MEDIA),
    *(copy + _PARTIAL + suffix for copy in ("", ".annotated") for suffix in _MEDIA),
    ".detections.jsonl",
    ".detections.csv",
)
"""What else a recording's name may be followed by: two recordings never share one."""


def recording_path(folder: Path, camera: str, when: datetime, suffix: str) -> Path:
    """Return a path in ``folder`` that does not exist: ``front-door_2026-03-01_14-05-09.mp4``.

    ``suffix`` has its dot.  Looks at the disk, and creates nothing: who writes the file opens it exclusively.
    """
    return free_path(folder / f"{safe_name(camera)}_{when:%Y-%m-%d_%H-%M-%S}{suffix}")


def free_path(wanted: Path) -> Path:
    """Return ``wanted``, or with ``-2``, ``-3``, … before its suffix if that is taken, or its recording's name is."""
    return next(path for path in numbered(wanted) if not _is_taken(path))


def numbered(wanted: Path) -> Iterator[Path]:
    """Yield ``wanted``, and then with ``-2``, ``-3``, … before its suffix, for ever."""
    yield wanted
    yield from (wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}") for number in itertools.count(2))


def partial_path(path: Path) -> Path:
    """Return what a media file is called until it is complete: ``NAME.partial.mp4``, which players recognise."""
    return path.with_name(f"{path.stem}{_PARTIAL}{path.suffix}")


def whole_path(partial: Path) -> Path:
    """Return what a partial file is to be called when it is complete."""
    return partial.with_name(partial.stem.removesuffix(_PARTIAL) + partial.suffix)


def is_partial(path: Path) -> bool:
    """Tell whether a file has the name of one that is not complete."""
    return path.suffix in _MEDIA and path.stem.endswith(_PARTIAL) and path.stem != _PARTIAL


def safe_name(name: str) -> str:
    """Make ``name`` fit for a file name on Windows, macOS and Linux; what it cannot hold becomes ``-``."""
    name = re.sub(r"\s", " ", unicodedata.normalize("NFC", name))
    # Invisible characters: controls, lone surrogates, marks that turn the direction of writing.
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = re.sub(" +", " ", _FORBIDDEN.sub("-", name))
    # The cut may fall into the middle of a character, which then goes as a whole.
    name = name.encode()[:_LONGEST].decode(errors="ignore")
    # A leading dot hides the file, a leading dash is taken for an option, Windows drops trailing dots and spaces.
    name = name.lstrip("-. ").rstrip(". ")
    if not name:
        return "camera"
    return f"{name[:3]}-{name[3:]}" if _RESERVED.fullmatch(name) else name


def _is_taken(path: Path) -> bool:
    companions = _COMPANIONS if path.suffix in _MEDIA else ()
    return _exists(path) or any(_exists(path.with_name(path.stem + companion)) for companion in companions)


def _exists(path: Path) -> bool:
    # A dangling link is taken too: to create the file would write to where it points.
    return path.exists() or path.is_symlink()
