"""The ways in which people combine supervision and a model today, each as short as it should be, run for real."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
import supervision as sv

import livevision as lv
from livevision.errors import DetectorError
from livevision.sources.reader import Demand
from tests.fakes.clips import plain, write_clip
from tests.fakes.inference_server import Behaviour, InferenceServer
from tests.fakes.onnx_models import finding_model, ultralytics
from tests.recording.material import read_back

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (640, 360)
FRAMES = 12
BOX = (40, 120, 120, 240)
"""Of the first frame; it moves 40 pixels to the right with each."""


def scene(index: int) -> np.ndarray:
    """A black picture with a white rectangle, whose place is the frame's number."""
    image = plain((0, 0, 0), SIZE)
    x1, y1, x2, y2 = BOX
    image[y1:y2, x1 + 40 * index : x2 + 40 * index] = 255
    return image


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("film") / "film.mp4", [scene(index) for index in range(FRAMES)])


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A YOLOv8 of two classes that knows white rectangles when it sees them."""
    path = tmp_path_factory.mktemp("model") / "rectangles.onnx"
    return finding_model(path, ("cx", "cy", "w", "h", 0.1, 0.8), (1, 6, 8400), metadata=ultralytics())


def white_in(image: np.ndarray) -> tuple[int, int, int, int]:
    ys, xs = np.nonzero(image.min(axis=2) > 128)
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


def as_deepstack(body: bytes) -> bytes:
    """What a server answers that sees the rectangle in the JPEG that was sent."""
    found = re.search(rb"\xff\xd8\xff.*\xff\xd9", body, re.DOTALL)
    assert found is not None
    x1, y1, x2, y2 = white_in(cv2.imdecode(np.frombuffer(found[0], np.uint8), cv2.IMREAD_COLOR))
    one = {"x_min": x1, "y_min": y1, "x_max": x2, "y_max": y2, "confidence": 0.8, "label": "door"}
    return json.dumps({"success": True, "predictions": [one]}).encode()


def framed(image: np.ndarray) -> list[int]:
    """Return the frames' numbers whose rectangle has a coloured line around it in this picture."""
    colour = image.max(axis=2).astype(int) - image.min(axis=2)
    x1, y1, x2, y2 = BOX
    marked = []
    for index in range(FRAMES):
        left, right = x1 + 40 * index, x2 + 40 * index
        lines = [colour[y1 + 30 : y2 - 5, max(0, x - 3) : x + 4].max(axis=1).mean() for x in (left, right - 1)]
        inside = colour[y1 + 30 : y2 - 5, left + 20 : right - 20].mean()
        if min(lines) > 60 > inside:
            marked.append(index)
    return marked


def assert_each_frame_has_its_own_box(path: Path) -> None:
    images = read_back(path).images
    assert [framed(image) for image in images] == [[index] for index in range(FRAMES)]


