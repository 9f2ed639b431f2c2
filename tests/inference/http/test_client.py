from __future__ import annotations

import asyncio
import socket
import threading

import pytest
from yarl import URL

from livevision.errors import DetectorUnavailable
from livevision.inference.http.client import Endpoint
from livevision.inference.http.limits import Limits
from livevision.inference.http.resolver import Resolver
from livevision.inference.http.trouble import Cause, ServerTrouble
from livevision.inference.http.wire import FormPart, Request
from livevision.redaction import Redactor
from tests.fakes.cameras import grey, until
from tests.fakes.inference_server import InferenceServer
from tests.fakes.inference_wire import models

PICTURE = grey((64, 48))


@pytest.fixture
def server():
    with InferenceServer() as server:
        yield server


@pytest.fixture
async def endpoint(server: InferenceServer):
    resolver = Resolver()
    redactor = Redactor()
    redactor.learn_secret("k3y-of-anna")
    endpoint = Endpoint(server.place, resolver, redactor.redact, Limits(), {"Authorization": "Basic abc"})
    yield endpoint
    await endpoint.aclose()
    await endpoint.aclose()
    await resolver.close()


def request_to(server: InferenceServer, **more: object) -> Request:
    return Request(URL(f"http://{server.place}/"), **({"body": b"x"} | more))  # type: ignore[arg-type]


async def test_connections_are_kept(server: InferenceServer, endpoint: Endpoint) -> None:
    for _ in range(20):
        await endpoint.post(request_to(server))
    assert server.connections == 1
    await asyncio.gather(*(endpoint.post(request_to(server)) for _ in range(40)))
    assert server.connections <= 16


async def test_no_more_than_sixteen_are_on_their_way_whoever_asks(server: InferenceServer) -> None:
    server.behave(latency=0.2)
    async with models() as made:
        detectors = [await made.load(f"tiny+http://{server.place}/{number}") for number in range(10)]
        await asyncio.gather(*(detector.detect(PICTURE) for detector in detectors for _ in range(4)))
        assert server.most_in_progress == 16
        assert server.connections == 16
        assert len(server.requests) == 40


async def test_a_picture_that_would_wait_too_long_for_its_turn_is_given_up(server: InferenceServer) -> None:
    server.behave(latency=0.5)
    async with models(limits=Limits(turn=0.05, in_flight=2)) as made:
        detector = await made.load(f"tiny+http://{server.place}/")
        ends = await asyncio.gather(*(detector.detect(PICTURE) for _ in range(3)), return_exceptions=True)
        (given_up,) = [end for end in ends if isinstance(end, DetectorUnavailable)]
        assert "has 2 pictures to answer already" in str(given_up)
        assert len(server.requests) == 2
        server.behave()
        for _ in range(4):  # no turn was lost
            await asyncio.gather(*(detector.detect(PICTURE) for _ in range(2)))


async def test_one_detector_closes_nothing_that_another_needs(server: InferenceServer) -> None:
    async with models() as made:
        first, second = [await made.load(f"tiny+http://{server.place}/{name}") for name in "ab"]
        await first.detect(PICTURE)
        assert repr(made.http) == f"<HttpModels <Endpoints {server.place} (2)>>"
        await first.aclose()
        await first.aclose()
        await second.detect(PICTURE)
        assert server.connections == 1
        await second.aclose()
        assert repr(made.http) == "<HttpModels <Endpoints none>>"
        third = await made.load(f"tiny+http://{server.place}/")
        await third.detect(PICTURE)
        assert server.connections == 2


async def test_a_connection_that_the_server_closed_meanwhile_is_made_again(
    server: InferenceServer, endpoint: Endpoint
) -> None:
    await endpoint.post(request_to(server))
    server.hang_up()
    await asyncio.sleep(0.05)
    await endpoint.post(request_to(server))
    assert server.connections == 2


async def test_a_form_arrives_as_a_form(server: InferenceServer, endpoint: Endpoint) -> None:
    parts = (FormPart("image", b"\xff\xd8\r\n", "image/jpeg", 'a "b"\r\n.jpg'), FormPart("min_confidence", b"0.4"))
    await endpoint.post(request_to(server, body=parts))
    kind, boundary = server.headers[0]["Content-Type"].split("; boundary=")
    assert kind == "multipart/form-data"
    _, image, confidence, end = server.bodies[0].split(f"--{boundary}".encode())
    assert image == (
        b'\r\nContent-Disposition: form-data; name="image"; filename="a %22b%22%0D%0A.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n\r\n"
    )
    assert confidence.endswith(b'name="min_confidence"\r\nContent-Type: text/plain\r\n\r\n0.4\r\n')
    assert end == b"--\r\n"


