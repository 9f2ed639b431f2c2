"""What a model would say about itself, without the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from livevision.inference.layouts.signature import Signature, Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping

    Shape = tuple[int | None, ...]

FREE = (None, 3, None, None)


def signature(
    *outputs: Shape,
    picture: Shape = (1, 3, 640, 640),
    metadata: Mapping[str, str] | None = None,
    dtype: Any = np.float32,
    names: tuple[str, ...] = ("output0", "output1", "output2", "output3"),
) -> Signature:
    """Return the signature of a model that takes ``images`` and gives float32 of these shapes."""
    given = tuple(Tensor(name, shape, np.dtype(np.float32)) for name, shape in zip(names, outputs, strict=False))
    return Signature((Tensor("images", picture, np.dtype(dtype)),), given, metadata or {})
