"""How well boxes fit what is on the screen: `python -m tests.benchmarks.truth [--seconds N] [--delays MS…]`.

Runs `synthetic:street` in real time through a CameraSession, with a detector that answers the truth about the picture
that it was given, late; then with `motion`, a real one.  Three screens look at it at once: boxes as they come, live
timing, aligned timing.  Each scales, annotates and paints as a tile does, and notes what its painter was given.  Prints
for each the mean IoU of these boxes with the truth on the painted picture, the share of pictures with every object
covered, and how many pictures were shown; `truth_score.py` says exactly what these are.  `--simulated` does the same on
a virtual clock, without pictures, in seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from livevision.camera import CameraSession
from livevision.inference.builtin.motion import MotionDetector
from livevision.overlay import Overlay
from livevision.sources.reader import Demand
from livevision.sources.street import clock
from livevision.sources.synthetic import SyntheticReader, parse_synthetic
from livevision.timing import BoxTiming, timing_for
from livevision.tracking.identities import Identities
from tests.benchmarks.truth_score import FPS, SEED, SIZE, WARM_UP, Score, answer, score, street
from tests.benchmarks.truth_simulated import simulate

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Frame, Image, Result
    from livevision.inference.detector import Detector
    from livevision.sources.status import CameraStatus

SOURCE = f"synthetic:street?size={SIZE[0]}x{SIZE[1]}&fps={FPS}&seed={SEED}"
TILE = (640, 360)
DELAYS = (0, 100, 300, 800)
IN_FLIGHT = (1, 4)
HEAD = f"{'detector':<18}{'boxes':<14}{'IoU':>6}{'covered':>9}{'ghosts':>8}{'shown/s':>9}  IoU of each kind"


class Camera:
    """Opens the street, and knows by the clock in a picture which one it is."""

    def __init__(self, with_clock: bool) -> None:
        self._options = parse_synthetic(f"{SOURCE}&clock={'on' if with_clock else 'off'}")
        self.indices: dict[int, int] = {}
        """Of the pictures by their clock's milliseconds."""

    def opener(self, generation: int) -> Noted:
        return Noted(self._options, generation, indices=self.indices)


class Noted(SyntheticReader):
    """Notes which picture was stamped with which time."""

    def __init__(self, *args, indices: dict[int, int]) -> None:
        super().__init__(*args)
        self._indices = indices

    def read(self) -> Frame | None:
        frame = super().read()
        if frame is not None:
            self._indices[int(frame.wall * 1000) % (1 << clock.BITS)] = frame.index
        return frame


class Truthful:
    """A detector that is never wrong and always late."""

    name = "truthful"
    classes = ("person", "bicycle", "car")

    def __init__(self, camera: Camera, delay: float, most: int) -> None:
        self.max_in_flight = most
        self._camera = camera
        self._delay = delay

    async def detect(self, image: Image) -> sv.Detections:
        stamp = clock.read(image)
        assert stamp is not None, "the clock cannot be read"
        await asyncio.sleep(self._delay)
        return answer(self._camera.indices[stamp])

    async def aclose(self) -> None:
        pass


class Screen:
    """A tile without a window: pictures are scaled and annotated in a worker, the newest one wins."""

    wants = Demand.EVERY_FRAME

    def __init__(self, choice: BoxTiming, work: ThreadPoolExecutor) -> None:
        self.choice = choice
        self.painted: list[tuple[int, sv.Detections]] = []
        self.times: list[float] = []
        self._timing = timing_for(choice)
        self._work = work
        self._overlay = Overlay()
        self._changed = asyncio.Event()

    def on_frame(self, frame: Frame) -> None:
        self._timing.on_frame(frame)
        self._changed.set()

    def on_result(self, result: Result) -> None:
        self._timing.on_result(result, time.monotonic())
        self._changed.set()

    def on_status(self, status: CameraStatus) -> None:
        pass

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            shown = self._timing.take(time.monotonic())
            if shown is None:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._timing.next_due(time.monotonic())):
                        await self._changed.wait()
                continue
            frame, boxes = shown
            await loop.run_in_executor(self._work, self._compose, frame, boxes)
            self.painted.append((frame.index, boxes))
            self.times.append(time.monotonic())

    def _compose(self, frame: Frame, boxes: sv.Detections) -> None:
        image = frame.bgr(TILE).copy()
        self._overlay.draw(image, boxes, frame.size)

    @property
    def rate(self) -> float:
        """Pictures a second, as far as they are scored."""
        times = [at for (index, _), at in zip(self.painted, self.times, strict=True) if index >= WARM_UP]
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0


def row(detector: str, choice: BoxTiming, seen: Score, rate: float) -> str:
    kinds = ", ".join(f"{kind} {value:.2f}" for kind, value in seen.kinds.items())
    figures = f"{seen.iou:>6.3f}{seen.covered:>9.1%}{seen.ghosts:>8.2f}{rate:>9.2f}"
    return f"{detector:<18}{choice.value:<14}{figures}  {kinds}"


async def watch(detector: Detector, camera: Camera, seconds: float) -> list[Screen]:
    """Let three screens look at a camera for ``seconds``."""
    with ThreadPoolExecutor(2, thread_name_prefix="work") as work:
        screens = [Screen(choice, work) for choice in BoxTiming]
        session = CameraSession("street", camera.opener, work, detector)
        session.inference.tracker = Identities()
        async with session:
            for screen in screens:
                session.subscribe(screen)
            tasks = [asyncio.create_task(screen.run(), name=f"screen {screen.choice.value}") for screen in screens]
            await asyncio.sleep(seconds + WARM_UP / FPS)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await detector.aclose()
    return screens


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20, help="for each detector")
    parser.add_argument("--delays", type=int, nargs="*", default=DELAYS, help="milliseconds")
    parser.add_argument("--simulated", action="store_true", help="on a virtual clock; without motion")
    arguments = parser.parse_args()
    print(HEAD)
    street()
    for delay in arguments.delays:
        for most in IN_FLIGHT:
            name = f"{delay} ms, {most} at once"
            if arguments.simulated:
                for choice in BoxTiming:
                    run = simulate(choice, delay / 1000, most, arguments.seconds + WARM_UP / FPS)
                    print(row(name, choice, score(run.painted), run.rate), flush=True)
                continue
            camera = Camera(with_clock=True)
            for screen in asyncio.run(watch(Truthful(camera, delay / 1000, most), camera, arguments.seconds)):
                print(row(name, screen.choice, score(screen.painted), screen.rate), flush=True)
    if not arguments.simulated:
        for screen in asyncio.run(watch(MotionDetector(), Camera(with_clock=False), arguments.seconds)):
            print(row("motion", screen.choice, score(screen.painted), screen.rate), flush=True)


if __name__ == "__main__":
    main()
