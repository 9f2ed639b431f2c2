"""Which boxes may stand on which picture, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Frame, Result

FRESH_FOR = 2.0
"""Seconds of stream time after which a box says nothing about the picture any more."""


def fresh_detections(frame: Frame, result: Result | None) -> sv.Detections | None:
    """Return the detections of the newest ``result`` if they may be drawn on ``frame``, else None.

    Those of another generation or older than :data:`FRESH_FOR` may not: a model that stopped answering must not leave
    boxes standing on a picture that moves on.
    """
    if result is None or result.frame.generation != frame.generation:
        return None
    if abs(frame.pts - result.frame.pts) > FRESH_FOR:
        return None
    return result.detections
