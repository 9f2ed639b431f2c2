"""A place in a video, and the pictures around it: forwards, backwards and to any time, always the right one."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from livevision.pictures import DecodedPicture
from livevision.playback.video import SAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Frame
    from livevision.playback.video import Video, VideoInfo

_AHEAD = 4
"""Pictures decoded before they are wanted."""
_BEHIND = 16
"""Pictures remembered, for steps back."""
_MOST_REMEMBERED = 64 << 20
"""Bytes of those."""
_BYTES_PER_PIXEL = 1.5


class Reel:
    """Knows the ``current`` picture, some before it and some after it.  Blocking; belongs to the video's thread."""

    def __init__(self, video: Video) -> None:
        self.video = video
        self.current: Frame | None = None
        self._ahead: deque[Frame] = deque()
        self._behind: deque[Frame] = deque(maxlen=_BEHIND)
        self._at_end = False

    def __repr__(self) -> str:
        at = f"at {self.current.pts:.3f} s" if self.current else "nowhere"
        return f"<Reel {at}, {len(self._behind)} behind, {len(self._ahead)} ahead>"

    @property
    def is_at_end(self) -> bool:
        """Whether the current picture is known to be the last; from any thread."""
        return self._at_end and not self._ahead

    def open(self) -> VideoInfo:
        """Open the video and be at its first picture.  Raises SourceUnusable, as every method does."""
        info, self.current = self.video.open()
        width, height = info.size
        room = round(_MOST_REMEMBERED / (width * height * _BYTES_PER_PIXEL))
        self._behind = deque(maxlen=max(2, min(_BEHIND, room)))
        return info

    def following(self) -> Frame | None:
        """Return the picture after the current one; None at the end."""
        return self._ahead[0] if self._ahead or self._read() else None

    def ready(self) -> Frame | None:
        """Return the same if it is decoded already."""
        return self._ahead[0] if self._ahead else None

    def read_ahead(self) -> bool:
        """Decode one more picture; False where there are enough, or no more."""
        return len(self._ahead) < _AHEAD and self._read()

    def forward(self) -> Frame | None:
        """Go to the next picture and return it; None at the end, and nothing changes."""
        frame = self.following()
        if frame is not None:
            self._remember(self.current)
            self.current = self._ahead.popleft()
        return frame

    def back(self, cancelled: Callable[[], bool]) -> Frame | None:
        """Go to the picture before and return it; None at the beginning, or when ``cancelled`` says so."""
        current = self.current
        if current is None:
            return None
        if not self._behind:
            self._jump(current.pts - 2 * SAME)
            while (frame := self.video.read()) is not None and frame.pts < current.pts - SAME:
                if cancelled():
                    self.current = None
                    return None
                self._remember(frame)
            if frame is None:
                self._at_end = True
            else:
                self._ahead.append(frame)
            if not self._behind:
                # This is the first one; and it has been read just now.
                self.current = self._ahead.popleft() if self._ahead else current
                return None
        else:
            self._ahead.appendleft(current)
        self.current = self._behind.pop()
        return self.current

    def go(self, seconds: float, preview: Callable[[Frame], None], cancelled: Callable[[], bool]) -> Frame | None:
        """Go to the picture that is shown at a time, and return it; the last one where the video ends before.

        ``preview`` gets a picture on the way if it is nearer than the current one, so that there is something to see
        at once.  None when ``cancelled``, called after each picture, says so, or where nothing can be read.
        """
        before = self.current
        if not self._is_near(seconds):
            self._jump(seconds)
            self.current = None
        while (frame := self.following()) is not None:
            if self.current is not None and frame.pts > seconds + SAME:
                break
            is_first = self.current is None
            self.forward()
            if is_first and frame.pts < seconds - SAME and _is_nearer(frame, before, seconds):
                preview(frame)
            if cancelled():
                return None
        return self.current

    def give_up(self) -> None:
        """Take what follows for the end: it could not be read."""
        self._at_end = True

    def _is_near(self, seconds: float) -> bool:
        # What is decoded already need not be found anew.
        newest = self._ahead[-1] if self._ahead else self.current
        return self.current is not None and newest is not None and self.current.pts - SAME <= seconds <= newest.pts

    def _jump(self, seconds: float) -> None:
        self.video.keyframes_only = False
        self.video.seek(seconds)
        self._ahead.clear()
        self._behind.clear()
        self._at_end = False

    def _read(self) -> bool:
        frame = None if self._at_end else self.video.read()
        if frame is None:
            self._at_end = True
            return False
        self._ahead.append(frame)
        return True

    def _remember(self, frame: Frame | None) -> None:
        if frame is not None and isinstance(frame.picture, DecodedPicture):
            # Without the sizes that it was shown in.
            self._behind.append(replace(frame, picture=frame.picture.unconverted()))


def _is_nearer(frame: Frame, before: Frame | None, seconds: float) -> bool:
    return before is None or abs(frame.pts - seconds) < abs(before.pts - seconds)
