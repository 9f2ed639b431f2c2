"""All families of inference servers that are known, by the name that stands before ``+http``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from livevision.inference.http.deepstack import DeepStack
from livevision.inference.http.huggingface import HuggingFace
from livevision.inference.http.kserve import KServe
from livevision.inference.http.mapped import Mapped
from livevision.inference.http.roboflow import Roboflow
from livevision.inference.http.torchserve import TorchServe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from yarl import URL

    from livevision.inference.http.wire import WireFormat
    from livevision.inference.options import ModelOptions

FORMATS: Mapping[str, Callable[[URL, str | None, ModelOptions], WireFormat]] = MappingProxyType(
    {
        "roboflow": Roboflow,
        "kserve": KServe,
        "deepstack": DeepStack,
        "torchserve": TorchServe,
        "huggingface": HuggingFace,
        "json": Mapped,
    }
)
"""Each is called with the server's address, without account and key but with its query; the key; and the options."""

KEY_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "roboflow": "ROBOFLOW_API_KEY",
        "huggingface": "HF_TOKEN",
        "deepstack": "DEEPSTACK_API_KEY",
        "torchserve": "TORCHSERVE_TOKEN",
        "kserve": "KSERVE_TOKEN",
    }
)
"""The environment variable that usually has the key."""
