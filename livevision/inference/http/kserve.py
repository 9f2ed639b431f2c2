"""KServe v2, also called Open Inference Protocol, which Triton speaks: tensors, in JSON or binary.

The server says what its model takes and gives; pictures are prepared and answers decoded by the layouts, as those of an
ONNX file are.  https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import count
from secrets import token_hex
from typing import TYPE_CHECKING, cast

from livevision.errors import DetectorError
from livevision.inference.http.kserve_address import KServeAddress
from livevision.inference.http.kserve_metadata import (
    read_extensions,
    read_parameters,
    read_signature,
    refuse_halves,
)
from livevision.inference.http.kserve_trial import Trial, learned_outputs, plain_feeds, usual_input
from livevision.inference.http.tensors import Coding, decode_tensors, encode_tensors
from livevision.inference.http.trouble import Cause, ServerTrouble
from livevision.inference.http.wire import Request
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.inference.layouts.signature import Signature
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


class Shapes(Enum):
    """Where the shapes of a model's outputs are known from."""

    DECLARED = "declared"
    """The server says them: what comes otherwise is wrong."""
    SEEN = "seen"
    """From one answer: the next one may have more rows."""


@dataclass(frozen=True, slots=True)
class _Model:
    """What was learned from the server."""

    interpretation: Interpretation
    coding: Coding
    shapes: Shapes


class KServe:
    """A model at a KServe v2 server.  What it is is known after :meth:`prepare`."""

    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        self._address = KServeAddress.parse(url)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        said = self._address.hints
        self._hints = Hints(said.layout or options.layout, said.names, said.image_size or options.image_size)
        self._model: _Model | None = None
        self._only_json = False
        self._numbers = count(1)
        self._asker = f"livevision-{token_hex(3)}"

    def __repr__(self) -> str:
        return f"<KServe {self._address.model}{'' if self._model else ' unprepared'}>"

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names of the model, once the server has said what it is."""
        return self._model.interpretation.names if self._model else None

    async def prepare(self, server: Server, image: Image) -> None:
        """Ask the server what its model takes and gives; what it does not say, it shows with ``image``.

        Raises DetectorUnavailable where it does neither, and ModelError for a model that cannot be used.
        """
        described, why = await self._described(server)
        extensions = await self._extensions(server)
        parameters: dict[str, str] = {}
        if "model_configuration" in extensions:
            parameters = await self._parameters(server)
        declared = Signature((), (), parameters) if described is None else read_signature(described, parameters)
        trial = Trial(server, self._address.infer, self._headers)
        if not (declared.inputs and declared.outputs):
            self._model = await self._learned(trial, declared, image, why)
            return
        interpretation = await server.work(lambda: interpret(declared, self._hints))
        coding = Coding.BINARY
        if "binary_tensor_data" not in extensions:
            coding = await self._coding(trial, interpretation, image)
        if coding is Coding.JSON:
            refuse_halves(declared)
        self._model = _Model(interpretation, coding, Shapes.DECLARED)

    async def _described(self, server: Server) -> tuple[bytes | None, ServerTrouble | None]:
        """Return what the server says of its model, or why it says nothing."""
        try:
            return (await server.get(self._address.metadata, self._headers)).body, None
        except ServerTrouble as trouble:
            if trouble.cause is not Cause.REQUEST:
                raise
            return None, trouble  # it may be somebody's own, that only answers questions about pictures

    async def _learned(self, trial: Trial, declared: Signature, image: Image, why: ServerTrouble | None) -> _Model:
        inputs = declared.inputs or (usual_input(self._hints.image_size),)
        try:
            tried = await trial.run(lambda: plain_feeds(inputs, self._hints.image_size, image), (), self._codings())
        except ServerTrouble as trouble:
            if why is not None and trouble.cause is Cause.REQUEST:
                raise why from None  # there is no such model
            if trouble.cause in {Cause.PICTURE, Cause.REQUEST}:
                raise ServerTrouble(_unsaid(trouble, inputs[0]), trouble.cause, trouble.wish) from trouble
            raise
        self._remember(tried.coding)
        signature = Signature(inputs, declared.outputs or learned_outputs(tried.outputs), declared.metadata)
        interpretation = await trial.server.work(lambda: interpret(signature, self._hints))
        return _Model(interpretation, tried.coding, Shapes.DECLARED if declared.outputs else Shapes.SEEN)

    async def _coding(self, trial: Trial, interpretation: Interpretation, image: Image) -> Coding:
        """Find out whether the server takes binary, which some do without a word about it."""
        if self._only_json:
            return Coding.JSON
        names = [tensor.name for tensor in interpretation.signature.outputs]
        try:
            tried = await trial.run(lambda: interpretation.feeds([image])[0], names, self._codings())
        except ServerTrouble as trouble:
            if trouble.cause not in {Cause.PICTURE, Cause.REQUEST}:
                raise
            return Coding.JSON  # whether it was the coding or the picture is not known, and not remembered
        except DetectorError:
            return Coding.JSON
        self._remember(tried.coding)
        return tried.coding

    def _codings(self) -> tuple[Coding, ...]:
        return (Coding.JSON,) if self._only_json else (Coding.BINARY, Coding.JSON)

    def _remember(self, coding: Coding) -> None:
        # The picture was answered in JSON, and had not been in binary.
        self._only_json = coding is Coding.JSON

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
        body, headers = encode_tensors(feeds, names, coding, f"{self._asker}-{next(self._numbers)}")
        return Request(self._address.infer, body, {**headers, **self._headers}, (self._model, fitted))

    def decode(self, answer: Answer, request: Request, keep: DetectionFilter) -> sv.Detections:
        """Read an answer; boxes in pixels of the picture given to ``encode``.  Raises DetectorError."""
        model, fitted = cast("tuple[_Model, Fitted]", request.context)
        tensors = decode_tensors(answer.body, answer.headers)
        outputs = [_output(tensors, known, model.shapes) for known in model.interpretation.signature.outputs]
        return model.interpretation.detections(outputs, fitted, keep)


def _unsaid(trouble: ServerTrouble, tried: Tensor) -> str:
    return say(
        "{trouble}; it does not say what its model takes, and was given {tensor}: "
        "if it takes another size, say --imgsz WIDTHxHEIGHT, or imgsz= in the address",
        trouble=trouble,
        tensor=tried,
    )


def _output(tensors: dict[str, Array], declared: Tensor, shapes: Shapes) -> Array:
    array = tensors.get(declared.name)
    if array is None:
        raise DetectorError(say("the answer has no output {output}", output=declared.name))
    fits = len(array.shape) == len(declared.shape) and (
        shapes is Shapes.SEEN
        or all(said is None or said == came for said, came in zip(declared.shape, array.shape, strict=True))
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
