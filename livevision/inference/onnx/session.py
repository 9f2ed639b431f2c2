"""One model file in ONNX Runtime: loaded, asked for its signature, run.  Blocking; not on the event loop."""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from livevision.errors import DetectorError, ModelError
from livevision.inference.layouts.signature import Signature, Tensor
from livevision.inference.layouts.text import clean
from livevision.inference.onnx.file_contents import check_weights, contents
from livevision.inference.onnx.providers import CPU, Provider, label_of
from livevision.inference.onnx.runtime import onnx_runtime, overheard, reason
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[Any]"

MOST_THREADS = 8
"""More do not make detection models faster, and the cameras need cores, too."""
LARGEST_OUTPUT = 1 << 26
"""Numbers in one output of a picture: eight times what a segmentation model at 1280×1280 gives."""
MOST_TENSORS = 64
_FATAL = 4
_DTYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(int8)": np.int8,
    "tensor(uint16)": np.uint16,
    "tensor(int16)": np.int16,
    "tensor(uint32)": np.uint32,
    "tensor(int32)": np.int32,
    "tensor(uint64)": np.uint64,
    "tensor(int64)": np.int64,
    "tensor(bool)": np.bool_,
}


class OnnxSession:
    """A loaded model.  One thread at a time."""

    def __init__(self, path: Path, provider: Provider) -> None:
        """Load ``path``; files with weights next to it are found by ONNX Runtime.  Takes 0.05 s to minutes.

        No library of custom operators is ever loaded: the file is data.  Raises ModelError, and ProviderUnusable where
        it is the provider's fault.
        """
        runtime = onnx_runtime()
        check_file(path)
        inside = contents(path)
        check_weights(path, inside.needs)
        self.name = path.name
        with overheard(runtime) as messages:
            self._session = _create(runtime, path, provider, messages)
        self.signature = _signature(self._session, path.name, frozenset(inside.words))

    def __repr__(self) -> str:
        return f"<OnnxSession {self.name} on {self.runs_on}>"

    @property
    def runs_on(self) -> str:
        """The provider that really loaded: what ONNX Runtime says, not what was asked for."""
        return label_of(self._session.get_providers()[0])

    def run(self, feeds: Mapping[str, Array]) -> list[Array]:
        """Return the outputs in the signature's order.  Raises DetectorError."""
        try:
            outputs: Sequence[Array] = self._session.run(None, dict(feeds))
        except Exception as error:  # ONNX Runtime's have no common base but this
            raise DetectorError(
                say("{name} failed on a picture: {reason}", name=self.name, reason=reason(error))
            ) from error
        return [_bounded(output, self.name) for output in outputs]


class ProviderUnusable(ModelError):
    """The file may be fine, but not with this provider; the message is the reason."""


def check_file(path: Path) -> None:
    """Raise ModelError for what is no model file at all."""
    if path.is_dir():
        raise ModelError(say("{path} is a folder; name the .onnx file in it", path=path))
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ModelError(say("the model file {path} cannot be read: {reason}", path=path, reason=why)) from error
    if size == 0:
        raise ModelError(say("the model file {path} is empty: copy or export it again", path=path))


def threads_beside_decoding(cores: int) -> int:
    """Return how many threads one run may use: one core is left for decoding and drawing.

    Measured with yolox_nano on 2 cores while another thread was busy: 1 thread takes 25 ms and 2 take 22, but with
    spinning, ONNX Runtime's default, 2 take 38 and the other thread loses 40 % of its speed.
    """
    return max(1, min(cores - 1, MOST_THREADS))


def _create(runtime: Any, path: Path, provider: Provider, messages: list[str]) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads_beside_decoding(_cores())
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = _FATAL
    providers: list[Any] = [(provider.key, dict(provider.settings))]
    if provider is not CPU:
        providers.append(CPU.key)  # for single operators that it does not have
        _preload(runtime, provider)
    try:
        session = runtime.InferenceSession(str(path), options, providers=providers, enable_fallback=0)
    except Exception as error:  # ONNX Runtime's have no common base but this
        if provider is not CPU:
            raise ProviderUnusable(reason(error)) from error
        raise ModelError(
            say("{path} is no model that ONNX Runtime can load: {reason}", path=path.name, reason=_why(path, error))
        ) from error
    if session.get_providers()[0] != provider.key:
        # Where libraries are missing it only logs that, and takes the CPU.
        raise ProviderUnusable(
            reason(messages[-1]) if messages else say("it did not load; it needs {needs}", needs=provider.needs)
        )
    return session


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _preload(runtime: Any, provider: Provider) -> None:
    """Find CUDA and cuDNN where pip put them; it prints what it does not find."""
    preload = getattr(runtime, "preload_dlls", None)
    if preload is not None and provider.key in ("TensorrtExecutionProvider", "CUDAExecutionProvider"):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            preload()


def _why(path: Path, error: Exception) -> str:
    said = reason(error)
    said = said.removeprefix(f"Load model from {path} failed:").strip()
    if "Protobuf parsing failed" in said or "No graph was found" in said:
        return say("it is damaged or no ONNX file; copy or export it again")
    return said


def _signature(session: Any, name: str, words: frozenset[str]) -> Signature:
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if not inputs or not outputs or len(inputs) + len(outputs) > MOST_TENSORS:
        raise ModelError(
            say(
                "{name} has {inputs} inputs and {outputs} outputs: it is no detection model",
                name=name,
                inputs=len(inputs),
                outputs=len(outputs),
            )
        )
    metadata = session.get_modelmeta().custom_metadata_map
    return Signature(
        inputs=tuple(_tensor(tensor, name) for tensor in inputs),
        outputs=tuple(_tensor(tensor, name) for tensor in outputs),
        metadata={str(key): str(value) for key, value in metadata.items()},
        words=words,
    )


def _tensor(declared: Any, model: str) -> Tensor:
    dtype = _DTYPES.get(declared.type)
    if dtype is None:
        kind, tensor = clean(declared.type, 60), clean(declared.name, 60)
        raise ModelError(
            say(
                "{model}: {tensor} is a {kind}, which no detection model takes or gives",
                model=model,
                tensor=tensor,
                kind=kind,
            )
        )
    shape = tuple(size if isinstance(size, int) and size > 0 else None for size in declared.shape)
    return Tensor(declared.name, shape, np.dtype(dtype))


def _bounded(output: Any, name: str) -> Array:
    if not isinstance(output, np.ndarray):
        raise DetectorError(
            say("{name} gave a {kind} where a tensor was expected", name=name, kind=type(output).__name__)
        )
    if output.size > LARGEST_OUTPUT:
        raise DetectorError(
            say(
                "{name} gave an output of shape {shape}, which is absurdly big: not decoded",
                name=name,
                shape=list(output.shape),
            )
        )
    return output
