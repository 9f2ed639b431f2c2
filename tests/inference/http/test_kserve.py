"""KServe v2 and Triton: real numbers there and back, in JSON and binary, through the layouts."""

import json

import numpy as np
import pytest
from yarl import URL

from livevision.errors import DetectorError, DetectorUnavailable, ModelError, UsageError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.kserve import KServe
from livevision.inference.http.kserve_address import KServeAddress
from livevision.inference.http.wire import Answer
from livevision.inference.options import ModelOptions
from tests.fakes.kserve_model import BINARY, KServeModel, KServePython, MLServer, encode, refusal
from tests.fakes.sent_pictures import BOX, picture

ADDRESS = URL("http://gpu1:8000/yolo")
KEEP = DetectionFilter()


async def prepared(server, url=ADDRESS, key=None, options=ModelOptions()):  # noqa: B008  frozen
    wire = KServe(url, key, options)
    await wire.prepare(server, picture())
    return wire


@pytest.mark.parametrize("batch", [1, -1])
@pytest.mark.parametrize("size", [(1600, 900), (900, 1600), (801, 701)])
@pytest.mark.parametrize(
    ("extensions", "datatype"), [((), "FP32"), (BINARY, "FP32"), (BINARY, "FP16"), (BINARY[:1], "FP32")]
)
async def test_finds_what_is_in_the_picture_where_it_is(extensions, datatype, batch, size):
    server = KServeModel(extensions, datatype, batch)
    wire = await prepared(server)

    request = wire.encode(picture(*size), KEEP)
    found = wire.decode(server.infer(request), request, KEEP)

    assert np.abs(found.xyxy - BOX).max() <= max(size) / 640
    assert found["class_name"].tolist() == ["cat"]
    assert found.confidence.tolist() == [0.75]
    assert wire.classes[15] == "cat"


async def test_binary_is_used_where_the_server_offers_it():
    binary = (await prepared(KServeModel(BINARY))).encode(picture(), KEEP)
    in_json = (await prepared(KServeModel())).encode(picture(), KEEP)

    length = int(binary.headers["Inference-Header-Content-Length"])
    assert len(binary.body) == length + 3 * 640 * 640 * 4
    assert json.loads(binary.body[:length])["inputs"][0]["parameters"] == {"binary_data_size": 3 * 640 * 640 * 4}
    assert binary.headers["Content-Type"] == "application/octet-stream"
    assert in_json.headers == {"Content-Type": "application/json"}
    sent = np.array(json.loads(in_json.body)["inputs"][0]["data"], np.float32)
    assert np.array_equal(sent, np.frombuffer(binary.body[length:], np.float32))


