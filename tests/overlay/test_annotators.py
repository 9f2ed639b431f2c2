"""Each way to show an object changes the picture where the object is, and nowhere else."""

import numpy as np
import pytest
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.overlay import FADE, Annotator, ColourBy, Overlay, OverlayStyle, class_colour
from tests.fakes.objects import GREY, canvas, detections, drawn, of_colour

FRAME = (1280, 720)
BOX = (500, 200, 620, 440)
SIZES = [(1280, 720), (640, 360)]


def rich(box=BOX, *, compact=False, **more) -> sv.Detections:
    """An object that has everything: identity, mask, keypoints, an oriented box."""
    found = detections(box, tracker_id=np.array([7]), **more)
    x1, y1, x2, y2 = (round(side) for side in box)
    mask = np.zeros((1, FRAME[1], FRAME[0]), bool)
    mask[0, y1 + 40 : y2 - 40, x1 + 20 : x2 - 20] = True
    found.mask = sv.CompactMask.from_dense(mask, found.xyxy, FRAME[::-1]) if compact else mask
    middle = (x1 + x2) / 2, (y1 + y2) / 2
    found.data["keypoints"] = np.array([[middle, (x1 + 10, y1 + 10), (0, 0), *[(x2 - 10, y2 - 10)] * 14]], np.float32)
    found.data["keypoint_confidence"] = np.ones((1, 17), np.float32)
    corners = [(middle[0], y1), (x2, middle[1]), (middle[0], y2), (x1, middle[1])]
    found.data[ORIENTED_BOX_COORDINATES] = np.array([corners], np.float32)
    return found


def style(*annotators: Annotator, **more) -> OverlayStyle:
    return OverlayStyle(frozenset(annotators), **more)


def painted(size, *annotators, found=None, **more) -> np.ndarray:
    """A picture on which the object came from the left for a second."""
    overlay = Overlay(style(*annotators, **more))
    found = rich() if found is None else found
    for step in range(25, 0, -1):
        earlier = sv.Detections(found.xyxy - (step * 4, 0, step * 4, 0), tracker_id=found.tracker_id)
        overlay.draw(canvas(*size), earlier, FRAME, (0, 10 - step / 25))
    return overlay.draw(noisy(canvas(*size)), found, FRAME, (0, 10.0))


def noisy(image: np.ndarray) -> np.ndarray:
    image[::2, ::2] = GREY + 40  # a blurred even ground would look as before
    return image


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("annotator", Annotator)
def test_changes_the_picture_at_the_object_and_nowhere_far_away(annotator, size):
    image = painted(size, annotator)

    changed = (image != noisy(canvas(*size))).any(axis=2)
    rows, columns = np.nonzero(changed)
    scale = size[0] / FRAME[0]
    assert len(rows) > 10
    reach = np.array((260, 90, 140, 120)) * scale  # an ellipse and a trace are wider than a box
    left, top, right, bottom = np.array(BOX) * scale + reach * (-1, -1, 1, 1)
    assert left <= columns.min()
    assert columns.max() <= right
    assert top <= rows.min()
    assert rows.max() <= bottom


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "annotator", [each for each in Annotator if each.value not in ("mask", "halo", "heat-map", "blur", "pixelate")]
)
def test_has_the_colour_of_its_class(annotator, size):
    image = painted(size, annotator)

    assert of_colour(image, class_colour("person")).sum() > 4


def test_draws_nothing_of_what_detections_have_not():
    plain = detections(BOX)
    needy = (Annotator.MASK, Annotator.POLYGON, Annotator.HALO, Annotator.KEYPOINTS, Annotator.ORIENTED_BOX)

    image = Overlay(style(*needy, Annotator.TRACE)).draw(canvas(*FRAME), plain, FRAME, (0, 1.0))

    assert (image == GREY).all()


def test_by_default_a_mask_shows_and_the_oriented_box_stands_for_the_upright_one():
    image = Overlay().draw(canvas(*FRAME), rich(), FRAME)

    assert (image[300, 530] != GREY).any(), "in the mask, on no line"
    assert not of_colour(image, class_colour("person"))[420, 495:505].any(), "no upright box"
    assert of_colour(image, class_colour("person"))[321, 495:510].any(), "a corner of the oriented one"


