"""The input that takes the picture: where its colours are, how large it is, what numbers it wants."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from livevision.errors import ModelError
from livevision.inference.layouts.text import brief
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.signature import Signature, Tensor

_TYPES = (np.dtype(np.float32), np.dtype(np.float16), np.dtype(np.uint8), np.dtype(np.float64))


class Order(Enum):
    """Where a batch of pictures has its colours."""

    NCHW = (0, 1, 2, 3)
    NHWC = (0, 3, 1, 2)

    def planes(self, batch: Array) -> Array:
        """View a batch in this order as ``(n, 3, h, w)``."""
        return batch.transpose(self.value)


@dataclass(frozen=True, slots=True)
class ImageInput:
    """What is known about it; sizes are None where the model leaves them free."""

    name: str
    order: Order
    dtype: np.dtype[np.uint8] | np.dtype[np.floating]
    batch: int | None
    width: int | None
    height: int | None

    @property
    def is_fixed(self) -> bool:
        """Whether the model takes pictures of one size only."""
        return self.width is not None and self.height is not None

    def empty(self, count: int, size: tuple[int, int]) -> Array:
        """Return room for ``count`` pictures of ``size`` (width, height)."""
        width, height = size
        shape = (count, 3, height, width) if self.order is Order.NCHW else (count, height, width, 3)
        return np.empty(shape, self.dtype)


def image_input(signature: Signature) -> ImageInput:
    """Find it: the first input with four axes, three colours or leaving that free.  Raises ModelError."""
    for tensor in signature.inputs:
        order = _order(tensor)
        if order is not None:
            break
    else:
        raise ModelError(
            say("takes no colour pictures, [1,3,height,width], but {inputs}", inputs=brief(signature.inputs))
        )
    if tensor.dtype not in _TYPES:
        raise ModelError(
            say("takes pictures as {dtype}: export it with float32, float16 or uint8 pictures", dtype=tensor.dtype)
        )
    rows, columns = (2, 3) if order is Order.NCHW else (1, 2)
    return ImageInput(tensor.name, order, tensor.dtype, tensor.shape[0], tensor.shape[columns], tensor.shape[rows])


def _order(tensor: Tensor) -> Order | None:
    shape = tensor.shape
    if len(shape) != 4:
        return None
    if shape[1] == 3:
        return Order.NCHW
    if shape[3] == 3:
        return Order.NHWC
    return Order.NCHW if shape[1] is None else None