async def test_asks_for_the_version_that_was_named_and_shows_the_key_everywhere():
    server = KServeModel(BINARY)
    server.get_plain = server.get

    async def get(url, headers=None):
        return await server.get_plain(url.with_path(url.path.replace("/versions/2", "")), headers)

    server_of_version = KServeModel(BINARY)
    server_of_version.get = get
    wire = await prepared(server_of_version, ADDRESS / "versions" / "2", "s3cret")

    assert {headers["Authorization"] for headers in server.headers} == {"Bearer s3cret"}
    request = wire.encode(picture(), KEEP)
    assert request.url == URL("http://gpu1:8000/v2/models/yolo/versions/2/infer")
    assert request.headers["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize("extensions", [(), BINARY])
async def test_a_gateway_that_only_knows_models_is_tried_out(extensions):
    class Gateway(KServeModel):
        async def get(self, url, headers=None):
            if url.path == "/v2":
                raise DetectorUnavailable("server answered 404", 1.0)
            return await super().get(url, headers)

    wire = await prepared(Gateway(extensions))

    binary = "Inference-Header-Content-Length" in wire.encode(picture(), KEEP).headers
    assert binary == bool(extensions)


@pytest.mark.parametrize(("kind", "coding"), [(MLServer, "JSON"), (KServePython, "binary")])
async def test_a_server_that_says_nothing_of_its_model_is_learned_from_one_picture(kind, coding):
    server = kind()
    wire = await prepared(server)

    request = wire.encode(picture(), KEEP)
    found = wire.decode(server.infer(request), request, KEEP)

    assert np.abs(found.xyxy - BOX).max() <= 1600 / 640
    assert found["class_name"].tolist() == ["cat"]
    assert server.codings == [coding, coding]  # the trial, and the picture
    await wire.prepare(server, picture())  # it had been away
    assert server.codings == [coding] * 3


async def test_hints_suffice_where_the_server_says_nothing():
    server = MLServer()
    names = ",".join(f"n{number}" for number in range(80))
    server.run = lambda images: np.zeros((1, 84, 2100), np.float32)  # of 320x320
    server.inputs[0]["shape"] = [1, 3, 320, 320]
    wire = await prepared(
        server, ADDRESS.with_query(names=names), options=ModelOptions(image_size=(320, 320), layout="yolov8")
    )

    assert wire.classes[:2] == ("n0", "n1")
    request = wire.encode(picture(), KEEP)
    assert json.loads(request.body)["inputs"][0]["shape"] == [1, 3, 320, 320]
    assert len(wire.decode(server.infer(request), request, KEEP)) == 0


@pytest.mark.parametrize("said", ["inputs", "outputs"])
async def test_what_the_server_says_counts_and_the_rest_is_learned(said):
    server = MLServer(batch=1)
    server.declared[said] = getattr(server, said)
    wire = await prepared(server)

    request = wire.encode(picture(), KEEP)

    assert np.abs(wire.decode(server.infer(request), request, KEEP).xyxy - BOX).max() <= 1600 / 640


async def test_learned_outputs_may_have_more_rows_the_next_time():
    server = MLServer()
    server.run = lambda _images: np.array([[[10, 20, 110, 220, 0.9, 0], [30, 40, 130, 240, 0.8, 1]]], np.float32)
    wire = await prepared(server, options=ModelOptions(layout="end-to-end"))
    request = wire.encode(picture(), KEEP)
    server.run = lambda _images: np.array([[[10, 20, 110, 220, 0.9, 0]] * 1], np.float32)

    assert len(wire.decode(server.infer(request), request, KEEP)) == 1


async def test_a_model_that_fails_with_the_first_picture_is_asked_in_json_and_binary_again_later():
    class Moody(KServePython):
        fails = True

        def infer(self, request):
            if self.fails:
                raise refusal(500, b'{"error": "nothing found"}')
            return super().infer(request)

    server = Moody()
    server.declared = {"inputs": server.inputs, "outputs": server.outputs}
    wire = await prepared(server)
    assert "Inference-Header-Content-Length" not in wire.encode(picture(), KEEP).headers
    server.fails = False
    await wire.prepare(server, picture())
    assert "Inference-Header-Content-Length" in wire.encode(picture(), KEEP).headers


async def test_a_server_that_neither_says_what_its_model_takes_nor_takes_the_usual_says_so():
    class Picky(MLServer):
        def infer(self, request):
            raise refusal(400, b'{"error": "Got: 640 Expected: 320"}')

    with pytest.raises(DetectorUnavailable) as caught:
        await prepared(Picky())
    assert (
        "Got: 640 Expected: 320; it does not say what its model takes, and was given images float32[1,3,640,640]"
        in str(caught.value)
    )
    assert "imgsz" in str(caught.value)


@pytest.mark.parametrize("post", [404, 500])
async def test_no_model_of_that_name_is_said_as_the_server_says_it(post):
    class Other(MLServer):
        async def get(self, url, headers=None):
            raise refusal(404, b'{"error": "Model yolo not found"}')

        def infer(self, request):
            raise refusal(404, b'{"error": "no such model"}')

    with pytest.raises(DetectorUnavailable, match=r"answered 404 Oh: Model yolo not found$"):
        await prepared(Other())


async def test_somebodys_own_server_without_metadata_is_asked_about_the_picture():
    class Own(MLServer):
        async def get(self, url, headers=None):
            raise refusal(404, b"Not Found", "text/plain")

    server = Own()
    wire = await prepared(server)
    request = wire.encode(picture(), KEEP)
    assert len(wire.decode(server.infer(request), request, KEEP)) == 1


async def test_every_request_has_a_name_of_its_own():
    wire = await prepared(KServeModel(BINARY))
    said = [wire.encode(picture(), KEEP) for _ in range(2)]
    names = [json.loads(each.body[: int(each.headers["Inference-Header-Content-Length"])])["id"] for each in said]
    assert len(set(names)) == 2
    assert json.loads((await prepared(KServeModel())).encode(picture(), KEEP).body)["id"]


async def test_a_server_that_wants_a_key_is_not_asked_twice():
    class Locked(MLServer):
        asks = 0

        def infer(self, request):
            self.asks += 1
            raise refusal(401, b'{"detail": "no key"}')

    server = Locked()
    with pytest.raises(DetectorUnavailable, match="wants another API key"):
        await prepared(server)
    assert server.asks == 1


async def test_names_come_from_the_model_s_configuration():
    names = {number: f"thing {number}" for number in range(80)}
    parameters = {"metadata": {"string_value": str({"names": names, "task": "detect", "stride": 32})}}

    assert (await prepared(KServeModel(BINARY, parameters=parameters))).classes[15] == "thing 15"


@pytest.mark.parametrize("text", ["{", "(" * 10_000, "7", "__import__('os').getcwd()", "{'names': {'a': []}}"])
async def test_nonsense_in_the_configuration_is_left_alone(text):
    parameters = {"metadata": {"string_value": text}, "x": 7, "y": {"string_value": 7}}

    assert (await prepared(KServeModel(BINARY, parameters=parameters))).classes[15] == "cat"


async def test_hints_in_the_address_count():
    names = ",".join(f"n{number}" for number in range(80))
    wire = await prepared(KServeModel(), ADDRESS.with_query(layout="yolov8", names=names, x="1"))

    assert wire.classes[:2] == ("n0", "n1")
    assert wire.encode(picture(), KEEP).url == URL("http://gpu1:8000/v2/models/yolo/infer?x=1")


async def test_a_layout_that_nobody_knows_is_refused():
    with pytest.raises(ModelError, match="yolov99"):
        await prepared(KServeModel(), options=ModelOptions(layout="yolov99"))


@pytest.mark.parametrize(
    ("path", "metadata"),
    [
        ("/yolo", "/v2/models/yolo"),
        ("/yolo/", "/v2/models/yolo"),
        ("/yolo/3", "/v2/models/yolo/versions/3"),
        ("/yolo/versions/3", "/v2/models/yolo/versions/3"),
        ("/v2/models/yolo", "/v2/models/yolo"),
        ("/v2/models/yolo/infer", "/v2/models/yolo"),
        ("/v2/models/yolo/versions/3/infer", "/v2/models/yolo/versions/3"),
        ("/seldon/v2/models/yolo", "/seldon/v2/models/yolo"),
        ("/my%20model", "/v2/models/my%20model"),
        ("/a%2Fb", "/v2/models/a%2Fb"),
    ],
)
def test_understands_addresses(path, metadata):
    address = KServeAddress.parse(URL(f"http://gpu1:8000{path}?token=1"))

    assert str(address.metadata) == f"http://gpu1:8000{metadata}?token=1"
    assert str(address.infer) == f"http://gpu1:8000{metadata}/infer?token=1"


@pytest.mark.parametrize("path", ["", "/", "/a/b/c", "/v2/models", "/v2/models/"])
def test_needs_a_model(path):
    with pytest.raises(UsageError, match=r"http://host:8000/MODEL"):
        KServe(URL(f"http://gpu1:8000{path}"), None, ModelOptions())


def test_sizes_in_the_address_are_checked():
    assert KServeAddress.parse(ADDRESS.with_query(imgsz="320")).hints.image_size == (320, 320)
    assert KServeAddress.parse(ADDRESS.with_query(imgsz="320x640")).hints.image_size == (320, 640)
    with pytest.raises(UsageError, match="WIDTHxHEIGHT"):
        KServeAddress.parse(ADDRESS.with_query(imgsz="large"))


def test_before_the_server_has_said_what_it_is_nothing_is_sent():
    wire = KServe(ADDRESS, None, ModelOptions())

    assert wire.classes is None
    with pytest.raises(DetectorError, match="not known yet what the model yolo takes"):
        wire.encode(picture(), KEEP)


def described(**changes):
    server = KServeModel()
    document = {"name": "yolo", "inputs": server.inputs, "outputs": server.outputs, **changes}

    async def get(url, headers=None):
        return Answer(json.dumps(document if url.path.endswith("yolo") else {"extensions": []}).encode())

    server.get = get
    return server


TENSOR = {"name": "x", "datatype": "FP32", "shape": [1]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"inputs": {}}, "an empty object came instead of inputs and outputs"),
        ({"outputs": [TENSOR] * 65}, "65 outputs"),
        ({"outputs": [7]}, "an output of the model is a number instead of a name"),
        ({"inputs": [{**TENSOR, "name": 7}]}, "instead of a name, a datatype and a shape"),
        ({"inputs": [{**TENSOR, "datatype": "BF16"}]}, "input x of the model: the datatype 'BF16' cannot be used"),
        ({"outputs": [{**TENSOR, "datatype": "BYTES"}]}, "output x of the model: the datatype 'BYTES' cannot be used"),
        ({"outputs": [{**TENSOR, "shape": [1.5]}]}, "output x of the model has no shape"),
        ({"outputs": [{**TENSOR, "shape": [10**12]}]}, "no shape"),
        ({"outputs": [{**TENSOR, "shape": [1] * 9}]}, "no shape"),
        (
            {"outputs": [{"name": "output0", "datatype": "FP16", "shape": [1, 84, 8400]}]},
            "FP16, which JSON does not have",
        ),
        ({"outputs": [TENSOR]}, r"x float32\[1\]"),
    ],
)
async def test_a_model_that_cannot_be_used_is_refused_with_what_was_seen(changes, words):
    with pytest.raises(ModelError, match=words) as caught:
        await prepared(described(**changes))

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b"[" * 100_000])
async def test_a_server_of_another_kind_is_refused(body):
    server = KServeModel()

    async def get(_url, headers=None):
        return Answer(body)

    server.get = get
    with pytest.raises(ModelError):
        await prepared(server)


