"""What awaiting models costs, beside what people do today.  `python -m tests.benchmarks.inference`

Three questions, each answered by a table and a verdict:
a file through a server that takes 100 ms: `livevision process` beside `asyncio.run` and a new ClientSession in each
`sv.process_video` callback; a model in a file on the CPU: our time per picture beside the bare `session.run`; and how
many pictures a camera shows with that model and without.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import cv2
import numpy as np
import onnxruntime
import supervision as sv

import livevision as lv
from livevision.inference.options import Device
from livevision.inference.registry import DetectorRegistry
from livevision.sources.reader import Demand
from tests.benchmarks.heavy_model import SIDE, write_heavy_model
from tests.fakes.clips import number_in, numbered, write_clip
from tests.fakes.inference_server import Behaviour, InferenceServer
from tests.recording.material import read_back

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = (1280, 720)
LATENCY = 0.1
SERVE = "--serve"
CAMERA = "synthetic:street?size=1280x720&fps=25&seed=1"
PICTURE = (720, 1280, 3)


def verdict(goal: str, is_good: bool, figure: str) -> str:
    """Return a line that says whether a goal was reached."""
    return f"{'reached' if is_good else 'MISSED':<9}{goal}: {figure}"


# A server in a process of its own, as a real one is on a machine of its own.


def answer(body: bytes) -> bytes:
    """Answer a box whose place is the number in the picture."""
    jpeg = re.search(rb"\xff\xd8\xff.*\xff\xd9", body, re.DOTALL)
    assert jpeg is not None
    number = number_in(cv2.imdecode(np.frombuffer(jpeg[0], np.uint8), cv2.IMREAD_REDUCED_COLOR_8))
    x1 = 100 * (number % 12)
    box = {"x_min": x1, "y_min": 40, "x_max": x1 + 80, "y_max": 200, "confidence": 0.9, "label": f"number {number}"}
    return json.dumps({"success": True, "predictions": [box]}).encode()


def serve() -> None:
    """Serve until standard input ends."""
    with InferenceServer(Behaviour(answer=answer, latency=LATENCY)) as server:
        print(server.place, flush=True)
        sys.stdin.read()


@contextmanager
def server() -> Iterator[str]:
    """Run :func:`serve`; yields host and port."""
    command = [sys.executable, "-m", "tests.benchmarks.inference", SERVE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate()


# (a) A file through a server.


def published(place: str, film: Path, target: Path, frames: int) -> float:
    """Do it as published: a loop and a session for each frame.  Returns frames a second."""
    boxes, labels = sv.BoxAnnotator(), sv.LabelAnnotator()

    async def infer(image: np.ndarray) -> dict[str, object]:
        _, jpeg = cv2.imencode(".jpg", image)
        form = aiohttp.FormData()
        form.add_field("image", jpeg.tobytes(), filename="image.jpg", content_type="image/jpeg")
        async with aiohttp.ClientSession() as session, session.post(f"http://{place}/", data=form) as response:
            return json.loads(await response.read())

    def callback(frame: np.ndarray, _index: int) -> np.ndarray:
        found = asyncio.run(infer(frame))["predictions"]
        detections = sv.Detections(
            xyxy=np.array([[each[side] for side in ("x_min", "y_min", "x_max", "y_max")] for each in found], float),
            confidence=np.array([each["confidence"] for each in found]),
            class_id=np.zeros(len(found), int),
        )
        return labels.annotate(boxes.annotate(frame, detections), detections, [each["label"] for each in found])

    started = time.monotonic()
    sv.process_video(str(film), str(target), callback, max_frames=frames)
    return frames / (time.monotonic() - started)


def is_whole(path: Path, frames: int) -> bool:
    """Tell whether every frame is there, in its order, with its own box."""
    images = read_back(path).images
    numbers = [number_in(image) for image in images]
    return numbers == list(range(frames)) and all(_has_box(image, number) for number, image in enumerate(images))


def _has_box(image: np.ndarray, number: int) -> bool:
    colour = image.max(axis=2).astype(int) - image.min(axis=2)
    x1 = 100 * (number % 12)
    lines = [column for column in range(12) if colour[80:190, max(0, 100 * column - 4) : 100 * column + 5].max() > 60]
    return lines == [x1 // 100]


def file_through_a_server(folder: Path, frames: int, baseline_frames: int, rounds: int) -> str:
    """Measure both, one after the other in each round."""
    film = write_clip(folder / "film.mp4", [numbered(number, SIZE) for number in range(frames)])
    ours, theirs, whole = [], [], True
    print(
        f"A file of {frames} frames, {SIZE[0]}x{SIZE[1]}, through a server that answers after {LATENCY * 1000:.0f} ms"
    )
    with server() as place:
        for number in range(rounds):
            theirs.append(published(place, film, folder / f"theirs{number}.mp4", baseline_frames))
            target = folder / f"ours{number}.mp4"
            summary = asyncio.run(lv.process(film, target, f"deepstack+http://{place}"))
            ours.append(summary.fps)
            whole &= is_whole(target, frames)
            print(
                f"  published pattern ({baseline_frames} frames) {theirs[-1]:6.1f} frames/s"
                f"   livevision process ({summary.frames} frames) {ours[-1]:6.1f} frames/s"
                f"   ratio {ours[-1] / theirs[-1]:5.1f}   load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    ratio = statistics.median(ours) / statistics.median(theirs)
    goal = "a file through a server at least 9 times as fast, every frame in order"
    return verdict(goal, whole and ratio >= 9, f"{ratio:.1f} times, {'all' if whole else 'NOT all'} in order")


# (b) A model in a file, on the CPU.


async def model_on_the_cpu(path: Path, side: int, scale: float, seconds: float) -> str:
    """Compare our time a picture with that of the bare session of the same threads, in turns."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, (os.cpu_count() or 1) - 1)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    bare = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    as_is = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    name = bare.get_inputs()[0].name
    picture = np.random.default_rng(1).integers(0, 255, PICTURE, dtype=np.uint8)
    picture.flags.writeable = False
    tensor = cv2.dnn.blobFromImage(picture, scale, (side, side), swapRB=True)
    models = DetectorRegistry()
    detector = await models.load(str(path), lv.ModelOptions(device=Device.CPU))
    times: dict[str, list[float]] = {"ours": [], "bare": [], "default": []}
    give_up = time.monotonic() + seconds
    found = await detector.detect(picture)
    while time.monotonic() < give_up:
        for session, into in ((bare, "bare"), (as_is, "default")):
            began = time.perf_counter()
            session.run(None, {name: tensor})
            times[into].append(time.perf_counter() - began)
        began = time.perf_counter()
        found = await detector.detect(picture)
        times["ours"].append(time.perf_counter() - began)
    await detector.aclose()
    await models.aclose()
    ms = {which: 1000 * statistics.median(taken) for which, taken in times.items()}
    print(
        f"  {path.name}: bare session.run {ms['bare']:.1f} ms, ours with a {PICTURE[1]}x{PICTURE[0]} picture "
        f"{ms['ours']:.1f} ms ({len(found)} objects; {len(times['ours'])} of each in turns); "
        f"session.run with all cores and spinning {ms['default']:.1f} ms"
    )
    ratio = ms["ours"] / ms["bare"]
    return verdict(f"{path.name}: our time at most 1.25 times that of session.run", ratio <= 1.25, f"{ratio:.2f}")


