"""The way of a picture from the player's thread to the screen: converted and drawn on in a worker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import cv2

from livevision.inference.filter import DetectionFilter
from livevision.overlay import Overlay, Privacy
from livevision.playback.recorded_mask import RecordedMask, is_hidden_already
from livevision.sources.latest import LatestSlot
from livevision.ui.tile.composer import Composed
from livevision.ui.tile.picture_trouble import PictureTrouble
from livevision.ui.tile.viewport import Room

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from livevision.frame import Frame, Image
    from livevision.playback.player import Shown
    from livevision.recording.recorded import Recorded
    from livevision.ui.video_view import VideoView


class PlayerPicture:
    """Shows the newest of what the player hands over, with the boxes of that very time.  Belongs to the event loop."""

    def __init__(self, view: VideoView, work: Executor, shown: Callable[[Shown], None], name: str) -> None:
        self.trouble = PictureTrouble(lambda: name)
        """What cannot be shown, and why."""
        self.boxes_shown = True
        self.keep = DetectionFilter()
        self.recorded: Recorded | None = None
        self.hidden: Callable[[], Privacy] = Privacy
        """Says who must not be seen; asked for each picture."""
        self._name = name
        self._mask: tuple[Privacy, Recorded | None, RecordedMask] | None = None
        self._view = view
        self._work = work
        self._tell = shown
        self._overlay = Overlay()
        self._slot: LatestSlot[Shown] = LatestSlot()
        self._newest: Shown | None = None
        view.resized.connect(self.redraw)
        view.seen_changed.connect(self.redraw)

    @property
    def hidden_because(self) -> str:
        """Why the newest picture is hidden as a whole, for the operator; empty where it is not."""
        return "" if self._mask is None else self._mask[2].reason

    @property
    def dropped(self) -> int:
        """Pictures that were replaced by a newer one before they could be drawn."""
        return self._slot.dropped

    def put(self, shown: Shown) -> None:
        """Show this next; from any thread."""
        self._slot.put(shown)

    def redraw(self) -> None:
        """Draw the newest picture again: it is wanted in another size, or with other boxes."""
        # Its forerunner in the slot is older than what is drawn, or a newer one is coming anyway.
        if self._newest is not None:
            waiting = self._slot.take()
            self._slot.put(waiting if waiting is not None else self._newest)

    def close(self) -> None:
        """Take nothing more."""
        self._slot.close()

    async def run(self) -> None:
        """Show pictures until cancelled."""
        while True:
            shown = await self._slot.get()
            try:
                await self._paint(shown)
            except Exception as error:
                self.trouble.failed(error)
            self._tell(shown)

    async def _paint(self, shown: Shown) -> None:
        if shown.frame is None:
            return
        self._newest = shown
        if self._view.can_be_seen:
            room = Room(self._view.fit(shown.frame.size), self._view.room.ratio)
            keep = self.keep if self.boxes_shown else None
            loop = asyncio.get_running_loop()
            self._mask = self._mask_of(self.hidden(), self.recorded)
            composed = await loop.run_in_executor(self._work, self._compose, shown.frame, room, keep)
            self._view.show_picture(composed.pixels, shown.frame.captured)
            self.trouble.shown(composed.undrawn)

    def _mask_of(
        self, hidden: Privacy, recorded: Recorded | None
    ) -> tuple[Privacy, Recorded | None, RecordedMask] | None:
        if not hidden or is_hidden_already(hidden, recorded, self._name):
            return None
        if self._mask is not None and self._mask[:2] == (hidden, recorded):
            return self._mask
        own = None if recorded is None else recorded.for_another_thread()
        return hidden, recorded, RecordedMask(hidden, own)

    def _compose(self, frame: Frame, room: Room, keep: DetectionFilter | None) -> Composed:
        if self._mask is None:
            image = frame.picture.bgra(room.size)
        else:
            hidden = self._mask[2].hide(frame.bgr(room.size).copy(), frame.size, frame.pts)
            image = cast("Image", cv2.cvtColor(hidden, cv2.COLOR_BGR2BGRA))
        if self.recorded is None or keep is None:
            return Composed(image)
        try:
            detections = keep.apply(self.recorded.detections_at(frame.pts))
            if len(detections):
                self._overlay.draw(image, detections, self.recorded.header.size, ratio=room.ratio)
        except Exception as error:  # a sidecar may have anything in it
            return Composed(image, error)
        return Composed(image)
