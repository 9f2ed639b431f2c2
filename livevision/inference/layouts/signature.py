"""What a model says about itself: the names, shapes and types of what it takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Tensor:
    """One input or output, as the model declares it."""

    name: str
    shape: tuple[int | None, ...]
    """None where the model leaves the size free."""
    dtype: np.dtype[Any]

    def __str__(self) -> str:
        sizes = ",".join("?" if size is None else str(size) for size in self.shape)
        return f"{self.name} {self.dtype}[{sizes}]"


@dataclass(frozen=True, slots=True)
class Signature:
    """A model's inputs and outputs in its own order, and what its file or server says beside that."""

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    """Words in the names of its weights and operations, in lower case: ``backbone``; a server tells none."""

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.inputs))} → {', '.join(map(str, self.outputs))}"
