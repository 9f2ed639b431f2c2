"""Tiles: where they are, that small objects come back in their places and once, and what happens on the way."""

import asyncio
import itertools
import threading

import cv2
import numpy as np
import pytest
import supervision as sv

from livevision.errors import DetectorError, UsageError
from livevision.inference.builtin.motion import MotionDetector
from livevision.inference.detector import Tunable
from livevision.inference.filter import DetectionFilter
from livevision.inference.options import Tiles
from livevision.inference.slicing import SlicedDetector, parse_tiles, tile_places
from livevision.inference.tile_merging import merged

SQUARES = [(50, 40), (300, 50), (312, 200), (620, 410), (480, 300), (0, 448)]
"""Top left corners of white squares of 12 pixels; some lie in two or four tiles, one is cut by a tile's edge."""


def night() -> np.ndarray:
    image = np.zeros((460, 640, 3), np.uint8)
    for x, y in SQUARES:
        image[y : y + 12, x : x + 12] = 255
    return image


class SpotDetector(Tunable):
    """Boxes what is white, and answers with everything that a detection may have."""

    name = "spots"
    classes = ("spot",)
    runs_on = "TEST"
    notice = ""

    def __init__(self, max_in_flight: int = 1) -> None:
        self.max_in_flight = max_in_flight
        self.in_flight = self.most_in_flight = self.calls = 0
        self.fails_at = -1
        self.shapes: set[tuple[int, ...]] = set()
        self.threads: set[str] = set()
        self.cancelled = 0
        self.keep: DetectionFilter | None = None
        self.closed = False
        self.nonsense = False

    def tune(self, keep: DetectionFilter) -> None:
        self.keep = keep

    async def detect(self, image) -> sv.Detections:
        assert image.flags.c_contiguous
        assert not image.flags.writeable
        call, self.calls = self.calls, self.calls + 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.shapes.add(image.shape)
        try:
            if call == self.fails_at:
                raise DetectorError("the server had enough")
            if call < self.fails_at:
                await asyncio.Event().wait()  # until somebody stops it
            # Later tiles are answered earlier.
            await asyncio.sleep(0.002 * (8 - call % 8))
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.in_flight -= 1
        return self.spots(image)

    def spots(self, image) -> sv.Detections:
        _, _, stats, _ = cv2.connectedComponentsWithStats(image[:, :, 0])
        boxes = np.array([[x, y, x + w, y + h] for x, y, w, h, _ in stats[1:]], np.float32).reshape(-1, 4)
        x1, y1, x2, y2 = boxes.T
        found = sv.Detections(
            xyxy=boxes,
            # A piece is surer than the whole: the whole has to win nevertheless.
            confidence=(1 - (x2 - x1) * (y2 - y1) / 1000).astype(np.float32),
            class_id=np.zeros(len(boxes), int),
            mask=np.array([self.mask(image, box) for box in boxes.astype(int)], bool).reshape(-1, *image.shape[:2]),
            data={
                "class_name": np.full(len(boxes), "spot"),
                "xyxyxyxy": np.stack([x1, y1, x2, y1, x2, y2, x1, y2], axis=1).reshape(-1, 4, 2),
                "keypoints": np.stack([(x1 + x2) / 2, (y1 + y2) / 2], axis=1).reshape(-1, 1, 2),
            },
        )
        if self.nonsense and len(found):
            found.xyxy = np.full_like(found.xyxy, np.nan)
        return found

    def mask(self, image, box) -> np.ndarray:
        x1, y1, x2, y2 = box
        mask = np.zeros(image.shape[:2], bool)
        mask[y1:y2, x1:x2] = True
        return mask

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture
def picture() -> np.ndarray:
    image = night()
    image.flags.writeable = False
    return image


async def found_in(inner, image, tiles=Tiles(320, 320, 0.2)) -> sv.Detections:  # noqa: B008
    sliced = SlicedDetector(inner, tiles)
    try:
        return await sliced.detect(image)
    finally:
        await sliced.aclose()


@pytest.mark.parametrize("max_in_flight", [1, 3])
async def test_small_objects_come_back_once_and_in_their_places(picture, max_in_flight):
    inner = SpotDetector(max_in_flight)
    found = await found_in(inner, picture)
    corners = [tuple(box[:2]) for box in found.xyxy.astype(int).tolist()]
    assert sorted(corners) == sorted(SQUARES)
    assert (found.xyxy[:, 2:] - found.xyxy[:, :2] == 12).all()
    assert inner.most_in_flight == max_in_flight
    assert inner.shapes == {(320, 320, 3)}
    assert inner.closed


