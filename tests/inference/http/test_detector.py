from __future__ import annotations

import asyncio
import logging

import pytest

from livevision.errors import DetectorUnavailable, ModelError
from livevision.inference.detector import Tunable, runs_on
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.detector import HttpDetector
from livevision.inference.http.limits import Limits
from livevision.inference.soundness import sound
from tests.fakes.cameras import grey, until
from tests.fakes.inference_server import (
    HUNDRED_MB,
    Behaviour,
    InferenceServer,
    boxes,
    closed_port,
    gzip_bomb,
)
from tests.fakes.inference_wire import QUICK, models

PICTURE = grey((320, 240))


@pytest.fixture
def server():
    with InferenceServer() as server:
        yield server


async def trouble(detector: HttpDetector) -> DetectorUnavailable:
    with pytest.raises(DetectorUnavailable) as caught:
        await detector.detect(PICTURE)
    assert "\n" not in str(caught.value)
    return caught.value


async def test_boxes_come_back_in_pixels_of_the_picture(server: InferenceServer) -> None:
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/yard/3?size=5")
        found = await detector.detect(grey((2560, 1440)))  # sent at half the size
        assert found.xyxy.tolist() == [[20, 40, 220, 440]]
        assert list(found.data["class_name"]) == ["thing"]
        assert server.requests == [("POST", "/yard/3?size=5")]
        assert server.bodies[0].startswith(b"\xff\xd8")
        assert detector.name == f"tiny+http://{server.place}/yard/3"
        assert (detector.runs_on, detector.notice, detector.max_in_flight) == (server.place, "", 4)
        assert isinstance(detector, Tunable)
        assert runs_on(detector)
        (wire,) = made.formats
        assert all(name.startswith("http encode") for name in wire.threads)
        await detector.aclose()
        await detector.aclose()


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        pytest.param(Behaviour(hangs=True), "took longer than 0.3 s to answer", id="hangs"),
        pytest.param(Behaviour(hangs_after=5), "took longer than 0.3 s to answer", id="hangs in its answer"),
        pytest.param(Behaviour(drip=0.05), "took longer than 0.6 s to answer in full", id="drips"),
        pytest.param(Behaviour(cut_after=5), "broke off in the middle of its answer", id="hangs up"),
        pytest.param(Behaviour(body=boxes((1, 2, 3, 4))[:-4]), "the answer is no JSON, or was cut off", id="truncated"),
        pytest.param(Behaviour(body=b"{}"), "sent nonsense (KeyError)", id="something else"),
        pytest.param(Behaviour(body=b"[" * 200_000), "sent nonsense (RecursionError)", id="brackets"),
        pytest.param(Behaviour(flood=HUNDRED_MB), "answered more than 16 MB, and was cut off", id="flood"),
        pytest.param(Behaviour(body=bytes(17 << 20)), "answered more than 16 MB, and was cut off", id="long"),
        pytest.param(
            Behaviour(headers={"Content-Length": str(HUNDRED_MB)}, hangs_after=5),
            "answered more than 16 MB, and was cut off",
            id="says to be long",
        ),
        pytest.param(Behaviour(zipped=gzip_bomb()), "answered more than 16 MB, and was cut off", id="gzip bomb"),
        pytest.param(Behaviour(zipped=b"none"), "broke off in the middle of its answer", id="no gzip"),
        pytest.param(
            Behaviour(status=500, body=b"<html><style>p{}</style><h1>model\x1b[2J\n\tfailed</h1>" + b"x" * 500),
            "answered 500 Internal Server Error: model [2J failed…",
            id="500",
        ),
        pytest.param(Behaviour(status=404, body=b""), "answered 404 Not Found", id="404"),
        pytest.param(
            Behaviour(status=500, hangs_after=0, headers={"Content-Length": "50"}),
            "answered 500 Internal Server Error",
            id="500 and nothing more",
        ),
        pytest.param(
            Behaviour(status=302, headers={"Location": "http://elsewhere/?api_key=s3cret"}),
            "redirects (302 Found); use the address that it redirects to",
            id="redirect",
        ),
        pytest.param(Behaviour(status=401, body=b"no"), "wants another API key (401 Unauthorized): no; set TINY_KEY"),
        pytest.param(Behaviour(status=403, body=b""), "wants another API key (403 Forbidden); set TINY_KEY", id="403"),
    ],
)
async def test_what_is_wrong_with_a_server_is_said(
    server: InferenceServer, behaviour: Behaviour, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    server.behaviour = behaviour
    if behaviour.zipped == gzip_bomb():
        assert len(gzip_bomb()) < 1 << 20
    limits = QUICK if behaviour.flood is None and behaviour.zipped is None and len(behaviour.body) < 1000 else Limits()
    async with models(limits=limits) as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        error = await trouble(detector)
        assert str(error).startswith(f"server {server.place}")
        assert words in str(error)
        assert len(str(error)) < 200
        assert "s3cret" not in str(error)
        assert error.retry_in == 0  # the next picture will be sent
        server.behave()
        assert len(await detector.detect(PICTURE)) == 1
        # Each picture was sent once.
        assert len(server.requests) == 2
        assert server.sent < HUNDRED_MB / 2


async def test_a_server_that_is_not_there_can_be_loaded_and_says_so() -> None:
    port = closed_port()
    async with models() as made:
        detector = await made.load(f"tiny+http://127.0.0.1:{port}/")
        assert str(await trouble(detector)) == f"server 127.0.0.1:{port} does not answer (connection refused)"


async def test_a_name_that_nobody_knows_is_said() -> None:
    async with models() as made:
        detector = await made.load("tiny+http://no-such-host.invalid/")
        assert "server no-such-host.invalid cannot be found" in str(await trouble(detector))


async def test_after_five_failures_nothing_is_sent_and_one_probe_finds_out(server: InferenceServer) -> None:
    server.behave(status=500, body=b"out of memory")
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        for _ in range(4):
            assert (await trouble(detector)).retry_in == 0
        assert 0.7 < (await trouble(detector)).retry_in < 1.3
        server.behave(latency=0.5)
        for _ in range(3):
            error = await trouble(detector)
            assert "answered 500 Internal Server Error: out of memory" in str(error)
        assert len(server.requests) == 5
        detector._breaker._probe_at = 0.0
        probe = asyncio.create_task(detector.detect(PICTURE))
        await until(lambda: len(server.requests) == 6)
        assert (await trouble(detector)).retry_in > 0
        assert len(await probe) == 1
        assert len(await detector.detect(PICTURE)) == 1
        assert len(server.requests) == 7


@pytest.mark.parametrize(("status", "value"), [(429, "7"), (503, "7")])
async def test_retry_after_is_honoured_at_once(server: InferenceServer, status: int, value: str) -> None:
    server.behave(status=status, headers={"Retry-After": value}, body=b"")
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        assert (await trouble(detector)).retry_in == pytest.approx(7, abs=0.5)
        await trouble(detector)
        assert len(server.requests) == 1


async def test_a_cancelled_picture_leaves_nothing_behind_wherever_it_waits(server: InferenceServer) -> None:
    async with models(limits=Limits(in_flight=1)) as made:
        detector = await made.load(f"tiny+http://{server.place}/", in_flight=3)
        made.formats[0].asks_first = True
        for behaviour in (
            Behaviour(hangs=True),  # in prepare, and in the wait for it
            Behaviour(body=b'{"classes": []}', hangs_after=3),
        ):
            server.behaviour = behaviour
            waiting = [asyncio.create_task(detector.detect(PICTURE)) for _ in range(3)]
            await until(lambda: server.in_progress == 1)
            for task in waiting:
                task.cancel()
            assert all(
                isinstance(end, asyncio.CancelledError)
                for end in await asyncio.gather(*waiting, return_exceptions=True)
            )
            await until(lambda: server.in_progress == 0)
        made.formats[0].asks_first = False
        for behaviour in (
            Behaviour(hangs=True),
            Behaviour(hangs_after=3),
        ):  # in the answer, and in the queue for a turn
            server.behaviour = behaviour
            waiting = [asyncio.create_task(detector.detect(PICTURE)) for _ in range(3)]
            await until(lambda: server.in_progress == 1)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            await until(lambda: server.in_progress == 0)
        # None of it was the server's fault.
        server.behave()
        assert len(await detector.detect(PICTURE)) == 1
        assert detector._breaker._failures == 0


async def test_a_cancelled_probe_is_followed_by_another(server: InferenceServer) -> None:
    server.behave(status=500)
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        for _ in range(5):
            await trouble(detector)
        detector._breaker._probe_at = 0.0
        server.behave(hangs=True)
        probe = asyncio.create_task(detector.detect(PICTURE))
        await until(lambda: len(server.requests) == 6)
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)
        server.behave()
        assert len(await detector.detect(PICTURE)) == 1