NUMBERS = np.zeros((1, 84, 8400), np.float32)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (encode([("other", NUMBERS[:, :, :1])], binary=True), "no output output0"),
        (
            encode([("output0", NUMBERS[:, :, :5])], binary=True),
            r"float32\[1, 84, 5\] where the model declares output0",
        ),
        (encode([("output0", NUMBERS[0])], binary=True), "where the model declares"),
        (Answer(b'{"error": "CUDA out of memory"}'), "the server says: CUDA out of memory"),
        (Answer(b'{"outputs": [7]}'), "a number came instead of an output"),
    ],
)
async def test_an_answer_that_does_not_fit_the_model_is_refused(said, words):
    wire = await prepared(KServeModel(BINARY))
    request = wire.encode(picture(), KEEP)

    with pytest.raises(DetectorError, match=words):
        wire.decode(said, request, KEEP)


async def test_boxes_of_nan_spoil_nothing():
    server = KServeModel(BINARY)
    wire = await prepared(server)
    request = wire.encode(picture(), KEEP)
    output = server.run(np.frombuffer(request.body[-3 * 640 * 640 * 4 :], np.float32).reshape(1, 3, 640, 640))
    output[0, :4, 10] = np.nan
    output[0, 5, 10] = 0.9
    output[0, 4:, 11] = np.nan

    found = wire.decode(encode([("output0", output)], binary=True), request, KEEP)

    assert "cat" in found["class_name"].tolist()
