"""Each wire format over real HTTP: from the address that a user types to boxes."""

import base64
import json
from contextlib import asynccontextmanager

import numpy as np
import pytest
from aiohttp import web
from yarl import URL

from livevision.errors import DetectorError
from livevision.inference.http.models import HttpModels
from livevision.inference.http.wire import Request
from livevision.inference.options import ModelOptions
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
