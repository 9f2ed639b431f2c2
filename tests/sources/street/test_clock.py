"""The bar code clock survives what cameras do to pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from livevision.errors import UsageError
from livevision.sources.street import clock

VALUES = [0, 1, 2**31, 2**32 - 1, 0x5A5AA5A5, 1_735_689_600_123 % 2**32]


def noisy(height: int = 90, width: int = 640) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 255, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("ms", VALUES)
def test_what_was_stamped_is_read(ms: int) -> None:
    image = noisy()
    clock.stamp(image, ms)
    assert clock.read(image) == ms
    assert clock.read(image[..., ::-1]) == ms


@pytest.mark.parametrize("ms", VALUES)
def test_compression_does_no_harm(ms: int) -> None:
    image = noisy()
    clock.stamp(image, ms)
    _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 25])
    assert clock.read(cv2.imdecode(coded, cv2.IMREAD_COLOR)) == ms


def test_lowest_bit_is_leftmost_and_white() -> None:
    image = noisy()
    untouched = image.copy()
    clock.stamp(image, 1)
    assert (image[:16, :16] == 255).all()
    assert (image[:16, 16:512] == 0).all()
    assert np.array_equal(image[16:], untouched[16:])
    assert np.array_equal(image[:, 512:], untouched[:, 512:])


def test_time_beyond_32_bits_wraps() -> None:
    image = noisy()
    clock.stamp(image, 2**32 + 17)
    assert clock.read(image) == 17


def test_no_clock_is_none() -> None:
    assert clock.read(noisy()) is None
    assert clock.read(np.full((90, 640, 3), 128, np.uint8)) is None
    assert clock.read(np.zeros((90, 500, 3), np.uint8)) is None
    assert clock.read(np.zeros((8, 640, 3), np.uint8)) is None


def test_one_smeared_bit_is_none_rather_than_wrong() -> None:
    image = noisy()
    clock.stamp(image, 12345)
    image[:16, 80:96] = 140
    assert clock.read(image) is None


def test_too_narrow_says_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"at least 512 pixels wide, not 320.*larger size"):
        clock.stamp(np.zeros((180, 320, 3), np.uint8), 1)
