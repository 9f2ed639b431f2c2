"""How quickly pictures become a file: `python -m tests.benchmarks.recording [ROUNDS]`.

Prints what each stage of an annotated 1080p recording takes, and livevision's writer beside `sv.VideoSink`, the writer
of `sv.process_video`, on the same annotated pictures, in turns, so that both see the same machine; then what recording
a live 1080p25 camera costs beside watching it (:mod:`tests.benchmarks.recording_cost`).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import supervision as sv

from livevision.frame import Frame
from livevision.overlay import Overlay
from livevision.pictures import ArrayPicture
from livevision.recording.annotated import AnnotatedFrame, AnnotatedMp4
from livevision.recording.container import Mp4Sink, TimedImage
from livevision.recording.encoders import Encoding
from livevision.recording.kind import Kind
from livevision.recording.quality import Quality
from livevision.sources.street.scene import Street
from tests.benchmarks import recording_cost

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Image

SIZE = (1920, 1080)
FPS = 25
COUNT = 75


@dataclass(frozen=True)
class Run:
    """What writing all pictures once took."""

    wall: float
    cpu: float
    """Of all threads; milliseconds a picture, as is ``wall``."""
    megabytes: float
    psnr: float
    """How close the file's pictures are to what was written, in dB; the mean of some."""


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    street = Street(SIZE, FPS, 1)
    clean = [street.draw(index) for index in range(COUNT)]
    truths = [street.truth(index) for index in range(COUNT)]
    print(
        f"{COUNT} pictures of synthetic:street, {SIZE[0]}x{SIZE[1]}, milliseconds a picture (wall, CPU of all threads)"
    )
    stages(clean, truths)
    overlay = Overlay()
    drawn = [overlay.draw(image.copy(), found, SIZE) for image, found in zip(clean, truths, strict=True)]
    writers: dict[str, Callable[[Path], None]] = {
        f"livevision, {quality.value}": lambda path, quality=quality: ours(path, drawn, quality) for quality in Quality
    }
    writers["sv.VideoSink"] = lambda path: theirs(path, drawn)
    runs: dict[str, list[Run]] = {name: [] for name in writers}
    for _ in range(rounds):
        for name, write in writers.items():
            runs[name].append(run(write, drawn))
    for name, taken in runs.items():
        wall, cpu = (statistics.median(getattr(one, what) for one in taken) for what in ("wall", "cpu"))
        size = taken[0].megabytes
        rate = f"{1000 / wall:5.0f} pictures/s"
        print(f"{name:22} {wall:6.1f} {cpu:6.1f}   {rate}   {size:5.2f} MB   {taken[0].psnr:4.1f} dB")
    recording_cost.live(10.0, list(Kind))


def stages(clean: list[Image], truths: list[sv.Detections]) -> None:
    """Print what an annotated recording does with each picture."""
    overlay = Overlay()
    each("copy", lambda index: clean[index].copy())
    drawn = [image.copy() for image in clean]
    each("draw", lambda index: overlay.draw(drawn[index], truths[index], SIZE))
    each("from_ndarray", lambda index: av.VideoFrame.from_ndarray(drawn[index], format="bgr24"))
    with tempfile.TemporaryDirectory() as folder:
        sink = AnnotatedMp4(Path(folder) / "a.mp4", "street", overlay.draw).open()
        sink.write(AnnotatedFrame(picture(clean[0], -1), truths[0], -1 / FPS))
        stream = sink._mp4._stream
        each("convert (with from_ndarray)", lambda index: stream._converted(drawn[index]))
        each(
            "all of it, encoded",
            lambda index: sink.write(AnnotatedFrame(picture(clean[index], index), truths[index], index / FPS)),
        )
        sink.close()


def picture(image: Image, index: int) -> Frame:
    return Frame(index, 0, index / FPS, index / FPS, 0.0, ArrayPicture(image))


def each(name: str, work: Callable[[int], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    for index in range(COUNT):
        work(index)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"  {name:28} {wall / COUNT * 1000:6.2f} {cpu / COUNT * 1000:6.2f}")


def ours(path: Path, drawn: list[Image], quality: Quality) -> None:
    sink = Mp4Sink(path, encoding=Encoding(quality=quality))
    for index, image in enumerate(drawn):
        sink.write(TimedImage(image, index / FPS, 0.0))
    sink.close()


def theirs(path: Path, drawn: list[Image]) -> None:
    with sv.VideoSink(str(path), sv.VideoInfo(*SIZE, FPS, COUNT)) as sink:
        for image in drawn:
            sink.write_frame(image)


def run(write: Callable[[Path], None], drawn: list[Image]) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mp4"
        wall, cpu = time.perf_counter(), time.process_time()
        write(path)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return Run(wall / COUNT * 1000, cpu / COUNT * 1000, path.stat().st_size / 1e6, closeness(path, drawn))


def closeness(path: Path, drawn: list[Image]) -> float:
    with av.open(str(path)) as container:
        pairs = list(zip(container.decode(video=0), drawn, strict=True))[::25]
        return float(np.mean([cv2.PSNR(frame.to_ndarray(format="bgr24"), image) for frame, image in pairs]))


if __name__ == "__main__":
    main()
