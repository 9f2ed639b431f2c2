"""What runs models in files: ONNX Runtime and the hardware that it has been built for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livevision.doctor.check import Check, fail, ok, warn
from livevision.errors import ModelError
from livevision.inference.onnx.providers import CPU, on_offer
from livevision.inference.onnx.runtime import INSTALL, onnx_runtime

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = "ONNX Runtime"


def check_onnx_runtime(find: Callable[[], Any] = onnx_runtime) -> Check:
    """Look for ONNX Runtime; which of its providers really loads, `livevision models inspect` shows."""
    try:
        runtime = find()
    except ModelError as error:
        if isinstance(error.__cause__, ModuleNotFoundError):
            return warn(_NAME, "not installed: no models in .onnx files", INSTALL)
        return fail(_NAME, str(error).removesuffix(f": {INSTALL}"), f"Reinstall it: {INSTALL}")
    offered = on_offer(runtime)
    labels = ", ".join(provider.label for provider in offered)
    only = " only" if offered == (CPU,) else ", as far as its libraries and drivers are there"
    return ok(_NAME, f"{runtime.__version__}, for {labels}{only}")