async def test_megabytes_are_sent_whole_with_their_length(server: InferenceServer, endpoint: Endpoint) -> None:
    body = bytes(range(256)) * 20_000  # 5 MB, a tensor; warnings are errors here
    await endpoint.post(request_to(server, body=body))
    assert server.bodies == [body]
    assert server.headers[0]["Content-Length"] == str(len(body))


async def test_an_account_is_sent_unless_the_format_has_its_own(server: InferenceServer, endpoint: Endpoint) -> None:
    await endpoint.get(URL(f"http://{server.place}/about"))
    await endpoint.post(request_to(server, headers={"Authorization": "Bearer k"}))
    assert [headers["Authorization"] for headers in server.headers] == ["Basic abc", "Bearer k"]
    assert server.headers[0]["Accept-Encoding"] == "identity"


async def test_cookies_are_not_kept(server: InferenceServer, endpoint: Endpoint) -> None:
    server.behave(headers={"Set-Cookie": "visitor=1"})
    for _ in range(2):  # by name: nobody keeps cookies of numbers
        await endpoint.get(URL(f"http://localhost:{server.port}/"))
    assert "Cookie" not in server.headers[1]


async def test_a_redirect_is_not_followed(server: InferenceServer, endpoint: Endpoint) -> None:
    with InferenceServer() as elsewhere:
        server.behave(status=307, headers={"Location": f"http://{elsewhere.place}/"})
        with pytest.raises(ServerTrouble, match="redirects"):
            await endpoint.post(request_to(server, headers={"Authorization": "Bearer k"}))
        assert elsewhere.requests == []


async def test_a_server_that_repeats_the_key_does_not_get_it_onto_the_screen(
    server: InferenceServer, endpoint: Endpoint
) -> None:
    server.behave(status=401, body=b'{"error": "k3y-of-anna is wrong, and so is api_key=0ther"}')
    with pytest.raises(ServerTrouble) as caught:
        await endpoint.post(request_to(server))
    assert "k3y-of-anna" not in str(caught.value)
    assert "0ther" not in str(caught.value)
    assert "is wrong" in str(caught.value)
    assert caught.value.cause is Cause.KEY


async def test_a_header_that_cannot_be_sent_is_said_without_it(server: InferenceServer, endpoint: Endpoint) -> None:
    with pytest.raises(DetectorUnavailable) as caught:
        await endpoint.post(request_to(server, headers={"X-Key": "one\r\ntwo"}))
    assert "one" not in str(caught.value).replace("connection", "")


async def test_what_does_not_speak_http_is_said() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")

    thread = threading.Thread(target=answer, name="no web server")
    thread.start()
    async with models() as made:
        detector = await made.load(f"tiny+http://127.0.0.1:{listener.getsockname()[1]}/")
        with pytest.raises(DetectorUnavailable, match="does not speak HTTP, or not well"):
            await detector.detect(PICTURE)
    thread.join()
    listener.close()


async def test_tls_with_a_server_that_has_none_is_said(server: InferenceServer) -> None:
    async with models() as made:
        detector = await made.load(f"tiny+https://{server.place}/")
        with pytest.raises(DetectorUnavailable, match="does not answer in TLS; is it http:// instead of https://"):
            await detector.detect(PICTURE)


async def test_names_are_looked_up_in_threads_of_our_own(
    server: InferenceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def noted(*args: object, **more: object) -> object:
        asked.append(threading.current_thread().name)
        return look_up(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    loop = asyncio.get_running_loop()
    run = loop.run_in_executor

    def own_only(executor: object, *args: object) -> object:
        assert executor is not None, "the loop's default executor is not to be used"
        return run(executor, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "run_in_executor", own_only)
    async with models() as made:
        detector = await made.load(f"tiny+http://localhost:{server.port}/")
        assert len(await detector.detect(PICTURE)) == 1
        assert len(await detector.detect(grey((2000, 2000)))) == 1
    assert asked
    assert all(name.startswith("http names") for name in asked)


async def test_a_look_up_that_does_not_end_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    asked = threading.Event()

    def hang(*_args: object, **_more: object) -> object:
        asked.set()
        release.wait(60)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        async with models(limits=Limits(connect=0.1)) as made:
            detector = await made.load("tiny+http://gpu1/")
            with pytest.raises(DetectorUnavailable, match=r"does not answer \(no connection within 0.1 s\)"):
                await detector.detect(PICTURE)
            waiting = asyncio.create_task(detector.detect(PICTURE))
            await until(asked.is_set)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
    finally:
        release.set()
