"""Whether a face is found: a portrait that matplotlib, which supervision needs, ships as sample data."""

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

from livevision.errors import ModelError
from livevision.inference.builtin import faces
from livevision.inference.builtin.faces import FaceDetector

# In the portrait, by eye: the face of Grace Hopper, from brow to chin.
FACE = np.array([160, 110, 370, 330])


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    spec = find_spec("matplotlib")
    file = Path(spec.origin).parent / "mpl-data/sample_data/grace_hopper.jpg" if spec and spec.origin else None
    if file is None or not file.exists():
        pytest.skip("this matplotlib ships no portrait")
    return cv2.imread(str(file))


@pytest.fixture
async def detector():
    detector = FaceDetector()
    yield detector
    await detector.aclose()


@pytest.mark.parametrize("scale", [0.25, 1, 3])
async def test_finds_the_face_at_any_size_in_pixels_of_the_picture(detector, portrait, scale):
    found = await detector.detect(cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))

    assert len(found) == 1
    np.testing.assert_allclose(found.xyxy[0] / scale, FACE, atol=25)
    assert found["class_name"].tolist() == ["face"]
    assert found.class_id.tolist() == [0]
    assert 0.5 < found.confidence[0] <= 1


async def test_finds_the_face_beside_the_middle_of_a_wide_picture(detector, portrait):
    wide = np.full((720, 1280, 3), 90, np.uint8)
    wide[100:700, 700:1212] = portrait

    found = await detector.detect(wide)

    assert len(found) == 1
    np.testing.assert_allclose(found.xyxy[0], FACE + np.array([700, 100, 700, 100]), atol=25)


@pytest.mark.parametrize("size", [(640, 360), (16, 9), (1, 1)])
async def test_nobody_is_nobody(detector, size):
    found = await detector.detect(np.full((size[1], size[0], 3), 90, np.uint8))

    assert len(found) == 0
    assert found.xyxy.shape == (0, 4)


@pytest.mark.parametrize("content", [None, "<not a cascade/>"])
def test_a_damaged_installation_is_told_in_one_line(monkeypatch, tmp_path, content):
    file = tmp_path / "faces.xml"
    if content is not None:
        file.write_text(content)
    monkeypatch.setattr(faces, "_CASCADE", file)

    with pytest.raises(ModelError, match="reinstall opencv-python") as caught:
        FaceDetector()

    assert "\n" not in str(caught.value)
