"""Identities over time: the trackers of the ``trackers`` package, fed with results as irregular as they come."""

from __future__ import annotations

import copy
import dataclasses
import logging
import zlib
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
import supervision as sv

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.frame import Result
    from livevision.tracking.nearness import Nearness

logger = logging.getLogger(__name__)

UNSURE = -1
"""The ``tracker_id`` of an object that the tracker is not sure of: seen once, so far."""
_SURE_AFTER = 2
"""Sightings in a row after which an object gets its number."""
_LOST_AFTER = 2.0
"""Seconds after which an object that is not seen any more has lost its number."""
_BUFFER_RATE = 30.0
"""Pictures per second in which ``trackers`` counts how long an object may be lost, at whatever rate results come."""
_RATE = 5.0
"""Results per second for which the noise of the trackers' Kalman filters holds; for other steps they scale it.

Their 25 or 30 make them forget speeds between the results of a slow model: at 3.3 results a second, of which each
misses a tenth of its objects, the street's 65 objects a minute changed their numbers 32 times with 25, and 7 with 5.
"""
_PICTURE_RATE = 25.0
"""The same for BoT-SORT, whose noise is in sizes of the object."""
_LEAST_NEAR = 0.02
"""Nearness from which on a box may be an object's."""
_CONFIDENT = 0.25
"""Confidence from which on a box begins a track: less, which only somebody who asks for it gets, continues one."""

_APART = 100_000.0
"""Pixels from one kind's boxes to the next one's: no picture is as wide."""
_KINDS = 64


class TrackerChoice(Enum):
    """How objects are followed from one result to the next; the values are the words of the command line."""

    OFF = "off"
    BYTETRACK = "bytetrack"
    SORT = "sort"
    OC_SORT = "oc-sort"
    BOT_SORT = "bot-sort"


class Identities:
    """Gives the objects of one camera's results numbers that stay.

    :meth:`update` takes about a millisecond, the first one longer, for it imports the trackers: call it in a worker
    thread, once for each result, one after the other.  Numbers count from 1 and are never used again, not even after a
    reconnect, where everybody is somebody new.
    """

    def __init__(self, choice: TrackerChoice = TrackerChoice.BYTETRACK) -> None:
        self.choice = choice
        self._generation = -1
        self._time = -np.inf
        self._first = self._next = 1
        self._tracker: tuple[Any, Nearness] | None = None

    def __repr__(self) -> str:
        return f"<Identities {self.choice.value}, {self._next - 1} so far>"

    def update(self, result: Result) -> Result:
        """Return ``result`` with ``tracker_id`` set, :data:`UNSURE` for those that are not known for sure yet.

        As it is where there is no tracker, where the detector has set it itself, and where a newer one came before.
        """
        frame, found = result.frame, result.detections
        if self.choice is TrackerChoice.OFF or found.tracker_id is not None:
            return result
        if frame.generation != self._generation:
            if frame.generation < self._generation:
                return result
            self._generation, self._tracker = frame.generation, None
        elif frame.pts <= self._time:
            return result
        try:
            numbers = self._numbers(found, frame.pts)
        except Exception:
            # Somebody else's code: what it raises must not take the boxes away.
            logger.exception("%s failed and starts anew", self.choice.value)
            self._tracker = None
            return result
        tracked = copy.copy(found)
        tracked.tracker_id = numbers
        return dataclasses.replace(result, detections=tracked)

    def _numbers(self, found: sv.Detections, time: float) -> NDArray[np.int_]:
        if self._tracker is None:
            self._tracker = _made(self.choice)
            self._first, self._time = self._next, time
        tracker, nearness = self._tracker
        nearness.seconds, self._time = time - self._time, time
        boxes = _kept_apart(found)
        rows = np.arange(len(found))
        # Its answer may be in another order and leave some out.
        told = sv.Detections(xyxy=boxes, confidence=found.confidence, class_id=found.class_id, data={"row": rows})
        answer = tracker.update(told, timestamp=time)
        numbers = np.full(len(found), UNSURE)
        if len(answer):
            known = answer.tracker_id >= 0
            numbers[answer.data["row"][known]] = answer.tracker_id[known] + self._first
        self._next = max(self._next, int(numbers.max(initial=0)) + 1)
        nearness.unknown = boxes[numbers == UNSURE]
        return numbers


def _kept_apart(found: sv.Detections) -> NDArray[np.float64]:
    """Return boxes of which no two of different kinds are near each other, as for suppression of a batch of classes."""
    names = found.data.get("class_name", found.class_id)
    kinds = np.array([_kind(str(name)) for name in names]) if names is not None else np.zeros(len(found))
    return np.asarray(found.xyxy + kinds.reshape(-1, 1) * np.array([_APART, 0, _APART, 0]), np.float64)


def _kind(name: str) -> int:
    # Two kinds with one number do no harm: they are merely not kept apart.
    return zlib.crc32(name.encode()) % _KINDS


def _made(choice: TrackerChoice) -> tuple[Any, Nearness]:
    """Return a new tracker and what it measures with.  Imports what it needs."""
    import trackers

    from livevision.tracking.nearness import Nearness

    nearness = Nearness()
    common: dict[str, Any] = {
        "lost_track_buffer": round(_LOST_AFTER * _BUFFER_RATE),
        "frame_rate": _RATE,
        "minimum_consecutive_frames": _SURE_AFTER,
        "iou": nearness,
    }
    near: dict[str, Any] = {"minimum_iou_threshold": _LEAST_NEAR}
    match choice:
        case TrackerChoice.SORT:
            return trackers.SORTTracker(**common, **near, track_activation_threshold=_CONFIDENT), nearness
        case TrackerChoice.OC_SORT:
            return trackers.OCSORTTracker(**common, **near, high_conf_det_threshold=_CONFIDENT), nearness
        case TrackerChoice.BOT_SORT:
            associations = ("first", "second", "unconfirmed")
            nears: dict[str, Any] = {f"minimum_iou_threshold_{which}_assoc": _LEAST_NEAR for which in associations}
            # A picture to compensate for a moving camera would cost ten times as much as all the rest.
            return trackers.BoTSORTTracker(
                **common | nears | {"frame_rate": _PICTURE_RATE},
                track_activation_threshold=_CONFIDENT,
                high_conf_det_threshold=_CONFIDENT,
                enable_cmc=False,
                instant_first_frame_activation=False,
            ), nearness
        case _:
            return trackers.ByteTrackTracker(
                **common, **near, track_activation_threshold=_CONFIDENT, high_conf_det_threshold=_CONFIDENT
            ), nearness
