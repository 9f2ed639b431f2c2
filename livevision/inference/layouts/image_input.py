"""The input that takes the picture: where its colours are, how large it is, what numbers it wants."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from livevision.errors import ModelError
from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.text import brief
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.signature import Signature, Tensor

_TYPES = (np.dtype(np.float32), np.dtype(np.float16), np.dtype(np.uint8), np.dtype(np.float64))

_MOST_CHANNELS = 32
"""More than any camera has: such an axis is no colours."""


class Order(Enum):
    """Where a batch of pictures has its colours."""

    NCHW = (0, 1, 2, 3)
    NHWC = (0, 3, 1, 2)

    def planes(self, batch: Array) -> Array:
        """View a batch in this order as ``(n, colours, h, w)``."""
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
    channels: int = 3
    """3 colours, or 1 for grey pictures."""

    @property
    def is_fixed(self) -> bool:
        """Whether the model takes pictures of one size only."""
        return self.width is not None and self.height is not None

    def empty(self, count: int, size: tuple[int, int]) -> Array:
        """Return room for ``count`` pictures of ``size`` (width, height)."""
        width, height = size
        inside = (self.channels, height, width) if self.order is Order.NCHW else (height, width, self.channels)
        shape = (count, *inside)
        return np.empty(shape, self.dtype)


def image_input(signature: Signature) -> ImageInput:
    """Find it: the first input with four axes, three colours or grey, or leaving that free.  Raises ModelError."""
    for tensor in signature.inputs:
        found = _order(tensor, signature)
        if found is not None:
            break
    else:
        raise ModelError(_refusal(signature))
    if tensor.dtype not in _TYPES:
        raise ModelError(
            say("takes pictures as {dtype}: export it with float32, float16 or uint8 pictures", dtype=tensor.dtype)
        )
    order, channels = found
    rows, columns = (2, 3) if order is Order.NCHW else (1, 2)
    return ImageInput(
        tensor.name, order, tensor.dtype, tensor.shape[0], tensor.shape[columns], tensor.shape[rows], channels
    )


def _order(tensor: Tensor, signature: Signature) -> tuple[Order, int] | None:
    shape = tensor.shape
    if len(shape) != 4:
        return None
    # What begins with one colour is grey, however narrow: [1,1,h,3] is no picture one pixel high.
    if shape[1] in (1, 3):
        return Order.NCHW, shape[1]
    if shape[3] in (1, 3):
        return Order.NHWC, shape[3]
    if shape[1] is not None:
        return None
    said = ultralytics.channels(signature) or 3
    return (Order.NCHW, said) if said in (1, 3) else None


def _refusal(signature: Signature) -> str:
    channels = {shape[1] for each in signature.inputs if len(shape := each.shape) == 4}
    channels |= {ultralytics.channels(signature)}
    for count in sorted(each for each in channels if each is not None and 1 < each <= _MOST_CHANNELS and each != 3):
        return say(
            "takes pictures of {count} channels, which livevision does not give: it gives three colours, or grey",
            count=count,
        )
    return say("takes no colour pictures, [1,3,height,width], but {inputs}", inputs=brief(signature.inputs))
