"""The way of a frame to the screen: which one with which boxes and when, converted and drawn in a worker."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from livevision.metrics import LatencyWindow
from livevision.sources.reader import Demand
from livevision.timing import AlignedTiming, BoxTiming, timing_for
from livevision.ui.tile.composer import Composer, Shot
from livevision.ui.tile.picture_trouble import PictureTrouble
from livevision.ui.tile.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    import supervision as sv

    from livevision.frame import Frame, Result
    from livevision.metrics import CameraMetrics
    from livevision.overlay import OverlayStyle
    from livevision.sources.status import CameraStatus
    from livevision.timing import Timing
    from livevision.ui.video_view import VideoView

_STILL_AFTER = 0.2
"""Seconds after which a picture is redrawn for its own sake instead of waiting for the next."""


class Display:
    """Feeds one view from one camera: a subscriber with a task of its own.

    What is shown when is the :class:`BoxTiming`'s business; a picture that never is shown because newer ones came is
    counted.  Nothing is converted for a view that cannot be seen.  Belongs to the event loop.
    """

    def __init__(
        self,
        view: VideoView,
        metrics: CameraMetrics,
        work: Executor,
        state_changed: Callable[[], None],
        name: Callable[[], str] = lambda: "camera",
    ) -> None:
        self.trouble = PictureTrouble(name)
        """What cannot be shown, and why."""
        self._view = view
        self._metrics = metrics
        self._work = work
        self._state_changed = state_changed
        self._composer = Composer()
        self._choice = self._applied = BoxTiming.LIVE
        self._timing: Timing = timing_for(self._applied)
        self._counted = 0
        self._expects_boxes = True
        self._viewport = Viewport()
        self._boxes_shown = True
        self._newest: Frame | None = None
        self._result: Result | None = None
        self._learned: Result | None = None
        self._shown: tuple[Frame, sv.Detections] | None = None
        self._frozen = False
        self._draw_again = False
        self._changed = asyncio.Event()
        self._ages = LatencyWindow()
        view.painted.connect(metrics.painted)
        view.resized.connect(self.redraw)
        view.seen_changed.connect(self._show_newest)

    def __repr__(self) -> str:
        return f"<Display {self._applied.value}{', frozen' if self._frozen else ''}, {self._timing!r}>"

    # What the operator chooses.

    @property
    def timing(self) -> BoxTiming:
        """How boxes and pictures come together, as the operator chose it; may be set at any time."""
        return self._choice

    @timing.setter
    def timing(self, choice: BoxTiming) -> None:
        self._choice = choice
        self._apply_timing()

    @property
    def waits_for_privacy(self) -> bool:
        """Whether pictures wait for the model whatever the choice: somebody in them may have to be hidden."""
        return self._composer.mask.waits

    def _apply_timing(self) -> None:
        applied = BoxTiming.ALIGNED if self.waits_for_privacy else self._choice
        if applied is self._applied:
            return
        self._applied, self._timing, self._counted = applied, timing_for(applied), 0
        self._tell_expectation()
        if self._result is not None:
            self._learn(self._result)
        self._ages = LatencyWindow()
        self.redraw()

    @property
    def style(self) -> OverlayStyle:
        """How objects are shown and what is hidden; may be set at any time."""
        return self._composer.style

    @style.setter
    def style(self, style: OverlayStyle) -> None:
        if style != self._composer.style:
            self._composer.style = style
            self._apply_timing()
            self.redraw_at_once()

    @property
    def hidden_because(self) -> str:
        """Why the picture is hidden as a whole, for the operator; empty where it is not."""
        return self._composer.reason if self._composer.mask.active else ""

    @property
    def boxes_shown(self) -> bool:
        """Whether objects are drawn; what is hidden stays hidden."""
        return self._boxes_shown

    @boxes_shown.setter
    def boxes_shown(self, shown: bool) -> None:
        self._boxes_shown = shown
        self.redraw()

    @property
    def viewport(self) -> Viewport:
        """How the picture is looked at: turned, zoomed, cut; may be set at any time."""
        return self._viewport

    @viewport.setter
    def viewport(self, viewport: Viewport) -> None:
        if viewport != self._viewport:
            self._viewport = viewport
            self.redraw_at_once()

    @property
    def expects_boxes(self) -> bool:
        """Whether there is a model that may answer: aligned pictures wait for nothing else."""
        return self._expects_boxes

    @expects_boxes.setter
    def expects_boxes(self, expects: bool) -> None:
        if expects != self._expects_boxes:
            self._expects_boxes = expects
            self._tell_expectation()
            self._changed.set()

    @property
    def frozen(self) -> bool:
        """Whether the picture stands on purpose."""
        return self._frozen

    def freeze(self) -> None:
        """Let the picture stand that is shown, if any is; everything else goes on."""
        self._frozen = self._shown is not None

    def go_live(self) -> None:
        """Show what is new again, the newest picture first."""
        if self._frozen:
            self._frozen = False
            self._show_newest()

    @property
    def behind(self) -> float:
        """By how many seconds the newest picture is newer than the one that is shown; 0 where there is none."""
        return self._newest.captured - self._shown[0].captured if self._newest and self._shown else 0.0

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """Width and height of the picture that is shown, turned as it is shown; None before the first."""
        return self._viewport.orientation.size(self._shown[0].size) if self._shown else None

    @property
    def box_age(self) -> float | None:
        """By how many seconds boxes were found before the pictures that they were drawn on, of late, median."""
        return self._ages.percentiles(0.5)[0]

    @property
    def gave_up(self) -> bool:
        """Whether pictures that should wait for their boxes do not, as those come too late."""
        return isinstance(self._timing, AlignedTiming) and self._timing.gave_up

    @property
    def wants(self) -> Demand:
        """Every frame while the view can be seen."""
        return Demand.EVERY_FRAME if self._view.can_be_seen else Demand.KEYFRAMES

    def on_frame(self, frame: Frame) -> None:
        """Show ``frame`` when its time has come."""
        self._newest = frame
        if self._view.can_be_seen and not self._frozen:
            self._timing.on_frame(frame)
            self._changed.set()

    def on_result(self, result: Result) -> None:
        """Draw what was found from the next picture on; on one that stands for lack of newer ones, now."""
        self._result = result
        self._composer.mask.observe(result)
        if self._view.can_be_seen:
            self._learn(result)
            self._changed.set()
            self.redraw()

    def _learn(self, result: Result) -> None:
        # About 1 ms for what moves in a busy street: not for a view that nobody sees.
        self._learned = result
        self._timing.on_result(result, time.monotonic())

    def on_status(self, status: CameraStatus) -> None:
        """Say at once what the tile must say now: the first picture must not wait under "Connecting…"."""
        self._state_changed()

    # Drawing.

    def redraw(self) -> None:
        """Draw what is shown again, after a change of what is drawn, if no new picture is coming anyway."""
        if self._frozen or (self._newest is not None and time.monotonic() - self._newest.captured > _STILL_AFTER):
            self.redraw_at_once()

    def redraw_at_once(self) -> None:
        """Draw what is shown again, though a new picture may be coming: the operator's hand is waiting."""
        self._draw_again = True
        self._changed.set()

    async def run(self) -> None:
        """Show pictures until cancelled."""
        while True:
            self._changed.clear()
            try:
                if not await self._show_next():
                    await self._wait()
            except Exception as error:
                self.trouble.failed(error)
                self._metrics.drop("failed")
                await self._changed.wait()

    async def _show_next(self) -> bool:
        """Show what is due, and return whether anything was."""
        shot = self._next_shot(time.monotonic())
        if shot is None:
            return False
        composed = await asyncio.get_running_loop().run_in_executor(self._work, self._composer.compose, shot)
        self._view.show_picture(composed.pixels, shot.frame.made)
        self.trouble.shown(composed.undrawn)
        return True

    def _next_shot(self, now: float) -> Shot | None:
        taken = None if self._frozen else self._timing.take(now)
        self._metrics.drop("display", self._timing.dropped - self._counted)
        self._counted = self._timing.dropped
        if not self._view.can_be_seen:
            return None
        if taken is not None:
            self._shown = taken
            age = self._timing.age_at(taken[0])
            if age is not None:
                self._ages.add(age)
        elif not self._draw_again or self._shown is None:
            return None
        elif not self._frozen:
            self._look_again(self._shown[0])
        self._draw_again = False
        frame, found = self._shown
        return Shot(frame, found if self._boxes_shown else None, self._viewport, self._view.room)

    async def _wait(self) -> None:
        due = None if self._frozen or not self._view.can_be_seen else self._timing.next_due(time.monotonic())
        with suppress(TimeoutError):
            async with asyncio.timeout(due):
                await self._changed.wait()

    def _show_newest(self) -> None:
        if self._result is not None and self._result is not self._learned:
            self._learn(self._result)
        # While nobody looked there were only keyframes: the next picture may be seconds away.
        if self._newest is not None and not self._frozen:
            self._look_again(self._newest)
        self.redraw_at_once()

    def _look_again(self, frame: Frame) -> None:
        self._shown = frame, self._timing.detections_at(frame)

    def _tell_expectation(self) -> None:
        if isinstance(self._timing, AlignedTiming):
            self._timing.expects_boxes = self._expects_boxes
