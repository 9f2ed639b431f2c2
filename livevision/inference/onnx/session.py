"""One model file in ONNX Runtime: loaded, asked for its signature, run.  Blocking; not on the event loop."""

from __future__ import annotations

import contextlib
import io
import logging
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

logger = logging.getLogger(__name__)

Array: TypeAlias = "NDArray[Any]"

MOST_THREADS = 8
"""More do not make detection models faster, and the cameras need cores, too."""
LARGEST_OUTPUT = 1 << 26
"""Numbers in one output of a picture: eight times what a segmentation model at 1280×1280 gives."""
MOST_TENSORS = 64
_FATAL = 4
_BROKEN = 3
"""Runs that failed in a row: it is not the picture."""
_LASTING = 100
"""Runs after which a session that was loaded anew has proved itself."""
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
    """A loaded model.  One thread at a time.

    Hardware may go away under it: after a sleep of the computer, or with a new driver, every run on a GPU fails until
    the model is loaded anew.  That is done here, on the CPU if need be; :attr:`notice` says so.
    """

    def __init__(self, path: Path, provider: Provider) -> None:
        """Load ``path``; files with weights next to it are found by ONNX Runtime.  Takes 0.05 s to minutes.

        No library of custom operators is ever loaded: the file is data.  Raises ModelError, and ProviderUnusable where
        it is the provider's fault.
        """
        check_file(path)
        inside = contents(path)
        check_weights(path, inside.needs)
        self.name = path.name
        self.notice = ""
        """What happened since it was loaded, for the operator."""
        self._path = path
        self._provider = provider
        self._failures = 0
        """In a row."""
        self._runs = _LASTING
        """Since it was loaded anew."""
        self._session: Any = _opened(path, provider)
        self.signature = _signature(self._session, path.name, frozenset(inside.words))

    def __repr__(self) -> str:
        return f"<OnnxSession {self.name} on {self.runs_on}>"

    @property
    def runs_on(self) -> str:
        """The provider that really loaded: what ONNX Runtime says, not what was asked for."""
        return self._provider.label if self._session is None else label_of(self._session.get_providers()[0])

    @property
    def is_makeshift(self) -> bool:
        """Whether it runs on the CPU because what it was loaded for stopped working."""
        return bool(self.notice) and self._provider is CPU

    def run(self, feeds: Mapping[str, Array]) -> list[Array]:
        """Return the outputs in the signature's order.  Raises DetectorError."""
        try:
            outputs: Sequence[Array] = self._session.run(None, dict(feeds))
        except Exception as error:  # ONNX Runtime's have no common base but this
            self._failures += 1
            # On the CPU it is the picture's fault, or the model's.
            if self._provider is CPU or self._failures < _BROKEN:
                raise DetectorError(
                    say("{name} failed on a picture: {reason}", name=self.name, reason=reason(error))
                ) from error
            outputs = self._run_anew(feeds, reason(error))
        self._failures = 0
        self._runs += 1
        return [_bounded(output, self.name) for output in outputs]

    def _run_anew(self, feeds: Mapping[str, Array], why: str) -> Sequence[Array]:
        """Load the model anew, by the same provider or, where that fails again or has just been done, on the CPU."""
        broken = self._provider
        for provider in (broken, CPU) if self._runs >= _LASTING else (CPU,):
            self._session = None  # what the broken one holds is needed
            try:
                session = _opened(self._path, provider)
                outputs: Sequence[Array] = session.run(None, dict(feeds))
            except Exception as error:
                why = error.text if isinstance(error, ModelError) else reason(error)
                continue
            self._session, self._provider, self._runs = session, provider, 0
            self.notice = (
                say("{provider} stopped working ({reason}): loaded anew", provider=broken.label, reason=why)
                if provider is broken
                else say(
                    "{provider} stopped working ({reason}): running on the CPU; choose the model again to try it anew",
                    provider=broken.label,
                    reason=why,
                )
            )
            logger.warning("%s: %s", self.name, self.notice)
            return outputs
        raise DetectorError(say("{name} failed on a picture: {reason}", name=self.name, reason=why))


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


def _opened(path: Path, provider: Provider) -> Any:
    runtime = onnx_runtime()
    with overheard(runtime) as messages:
        return _create(runtime, path, provider, messages)


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
