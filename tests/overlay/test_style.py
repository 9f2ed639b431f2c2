"""What operators write for what they want to see."""

import math

import pytest

from livevision.errors import UsageError
from livevision.overlay import (
    EVERYTHING,
    Annotator,
    ColourBy,
    Concealment,
    OverlayStyle,
    Privacy,
    parse_annotators,
    parse_colour,
)
from livevision.overlay.colours import contrast, letters_on, palette_of


def test_words_choose_annotators():
    assert parse_annotators("box,label,trace") == {Annotator.BOX, Annotator.LABEL, Annotator.TRACE}
    assert parse_annotators(" Rich_Label , heat map,") == {Annotator.RICH_LABEL, Annotator.HEAT_MAP}
    assert parse_annotators("rounded box,skeleton") == {Annotator.ROUND_BOX, Annotator.KEYPOINTS}
    assert parse_annotators("default") == OverlayStyle().annotators
    assert parse_annotators("default,trace") == OverlayStyle().annotators | {Annotator.TRACE}
    assert parse_annotators("none") == frozenset()


@pytest.mark.parametrize("annotator", Annotator)
def test_every_annotator_has_a_word(annotator):
    assert parse_annotators(annotator.value) == {annotator}


def test_a_typing_error_gets_the_nearest_word():
    with pytest.raises(UsageError, match=r"unknown annotator 'elipse', did you mean 'ellipse'\?; there are box, "):
        parse_annotators("box,elipse")


def test_words_choose_colours():
    assert parse_colour("Identity")[0] is ColourBy.IDENTITY
    assert parse_colour("class")[0] is ColourBy.CLASS
    assert parse_colour("#FF00aa") == (ColourBy.ONE, "#ff00aa")
    with pytest.raises(UsageError, match="did you mean 'identity'"):
        parse_colour("identiy")


@pytest.mark.parametrize(
    "wrong", [{"colour": "red"}, {"colour": "#12345"}, {"thickness": 0.0}, {"text": 99.0}, {"thickness": math.nan}]
)
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(UsageError):
        OverlayStyle(**wrong)


def test_blur_and_pixelate_hide_everything_that_is_found():
    blurred = OverlayStyle(frozenset((Annotator.BLUR,)))

    assert blurred.hidden.covers("anything")
    assert blurred.hidden.how is Concealment.BLUR
    assert OverlayStyle(frozenset((Annotator.PIXELATE,))).hidden.classes == {EVERYTHING}
    assert not OverlayStyle().hidden
    assert OverlayStyle(privacy=Privacy(frozenset(("Person",)))).hidden.covers("person")


def test_only_what_remembers_draws_on_pictures_without_objects():
    assert not OverlayStyle().remembers
    assert OverlayStyle(frozenset((Annotator.TRACE,))).remembers


@pytest.mark.parametrize("colour_by", ColourBy)
def test_letters_can_be_read_on_every_ground(colour_by):
    for shade in ("#E69F00", "#777777", "#808080", "#000000", "#FFFFFF", "#0000FF", "#FF0000", "#757575"):
        palette = palette_of(OverlayStyle(colour_by=colour_by, colour=shade))
        for ground, letters in zip(palette.ground.colors, palette.text.colors, strict=True):
            assert letters == letters_on(ground)
            assert contrast(letters, ground) >= 4.5  # WCAG AA
