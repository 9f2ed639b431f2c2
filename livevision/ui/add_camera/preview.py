"""A live look at a source that is not a camera of the app yet."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from livevision.camera import CameraSession
from livevision.sources.latest import LatestSlot
from livevision.sources.reader import Demand
from livevision.ui import words
from livevision.ui.tile.picture_trouble import PictureTrouble

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from livevision.frame import Frame, Result
    from livevision.sources.reader import OpenReader
    from livevision.sources.status import CameraStatus
    from livevision.ui.video_view import VideoView


class Preview:
    """Shows in ``view`` what was last asked for, one source after the other: a device can be opened only once.

    :meth:`run` is its one task, whose owner awaits it; ``work`` converts the pictures.  After :meth:`stop` nothing
    touches the view any more.
    """

    def __init__(self, view: VideoView, work: Executor) -> None:
        self._view = view
        self._work = work
        self._wanted: OpenReader | None = None
        self._shown: _Shown | None = None
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._stopped = False

    def __repr__(self) -> str:
        return f"<Preview {'stopped' if self._stopped else 'of a source' if self._wanted else 'of nothing'}>"

    def show(self, open_reader: OpenReader | None) -> None:
        """Show this from now on, or nothing; what was shown before is closed first."""
        if not self._stopped:
            self._wanted = open_reader
            self._changed.set()

    def stop(self) -> None:
        """End :meth:`run` soon."""
        self._stopped = True
        self._changed.set()
        if self._shown is not None:
            self._shown.let_go()

    async def ended(self) -> None:
        """Wait until the device is free."""
        await self._ended.wait()

    async def run(self) -> None:
        """Show what is wanted until stopped or cancelled."""
        self._ended.clear()
        try:
            while not self._stopped:
                self._changed.clear()
                if self._wanted is None:
                    await self._changed.wait()
                else:
                    await self._show(self._wanted)
        finally:
            self._ended.set()

    async def _show(self, open_reader: OpenReader) -> None:
        # Named for the log, where nobody has to know what is looked at.
        session = CameraSession("preview", open_reader, self._work)
        shown = self._shown = _Shown(self._view, self._work, session)
        self._view.action_wanted.connect(shown.retry)
        try:
            async with session:
                session.subscribe(shown)
                showing = asyncio.create_task(shown.run(), name="show preview")  # ends by being cancelled only
                try:
                    await self._changed.wait()
                finally:
                    shown.let_go()
                    showing.cancel()
                    await asyncio.gather(showing, return_exceptions=True)
        finally:
            shown.let_go()
            self._shown = None


class _Shown:
    """The subscriber that paints, until the view is no longer its own."""

    def __init__(self, view: VideoView, work: Executor, session: CameraSession) -> None:
        self._view: VideoView | None = view
        self._work = work
        self._session = session
        self._newest: LatestSlot[Frame] = LatestSlot()
        self._trouble = PictureTrouble(lambda: "preview")

    @property
    def wants(self) -> Demand:
        """Every picture."""
        return Demand.EVERY_FRAME

    def on_frame(self, frame: Frame) -> None:
        """Show it as soon as the one before it is through."""
        self._newest.put(frame)

    def on_result(self, result: Result) -> None:
        """Nothing to do: there is no model."""

    def on_status(self, status: CameraStatus) -> None:
        """Say why there is no picture."""
        if self._view is not None:
            self._view.set_notice(words.notice(status, None, time.monotonic()))

    def retry(self) -> None:
        """Try again at once."""
        self._session.retry_now()

    def let_go(self) -> None:
        """Touch the view no more; it may be gone in a moment."""
        view, self._view = self._view, None
        if view is not None:
            view.action_wanted.disconnect(self.retry)
            view.set_notice(None)

    async def run(self) -> None:
        """Show pictures until cancelled; one that cannot be shown is said, and the next one tried."""
        while True:
            frame = await self._newest.get()
            before = self._trouble.unshown
            try:
                await self._paint(frame)
            except Exception as error:
                self._trouble.failed(error)
            if self._view is not None and self._trouble.unshown != before:
                self._view.set_notice(words.unshown(self._trouble.unshown))

    async def _paint(self, frame: Frame) -> None:
        if self._view is None:
            return
        size, loop = self._view.fit(frame.size), asyncio.get_running_loop()
        pixels = await loop.run_in_executor(self._work, frame.picture.bgra, size)
        # Somebody may have let go meanwhile.
        if (view := self._view) is not None:
            view.show_picture(pixels, frame.made)
            self._trouble.shown()