def test_one_a_blocking_model_behind_process_video(film: Path, model_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    sv.process_video(str(film), str(target), callback=lv.sync_callback(str(model_file), conf=0.5))
    assert_each_frame_has_its_own_box(target)
    assert [thread.name for thread in threading.enumerate() if thread.name == "sync callback"] == []


def test_two_a_service_behind_process_video_keeps_one_connection(film: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    with InferenceServer(Behaviour(answer=as_deepstack)) as server:
        callback = lv.sync_callback(f"deepstack+http://{server.place}")
        sv.process_video(str(film), str(target), callback=callback)
        callback.close()
        assert len(server.requests) == FRAMES
        assert server.connections == 1
    assert_each_frame_has_its_own_box(target)


async def test_two_the_same_with_many_requests_in_flight(tmp_path: Path, film: Path) -> None:
    with InferenceServer(Behaviour(answer=as_deepstack, latency=0.1)) as server:
        summary = await lv.process(film, tmp_path / "out.mp4", f"deepstack+http://{server.place}")
        assert server.most_in_progress >= 8
    assert (summary.frames, summary.detections, summary.unsound) == (FRAMES, FRAMES, 0)
    assert_each_frame_has_its_own_box(tmp_path / "out.mp4")


async def test_three_a_loop_driven_by_hand(film: Path, model_file: Path) -> None:
    model = await lv.load_detector(str(model_file))
    fps_monitor = sv.FPSMonitor()
    seen = []
    async with lv.open_camera(film) as camera:
        async for frame in camera:
            detections = await model.detect(frame.bgr())
            fps_monitor.tick()
            seen.append((frame.index, detections.xyxy[0]))
    await model.aclose()
    assert len(seen) > 2
    assert fps_monitor.fps > 0
    for index, box in seen:
        assert box == pytest.approx(np.add(BOX, (40 * index, 0, 40 * index, 0)), abs=2)


async def test_three_with_a_function_as_the_model(film: Path) -> None:
    async def find(image: np.ndarray) -> sv.Detections:
        await asyncio.sleep(0)
        return sv.Detections(np.array([white_in(image)], float), confidence=np.array([0.9]), class_id=np.array([0]))

    class Results:
        wants = Demand.EVERY_FRAME

        def __init__(self) -> None:
            self.found: list[lv.Result] = []

        def on_result(self, result: lv.Result) -> None:
            self.found.append(result)

        def on_frame(self, frame: lv.Frame) -> None: ...

        def on_status(self, status: object) -> None: ...

    results = Results()
    async with lv.open_camera(film, find) as camera:
        camera.subscribe(results)
        async for _frame in camera:
            pass
    assert results.found
    for result in results.found:
        x1 = BOX[0] + 40 * result.frame.index
        assert result.detections.xyxy[0, 0] == pytest.approx(x1, abs=2)


class SdkObject:
    """What the SDK of Roboflow Inference returns."""

    def __init__(self, answer: dict[str, object]) -> None:
        self.predictions = answer["predictions"]
        self._answer = answer

    def dict(self, **_options: object) -> dict[str, object]:
        return self._answer


@pytest.mark.parametrize("wrapped", [dict, SdkObject, lambda answer: [SdkObject(answer)]])
async def test_four_what_roboflow_answers_raw_or_wrapped(film: Path, wrapped: type) -> None:
    def find(image: np.ndarray) -> object:
        x1, y1, x2, y2 = white_in(image)
        one = {"x": (x1 + x2) / 2, "y": (y1 + y2) / 2, "width": x2 - x1, "height": y2 - y1}
        one |= {"confidence": 0.8, "class": "door", "class_id": 3, "detection_id": "d"}
        return wrapped({"predictions": [one], "image": {"width": SIZE[0], "height": SIZE[1]}})

    drawn = []
    with lv.sync_callback(find) as callback:
        drawn = [callback(scene(index), index) for index in range(3)]
    assert [framed(image) for image in drawn] == [[0], [1], [2]]


async def test_five_the_slicers_job_with_an_awaited_callback() -> None:
    lights = [(100, 100), (900, 120), (1262, 700), (1900, 1060), (60, 1000), (640, 640)]
    image = plain((0, 0, 0), (1920, 1080))
    for x, y in lights:
        image[y - 4 : y + 4, x - 4 : x + 4] = 255
    in_flight = most = 0

    async def callback(tile: np.ndarray) -> sv.Detections:
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        await asyncio.sleep(0.005)
        in_flight -= 1
        _, _, stats, _ = cv2.connectedComponentsWithStats(tile[:, :, 0])
        boxes = np.array([[x, y, x + w, y + h] for x, y, w, h, _ in stats[1:]], float).reshape(-1, 4)
        return sv.Detections(boxes, confidence=np.full(len(boxes), 0.9), class_id=np.zeros(len(boxes), int))

    slicer = lv.sliced(callback, "640x640", overlap=0.2)
    detections = await slicer.detect(image)
    await slicer.aclose()
    assert most == 4
    assert sorted(map(tuple, detections.get_anchors_coordinates(sv.Position.CENTER).tolist())) == sorted(lights)


async def test_what_fails_is_said_by_name(film: Path) -> None:
    async def find(image: np.ndarray) -> str:
        return "a cat"

    slicer = lv.sliced(find)
    with pytest.raises(DetectorError, match="str"):
        await slicer.detect(scene(0))
    await slicer.aclose()