def test_an_upright_box_is_drawn_where_no_oriented_one_is_wanted():
    image = Overlay(style(Annotator.BOX)).draw(canvas(*FRAME), rich(), FRAME)

    assert of_colour(image, class_colour("person"))[420, 495:505].any()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("compact", [False, True])
def test_a_mask_tints_its_object_and_leaves_the_rest(compact, size):
    image = Overlay(style(Annotator.MASK)).draw(canvas(*size), rich(compact=compact), FRAME)

    scale = size[0] / FRAME[0]
    assert drawn(image) == tuple(np.array((520, 240, 600, 400)) * scale)
    inside = image[round(300 * scale), round(560 * scale)].astype(int)
    towards = np.array(class_colour("person").as_bgr()) - GREY
    np.testing.assert_allclose(inside - GREY, towards * 0.45, atol=1)


def test_a_mask_goes_where_its_box_was_moved():
    found = rich(compact=True)
    found.xyxy = found.xyxy + 100

    image = Overlay(style(Annotator.MASK)).draw(canvas(*FRAME), found, FRAME)

    assert drawn(image) == (620, 340, 700, 500)


@pytest.mark.parametrize("annotator", [Annotator.MASK, Annotator.HALO, Annotator.POLYGON])
@pytest.mark.parametrize("box", [(0, 0, 120, 240), (1160, 480, 1280, 720)])
def test_masks_at_the_border_are_fine(annotator, box):
    image = Overlay(style(annotator)).draw(canvas(640, 360), rich(box, compact=True), FRAME)

    assert (image != GREY).any()


def test_a_halo_is_around_its_object_and_not_on_it():
    image = Overlay(style(Annotator.HALO)).draw(canvas(*FRAME), rich(), FRAME)

    assert (image[240:400, 520:600] == GREY).all()
    assert (image[300, 515] != GREY).any()


def test_keypoints_that_were_not_seen_are_not_shown():
    found = rich()
    found.data["keypoints"][0, :3] = ((560, 320), (np.nan, 4), (0, 0))
    found.data["keypoint_confidence"][0, 3:] = 0.1

    image = Overlay(style(Annotator.KEYPOINTS)).draw(canvas(*FRAME), found, FRAME)

    x1, y1, x2, y2 = drawn(image)
    assert (x1 + x2 - 1, y1 + y2 - 1) == (1120, 640), "one dot"
    assert x2 - x1 < 16


def test_one_colour_is_for_all_and_its_letters_can_be_read():
    found = sv.Detections.merge([rich(), rich((900, 200, 1000, 400), name="car")])

    image = Overlay(style(Annotator.BOX, Annotator.LABEL, colour_by=ColourBy.ONE, colour="#112233")).draw(
        canvas(*FRAME), found, FRAME
    )

    ours = of_colour(image, sv.Color.from_hex("#112233"))
    assert ours[:, 480:640].any()
    assert ours[:, 880:1020].any()
    assert of_colour(image, sv.Color.WHITE).any(), "light letters on the dark plate"
    assert not of_colour(image, class_colour("person")).any()


def test_identities_keep_their_colour_and_differ_from_the_next_ones():
    def colour(tracker: int) -> tuple[int, ...]:
        found = detections(BOX, tracker_id=np.array([tracker]))
        image = Overlay(style(Annotator.BOX, colour_by=ColourBy.IDENTITY)).draw(canvas(320, 180), found, FRAME)
        return tuple(image[round(440 / 4), round(560 / 4)].tolist())

    assert len({colour(tracker) for tracker in range(7)}) == 7
    assert colour(3) == colour(10) == colour(3)
    assert colour(-1) not in {colour(tracker) for tracker in range(7)}, "not sure yet: grey"


def test_colour_by_identity_is_by_class_where_there_are_none():
    image = Overlay(style(Annotator.BOX, colour_by=ColourBy.IDENTITY)).draw(canvas(320, 180), detections(BOX), FRAME)

    assert of_colour(image, class_colour("person")).any()