# (c) A camera with and without it.


class Counter:
    """Counts what a tile would show."""

    wants = Demand.EVERY_FRAME

    def __init__(self) -> None:
        self.frames = self.results = 0

    def on_frame(self, frame: lv.Frame) -> None:
        self.frames += 1

    def on_result(self, result: lv.Result) -> None:
        self.results += 1

    def on_status(self, status: object) -> None:
        """Nothing to count."""


async def shown(model: Path | None, seconds: float) -> tuple[float, float]:
    """Return pictures and results a second."""
    detector = None if model is None else await lv.load_detector(str(model))
    counter = Counter()
    async with lv.open_camera(CAMERA, detector) as camera:
        camera.subscribe(counter)
        await asyncio.sleep(1)
        counter.frames = counter.results = 0
        began = time.monotonic()
        await asyncio.sleep(seconds)
        took = time.monotonic() - began
    if detector is not None:
        await detector.aclose()
    return counter.frames / took, counter.results / took


def camera_with_a_model(model: Path, seconds: float, rounds: int) -> str:
    """Watch a camera of 25 pictures a second, with and without, in turns."""
    print(f"A camera of {SIZE[0]}x{SIZE[1]} at 25 a second, pictures that reach a subscriber")
    without, with_ = [], []
    for _ in range(rounds):
        without.append(asyncio.run(shown(None, seconds))[0])
        pictures, results = asyncio.run(shown(model, seconds))
        with_.append(pictures)
        print(f"  without a model {without[-1]:5.2f}/s   with it {pictures:5.2f}/s, {results:.1f} inferred/s")
    share = statistics.median(with_) / statistics.median(without)
    return verdict("shown rate within 2 % of that without a model", share >= 0.98, f"{share:.1%}")


def main() -> None:
    """Run all three and print the verdicts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--baseline-frames", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="that a model is timed, and a camera watched")
    parser.add_argument(SERVE, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model = write_heavy_model(folder / "heavy.onnx")
        said = [file_through_a_server(folder, options.frames, options.baseline_frames, options.rounds)]
        print(f"Models on the CPU, {os.cpu_count()} cores")
        said.append(asyncio.run(model_on_the_cpu(model, SIDE, 1 / 255, options.seconds)))
        if real := os.environ.get("LIVEVISION_REAL_DATA"):
            said.append(asyncio.run(model_on_the_cpu(Path(real) / "yolox_nano.onnx", 416, 1, options.seconds)))
        said.append(camera_with_a_model(model, options.seconds, options.rounds))
    print(*said, sep="\n")


if __name__ == "__main__":
    main()
