"""The newest picture at once, with boxes where their objects are by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import supervision as sv

from livevision.association import Sighting
from livevision.timing.newest import NOTHING, AtOnce
from livevision.tracking.tracks import FRESH_FOR, Tracks

if TYPE_CHECKING:
    from livevision.frame import Frame, Result
    from livevision.tracking.tracks import Scene


class LiveTiming(AtOnce):
    """Moves a camera's boxes to where their objects are on the picture that is shown, by how they were moving.

    :meth:`detections_at` and :meth:`age_at` are for any thread, the rest for the event loop.
    """

    def __init__(self) -> None:
        super().__init__()
        # Both in one, so that no other thread sees the one without the other.
        self._known = -1, Tracks()

    def __repr__(self) -> str:
        generation, tracks = self._known
        return f"<LiveTiming generation {generation}, {tracks!r}>"

    def on_result(self, result: Result, now: float) -> None:
        """Learn from a result; one of an older generation, or not newer than the last one, is ignored.

        Takes about half a millisecond for 10 objects.
        """
        frame = result.frame
        generation, tracks = self._known
        if frame.generation < generation:
            return
        if frame.generation > generation:
            tracks = Tracks()
        tracks.add(Sighting(frame.pts, frame.size, result.detections))
        self._known = frame.generation, tracks

    def detections_at(self, frame: Frame) -> sv.Detections:
        """Return what is where on ``frame``: boxes in pixels of the full-size picture, with ``data["fade"]``.

        Takes about 0.15 ms for 30 objects, and 0.05 ms more for each mask.
        """
        scene = self._scene_of(frame)
        return NOTHING if scene is None else scene.at(frame.pts)

    def age_at(self, frame: Frame) -> float | None:
        """Return by how many seconds of stream time the newest result is older than ``frame``; None without one."""
        scene = self._scene_of(frame)
        if scene is None or frame.pts - scene.time > FRESH_FOR:
            return None
        return max(0.0, frame.pts - scene.time)

    def _scene_of(self, frame: Frame) -> Scene | None:
        generation, tracks = self._known
        return tracks.scene if generation == frame.generation else None