async def test_it_is_prepared_once_before_the_first_picture_and_again_after_trouble(server: InferenceServer) -> None:
    server.behave(answer=lambda body: boxes((1, 2, 30, 40)) if body else b'{"classes": ["cat", "dog"]}')
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        (wire,) = made.formats
        wire.asks_first = True
        assert detector.classes is None
        await asyncio.gather(*(detector.detect(PICTURE) for _ in range(4)))
        assert detector.classes == ("cat", "dog")
        assert [method for method, _ in server.requests] == ["GET"] + ["POST"] * 4
        await detector.detect(PICTURE)
        assert wire.prepared == 1
        server.behave(status=503)
        await trouble(detector)
        server.behave(answer=lambda body: boxes((1, 2, 30, 40)) if body else b'{"classes": ["bird"]}')
        await detector.detect(PICTURE)
        assert detector.classes == ("bird",)


async def test_pictures_that_wait_for_a_failed_preparation_share_its_fate(server: InferenceServer) -> None:
    server.behave(status=500, latency=0.05)
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        made.formats[0].asks_first = True
        ends = await asyncio.gather(*(detector.detect(PICTURE) for _ in range(4)), return_exceptions=True)
        assert [str(end) for end in ends] == [str(ends[0])] * 4
        assert "answered 500" in str(ends[0])
        assert len(server.requests) == 1


