"""What can run a model, best first: ONNX Runtime's execution providers, by the names that users know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import platformdirs

from livevision.inference.options import Device
from livevision.wording import joined, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Provider:
    """One execution provider."""

    device: Device
    key: str
    """What ONNX Runtime calls it."""
    label: str
    """What an operator calls it."""
    needs: str
    """What must be there for it."""
    settings: Mapping[str, Any] = field(default_factory=dict)


def _engine_cache() -> dict[str, Any]:
    # TensorRT builds its engine for minutes: once for a model, not at every start.
    folder = platformdirs.user_cache_path("livevision") / "tensorrt"
    return {"trt_engine_cache_enable": True, "trt_engine_cache_path": str(folder)}


PROVIDERS = (
    Provider(Device.TENSORRT, "TensorrtExecutionProvider", "TensorRT", "onnxruntime-gpu and TensorRT", _engine_cache()),
    Provider(Device.CUDA, "CUDAExecutionProvider", "CUDA", "onnxruntime-gpu, CUDA 12 and cuDNN 9"),
    Provider(Device.COREML, "CoreMLExecutionProvider", "CoreML", "onnxruntime on macOS"),
    Provider(Device.OPENVINO, "OpenVINOExecutionProvider", "OpenVINO", "onnxruntime-openvino"),
    Provider(Device.DIRECTML, "DmlExecutionProvider", "DirectML", "onnxruntime-directml on Windows"),
    Provider(Device.CPU, "CPUExecutionProvider", "CPU", "onnxruntime"),
)
"""The best first.  What ONNX Runtime may have beside these (Azure, XNNPACK …) is not used."""

CPU = PROVIDERS[-1]


def on_offer(runtime: Any) -> tuple[Provider, ...]:
    """Return what this build of ONNX Runtime has, best first; whether it loads is seen only when it is tried."""
    available = set(runtime.get_available_providers())
    return tuple(provider for provider in PROVIDERS if provider.key in available or provider is CPU)


def label_of(key: str) -> str:
    """Return what operators call a provider of ONNX Runtime."""
    known = {provider.key: provider.label for provider in PROVIDERS}
    return known.get(key, key.removesuffix("ExecutionProvider"))


@dataclass(frozen=True, slots=True)
class Failure:
    """A provider that should have run the model, and why it does not."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What to try, in this order, the CPU last."""

    providers: tuple[Provider, ...]
    missing: tuple[Failure, ...] = ()
    """The wanted one, where it is not among them."""


def choose(device: Device, offered: tuple[Provider, ...]) -> Choice:
    """Return what to try for what the user wants."""
    if device is Device.AUTO:
        return Choice(offered)
    wanted = next(provider for provider in PROVIDERS if provider.device is device)
    if wanted is CPU:
        return Choice((CPU,))
    if wanted in offered:
        return Choice((wanted, CPU))
    return Choice(
        (CPU,),
        (Failure(wanted.label, say("this ONNX Runtime is built without it: it needs {needs}", needs=wanted.needs)),),
    )


def fallback_notice(loaded: Provider, failures: Sequence[Failure]) -> str:
    """Say that the CPU runs the model where something better should, and why; empty where there is nothing to say.

    TensorRT may fail on the way to CUDA: most people do not have it, and need not know.
    """
    if loaded is not CPU or not failures:
        return ""
    unused = (
        say("{provider} could not be used ({reason})", provider=each.label, reason=each.reason) for each in failures
    )
    return say("{providers}: running on the CPU", providers=joined(", ", unused))