async def test_the_order_is_the_same_whoever_answers_first(picture):
    one, three = await found_in(SpotDetector(1), picture), await found_in(SpotDetector(3), picture)
    assert one.xyxy.tolist() == three.xyxy.tolist()


async def test_masks_outlines_and_keypoints_are_moved_too(picture):
    found = await found_in(SpotDetector(4), picture)
    for index, (x, y, right, bottom) in enumerate(found.xyxy.astype(int)):
        expected = np.zeros((460, 640), bool)
        expected[y:bottom, x:right] = True
        assert (np.asarray(found.mask)[index] == expected).all()
        assert found.data["xyxyxyxy"][index].tolist() == [[x, y], [right, y], [right, bottom], [x, bottom]]
        assert found.data["keypoints"][index].tolist() == [[x + 6, y + 6]]
    scene = sv.MaskAnnotator(opacity=1).annotate(np.zeros((460, 640, 3), np.uint8), found)
    assert (scene[205, 318] != 0).any()
    assert len(found[[0, 2]].mask) == 2


async def test_a_picture_that_fits_into_a_tile_is_given_as_it_is(picture):
    inner = SpotDetector()
    found = await found_in(inner, picture, Tiles(640, 480))
    assert inner.shapes == {(460, 640, 3)}
    assert len(found) == len(SQUARES)


async def test_nothing_found_is_still_an_answer():
    image = np.zeros((460, 640, 3), np.uint8)
    image.flags.writeable = False
    found = await found_in(SpotDetector(), image)
    assert len(found) == 0
    assert found.mask.shape == (0, 460, 640)
    assert found.confidence is not None
    assert "class_name" in found.data


async def test_tiles_in_which_no_box_can_be_true_are_no_empty_picture(picture):
    inner = SpotDetector()
    inner.nonsense = True
    with pytest.raises(DetectorError, match=r"spots: \d+ boxes, none valid: they are not numbers"):
        await found_in(inner, picture)


async def test_one_tile_that_fails_fails_the_picture_and_stops_the_others(picture):
    inner = SpotDetector(6)
    inner.fails_at = 5
    sliced = SlicedDetector(inner, Tiles(320, 320))
    with pytest.raises(DetectorError, match=r"^the server had enough$"):
        await sliced.detect(picture)
    assert inner.in_flight == 0
    assert inner.cancelled + 1 == 6
    assert len(await sliced.detect(picture)) == len(SQUARES)
    await sliced.aclose()


async def test_cancelling_stops_all_tiles(picture):
    inner = SpotDetector(2)
    sliced = SlicedDetector(inner, Tiles(320, 320))
    work = asyncio.create_task(sliced.detect(picture))
    while not inner.in_flight:
        await asyncio.sleep(0.001)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert inner.in_flight == 0
    await sliced.aclose()
    assert [each.name for each in threading.enumerate() if "tiles" in each.name] == []


async def test_pictures_share_the_places_in_flight(picture):
    inner = SpotDetector(3)
    sliced = SlicedDetector(inner, Tiles(320, 320))
    assert sliced.max_in_flight == 2
    await asyncio.gather(sliced.detect(picture), sliced.detect(picture))
    assert inner.most_in_flight == 3
    await sliced.aclose()


async def test_tells_what_the_inner_one_does_and_passes_on_what_is_wanted(picture):
    inner = SpotDetector()
    sliced = SlicedDetector(inner, Tiles(320, 320))
    sliced.tune(DetectionFilter(0.7, iou=0.3))
    assert (sliced.name, sliced.classes, sliced.runs_on) == ("spots", ("spot",), "TEST")
    assert inner.keep.confidence == 0.7
    await sliced.aclose()


async def test_a_detector_that_remembers_is_refused():
    detector = MotionDetector()
    with pytest.raises(UsageError, match="motion compares each picture with the ones before"):
        SlicedDetector(detector, Tiles(320, 320))
    await detector.aclose()


