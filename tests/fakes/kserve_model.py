"""A KServe v2 server around a model in NumPy: finds what is red, and answers as YOLOv8 does."""

from __future__ import annotations

import json
import math

import numpy as np

from livevision.errors import DetectorUnavailable
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
            raise DetectorUnavailable(f"server answered 404: {url.path}", 1.0)
        return Answer(json.dumps(documents[url.path]).encode())

    def infer(self, request: Request) -> Answer:
        assert request.url.path == "/v2/models/yolo/infer"
        length = int(request.headers.get("Inference-Header-Content-Length", len(request.body)))
        said, rest = json.loads(request.body[:length]), request.body[length:]
        (tensor,) = said["inputs"]
        assert (tensor["name"], tensor["datatype"], tensor["shape"]) == ("images", self.datatype, [1, 3, 640, 640])
        dtype = np.dtype(DTYPES[tensor["datatype"]])
        if "data" in tensor:
            assert not rest
            array = np.array(tensor["data"], dtype)
        else:
            assert "binary_tensor_data" in self.extensions
            assert tensor["parameters"]["binary_data_size"] == len(rest) == math.prod(tensor["shape"]) * dtype.itemsize
            array = np.frombuffer(rest, dtype)
        output = self.run(array.reshape(tensor["shape"]))
        (wish,) = said["outputs"]
        assert wish["name"] == "output0"
        return encode([("output0", output)], binary=wish.get("parameters", {}).get("binary_data", False))

    def run(self, images: np.ndarray) -> np.ndarray:
        picture = images[0].astype(np.float32) / (255 if images.dtype == np.uint8 else 1)
        rows, columns = np.nonzero((picture[0] > 0.66) & (picture[2] < 0.24))  # RGB, 0 to 1
        output = np.zeros((1, 84, 8400), DTYPES[self.outputs[0]["datatype"]])
        if len(rows):
            x1, y1, x2, y2 = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            output[0, :4, 4000] = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
            output[0, 4 + 15, 4000] = 0.75  # COCO's cat
        return output


def encode(outputs, *, binary: bool) -> Answer:
    names = {np.dtype(code): name for name, code in DTYPES.items()}
    listed = []
    for name, array in outputs:
        tensor = {"name": name, "datatype": names[array.dtype], "shape": list(array.shape)}
        if binary:
            tensor["parameters"] = {"binary_data_size": array.nbytes}
        else:
            tensor["data"] = array.ravel().tolist()
        listed.append(tensor)
    text = json.dumps({"model_name": "yolo", "model_version": "1", "outputs": listed}).encode()
    if not binary:
        return Answer(text, {"Content-Type": "application/json"})
    # Lower case, as HTTP/2 and some proxies write it.
    return Answer(
        text + b"".join(array.tobytes() for _, array in outputs), {"inference-header-content-length": str(len(text))}
    )
