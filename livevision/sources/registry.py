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
from livevision.sources.address import PORTS, is_address, name_of, parse_address, scheme_of
from livevision.sources.devices import find_by_name, local_cameras
from livevision.sources.file import AtEnd, FileReader, Pace
from livevision.sources.folder import FolderReader, parse_folder
from livevision.sources.on_disk import exists, is_folder
from livevision.sources.options import nearest
from livevision.sources.schemes import DEVICE, SCREEN, SYNTHETIC, WEBCAM
from livevision.sources.screen import ScreenReader, parse_screen
from livevision.sources.stream import StreamReader
from livevision.sources.transports import TransportChoice
from livevision.sources.webcam import WebcamReader, device_name, parse_webcam
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.sources.reader import OpenReader

__all__ = ["AtEnd", "Pace", "SourceRegistry", "display_name"]

_WITH_TRANSPORTS = frozenset({"rtsp", "rtsps"})
_NO_PORT_TO_ASK = frozenset({"udp"})
"""Schemes whose address is where we listen, not where anybody answers."""


class SourceRegistry:
    """Knows every kind of source there is."""

    def opener(self, source: str, at_end: AtEnd = AtEnd.STOP, pace: Pace = Pace.REAL_TIME) -> OpenReader:
        """Return what opens ``source``; ``at_end`` and ``pace`` are for files and folders.

        Nothing is opened yet, but what can never work fails here and now: raises UsageError for an unknown scheme or
        option, and SourceUnusable for a file that is not there or cannot be read.
        """
        source = source.strip()
        if not source:
            raise UsageError(
                say("No source was given. Try 0 for a webcam, rtsp://… for a camera, or the path of a video.")
            )
        plain, _, query = source.partition("?")
        if webcam := DEVICE.fullmatch(plain):
            return partial(WebcamReader, parse_webcam(int(webcam[1]), query))
        if plain.lower().startswith(WEBCAM):
            return partial(WebcamReader, parse_webcam(_device(plain), query))
        if source.lower().startswith(SYNTHETIC):
            return self._synthetic(source)
        if source.lower().startswith(SCREEN):
            return partial(ScreenReader, parse_screen(source))
        if is_address(source):
            return self._stream(source)
        return self._local(source, at_end, pace)

    def address(self, source: str) -> tuple[str, int] | None:
        """Return the host and port at which a network source answers; None for anything else, right or wrong.

        ``udp://`` has none either: its address is where this machine listens.
        """
        if not is_address(source) or scheme_of(source) in _NO_PORT_TO_ASK:
            return None
        try:
            address = parse_address(source)
        except UsageError:
            return None
        return address.host, address.port

    def _stream(self, source: str) -> OpenReader:
        scheme = scheme_of(source)
        if scheme not in PORTS:
            known = ", ".join(f"{known}://" for known in PORTS)
            raise UsageError(
                say(
                    "{scheme}:// cannot be read{hint}; known are {known}, file://, the path of a video "
                    "or of a folder of pictures, the number or name of a webcam, screen:, and synthetic:street.",
                    scheme=scheme,
                    hint=nearest(scheme, PORTS),
                    known=known,
                )
            )
        address = parse_address(source)
        if scheme in _WITH_TRANSPORTS:
            return TransportChoice(address)
        return partial(StreamReader, address.url, address.name)

    def _synthetic(self, source: str) -> OpenReader:
        # Drawing scenes is imported by those who want one.
        from livevision.sources.synthetic import SyntheticReader, parse_synthetic

        return partial(SyntheticReader, parse_synthetic(source))

    def _local(self, source: str, at_end: AtEnd, pace: Pace) -> OpenReader:
        path, query = _path_and_query(source)
        if is_folder(path):
            return partial(FolderReader, parse_folder(path, query, pace, at_end))
        if _could_be_name(source) and not exists(path):
            name, _, options = source.partition("?")
            if find_by_name(name, local_cameras()):
                return partial(WebcamReader, parse_webcam(name.strip(), options))
        _check_readable(path, query)
        return partial(_file_reader, path, pace, at_end)


def display_name(source: str) -> str:
    """Return what a camera is called by default.  Never has a user name, a password or a query in it."""
    source = source.strip()
    plain = source.partition("?")[0]
    if webcam := DEVICE.fullmatch(plain):
        return device_name(int(webcam[1])) or f"Webcam {int(webcam[1])}"
    if plain.lower().startswith(WEBCAM):
        wanted = plain[len(WEBCAM) :].strip()
        camera = find_by_name(wanted, local_cameras())
        return camera.name if camera else wanted or "Webcam"
    if source.lower().startswith(SYNTHETIC):
        scene = re.split(r"[:?,]", source[len(SYNTHETIC) :], maxsplit=1)[0]
        return f"{(scene or 'street').capitalize()} (demo)"
    if source.lower().startswith(SCREEN):
        return "Screen"
    if is_address(source):
        return name_of(source)
    return _local_name(source, plain)


def _local_name(source: str, plain: str) -> str:
    path, _ = _path_and_query(source)
    if _could_be_name(source) and not exists(path) and (camera := find_by_name(plain, local_cameras())):
        return camera.name
    return path.name or path.absolute().name or source


def _device(source: str) -> int | str:
    """Return the number or name behind ``webcam:``, which means a webcam whether or not one is plugged in now."""
    device = source[len(WEBCAM) :].strip()
    if not device:
        raise UsageError(say("webcam: wants the name of a webcam, such as webcam:Logitech. See livevision cameras."))
    return int(device) if device.isdecimal() else device


def _path_and_query(source: str) -> tuple[Path, str]:
    """Split options from a path; a ``?`` in the name of something that exists belongs to the name."""
    if source.lower().startswith("file://"):
        parts = urlsplit(source)
        return Path(url2pathname(parts.path)), parts.query
    whole = Path(source).expanduser()
    before, mark, query = source.rpartition("?")
    return (whole, "") if not mark or exists(whole) else (Path(before).expanduser(), query)


def _could_be_name(source: str) -> bool:
    # Whoever writes a separator or a suffix means a file: no need to ask the system for its cameras.
    return not re.search(r"[/\\]|\.\w{2,4}(?:\?|$)", source)


def _file_reader(path: Path, pace: Pace, at_end: AtEnd, generation: int) -> FileReader:
    return FileReader(path, generation, pace, at_end)


def _check_readable(path: Path, query: str) -> None:
    try:
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise SourceUnusable(say("There is no file {path}.{hint}", path=path, hint=_did_you_mean(path))) from None
    except PermissionError:
        raise SourceUnusable(say("{path} may not be read. Check its permissions.", path=path)) from None
    except (OSError, ValueError) as error:
        raise SourceUnusable(
            say("{name} could not be read: {reason}.", name=path, reason=getattr(error, "strerror", None) or error)
        ) from None
    if query:
        raise UsageError(
            say(
                "A recorded file has no options, but ?{query} was given for {path}. Leave it out.",
                query=query,
                path=path.name,
            )
        )


def _did_you_mean(path: Path) -> str:
    try:
        siblings = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return "" if path.parent.exists() else say(" There is no folder {folder} either.", folder=path.parent)
    near = difflib.get_close_matches(path.name, siblings, n=1)
    if near:
        return say(" Did you mean {path}?", path=path.with_name(near[0]))
    return "" if path.suffix else say(" If it is the name of a webcam: see livevision cameras.")
