"""What most families share: one input, which takes the picture, and one output that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.preparation import Preparation
from livevision.inference.layouts.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature, Tensor


class PictureOnly:
    """A family that takes nothing but the picture: RGB, 0 to 1, centred with grey edges, unless it says otherwise."""

    def preparation(self, signature: Signature) -> Preparation:
        """Say how the family wants its pictures."""
        return Preparation()

    def feeds(self, signature: Signature, pictures: Array, fitted: Sequence[Fitted]) -> dict[str, Array]:
        """Name the picture's input."""
        return {image_input(signature).name: pictures}


def only(tensors: Sequence[Tensor], rank: int) -> Tensor | None:
    """Return the output with so many axes, where it is the only output."""
    return tensors[0] if len(tensors) == 1 and len(tensors[0].shape) == rank else None


def answers(outputs: Sequence[Array]) -> Array:
    """Return the first output with three axes, ``(batch, a, b)``, for the first picture: ``(a, b)``.

    Half precision becomes float32, in which everything that follows is five times as fast.
    """
    array = next((output for output in outputs if output.ndim == 3), None)
    if array is None or not len(array):
        raise ValueError("no output has the three axes that this layout wants")
    first: Array = array[0]
    return first.astype(np.float32) if first.dtype == np.float16 else first


def described(output: Tensor) -> str:
    """Name an output and its shape for the operator."""
    sizes = ",".join("?" if size is None else str(size) for size in output.shape)
    return f"{clean(output.name, 40)} is [{sizes}]"


def with_prototypes(tensors: Sequence[Tensor]) -> Tensor | None:
    """Return the output of three axes, where its only companion has four: the prototypes of masks."""
    if sorted(len(tensor.shape) for tensor in tensors) != [3, 4]:
        return None
    return next(tensor for tensor in tensors if len(tensor.shape) == 3)
