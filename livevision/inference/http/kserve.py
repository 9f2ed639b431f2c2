"""KServe v2, also called Open Inference Protocol, which Triton speaks: tensors, in JSON or binary.

The server says what its model takes and gives; pictures are prepared and answers decoded by the layouts, as those of an
ONNX file are.  https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from livevision.errors import DetectorError
from livevision.inference.http.kserve_address import KServeAddress
from livevision.inference.http.kserve_metadata import read_extensions, read_parameters, read_signature
from livevision.inference.http.tensors import Coding, decode_tensors, encode_tensors
from livevision.inference.http.wire import Request
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.wording import say

if TYPE_CHECKING:
    import supervision as sv
    from yarl import URL

    from livevision.frame import Image
    from livevision.inference.filter import DetectionFilter
    from livevision.inference.http.wire import Answer, Server
    from livevision.inference.layouts.interpretation import Interpretation
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Tensor
    from livevision.inference.options import ModelOptions


@dataclass(frozen=True, slots=True)
class _Model:
    """What was learned from the server."""

    interpretation: Interpretation
    coding: Coding


class KServe:
    """A model at a KServe v2 server.  What it is is known after :meth:`prepare`."""

    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        self._address = KServeAddress.parse(url)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        said = self._address.hints
        self._hints = Hints(said.layout or options.layout, said.names, said.image_size or options.image_size)
        self._model: _Model | None = None

    def __repr__(self) -> str:
        return f"<KServe {self._address.model}{'' if self._model else ' unprepared'}>"

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names of the model, once the server has said what it is."""
        return self._model.interpretation.names if self._model else None

    async def prepare(self, server: Server) -> None:
        """Ask the server what its model takes and gives.

        Raises DetectorUnavailable where it does not say, and ModelError for a model that cannot be used.
        """
        described = await server.get(self._address.metadata, self._headers)
        extensions = await self._extensions(server)
        parameters: dict[str, str] = {}
        if "model_configuration" in extensions:
            parameters = await self._parameters(server)
        coding = Coding.BINARY if "binary_tensor_data" in extensions else Coding.JSON
        signature = read_signature(described.body, coding, parameters)
        self._model = _Model(interpret(signature, self._hints), coding)

    async def _extensions(self, server: Server) -> frozenset[str]:
        try:
            return read_extensions((await server.get(self._address.server, self._headers)).body)
        except DetectorError:
            return frozenset()  # a gateway that only lets models through: JSON is what every server knows

    async def _parameters(self, server: Server) -> dict[str, str]:
        try:
            return read_parameters((await server.get(self._address.configuration, self._headers)).body)
        except DetectorError:
            return {}

    def encode(self, image: Image, keep: DetectionFilter) -> Request:
        """Make the request for a ``(h, w, 3)`` BGR picture.  Raises DetectorError."""
        if self._model is None:
            raise DetectorError(say("it is not known yet what the model {model} takes", model=self._address.model))
        interpretation, coding = self._model.interpretation, self._model.coding
        feeds, (fitted,) = interpretation.feeds([image])
        names = [tensor.name for tensor in interpretation.signature.outputs]
        body, headers = encode_tensors(feeds, names, coding)
        return Request(self._address.infer, body, {**headers, **self._headers}, (interpretation, fitted))

    def decode(self, answer: Answer, request: Request, keep: DetectionFilter) -> sv.Detections:
        """Read an answer; boxes in pixels of the picture given to ``encode``.  Raises DetectorError."""
        interpretation, fitted = cast("tuple[Interpretation, Fitted]", request.context)
        tensors = decode_tensors(answer.body, answer.headers)
        outputs = [_output(tensors, declared) for declared in interpretation.signature.outputs]
        return interpretation.detections(outputs, fitted, keep)


def _output(tensors: dict[str, Array], declared: Tensor) -> Array:
    array = tensors.get(declared.name)
    if array is None:
        raise DetectorError(say("the answer has no output {output}", output=declared.name))
    fits = len(array.shape) == len(declared.shape) and all(
        said is None or said == came for said, came in zip(declared.shape, array.shape, strict=True)
    )
    if not fits:
        raise DetectorError(
            say(
                "the answer has {dtype}{shape} where the model declares {wanted}",
                dtype=array.dtype,
                shape=list(array.shape),
                wanted=declared,
            )
        )
    return array
