"""From what an operator types to something that can be read: ``0``, ``rtsp://…``, ``clip.mp4``, ``synthetic:…``."""

from __future__ import annotations

import difflib
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from livevision.errors import SourceUnusable, UsageError
from livevision.sources.file import AtEnd, FileReader, Pace
from livevision.sources.stream import SCHEMES, StreamReader
from livevision.sources.webcam import WebcamReader, device_name

if TYPE_CHECKING:
    from livevision.sources.reader import OpenReader

__all__ = ["AtEnd", "Pace", "SourceRegistry", "display_name"]

_SYNTHETIC = "synthetic"
_WEBCAM = re.compile(r"(?:/dev/video)?(\d+)", re.ASCII)
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_USUAL_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}


class SourceRegistry:
    """Knows every kind of source there is."""

    def opener(self, source: str, at_end: AtEnd = AtEnd.STOP, pace: Pace = Pace.REAL_TIME) -> OpenReader:
        """Return what opens ``source``; ``at_end`` and ``pace`` are for files.

        Nothing is opened yet, but what can never work fails here and now: raises UsageError for an unknown scheme or
        option, and SourceUnusable for a file that is not there or cannot be read.
        """
        source = source.strip()
        if not source:
            raise UsageError("No source was given. Try 0 for a webcam, rtsp://… for a camera, or the path of a video.")
        if webcam := _WEBCAM.fullmatch(source):
            return partial(WebcamReader, int(webcam[1]))
        if source.partition(":")[0] == _SYNTHETIC:
            return self._synthetic(source)
        if address := _ADDRESS.fullmatch(source):
            scheme = address[1].lower()
            if scheme in SCHEMES:
                return self._stream(source)
            if scheme != "file":
                known = ", ".join(f"{known}://" for known in SCHEMES)
                raise UsageError(
                    f"{scheme}:// cannot be read. Known are {known}, file://, the path of a video, "
                    f"the number of a webcam, and {_SYNTHETIC}:street."
                )
        path = _path(source)
        _check_readable(path)
        return partial(_file_reader, path, pace, at_end)

    def _stream(self, source: str) -> OpenReader:
        name = display_name(source)
        try:
            parts = urlsplit(source)
            usable = bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise UsageError(
                f"The address of {name} has no valid host or port. It looks like rtsp://user:password@host:554/path; "
                "write : / @ # ? and % in a password as %3A %2F %40 %23 %3F and %25."
            )
        return partial(StreamReader, source, name)

    def _synthetic(self, source: str) -> OpenReader:
        # Drawing scenes is imported by those who want one.
        from livevision.sources.synthetic import SyntheticReader, parse_synthetic

        return partial(SyntheticReader, parse_synthetic(source))


def display_name(source: str) -> str:
    """Return what a camera is called by default.  Never has a user name, a password or a query in it."""
    source = source.strip()
    if webcam := _WEBCAM.fullmatch(source):
        return device_name(int(webcam[1])) or f"Webcam {int(webcam[1])}"
    if source.partition(":")[0] == _SYNTHETIC:
        scene = re.split(r"[:?,]", source.removeprefix(f"{_SYNTHETIC}:"), maxsplit=1)[0]
        return f"{(scene or 'street').capitalize()} (demo)"
    address = _ADDRESS.fullmatch(source)
    if address and address[1].lower() != "file":
        return _without_secrets(address[1].lower(), address[2])
    return _path(source).name or source


def _without_secrets(scheme: str, rest: str) -> str:
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in host or ":" in host:
        # Up to the last @ of all, not of the host: a password may have / ? # and @ in it, written as they are.
        rest = rest.rpartition("@")[2]
    shown = re.split(r"[?#]", rest, maxsplit=1)[0].rstrip("/")
    return re.sub(rf"^([^/]+):{_USUAL_PORTS.get(scheme, 0)}(?=/|$)", r"\1", shown) or scheme


def _path(source: str) -> Path:
    if source.lower().startswith("file://"):
        return Path(url2pathname(urlsplit(source).path))
    return Path(source).expanduser()


def _file_reader(path: Path, pace: Pace, at_end: AtEnd, generation: int) -> FileReader:
    return FileReader(path, generation, pace, at_end)


def _check_readable(path: Path) -> None:
    try:
        if path.is_dir():
            raise SourceUnusable(f"{path} is a folder. Name a video in it.")
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise SourceUnusable(f"There is no file {path}.{_did_you_mean(path)}") from None
    except PermissionError:
        raise SourceUnusable(f"{path} may not be read. Check its permissions.") from None
    except (OSError, ValueError) as error:
        raise SourceUnusable(f"{path} could not be read: {getattr(error, 'strerror', None) or error}.") from None


def _did_you_mean(path: Path) -> str:
    try:
        siblings = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f" There is no folder {path.parent} either." if not path.parent.exists() else ""
    near = difflib.get_close_matches(path.name, siblings, n=1)
    return f" Did you mean {path.with_name(near[0])}?" if near else ""
