"""What is dropped onto the window, or pasted: told apart by what it is for (nothing is opened)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl

from livevision.recording.sidecar import sidecar_path
from livevision.sources.address import PORTS, is_address, scheme_of
from livevision.sources.on_disk import is_file, is_folder
from livevision.sources.schemes import SCREEN, SYNTHETIC

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QMimeData

VIDEOS = frozenset(
    {".mp4", ".mkv", ".mov", ".avi", ".webm", ".ts", ".m2ts", ".m4v", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv", ".3gp"}
)
"""How the names of videos end; whether one can be read is found out when it is."""
_MODEL, _WORKSPACE = ".onnx", ".toml"
_GENERATED = (SYNTHETIC, SCREEN)
MOST = 64
"""More things at once are a mistake; what comes after them is left out."""
_LONGEST_TEXT = 64 * 1024
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Some things, each in the order in which they came.  The ``repr`` has no address in it."""

    sources: tuple[str, ...] = field(default=(), repr=False)
    """Videos, folders and addresses, for the registry of sources; an address may have a password in it."""
    models: tuple[str, ...] = field(default=(), repr=False)
    """Model files, and addresses of inference servers."""
    workspaces: tuple[Path, ...] = ()
    recordings: tuple[Path, ...] = ()
    """Videos beside which there is a file of detections: for the player."""
    others: tuple[str, ...] = ()
    """The names of files that are nothing of all this."""

    def __bool__(self) -> bool:
        return any((self.sources, self.models, self.workspaces, self.recordings, self.others))


def can_be_dropped(mime: QMimeData) -> bool:
    """Say whether it is worth a try, without touching the disk: asked while the mouse is still moving."""
    return mime.hasUrls() or any(_looks_like_source(line) for line in _lines(mime))


def sources_of(mime: QMimeData) -> Dropped:
    """Tell apart what is in ``mime``.  Asks the disk what is a folder, and which video has detections: may block."""
    return sort_out(things_in(mime))


def things_in(mime: QMimeData) -> list[str]:
    """Return the paths and addresses in ``mime``, for :func:`sort_out`."""
    local = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    # A browser or a terminal gives addresses as text, too: as they were written, and not as Qt understands them.
    written = [line for line in _lines(mime) if _looks_like_source(line)]
    remote = written or [_as_text(url) for url in mime.urls() if not url.isLocalFile()]
    return [*local, *(line for line in remote if not (local and line.lower().startswith("file:")))]


def sort_out(things: Iterable[str]) -> Dropped:
    """Tell paths and addresses apart; each counts once, and no more than :data:`MOST` of them.  Asks the disk."""
    sources: list[str] = []
    models: list[str] = []
    workspaces: list[Path] = []
    recordings: list[Path] = []
    others: list[str] = []
    for thing in list(dict.fromkeys(map(_without_file_scheme, things)))[:MOST]:
        path = Path(thing)
        suffix = path.suffix.lower()
        if _is_stream(thing):
            sources.append(thing)
        elif is_address(thing) and not _is_server(thing):
            others.append(_shown(thing))
        elif suffix == _MODEL or _is_server(thing):
            models.append(thing)
        elif suffix == _WORKSPACE and is_file(path):
            workspaces.append(path)
        elif suffix in VIDEOS and is_file(sidecar_path(path)):
            recordings.append(path)
        elif suffix in VIDEOS or is_folder(path):
            sources.append(thing)
        else:
            others.append(path.name)
    return Dropped(tuple(sources), tuple(models), tuple(workspaces), tuple(recordings), tuple(others))


def _is_stream(thing: str) -> bool:
    return (is_address(thing) and scheme_of(thing) in PORTS) or thing.lower().startswith(_GENERATED)


def _is_server(thing: str) -> bool:
    return is_address(thing) and "+http" in scheme_of(thing)


def _looks_like_source(line: str) -> bool:
    # A sentence with an address in it is no address.
    is_one_word = " " not in line.partition("://")[2]
    known = _is_stream(line) or _is_server(line) or line.lower().startswith("file://")
    return (is_one_word and known) or _looks_like_path(line)


def _looks_like_path(line: str) -> bool:
    # As a terminal or a file manager copies it.  Relative to what, nobody could say.
    path = PurePath(line)
    return path.is_absolute() and path.suffix.lower() in {*VIDEOS, _MODEL, _WORKSPACE}


def _lines(mime: QMimeData) -> list[str]:
    # Asked for text where there is none, Qt makes some of the addresses, without their passwords.
    text = mime.text()[:_LONGEST_TEXT] if mime.hasFormat("text/plain") else ""
    lines = (line.strip().strip(_QUOTES) for line in text.splitlines())
    return [line for line in lines if line][:MOST]


def _as_text(url: QUrl) -> str:
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)


def _without_file_scheme(thing: str) -> str:
    return QUrl(thing).toLocalFile() or thing if thing.lower().startswith("file://") else thing


def _shown(address: str) -> str:
    # It may have a password in it, wherever it leads.
    return f"{scheme_of(address)}://…"
