from __future__ import annotations

import cv2
import numpy as np
import pytest

from livevision.errors import DetectorError
from livevision.inference.http.jpeg import encode_jpeg
from livevision.inference.options import Jpeg
from tests.fakes.cameras import grey


def decoded(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize(
    ("size", "longest", "sent"),
    [
        ((1920, 1080), 1280, (1280, 720)),
        ((1080, 1920), 1280, (720, 1280)),
        ((640, 360), 1280, (640, 360)),
        ((1920, 1080), None, (1920, 1080)),
        ((3000, 2), 300, (300, 1)),
    ],
)
def test_a_picture_is_made_smaller_and_never_larger(
    size: tuple[int, int], longest: int | None, sent: tuple[int, int]
) -> None:
    picture = encode_jpeg(grey(size), Jpeg(longest_side=longest))
    assert (picture.width, picture.height) == sent
    assert decoded(picture.data).shape[1::-1] == sent


def test_colours_arrive_as_they_were() -> None:
    image = np.full((90, 160, 3), (200, 60, 20), np.uint8)
    image.flags.writeable = False
    assert np.abs(decoded(encode_jpeg(image, Jpeg()).data).astype(int) - image).max() < 6


def test_less_quality_is_fewer_bytes() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8)
    sizes = [len(encode_jpeg(noise, Jpeg(quality)).data) for quality in (95, 60, 20)]
    assert sizes == sorted(sizes, reverse=True)


def test_thin_lines_survive_being_made_smaller() -> None:
    image = grey((1600, 900), 0)
    image[:, ::4] = 255  # nearest or linear would drop them all, or keep them all
    assert 50 < decoded(encode_jpeg(image, Jpeg(longest_side=400)).data).mean() < 80


def test_what_jpeg_cannot_hold_is_said() -> None:
    with pytest.raises(DetectorError, match="a picture of 70000×8 could not be coded as JPEG"):
        encode_jpeg(grey((70000, 8)), Jpeg(longest_side=None))
