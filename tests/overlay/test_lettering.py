"""Text that is put together from words looks like text that was written at once."""

import cv2
import numpy as np
import pytest
import supervision as sv
from PIL import Image, ImageDraw, ImageFont

from livevision.overlay.fonts import can_shape, font_for, in_visual_order, spelt_out
from livevision.overlay.lettering import Lettering

PADDING = 3


def written(text: str, size: int) -> np.ndarray:
    font = sv.RichLabelAnnotator(font_size=size).font
    _, top, _, bottom = font.getbbox("Tg")
    image = Image.new("L", (round(font.getlength(text)) + 2 * PADDING, round(bottom - top) + 2 * PADDING))
    ImageDraw.Draw(image).text((PADDING, PADDING - top), text, font=font, fill=255)
    return np.asarray(image)


@pytest.mark.parametrize("size", [8, 11, 14, 22, 47])
@pytest.mark.parametrize("text", ["person #12  87 %", "fjord AVATAR To,  j 9 %", "x", "a   b"])
def test_words_stand_where_they_stand_in_the_text(text: str, size: int) -> None:
    lettering = Lettering(size, PADDING)
    for _ in range(2):
        np.testing.assert_array_equal(lettering.mask(text), written(text, size))


def test_lines_stand_below_each_other() -> None:
    lettering = Lettering(14, PADDING)
    first, both = lettering.mask("person #1"), lettering.mask("person #1\n87 %")
    top = first.shape[0] - PADDING  # no letter of it reaches lower
    np.testing.assert_array_equal(both[:top, : first.shape[1]], first[:top])
    assert both[top:].any()
    assert both.shape[1] == first.shape[1]


def test_it_remembers_no_more_than_some_words() -> None:
    lettering = Lettering(8, PADDING)
    for number in range(1000):
        lettering.mask(f"#{number}")
    assert lettering._word.cache_info().currsize < 1000


def squares(text: str, size: int) -> np.ndarray:
    """Return what a font draws that has none of these letters."""
    return written("\uffff" * len(text), size)


def in_one_font(text: str, size: int) -> np.ndarray:
    """Return text as FreeType draws it in DejaVu Sans, the font that matplotlib brings."""
    import matplotlib

    path = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (round(right - left) + 2, round(bottom - top) + 2))
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, font=font, fill=255)
    return np.asarray(image)


def trimmed(mask: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(mask > 128)
    return mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize("name", ["Fußgänger", "Ölkanne", "vélo", "човек", "άνθρωπος", "člověk", "— €"])
@pytest.mark.parametrize("size", [14, 24])
def test_letters_that_the_usual_font_lacks_come_from_another_one(name: str, size: int) -> None:
    drawn = trimmed(Lettering(size, 6).mask(name))
    wanted = trimmed(in_one_font(name, size))
    # Beside each other there may be a difference of a pixel: where letters of two fonts meet, they are set apart.
    assert abs(drawn.shape[0] - wanted.shape[0]) <= 2
    assert abs(drawn.shape[1] - wanted.shape[1]) <= 2 + len(name)
    if drawn.shape == wanted.shape:
        assert np.mean(np.abs(drawn.astype(int) - wanted)) < 24
    missing = trimmed(squares(name, size))
    assert drawn.shape != missing.shape or (drawn != missing).any()


@pytest.mark.parametrize("size", [11, 14, 24])
def test_classes_in_all_writings_can_be_told_apart(size: int) -> None:
    names = ["사람", "자동차", "人", "车", "犬", "شخص", "سيارة", "אדם", "🚲", "🚗", "👩🏽‍🦱", "คน", "व्यक्ति"]
    lettering = Lettering(size, 4)
    masks = [trimmed(lettering.mask(name)) for name in names]
    assert len({(mask.shape, mask.tobytes()) for mask in masks}) == len(names)
    for name, mask in zip(names, masks, strict=True):
        for count in range(1, 12):
            blank = trimmed(squares("x" * count, size))
            assert mask.shape != blank.shape or (mask != blank).any(), name


def test_arabic_is_joined_and_begins_at_the_right() -> None:
    """شخص is one stroke with four dots: three over its first letter, at the right, and one over the second."""
    mask = Lettering(48, 10).mask("شخص")
    count, _, stats, centres = cv2.connectedComponentsWithStats((mask > 100).astype(np.uint8), connectivity=8)
    sizes = stats[1:, cv2.CC_STAT_AREA]
    strokes = stats[1:][sizes > 0.5 * sizes.max()]
    assert len(strokes) == 1
    left, width = strokes[0][cv2.CC_STAT_LEFT], strokes[0][cv2.CC_STAT_WIDTH]
    dots = [centre[0] for centre, size in zip(centres[1:], sizes, strict=True) if size <= 0.5 * sizes.max()]
    assert len(dots) >= 2
    assert max(dots) > left + 0.66 * width
    assert min(dots) > left + 0.33 * width, "the last letter, at the left, has none"
    assert count - 1 == 1 + len(dots)


def test_several_arabic_words_stand_from_right_to_left_before_what_is_known_of_them() -> None:
    lettering = Lettering(24, 5)
    if not can_shape():
        pytest.skip("Pillow was built without Raqm")
    both, first = lettering.mask("شخص ماشي"), lettering.mask("شخص")
    width = first.shape[1] - 2 * 5
    # The first word is the right one.
    np.testing.assert_array_equal(trimmed(both[:, -width - 5 :]), trimmed(first))
    with_number = lettering.mask("شخص #12")
    np.testing.assert_array_equal(trimmed(with_number[:, : width + 5]), trimmed(first))


def test_without_a_library_that_shapes_them_arabic_letters_take_their_forms() -> None:
    # Sheen at the beginning, khah between, sad at the end, as in the charts of Unicode; read from the right.
    assert in_visual_order("شخص") == "\ufeba\ufea8\ufeb7"
    # Alef is never joined to what follows.
    assert in_visual_order("دار") == "\ufead\ufe8d\ufea9"
    assert in_visual_order("אדם") == "םדא"


def test_what_no_font_has_is_spelt_out() -> None:
    assert spelt_out("🚲") == "[bicycle]"
    assert spelt_out("사람") == "[C0AC B78C]"
    assert spelt_out("ผู้") == "[E1C E39 E49]"
    assert font_for("\U000f0001") is None
    assert trimmed(Lettering(14, 3).mask("\U000f0001")).shape[1] > 20


def test_no_writing_is_cut_off() -> None:
    for name in ("사람", "人", "ผู้", "Ấ", "شخص"):
        mask = Lettering(14, 3).mask(name)
        assert not mask[0].any(), name
        assert not mask[-1].any(), name