def test_thickness_and_text_are_factors():
    def area(annotator, **more):
        image = Overlay(style(annotator, **more)).draw(canvas(*FRAME), detections(BOX), FRAME)
        return of_colour(image, class_colour("person")).sum()

    assert area(Annotator.BOX, thickness=3.0) > 1.8 * area(Annotator.BOX)
    assert area(Annotator.LABEL, text=2.0) > 2.5 * area(Annotator.LABEL)


def test_a_rich_label_has_two_lines():
    def height(annotator):
        _, top, _, bottom = drawn(Overlay(style(annotator)).draw(canvas(*FRAME), detections(BOX), FRAME))
        return bottom - top

    assert height(Annotator.RICH_LABEL) > 1.6 * height(Annotator.LABEL)


def test_what_fades_lets_the_picture_shine_through_and_goes():
    def strength(fade: float) -> float:
        found = detections(BOX)
        found.data[FADE] = np.array([fade])
        image = Overlay().draw(canvas(*FRAME), found, FRAME)
        return float(np.abs(image.astype(int) - GREY).sum())

    strengths = [strength(fade) for fade in (1.0, 0.7, 0.45, 0.2)]
    assert strengths == sorted(strengths, reverse=True)
    assert strengths[-1] < 0.4 * strengths[0]
    assert strength(0.0) == 0


def test_a_faded_object_takes_nothing_from_a_solid_one():
    both = detections(BOX, (540, 260, 700, 500))
    both.data[FADE] = np.array([0.5, 1.0])
    solid = detections((540, 260, 700, 500))
    ours = Overlay(style(Annotator.BOX))

    image, alone = ours.draw(canvas(*FRAME), both, FRAME), ours.draw(canvas(*FRAME), solid, FRAME)

    lines = (alone != GREY).any(axis=2)
    np.testing.assert_array_equal(image[lines], alone[lines])
    assert (image[320, 490:510] != GREY).any(), "and is there"


def test_what_is_gone_pushes_no_label_away():
    both = detections(BOX, BOX)
    both.data[FADE] = np.array([0.0, 1.0])

    np.testing.assert_array_equal(
        Overlay().draw(canvas(*FRAME), both, FRAME), Overlay().draw(canvas(*FRAME), detections(BOX), FRAME)
    )


@pytest.mark.parametrize("annotator", Annotator)
def test_draws_the_same_on_pictures_for_the_screen(annotator):
    plain, four = noisy(canvas(*FRAME)), np.dstack([noisy(canvas(*FRAME)), np.full(FRAME[::-1], 255, np.uint8)])
    faded = rich(compact=True)
    faded.data[FADE] = np.array([0.5])
    ours, other = Overlay(style(annotator)), Overlay(style(annotator))
    for step, found in enumerate((rich((300, 200, 420, 440)), rich(), faded)):
        ours.draw(plain, found, FRAME, (0, 10.0 + step))
        other.draw(four, found, FRAME, (0, 10.0 + step))
    assert (plain != noisy(canvas(*FRAME))).any()
    np.testing.assert_array_equal(four[:, :, :3], plain)
    assert (four[:, :, 3] == 255).all(), "Qt would mix what is not solid with what it is painted on"


@pytest.mark.parametrize("annotator", [Annotator.BOX, Annotator.CORNERS, Annotator.TRIANGLE])
@pytest.mark.parametrize("ratio", [1, 2])
def test_what_is_thick_fades_as_a_whole(annotator, ratio):
    size, thick = (640 * ratio, 360 * ratio), style(annotator, thickness=8.0)
    found = rich((600, 300, 612, 312))
    solid = Overlay(thick).draw(canvas(*size), found, FRAME, None, None, ratio).astype(int) - GREY
    found.data[FADE] = np.array([0.5])
    faint = Overlay(thick).draw(canvas(*size), found, FRAME, None, None, ratio).astype(int) - GREY
    assert np.abs(solid).max() > 50
    np.testing.assert_allclose(faint, solid / 2, atol=1)