async def test_what_is_not_wanted_is_not_asked_for(server: InferenceServer) -> None:
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        await detector.detect(PICTURE)
        detector.tune(DetectionFilter(0.6))
        await detector.detect(PICTURE)
        assert made.formats[0].floors == [0.25, 0.6]


async def test_a_box_of_nan_is_handed_on_to_be_dropped_and_counted(server: InferenceServer) -> None:
    server.behave(body=b'{"boxes": [[NaN, 1, 2, 3, 0.9]]}')
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        kept, dropped = sound(await detector.detect(PICTURE), (320, 240))
        assert (len(kept), dropped) == (0, 1)


async def test_a_server_whose_answers_to_questions_cannot_be_used_says_so(server: InferenceServer) -> None:
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/?api_key=k3y-of-anna")
        (wire,) = made.formats
        wire.asks_first = True
        assert str(await trouble(detector)) == f"server {server.place} sent nonsense (KeyError)"
        wire.asks_first = False

        async def refuse(_server: object, _image: object) -> None:
            raise ModelError("the server says: k3y-of-anna may not use yolo")

        wire.prepare = refuse  # type: ignore[method-assign]
        assert str(await trouble(detector)) == f"server {server.place}: the server says: ••• may not use yolo"


@pytest.mark.parametrize("written", ["k3y-of-anna", "k3y%2Dof-anna"])
async def test_a_secret_of_the_query_is_in_no_words_of_the_server_with_or_without_its_name(
    server: InferenceServer, written: str
) -> None:
    server.behave(status=400, body=b'{"detail": "nobody has k3y-of-anna as a token; see /detect?token=k3y-of-anna"}')
    async with models() as made:
        detector = await made.load(f"tiny+http://{server.place}/detect?token={written}&size=5")
        assert str(await trouble(detector)).endswith(": nobody has ••• as a token; see /detect?token=•••")
        assert "k3y-of-anna" in made.secrets
        assert "anna" not in repr(detector)
        assert "anna" not in detector.name
