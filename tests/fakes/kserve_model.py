"""KServe v2 servers around a model in NumPy: finds what is red, and answers as YOLOv8 does."""

from __future__ import annotations

import json
import math

import numpy as np

from livevision.inference.http.complaint import complaint_of
from livevision.inference.http.trouble import trouble_of_status
from livevision.inference.http.wire import Answer, Request

DTYPES = {"FP32": "<f4", "FP16": "<f2", "UINT8": "u1", "INT64": "<i8", "FP64": "<f8"}
BINARY = ["binary_tensor_data", "model_configuration"]


class KServeModel:
    """Speaks as the specification says; what is asked in another way fails a test.

    ``datatype`` and ``batch`` are those of the model's input; ``extensions`` what the server says that it can.
    """

    def __init__(self, extensions=(), datatype="FP32", batch=1, parameters=None) -> None:
        self.extensions = list(extensions)
        self.datatype = datatype
        self.parameters = parameters or {}
        self.inputs = [{"name": "images", "datatype": datatype, "shape": [batch, 3, 640, 640]}]
        self.outputs = [{"name": "output0", "datatype": datatype, "shape": [batch, 84, 8400]}]
        self.asked: list[str] = []
        self.codings: list[str] = []
        """Of the pictures that were answered."""
        self.headers: list[dict[str, str]] = []

    async def get(self, url, headers=None) -> Answer:
        self.asked.append(str(url))
        self.headers.append(dict(headers or {}))
        documents = {
            "/v2": {"name": "triton", "version": "2.50.0", "extensions": self.extensions},
            "/v2/models/yolo": {
                "name": "yolo", "versions": ["1"], "platform": "onnxruntime_onnx",
                "inputs": self.inputs, "outputs": self.outputs,
            },
            "/v2/models/yolo/config": {"name": "yolo", "max_batch_size": 0, "parameters": self.parameters},
        }  # fmt: skip
        if url.path not in documents:
            raise refusal(404, b'{"detail":"Not Found"}')
        return Answer(json.dumps(documents[url.path]).encode())

    async def post(self, request: Request) -> Answer:
        return self.infer(request)

    async def work(self, job):
        return job()

    def infer(self, request: Request) -> Answer:
        assert request.url.path == "/v2/models/yolo/infer"
        length = int(request.headers.get("Inference-Header-Content-Length", len(request.body)))
        said, rest = json.loads(request.body[:length]), request.body[length:]
        (tensor,) = said["inputs"]
        assert (tensor["name"], tensor["datatype"]) == ("images", self.datatype)
        assert tensor["shape"] == [1, *self.inputs[0]["shape"][1:]]
        dtype = np.dtype(DTYPES[tensor["datatype"]])
        if "data" in tensor:
            assert not rest
            array = np.array(tensor["data"], dtype)
        elif "binary_tensor_data" not in self.extensions:
            raise refusal(400, b'{"error": "failed to parse the request JSON buffer"}')
        else:
            assert tensor["parameters"]["binary_data_size"] == len(rest) == math.prod(tensor["shape"]) * dtype.itemsize
            array = np.frombuffer(rest, dtype)
        self.codings.append("JSON" if "data" in tensor else "binary")
        output = self.run(array.reshape(tensor["shape"]))
        return self.answer(said, [("output0", output)])

    def answer(self, said, outputs) -> Answer:
        (wish,) = said.get("outputs", [{"name": "output0", "parameters": {}}])
        assert wish["name"] == "output0"
        everything = said.get("parameters", {}).get("binary_data_output", False)
        return encode(outputs, binary=wish.get("parameters", {}).get("binary_data", everything), id=said.get("id"))

    def run(self, images: np.ndarray) -> np.ndarray:
        picture = images[0].astype(np.float32) / (255 if images.dtype == np.uint8 else 1)
        rows, columns = np.nonzero((picture[0] > 0.66) & (picture[2] < 0.24))  # RGB, 0 to 1
        output = np.zeros((1, 84, 8400), DTYPES[self.outputs[0]["datatype"]])
        if len(rows):
            x1, y1, x2, y2 = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            output[0, :4, 4000] = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
            output[0, 4 + 15, 4000] = 0.75  # COCO's cat
        return output


class MLServer(KServeModel):
    """What MLServer 1.7 says of a model whose settings name no inputs and outputs; it knows no binary."""

    def __init__(self, **said) -> None:
        super().__init__(**said)
        self.declared = {"inputs": [], "outputs": []}

    async def get(self, url, headers=None) -> Answer:
        self.asked.append(str(url))
        documents = {
            "/v2": {"name": "mlserver", "version": "1.7.1", "extensions": []},
            "/v2/models/yolo": {"name": "yolo", "versions": [], "platform": "", **self.declared, "parameters": {}},
        }
        if url.path not in documents:
            raise refusal(404, b'{"detail":"Not Found"}')
        return Answer(json.dumps(documents[url.path]).encode())

    def infer(self, request: Request) -> Answer:
        if "Inference-Header-Content-Length" in request.headers:
            # It tries to read the tensor as JSON, and sends the traceback with all of the tensor in it.
            traceback = 'Traceback (most recent call last):\n  File "/x/starlette/_exception_handler.py", line 42'
            raise refusal(500, traceback.encode(), "text/plain")
        return super().infer(request)


class KServePython(MLServer):
    """What KServe's Python server 0.21 says: no tensors, binary taken but not announced, and 500 without an id."""

    async def get(self, url, headers=None) -> Answer:
        if url.path == "/v2":
            said = {"name": "kserve", "version": "0.21.0", "extensions": ["model_repository_extension"]}
            return Answer(json.dumps(said).encode())
        return await super().get(url, headers)

    def infer(self, request: Request) -> Answer:
        length = int(request.headers.get("Inference-Header-Content-Length", len(request.body)))
        if not json.loads(request.body[:length]).get("id"):
            raise refusal(
                500,
                b'{"error":"ValidationError : 1 validation error for InferenceResponse\\nid\\n  Input should be a '
                b'valid string [type=string_type, input_value=None, input_type=NoneType]"}',
            )
        self.extensions = ["binary_tensor_data"]  # taken, though not announced
        return KServeModel.infer(self, request)

    def answer(self, said, outputs) -> Answer:
        return encode(
            outputs, binary=False, id=said["id"]
        )  # whatever was asked for, as long as the model asks for no more


def refusal(status: int, body: bytes, content_type: str = "application/json"):
    """What the endpoint makes of such an answer."""
    return trouble_of_status("gpu1:8000", f"{status} Oh", {"Content-Type": content_type}, complaint_of(body), body)


def encode(outputs, *, binary: bool, id: str | None = None) -> Answer:
    names = {np.dtype(code): name for name, code in DTYPES.items()}
    listed = []
    for name, array in outputs:
        tensor = {"name": name, "datatype": names[array.dtype], "shape": list(array.shape)}
        if binary:
            tensor["parameters"] = {"binary_data_size": array.nbytes}
        else:
            tensor["data"] = array.ravel().tolist()
        listed.append(tensor)
    text = json.dumps({"model_name": "yolo", "model_version": "1", "id": id, "outputs": listed}).encode()
    if not binary:
        return Answer(text, {"Content-Type": "application/json"})
    # Lower case, as HTTP/2 and some proxies write it.
    return Answer(
        text + b"".join(array.tobytes() for _, array in outputs), {"inference-header-content-length": str(len(text))}
    )
