"""What happens to inference servers, and what a camera that asks them shows meanwhile: everything."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from livevision.camera import CameraSession
from livevision.errors import DetectorUnavailable
from livevision.inference.http import breaker
from livevision.inference.http.address import parse_server_address
from livevision.inference.http.detector import HttpDetector
from livevision.inference.http.endpoints import Endpoints
from livevision.inference.http.formats import FORMATS
from livevision.inference.http.limits import Limits
from livevision.inference.options import ModelOptions
from livevision.sources.reader import Demand
from tests.fakes.cameras import ScriptedCamera, grey, until
from tests.fakes.inference_server import HUNDRED_MB, Behaviour, InferenceServer, boxes, closed_port
from tests.fakes.inference_wire import models

if TYPE_CHECKING:
    from livevision.frame import Frame, Result
    from livevision.sources.status import CameraStatus

SIZE = (1280, 720)
FPS = 25
PICTURES = 50
MAY_BE_LOST = 0.02
ATTEMPTS = 3
"""A machine that does other things may lose a picture; a model that holds up the video loses them each time."""


@dataclass
class Screen:
    """What somebody at the screen has seen."""

    frames: int = 0
    results: list[Result] = field(default_factory=list)
    troubles: set[str] = field(default_factory=set)
    session: CameraSession | None = None

    wants = Demand.EVERY_FRAME

    def on_frame(self, _frame: Frame) -> None:
        self.frames += 1
        assert self.session is not None
        self.troubles.add(self.session.detector_trouble)

    def on_result(self, result: Result) -> None:
        self.results.append(result)

    def on_status(self, status: CameraStatus) -> None:
        pass


def play(*cameras: ScriptedCamera, count: int = PICTURES) -> None:
    """Send the same picture to all, 25 times a second, whatever becomes of it."""
    picture, began = grey(SIZE), time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began + number / FPS - time.monotonic()))
        for camera in cameras:
            camera.send(picture)


async def watch(address: str, limits: Limits) -> tuple[Screen, Screen]:
    """Show a camera with the model at ``address`` and one without, side by side; return what was seen of each."""
    screens = Screen(), Screen()
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(models(limits=limits))
        work = stack.enter_context(ThreadPoolExecutor(2, "convert"))
        cameras = ScriptedCamera(SIZE, FPS), ScriptedCamera(SIZE, FPS)
        for camera, screen, detector in zip(cameras, screens, (await made.load(address), None), strict=True):
            screen.session = CameraSession("door", camera.opener, work, detector)
            screen.session.subscribe(screen)
            await stack.enter_async_context(screen.session)
        sender = threading.Thread(target=play, args=cameras, name="cameras")
        sender.start()
        while sender.is_alive():
            await asyncio.sleep(0.02)
        sender.join()
        await asyncio.sleep(0.05)
    return screens


async def watch_until_smooth(address: str, limits: Limits) -> Screen:
    """Return what was seen with the model; fails where that was less than without it."""
    for _ in range(ATTEMPTS):
        with_model, without = await watch(address, limits)
        least = (1 - MAY_BE_LOST) * max(PICTURES, without.frames)
        if with_model.frames >= least:
            break
    else:
        pytest.fail(f"{with_model.frames} pictures with the model, {without.frames} without, {ATTEMPTS} times")
    for words in with_model.troubles:
        assert "\n" not in words
    return with_model


QUICK = Limits(connect=1.0, read=0.3, total=0.6)


@pytest.mark.parametrize(
    ("behaviour", "limits", "words"),
    [
        pytest.param(Behaviour(hangs=True), QUICK, "took longer than 0.3 s to answer", id="hung"),
        pytest.param(Behaviour(drip=0.05), QUICK, "took longer than 0.6 s to answer in full", id="drips"),
        pytest.param(Behaviour(status=500), QUICK, "answered 500 Internal Server Error", id="500"),
        pytest.param(
            Behaviour(body=boxes((1, 2, 3, 4))[:-3]), QUICK, ": the answer is no JSON, or was cut off", id="cut"
        ),
        pytest.param(Behaviour(flood=HUNDRED_MB), Limits(), "answered more than 16 MB, and was cut off", id="100 MB"),
    ],
)
async def test_a_broken_server_costs_no_picture_and_the_tile_says_what_is_wrong(
    behaviour: Behaviour, limits: Limits, words: str
) -> None:
    with InferenceServer(behaviour) as server:
        screen = await watch_until_smooth(f"tiny+http://{server.place}/", limits)
        said = {trouble for trouble in screen.troubles if trouble}
        assert said
        for trouble in said:
            assert trouble.startswith(f"server {server.place}")
            assert words in trouble
        assert screen.results == []
        # Five in a row, what was in flight then, and a probe now and then.
        assert len(server.requests) <= ATTEMPTS * (5 + 4 + 2)


async def test_a_server_that_is_away_costs_no_picture_and_the_tile_says_when_it_is_tried_again() -> None:
    port = closed_port()
    screen = await watch_until_smooth(f"tiny+http://127.0.0.1:{port}/", QUICK)
    refused = f"server 127.0.0.1:{port} does not answer (connection refused)"
    assert any(trouble.startswith(f"{refused}, trying again in ") for trouble in screen.troubles)
    assert all(trouble.startswith(refused) for trouble in screen.troubles if trouble)


async def test_a_slow_server_is_asked_for_several_pictures_at_once_and_costs_none() -> None:
    with InferenceServer(Behaviour(latency=0.4)) as server:
        screen = await watch_until_smooth(f"tiny+http://{server.place}/", Limits())
        assert screen.troubles == {""}
        assert server.most_in_progress == 4
        numbers = [result.frame.index for result in screen.results]
        assert numbers == sorted(numbers)
        assert len(numbers) >= 8  # one at a time would make four


async def test_boxes_of_nan_are_never_seen_and_cost_no_picture() -> None:
    body = b'{"boxes": [[NaN, 1, 9, 9, 0.9], [1, 2, Infinity, 9, 0.9], [1, 2, 9, 9, NaN], [9, 1, 2, 9, 0.9]]}'
    with InferenceServer(Behaviour(body=body)) as server:
        screen = await watch_until_smooth(f"tiny+http://{server.place}/", QUICK)
        assert screen.results
        assert all(len(result.detections) == 0 for result in screen.results)
        assert screen.session is not None
        dropped = screen.session.metrics.snapshot().dropped
        answers, rest = divmod(dropped["unsound boxes"], 4)
        assert rest == 0
        # The first ones are nothing found; then it is said that none of so many can be true.
        assert answers > len(screen.results)
        assert any("boxes, none valid: " in trouble for trouble in screen.troubles)


def predicts(jpeg: bytes) -> tuple[int, bytes]:
    """What a TorchServe says whose handler raises where nothing is to be found."""
    if cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE).mean() < 60:
        return 503, b'{"code": 503, "type": "InternalServerException", "message": "Prediction failed"}'
    return 200, b'[{"person": [10, 20, 110, 220], "score": 0.9}]'


async def test_the_first_object_after_the_dark_is_found_at_once_where_nothing_is_a_failure() -> None:
    dark, bright = grey((320, 240), 10), grey((320, 240), 200)
    now = [1000.0]
    endpoints = Endpoints(lambda text: text)
    with InferenceServer(Behaviour(reply=predicts)) as server:
        address = parse_server_address(f"torchserve+http://{server.place}/yard", FORMATS)
        detector = HttpDetector(
            address.name,
            FORMATS["torchserve"](address.url, None, ModelOptions()),
            endpoints.lease(address),
            in_flight=1,
            breaker=breaker.Breaker(lambda: now[0]),
        )
        while now[0] < 1600:  # ten minutes of the night
            with pytest.raises(DetectorUnavailable) as caught:
                await detector.detect(dark)
            now[0] += max(1 / FPS, caught.value.retry_in)
        asked, dawn = len(server.requests), now[0]
        assert asked < 700
        assert str(caught.value) == f"server {server.place} answered 503 Service Unavailable: Prediction failed"
        while now[0] < dawn + 60:
            try:
                found = await detector.detect(bright)
                break
            except DetectorUnavailable:
                now[0] += 1 / FPS
        assert now[0] - dawn <= 1.5
        assert list(found.data["class_name"]) == ["person"]
    await endpoints.aclose()


@pytest.mark.parametrize("body", [b"<html>503 Service Temporarily Unavailable</html>", b"no healthy upstream"])
async def test_a_gateway_without_a_server_behind_it_is_asked_ever_more_rarely(body: bytes) -> None:
    now = [1000.0]
    with InferenceServer(Behaviour(status=503, body=body)) as server:
        async with models() as made:
            loaded = await made.load(f"tiny+http://{server.place}/")
            detector = HttpDetector(
                "gate", made.formats[0], loaded._lease, in_flight=1, breaker=breaker.Breaker(lambda: now[0])
            )
            while now[0] < 1600:
                with pytest.raises(DetectorUnavailable) as caught:
                    await detector.detect(grey((320, 240)))
                now[0] += max(1 / FPS, caught.value.retry_in)
            assert len(server.requests) < 40


async def test_a_server_that_is_back_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "FIRST_DELAY", 0.05)
    screen = Screen()
    camera = ScriptedCamera(SIZE, FPS)
    with InferenceServer(Behaviour(status=503)) as server, ThreadPoolExecutor(1, "convert") as work:
        async with models() as made:
            detector = await made.load(f"tiny+http://{server.place}/")
            screen.session = CameraSession("door", camera.opener, work, detector)
            screen.session.subscribe(screen)
            async with screen.session:
                sender = threading.Thread(target=play, args=(camera,), name="camera")
                sender.start()
                try:
                    await until(lambda: len(server.requests) >= 6)
                    assert "answered 503" in screen.session.detector_trouble
                    server.behave()
                    await until(lambda: bool(screen.results))
                    assert screen.session.detector_trouble == ""
                    assert np.array_equal(screen.results[0].detections.xyxy, [[10, 20, 110, 220]])
                finally:
                    await asyncio.get_running_loop().run_in_executor(work, sender.join)
