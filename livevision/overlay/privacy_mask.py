"""What of a picture must not be seen, from what a model found before and after it."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from livevision.overlay.concealment import conceal, conceal_all
from livevision.overlay.hidden import HiddenTracks
from livevision.overlay.privacy import WhenUnknown
from livevision.overlay.text import class_names
from livevision.wording import say

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image, Result
    from livevision.overlay.hidden import Floats
    from livevision.overlay.placed import Size
    from livevision.overlay.privacy import Privacy
    from livevision.overlay.traces import Moment

_MOST_RESULTS = 1500
"""That are remembered: a minute of a model that looks at every picture."""
_SAME = 0.002
"""Seconds within which two times are one: in files they are rounded."""
_MOST_STREAMS = 3
"""Pictures of before a reconnect may still be on their way to a file."""


class PrivacyMask:
    """Hides what ``privacy`` says in the pictures of one camera, for one output of them.

    It is told every result of the model, in the order of their pictures, and may then be asked about any picture, in
    any order.  A picture is shown, with the hidden ones concealed, if the model has answered for it, or for one before
    and one after it that are at most ``privacy.hold`` seconds away; every other picture is concealed as a whole: before
    the first answer, after the last, after a reconnect, when answers come too late, when they say nothing about a class
    that is to be hidden, and when the pictures are of another size than those that the model saw.  So a picture has to
    wait for its answer.  With ``WhenUnknown.SHOW_PICTURE`` only those are concealed whose place is known or can be
    guessed from earlier results.

    Somebody whom the model does not find cannot be hidden.  For any thread.
    """

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy
        self._lock = threading.Lock()
        self._streams: deque[_Stream] = deque(maxlen=_MOST_STREAMS)
        self._unknown_classes: tuple[str, ...] = ()
        """Of those to be hidden: what the newest result says nothing about."""
        self._reason = ""

    def __repr__(self) -> str:
        return f"<PrivacyMask {sorted(self._privacy.classes)}, {list(self._streams)}>"

    @property
    def active(self) -> bool:
        """Whether anything can be hidden: then each picture has to be writable, also those without detections."""
        return bool(self._privacy)

    @property
    def waits(self) -> bool:
        """Whether pictures have to wait for the model's answer, as they are hidden without."""
        return self.active and self._privacy.unknown is WhenUnknown.HIDE_PICTURE

    @property
    def reason(self) -> str:
        """Why the picture that was asked about last is hidden as a whole, for the operator; empty where it is not."""
        return self._reason

    @property
    def privacy(self) -> Privacy:
        """Who is hidden, and how; may be set at any time.  What is known of the same classes stays known."""
        return self._privacy

    @privacy.setter
    def privacy(self, privacy: Privacy) -> None:
        with self._lock:
            if (privacy.classes, privacy.hold) != (self._privacy.classes, self._privacy.hold):
                self._streams.clear()
                self._unknown_classes = ()
            self._privacy, self._reason = privacy, ""

    def observe(self, result: Result) -> None:
        """Take a result.  One that was not looked through for all classes that are to be hidden says nothing."""
        if not self.active:
            return
        self._unknown_classes = self._privacy.missing(result.looked_for)
        if not self._unknown_classes and result.unseen is not None:
            frame = result.frame
            self.learn((frame.generation, frame.pts), frame.size, result.unseen)

    def learn(self, moment: Moment, size: Size, found: sv.Detections) -> None:
        """Take all that a model found in the picture of ``moment`` (generation and pts), of ``size`` in pixels.

        Ignored if older than the newest picture that it was told of: call in stream order.
        """
        if not self.active:
            return
        names = class_names(found)
        rows = [row for row, name in enumerate(names) if self._privacy.covers(name)]
        with self._lock:
            stream = self._streams[-1] if self._streams else None
            if stream is not None and moment[0] < stream.generation:
                return
            if stream is None or (stream.generation, stream.size) != (moment[0], size):
                stream = _Stream(moment[0], size, self._privacy.hold)
                self._streams.append(stream)
            stream.add(moment[1], np.asarray(found.xyxy[rows], np.float64), [names[row] for row in rows])

    def hide(self, image: Image, frame_size: Size, moment: Moment) -> Image:
        """Conceal in ``image``, a writable ``(h, w, 3)`` BGR array of any size, in place, and return it.

        ``moment`` is the generation and pts of the picture, which is of ``frame_size`` before it was scaled.
        """
        if self.active:
            conceal_regions(image, self.regions(frame_size, moment), frame_size, self._privacy)
        return image

    def regions(self, frame_size: Size, moment: Moment) -> Floats | None:
        """Return what is to be concealed, ``(n, 4)`` x1, y1, x2, y2 in pixels of ``frame_size``; None: everything."""
        with self._lock:
            of_it = [stream for stream in self._streams if stream.generation == moment[0]]
            fitting = [stream for stream in of_it if stream.size == frame_size]
            stream = max(fitting, key=lambda each: each.knows(moment[1]), default=None)
            knows = stream is not None and stream.knows(moment[1])
            regions = stream.tracks.regions(moment[1]) if stream is not None else np.empty((0, 4))
            self._reason = "" if knows and regions is not None else self._why(frame_size, of_it, stream)
            if not knows and self._privacy.unknown is WhenUnknown.HIDE_PICTURE:
                return None
            return regions

    def _why(self, frame_size: Size, of_it: list[_Stream], stream: _Stream | None) -> str:
        if self._unknown_classes:
            return say(
                "hidden, as the model has not shown that it knows {classes}", classes=", ".join(self._unknown_classes)
            )
        if of_it and stream is None:
            width, height = of_it[-1].size
            return say(
                "hidden, as the model saw pictures of {seen}, and these are {shown}",
                seen=f"{width}x{height}",
                shown=f"{frame_size[0]}x{frame_size[1]}",
            )
        if stream is not None:
            return say("hidden, as the model's answers are missing or late")
        return say("hidden until the model has answered")


def conceal_regions(image: Image, regions: Floats | None, frame_size: Size, privacy: Privacy) -> None:
    """Conceal parts of ``image``, or all of it, that are given in pixels of ``frame_size``."""
    if regions is None:
        conceal_all(image, privacy.how)
    elif len(regions):
        height, width = image.shape[:2]
        conceal(image, regions * np.array((width / frame_size[0], height / frame_size[1]) * 2), privacy.how)


class _Stream:
    """What is known of the pictures of one generation and size."""

    def __init__(self, generation: int, size: Size, hold: float) -> None:
        self.generation, self.size = generation, size
        self.tracks = HiddenTracks(hold)
        self._hold = hold
        self._answered: list[float] = []

    def __repr__(self) -> str:
        return f"<generation {self.generation} {self.size[0]}x{self.size[1]}, {len(self._answered)} results>"

    def add(self, pts: float, boxes: Floats, kinds: list[str]) -> None:
        if self._answered and pts <= self._answered[-1]:
            return
        self._answered.append(pts)
        self.tracks.observe(pts, boxes, kinds)
        if len(self._answered) >= 2 * _MOST_RESULTS:
            del self._answered[:_MOST_RESULTS]
            self.tracks.forget_before(self._answered[0])

    def knows(self, pts: float) -> bool:
        """Tell whether the model answered for this picture, or for one shortly before and one shortly after it."""
        after = bisect_right(self._answered, pts + _SAME)
        if not after or pts - self._answered[after - 1] > self._hold:
            return False
        return pts - self._answered[after - 1] <= _SAME or (
            after < len(self._answered) and self._answered[after] - pts <= self._hold
        )
