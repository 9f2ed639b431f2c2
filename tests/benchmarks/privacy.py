"""How much of hidden people can be seen anywhere: `python -m tests.benchmarks.privacy [--seconds N]`.

A street with people whom anybody would recognise (:mod:`tests.fakes.textured_street`) comes from a real RTSP server;
people are hidden, and models answer late, miss people, die, or know no people at all.  Prints for each output the share
of these people's pixels that are recognisable: the mean over all pictures, and the picture with most.  The first row is
a run in which nobody is hidden, to see that something would be found.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.errors import UsageError
from livevision.export.drawn import DrawnFromRecording
from livevision.export.exporting import Boxes, export_annotated
from livevision.export.section import Section
from livevision.inference.filter import DetectionFilter
from livevision.inference.registry import ModelKind
from livevision.inference.sought import WHATEVER_MOVES
from livevision.overlay import OverlayStyle, Privacy
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.recording.recorded import read_sidecar
from livevision.recording.sidecar import sidecar_path
from livevision.sightings import Sightings
from livevision.sources.status import CameraState
from tests.fakes import textured_street as textured
from tests.fakes.rtsp import RtspServer

if TYPE_CHECKING:
    from livevision.frame import Image
    from livevision.sightings.book import Sighting
    from tests.fakes.textured_street import Judge, Model

PEOPLE = Privacy(frozenset({"person"}))
NOBODY = Privacy()
PREROLL = 2.0
SNAPSHOT_EVERY = 0.5
OUTPUTS = ("live view", "annotated file", "pre-roll", "snapshots", "thumbnails", "export")


@dataclass
class Seen:
    """What could be seen in each output, by its name."""

    originals: dict[int, Image]
    met: dict[int, list[int]] | None
    judges: dict[str, Judge] = field(default_factory=dict)

    def judge(self, output: str) -> Judge:
        """Return who judges this output."""
        return self.judges.setdefault(output, textured.Judge(self.originals, self.met))


def style(privacy: Privacy) -> OverlayStyle:
    """Return how pictures are drawn on: not at all, so that nothing but hiding changes them."""
    return OverlayStyle(annotators=frozenset(), privacy=privacy)


def decoded(path: Path) -> list[tuple[float, Image]]:
    """Return the pictures of a file with their times."""
    with av.open(str(path)) as container:
        return [(float(each.time or 0), each.to_ndarray(format="bgr24")) for each in container.decode(video=0)]


def originals_of(clip: Path) -> dict[int, Image]:
    """Return the pictures that the camera sends, by their numbers."""
    return dict(enumerate(image for _, image in decoded(clip)))


async def watch(
    clip: Path,
    folder: Path,
    model: Model,
    privacy: Privacy,
    kind: Kind = Kind.ANNOTATED,
    may_refuse: bool = False,
) -> Seen:
    """Watch the whole clip as a camera, record it from the middle on, and return what could be seen.

    ``may_refuse``: the camera goes on where the model is refused, as in the window.
    """
    seen = Seen(originals_of(clip), model.met if model.misses else None)
    plan = RecordingPlan(folder, kind, preroll=PREROLL)
    with RtspServer("--file", str(clip)) as server:
        async with App(folder, plan) as app:
            _wire(app, model)
            request = CameraRequest(server.url, "any.onnx", style=style(privacy))
            try:
                camera = await app.add(request)
            except UsageError:
                assert may_refuse
                (camera,) = app.cameras
            sightings = Sightings(app.work)
            hidden, control = sightings.watch("hidden"), sightings.watch("control")
            hidden.privacy = privacy
            with ExitStack() as subscribed:
                for subscriber in (hidden, control):
                    subscribed.callback(camera.session.subscribe(subscriber))
                showing = _Screen(camera, app, seen.judge("live view"), privacy)
                subscribed.callback(camera.session.subscribe(showing.display))
                await _until(lambda: (camera.seen.frame or _NONE).pts > PREROLL + 1)
                first = camera.seen.frame
                assert first is not None
                began = textured.number_of(first.bgr())
                app.start_recording(camera)
                while camera.session.status.state is CameraState.LIVE:
                    await asyncio.sleep(SNAPSHOT_EVERY)
                    if privacy or camera.seen.result is not None:
                        seen.judge("snapshots").look(cv2.imread(str(await app.snapshot(camera))))
                    newest = camera.seen.frame
                    if newest is None or newest.generation != first.generation or newest.captured < _now() - 1.0:
                        break  # The clip is over; the server would send it again.
                await app.stop_recording(camera)
                await showing.aclose()
            await sightings.aclose()
            _compare(sightings.recent(), seen.judge("thumbnails"))
    for path in folder.glob("*.mp4"):
        if ".annotated" in path.name or kind is Kind.ANNOTATED:
            _look_at_file(path, seen, began or 0)
    return seen


async def export(clip: Path, folder: Path, model: Model, privacy: Privacy) -> Judge:
    """Record without hiding anybody, and export that with people hidden."""
    await watch(clip, folder, model, NOBODY, Kind.CLEAN)
    judge = textured.Judge(originals_of(clip))
    (clean,) = [path for path in folder.glob("*.mp4") if sidecar_path(path).is_file()]
    recorded = read_sidecar(sidecar_path(clean))
    drawn = DrawnFromRecording(DetectionFilter(), style(privacy), recorded.for_another_thread(), clean)
    target = folder / "out.mp4"
    boxes = Boxes(recorded, drawn.keep, drawn.draw)
    await export_annotated(clean, Section(0.0, 60.0), target, boxes, lambda share: None)
    for _, image in decoded(target):
        judge.look(image)
    return judge


class _Screen:
    """A tile's picture as it is painted, each of them judged."""

    def __init__(self, camera: object, app: App, judge: Judge, privacy: Privacy) -> None:
        from livevision.ui.display import Display
        from livevision.ui.video_view import VideoView

        class Watched(VideoView):
            def show_picture(self, pixels: np.ndarray, due: float) -> None:
                judge.look(np.ascontiguousarray(pixels[:, :, :3]))
                super().show_picture(pixels, due)

        self._view = Watched()
        self._view.resize(*textured.SIZE)
        self._view.show()
        self.display = Display(self._view, camera.session.metrics, app.work, lambda: None)  # type: ignore[attr-defined]
        self.display.style = style(privacy)
        self.display.boxes_shown = False
        self._task = asyncio.create_task(self.display.run(), name="show")

    async def aclose(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._view.close()
        self._view.deleteLater()


class _NONE:
    pts = -1.0


def _now() -> float:
    return time.monotonic()


def _wire(app: App, model: Model) -> None:
    async def load(_model: str, _options: object) -> Model:
        return model

    app.detectors.load = load  # type: ignore[method-assign, assignment]
    app.detectors.kind = lambda _model: ModelKind.FILE  # type: ignore[method-assign]


async def _until(condition, seconds: float = 30.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        await asyncio.sleep(0.02)


def _look_at_file(path: Path, seen: Seen, began: int) -> None:
    for _, image in decoded(path):
        number = textured.number_of(image)
        output = "pre-roll" if number is not None and number < began else "annotated file"
        seen.judge(output).look(image)


def _compare(entries: tuple[Sighting, ...], judge: Judge) -> None:
    """Compare each hidden person's thumbnail with the same one that was not hidden."""
    of = {(each.camera, each.class_name, each.pts): each.thumbnail for each in entries}
    for (camera, name, pts), small in of.items():
        other = of.get(("control", name, pts))
        if camera == "hidden" and name == "person" and small is not None and other is not None:
            judge.pictures += 1
            if small.shape == other.shape and min(small.shape[:2]) >= textured.SMALLEST:
                # Around the person is street, which need not be hidden; of large ones a thumbnail shows no squares.
                plain = (np.abs(other.astype(int) - 128) > textured.LIKE + 30).all(axis=2)
                height, width = plain.shape
                plain[: height // 6] = plain[-height // 6 :] = False
                plain[:, : width // 6] = plain[:, -width // 6 :] = False
                if plain.sum() >= 20:
                    like = (np.abs(small.astype(int) - other) < textured.LIKE).all(axis=2)
                    judge.shares.append(float(like[plain].mean()))


def models(count: int) -> dict[str, tuple[Model, Privacy]]:
    """Return the runs: who answers, and who is hidden."""
    ignorant, silent = textured.Model(0.1), textured.Model(0.1)
    ignorant.classes = None
    silent.classes = None
    return {
        "nobody is hidden": (textured.Model(0.1), NOBODY),
        "at once": (textured.Model(), PEOPLE),
        "400 ms late": (textured.Model(0.4), PEOPLE),
        "400 ms late, misses 40 %": (textured.Model(0.4, misses=0.4), PEOPLE),
        "dies half way": (textured.Model(0.2, dies_at=count // 2), PEOPLE),
        "finds no person, and --hide-unknown": (
            textured.Model(0.1, blind="person"),
            Privacy(frozenset({"person", WHATEVER_MOVES})),
        ),
        "knows no ghosts": (ignorant, Privacy(frozenset({"person", "ghost"}))),
    }


async def table(clip: Path, count: int, only: str) -> None:
    """Print it."""
    print(f"{'model':38}{'output':16}{'mean':>8}{'most':>9}")
    for name, (model, privacy) in models(count).items():
        if only and only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            seen = await watch(clip, Path(folder), model, privacy)
        if name in ("nobody is hidden", "400 ms late"):
            with tempfile.TemporaryDirectory() as folder:
                seen.judges["export"] = await export(clip, Path(folder), textured.Model(0.4), privacy)
        for output in OUTPUTS:
            if output in seen.judges:
                print(f"{name:38}{output:16}{seen.judges[output]}", flush=True)


def main() -> None:
    """Run all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=16.0, help="of the street")
    parser.add_argument("--only", default="", help="the runs whose name has this in it")
    options = parser.parse_args()
    count = round(options.seconds * textured.FPS)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from livevision.ui.event_loop import EventLoop
    from livevision.ui.garbage import no_automatic_collection

    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as folder:
        clip = textured.write(Path(folder) / "street.mkv", count)
        with no_automatic_collection(), asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner:
            runner.run(table(clip, count, options.only))


if __name__ == "__main__":
    main()
