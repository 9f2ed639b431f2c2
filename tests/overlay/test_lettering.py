"""Text that is put together from words looks like text that was written at once."""

import numpy as np
import pytest
import supervision as sv
from PIL import Image, ImageDraw

from livevision.overlay.lettering import Lettering

PADDING = 3


def written(text: str, size: int) -> np.ndarray:
    font = sv.RichLabelAnnotator(font_size=size).font
    _, top, _, bottom = font.getbbox("Tg")
    image = Image.new("L", (round(font.getlength(text)) + 2 * PADDING, round(bottom - top) + 2 * PADDING))
    ImageDraw.Draw(image).text((PADDING, PADDING - top), text, font=font, fill=255)
    return np.asarray(image)


@pytest.mark.parametrize("size", [8, 11, 14, 22, 47])
@pytest.mark.parametrize("text", ["person #12  87 %", "Ölkanne  5 %", "fjord AVATAR To,  j 9 %", "x", "a   b", "車 #3"])
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
