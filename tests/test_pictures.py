"""Pixels: colours that are true, sizes that are asked for, arrays that everyone may share."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import Colorspace

from livevision.pictures import ArrayPicture, DecodedPicture
from livevision.sources.file import FileReader, Pace
from tests.fakes.clips import Encoding, number_in, numbered, plain, write_clip

COLOURS = {"grey": (128, 128, 128), "red": (0, 0, 255), "green": (0, 255, 0), "blue": (255, 0, 0), "white": (255,) * 3}


def first_picture(path):
    reader = FileReader(path, 0, Pace.EVERY_FRAME)
    reader.open()
    frame = reader.read()
    reader.close()
    return frame


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
@pytest.mark.parametrize(
    ("size", "encoding"),
    [
        ((1280, 720), Encoding(matrix=Colorspace.ITU709, tagged=True)),
        ((1280, 720), Encoding(matrix=Colorspace.ITU601, tagged=True)),
        ((640, 480), Encoding(matrix=Colorspace.ITU601)),
        ((640, 480), Encoding(codec="mjpeg")),
    ],
    ids=["HD BT.709", "HD BT.601", "SD untagged", "JPEG full range"],
)
def test_colours_are_true(tmp_path, colour, size, encoding):
    suffix = "avi" if encoding.codec == "mjpeg" else "mp4"
    frame = first_picture(write_clip(tmp_path / f"a.{suffix}", [plain(colour, size)], encoding))
    for image in (frame.bgr(), frame.bgr((size[0] // 2, size[1] // 2))):
        # FFmpeg rounds by up to 5 where a processor has no vectors; another matrix is off by 15 and more.
        assert np.abs(image.mean(axis=(0, 1)) - colour).max() <= 8


@pytest.mark.parametrize("size", [(320, 240), (160, 120), (157, 119), (641, 479)])
@pytest.mark.parametrize("kind", ["decoded", "array"])
def test_any_size_is_contiguous_and_read_only(clip, kind, size):
    picture = first_picture(clip).picture if kind == "decoded" else ArrayPicture(numbered(0))
    image = picture.bgr(size)
    assert (image.shape, image.dtype) == ((size[1], size[0], 3), np.uint8)
    assert image.flags.c_contiguous
    assert number_in(image) == 0
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 0


def test_a_size_is_converted_once_for_all(clip):
    frame = first_picture(clip)
    barrier = threading.Barrier(4)

    def convert():
        barrier.wait(60)
        return frame.bgr((100, 80))

    with ThreadPoolExecutor(4) as threads:
        images = [future.result() for future in [threads.submit(convert) for _ in range(4)]]
    assert all(image is images[0] for image in images)
    assert frame.bgr() is frame.bgr((320, 240))


def test_a_picture_that_is_bgr_already():
    decoded = av.VideoFrame.from_ndarray(numbered(9), "bgr24")
    assert number_in(DecodedPicture(decoded).bgr((320, 240))) == 9


def test_small_things_survive_shrinking():
    image = np.zeros((400, 400, 3), np.uint8)
    image[::4] = 255
    assert 50 < ArrayPicture(image).bgr((100, 100)).mean() < 80


def test_the_decoders_own_picture_is_kept(clip):
    decoded = first_picture(clip).picture.decoded
    assert (decoded.width, decoded.height, decoded.format.name) == (320, 240, "yuv420p")


def test_a_picture_goes_with_its_last_user_and_not_with_the_garbage_collector(clip: Path) -> None:
    with av.open(clip) as container:
        pictures = [DecodedPicture(next(container.decode(video=0))), ArrayPicture(np.zeros((90, 160, 3), np.uint8))]
    gc.disable()
    try:
        for picture in pictures:
            picture.bgr((80, 44))
        gone = [weakref.ref(picture) for picture in pictures]
        del picture, pictures
        assert [ref() for ref in gone] == [None, None]
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "layout", ["yuv420p", "yuvj420p", "nv12", "yuv422p", "yuv444p", "yuv420p10le", "gray", "bgr24", "yuyv422"]
)
@pytest.mark.parametrize("crop", [(40, 30, 160, 90), (41, 33, 80, 45), (160, 90, 160, 90)])
def test_a_part_is_what_the_whole_picture_has_there(layout, crop):
    ramp = np.add.outer(np.arange(180), np.arange(320)) // 2
    image = np.dstack([ramp, ramp[::-1], np.full_like(ramp, 90)]).astype(np.uint8)
    picture = DecodedPicture(av.VideoFrame.from_ndarray(image, "bgr24").reformat(format=layout))
    x, y, width, height = crop
    whole = picture.bgr(picture.size)[y : y + height, x : x + width]
    for size in ((width, height), (width * 3, height * 3)):
        part = picture.bgr(size, crop)
        assert part.shape == (size[1], size[0], 3)
        assert not part.flags.writeable
        assert np.abs(part.astype(int) - cv2.resize(whole, size)).mean() < 3
    assert picture.bgr(crop[2:], crop) is not picture.bgr(crop[2:], crop), "not remembered"


def test_a_part_of_an_array_is_its_own():
    array = numbered(0).copy()
    part = ArrayPicture(array).bgr((80, 60), (10, 20, 80, 60))
    np.testing.assert_array_equal(part, array[20:80, 10:90])
    assert not part.flags.writeable
    array[:] = 0
    assert part.any()


def pictures() -> dict[str, ArrayPicture | DecodedPicture]:
    """Return the same picture in several forms; ``bgra`` needs no conversion at its own size."""
    image = numbered(5)
    of = {layout: av.VideoFrame.from_ndarray(image, "bgr24").reformat(format=layout) for layout in ("yuv420p", "bgra")}
    return {"array": ArrayPicture(image), **{layout: DecodedPicture(decoded) for layout, decoded in of.items()}}


@pytest.mark.parametrize("size", [(320, 240), (157, 119), (641, 479)])
@pytest.mark.parametrize("crop", [None, (80, 60, 160, 120), (41, 33, 81, 45)])
@pytest.mark.parametrize("kind", ["array", "yuv420p", "bgra"])
def test_a_picture_for_the_screen_is_the_same_and_the_askers_own(kind, crop, size):
    picture = pictures()[kind]
    plain, image = picture.bgr(size, crop), picture.bgra(size, crop)
    assert (image.shape, image.dtype) == ((size[1], size[0], 4), np.uint8)
    assert image.flags.c_contiguous
    assert np.abs(image[:, :, :3].astype(int) - plain).max() <= 2
    before = image.copy()
    image[:] = 0
    np.testing.assert_array_equal(picture.bgra(size, crop), before)
    np.testing.assert_array_equal(picture.bgr(size, crop), plain)
