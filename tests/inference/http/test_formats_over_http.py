"""Each wire format over real HTTP: from the address that a user types to boxes."""

import base64
import json
from contextlib import asynccontextmanager

import numpy as np
import pytest
from aiohttp import web
from yarl import URL

from livevision.errors import DetectorError, DetectorUnavailable
from livevision.inference.http.models import HttpModels
from livevision.inference.http.wire import Request
from livevision.inference.options import ModelOptions
from tests.fakes.json_servers import BentoML, FastApi, LitServe, LitServeForm, Plain
from tests.fakes.kserve_model import BINARY, KServeModel
from tests.fakes.sent_pictures import BOX, SERVERS, found_in, picture

PATHS = {
    "roboflow": "/coco/3",
    "deepstack": "/v1/vision/detection",
    "torchserve": "/predictions/rcnn",
    "huggingface": "/models/detr",
    "json": "/detect",
}


@asynccontextmanager
async def served(handler):
    """Yield host and port of a server; ``handler`` gets every request."""
    application = web.Application(client_max_size=32 << 20)
    application.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield "{}:{}".format(*runner.addresses[0])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def loaded(address, environment=None):
    async def no_keyring(_host):
        return None

    models = HttpModels(no_keyring, lambda _secret: None, environment=environment or {})
    try:
        detector = await models.load(address, ModelOptions())
        yield detector
        await detector.aclose()
    finally:
        await models.aclose()


async def jpeg_in(request: web.Request) -> bytes:
    match request.content_type:
        case "multipart/form-data":
            return (await request.post())["image"].file.read()
        case "application/x-www-form-urlencoded":
            return base64.b64decode(await request.read(), validate=True)
        case "image/jpeg":
            return await request.read()
    raise web.HTTPUnsupportedMediaType


@pytest.mark.parametrize("name", SERVERS)
async def test_a_picture_goes_there_and_its_boxes_come_back(name):
    url, say = SERVERS[name]
    asked = []

    async def answer(request):
        asked.append((request.method, request.path))
        return web.Response(text=json.dumps(say(*found_in(await jpeg_in(request))), default=float))

    async with served(answer) as place:
        address = URL(url)
        async with loaded(f"{name}+http://{place}{address.path_qs}") as detector:
            found = await detector.detect(picture())

    assert np.abs(found.xyxy - BOX).max() <= 1600 / 1280
    assert found["class_name"].tolist() == ["cat"]
    assert asked == [("POST", PATHS[name])]


@pytest.mark.parametrize("extensions", [(), BINARY])
async def test_kserve_is_asked_what_its_model_is_and_then_for_boxes(extensions):
    model = KServeModel(extensions)

    async def answer(request):
        if request.method == "GET":
            assert request.headers["Authorization"] == "Bearer s3cret"
            return web.Response(body=(await model.get(request.url)).body)
        said = model.infer(Request(request.url, await request.read(), request.headers))
        return web.Response(body=said.body, headers=said.headers)

    async with served(answer) as place, loaded(f"triton+http://{place}/yolo", {"KSERVE_TOKEN": "s3cret"}) as detector:
        found = await detector.detect(picture())

        assert np.abs(found.xyxy - BOX).max() <= 1600 / 640
        assert found["class_name"].tolist() == ["cat"]
        assert detector.classes[15] == "cat"


async def test_a_model_that_cannot_be_used_is_said_to_the_operator():
    model = KServeModel(BINARY)
    model.outputs[0]["datatype"] = "BF16"

    async def answer(request):
        return web.Response(body=(await model.get(request.url)).body)

    async with served(answer) as place, loaded(f"kserve+http://{place}/yolo") as detector:
        with pytest.raises(DetectorError, match="output output0 of the model: the datatype 'BF16' cannot be used"):
            await detector.detect(picture())


def boxes_in(jpeg):
    return [[float(side) for side in found_in(jpeg)[1]]]


@pytest.mark.parametrize(
    ("kind", "field", "tries"),
    [
        (Plain, "", 1),
        (LitServeForm, "image", 2),
        (BentoML, "image", 2),
        (LitServe, "image", 3),
        (BentoML, "frame", 4),  # it says what it misses, too, where it gets JSON
        (FastApi, "file", 2),  # it says what it misses
        (FastApi, "photo", 2),
    ],
)
async def test_how_a_server_of_ones_own_takes_pictures_is_found_out_once(kind, field, tries):
    server = kind(boxes_in, field)
    async with served(server.handle) as place, loaded(f"json+http://{place}/predict") as detector:
        for _ in range(3):
            found = await detector.detect(picture())
            assert np.abs(found.xyxy - BOX).max() <= 1600 / 1280

    if kind is not Plain:
        assert found["class_name"].tolist() == ["cat"]
    assert len(server.asked) == tries + 3
    assert len(set(server.asked[tries - 1 :])) == 1


async def test_a_way_that_was_said_is_the_only_one():
    server = BentoML(boxes_in, "image")
    async with served(server.handle) as place, loaded(f"json+http://{place}/predict?send=json:picture") as detector:
        with pytest.raises(DetectorUnavailable, match="answered 400 Bad Request: image: Field required"):
            await detector.detect(picture())

    assert server.asked == ["application/json"]


async def test_where_no_way_works_it_is_said_which_were_tried_and_what_to_write():
    server = LitServe(boxes_in, "img")
    words = (
        r"answered 500 Internal Server Error; the picture was sent as body, form:image, json:image, form:file in vain"
    )
    async with served(server.handle) as place, loaded(f"json+http://{place}/predict") as detector:
        with pytest.raises(DetectorUnavailable, match=words) as caught:
            await detector.detect(picture())
        assert len(server.asked) <= 8
        assert "say send=form:FIELD or send=json:FIELD in the address" in str(caught.value)
        assert "{" not in str(caught.value)


@pytest.mark.parametrize("status", [401, 404, 405, 429, 502])
async def test_what_is_wrong_with_the_address_or_the_server_is_not_tried_in_other_ways(status):
    asked = []

    async def answer(request):
        asked.append(request.content_type)
        return web.json_response({"detail": "no"}, status=status)

    async with served(answer) as place, loaded(f"json+http://{place}/predict") as detector:
        with pytest.raises(DetectorUnavailable, match=str(status)):
            await detector.detect(picture())
    assert len(asked) == 1


async def test_an_answer_that_nobody_can_read_is_shown_and_not_taken_for_a_refusal():
    async def answer(request):
        if request.content_type != "image/jpeg":
            return web.json_response({"detail": "no picture"}, status=400)
        return web.json_response({"answer": 42})

    async with served(answer) as place, loaded(f"json+http://{place}/predict") as detector:
        with pytest.raises(
            DetectorUnavailable, match="an object with 'answer' came instead of a list of objects under"
        ):
            await detector.detect(picture())