async def test_tiles_without_end_are_refused():
    sliced = SlicedDetector(SpotDetector(), Tiles(64, 64, 0.8))
    with pytest.raises(DetectorError, match=r"1920x1080 would be \d+ tiles; choose larger ones"):
        await sliced.detect(np.zeros((1080, 1920, 3), np.uint8))
    await sliced.aclose()


@pytest.mark.parametrize(
    ("size", "tiles"),
    [
        ((1920, 1080), Tiles(640, 640, 0.2)),
        ((3840, 2160), Tiles(640, 480, 0.0)),
        ((641, 640), Tiles(640, 640, 0.5)),
        ((200, 3000), Tiles(640, 640, 0.25)),
    ],
)
def test_tiles_cover_the_picture_and_overlap_as_much_as_is_wanted(size, tiles):
    places = tile_places(size, tiles)
    covered = np.zeros((size[1], size[0]), bool)
    for x1, y1, x2, y2 in places:
        assert (x2 - x1, y2 - y1) == (min(tiles.width, size[0]), min(tiles.height, size[1]))
        assert x1 >= 0 <= y1
        assert x2 <= size[0]
        assert y2 <= size[1]
        covered[y1:y2, x1:x2] = True
    assert covered.all()
    columns = sorted({(x1, x2) for x1, _, x2, _ in places})
    for (_, end), (start, _) in itertools.pairwise(columns):
        assert end - start >= int(tiles.overlap * tiles.width) - 1
    assert places == sorted(places, key=lambda place: (place[1], place[0]))


def test_reads_what_a_user_types():
    assert parse_tiles("640x640") == Tiles(640, 640, 0.2)
    assert parse_tiles(" 1280 × 720 ", 0.3) == Tiles(1280, 720, 0.3)
    assert parse_tiles("320", 0) == Tiles(320, 320, 0)


@pytest.mark.parametrize(
    ("size", "overlap", "words"),
    [
        ("big", 0.2, "'big' is no size of tiles; write width x height, as in 640x640"),
        ("640x", 0.2, "no size of tiles"),
        ("32x640", 0.2, "32x640 are too small; 64x64 is the least"),
        ("640x640", 0.9, "overlap of tiles is 0.9, but goes from 0 to 0.8"),
        ("640x640", float("nan"), "overlap of tiles is nan"),
    ],
)
def test_says_what_is_wrong_with_what_a_user_types(size, overlap, words):
    with pytest.raises(UsageError, match=words):
        parse_tiles(size, overlap)


def boxes(*found: tuple[float, float, float, float], confidence: float = 0.5, name: str = "a") -> sv.Detections:
    return sv.Detections(
        xyxy=np.array(found, np.float32).reshape(-1, 4),
        confidence=np.full(len(found), confidence, np.float32),
        class_id=np.zeros(len(found), int),
        data={"class_name": np.full(len(found), name)},
    )


PLACES = [(0, 0, 100, 100), (80, 0, 180, 100)]


def put_together(left: sv.Detections, right: sv.Detections) -> list[list[float]]:
    return merged([left, right], PLACES, (180, 100), 0.5).xyxy.tolist()


def test_a_piece_of_an_object_goes_and_the_whole_stays_however_sure():
    piece, whole = boxes((85, 10, 100, 50), confidence=0.9), boxes((5, 10, 60, 50), confidence=0.3)
    assert put_together(piece, whole) == [[85, 10, 140, 50]]


def test_a_small_object_within_a_large_one_is_another_object():
    adult, child = boxes((82, 5, 98, 95)), boxes((4, 60, 12, 95))
    assert len(put_together(adult, child)) == 2


def test_what_a_model_says_within_one_tile_holds():
    assert len(put_together(boxes((5, 5, 40, 40), (6, 5, 41, 40)), boxes())) == 2


def test_objects_of_two_classes_do_not_exclude_each_other():
    assert len(put_together(boxes((85, 10, 95, 50), name="a"), boxes((5, 10, 15, 50), name="b"))) == 2
    assert len(put_together(boxes((85, 10, 95, 50)), boxes((5, 10, 15, 50)))) == 1


def test_answers_of_different_kinds_are_refused():
    masked = boxes((5, 5, 20, 20))
    masked.mask = np.zeros((1, 100, 100), bool)
    with pytest.raises(ValueError, match="mask"):
        put_together(masked, boxes((5, 10, 15, 50)))
