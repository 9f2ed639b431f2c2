"""From something that was seen to the moment in a recording where it can be seen again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from livevision.errors import SourceUnusable
from livevision.export.section_sidecar import started_at
from livevision.recording.sidecar_header import SidecarHeader, read_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from livevision.sightings import Sighting
    from livevision.ui.main_window import MainWindow

_MOST = 2000
"""Recordings that are looked at, the newest first."""
_PATIENCE = 120.0
"""Seconds: there may be a whole disk of them."""
_LONGEST_LINE = 1 << 20
_EARLIER = 1.0
"""Seconds before the moment from which it is shown."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a recording."""

    recording: Path
    seconds: float


class Moments(QObject):
    """Opens the player at what was seen."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    async def show(self, sighting: Sighting) -> None:
        """Open the recording that has it, or say that there is none."""
        window = self._window
        folders = {window.app.output, window.app.plan.folder}
        folders |= {tile.camera.plan.folder for tile in window.grid.tiles if tile.camera.plan is not None}
        looking = partial(find_moment, folders, sighting.camera, sighting.first_seen)
        moment = await window.app.disk.ask(window.app.plan.folder, looking, _PATIENCE)
        if moment is None:
            window.messages.inform(self.tr("{} was not recorded at that moment").format(sighting.camera))
            return
        window.players.open(moment.recording).go(moment.seconds)


def find_moment(folders: Iterable[Path], camera: str, wall: float) -> Moment | None:
    """Return where a camera's recordings show what was at ``wall``, :func:`time.time`.  Blocking."""
    for sidecar in _newest(folders):
        header = _header(sidecar)
        began = started_at(header) if header is not None and header.camera == camera else None
        if header is None or began is None:
            continue
        seconds = wall - began.timestamp()
        if not 0 <= seconds <= _length(sidecar):
            continue
        for name in header.files:
            recording = sidecar.parent / Path(name).name
            if recording.is_file():
                return Moment(recording, max(0.0, seconds - _EARLIER))
    return None


def _newest(folders: Iterable[Path]) -> list[Path]:
    found: list[tuple[float, Path]] = []
    for folder in folders:
        for path in folder.rglob("*.detections.jsonl"):
            try:
                found.append((path.stat().st_mtime, path))
            except OSError:
                continue
    return [path for _, path in sorted(found, reverse=True)[:_MOST]]


def _header(sidecar: Path) -> SidecarHeader | None:
    try:
        with sidecar.open("rb") as file:
            return read_header(file.readline(_LONGEST_LINE), sidecar.name)
    except (OSError, SourceUnusable):
        return None


def _length(sidecar: Path) -> float:
    """Return the time of its last result."""
    with sidecar.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _LONGEST_LINE))
        return max(_times(file.read().splitlines()), default=0.0)


def _times(lines: list[bytes]) -> Iterator[float]:
    for line in lines[-20:]:
        try:
            yield float(json.loads(line)["t"])
        except (ValueError, KeyError, TypeError):
            continue
