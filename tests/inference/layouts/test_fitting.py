"""Where the pixels of a picture go in the tensor, and in which numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.inference.layouts.fitting import fitted_into, prepare, to_picture
from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.preparation import Channels, Fit, Preparation
from tests.fakes.signatures import signature

sides = st.integers(1, 3000)


def prepared(picture: tuple[int, int], preparation: Preparation, dtype: Any = np.float32) -> Any:
    """Prepare a picture of one colour, B 10, G 20, R 30, for a 64x64 model; return ``(3, 64, 64)``."""
    image = np.zeros((picture[1], picture[0], 3), np.uint8)
    image[:] = (10, 20, 30)
    image.flags.writeable = False
    source = image_input(signature((1, 84, 84), picture=(1, 3, 64, 64), dtype=dtype))
    tensor, _ = prepare([image], source, (64, 64), preparation)
    assert tensor.shape == (1, 3, 64, 64)
    assert tensor.dtype == dtype
    return tensor[0]


def test_a_letterboxed_picture_is_centred_between_grey_edges() -> None:
    tensor = prepared((128, 64), Preparation())

    assert tensor[:, 16:48] == pytest.approx(np.broadcast_to(np.array([30, 20, 10])[:, None, None] / 255, (3, 32, 64)))
    assert tensor[:, :16] == pytest.approx(114 / 255)
    assert tensor[:, 48:] == pytest.approx(114 / 255)


def test_a_picture_at_the_top_left_has_its_edges_right_and_below() -> None:
    tensor = prepared((64, 128), Preparation(Fit.TOP_LEFT, Channels.BGR, scale=1, fill=7))

    assert (tensor[:, :, :32] == np.array([10, 20, 30])[:, None, None]).all()
    assert (tensor[:, :, 32:] == 7).all()


def test_a_stretched_picture_leaves_no_edges() -> None:
    tensor = prepared((10, 100), Preparation(Fit.STRETCH, scale=1))

    assert (tensor == np.array([30, 20, 10])[:, None, None]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.float64])
def test_mean_and_deviation_go_by_channel(dtype: Any) -> None:
    tensor = prepared((64, 32), Preparation(scale=1, mean=(1, 2, 3), std=(2, 4, 8), fill=11), dtype)

    assert tensor[:, 32, 32] == pytest.approx([29 / 2, 18 / 4, 7 / 8])
    assert tensor[:, 0, 0] == pytest.approx([10 / 2, 9 / 4, 8 / 8])


def test_a_model_that_takes_bytes_gets_the_pixels_as_they_are() -> None:
    tensor = prepared((64, 32), Preparation(mean=(1, 2, 3)), np.uint8)

    assert tensor[:, 32, 32].tolist() == [30, 20, 10]
    assert tensor[:, 0, 0].tolist() == [114] * 3


@given(width=sides, height=sides, fit=st.sampled_from(Fit), model=st.sampled_from([(640, 640), (416, 256), (32, 32)]))
def test_the_way_back_ends_where_it_began(width: int, height: int, fit: Fit, model: tuple[int, int]) -> None:
    fitted = fitted_into((width, height), model, fit)
    scale, offset = np.array(fitted.scale), np.array(fitted.offset)
    there = np.array([[0, 0, width, height]]) * np.tile(scale, 2) + np.tile(offset, 2)

    assert (there >= 0).all()
    assert (there[0, 2:] <= np.array(model) + 1e-6).all()
    assert to_picture(there, fitted)[0] == pytest.approx([0, 0, width, height], rel=1e-4, abs=1e-2)
