"""How boxes look, as words in a file and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from livevision.errors import SettingsError
from livevision.overlay import Annotator, ColourBy, Concealment, OverlayStyle
from livevision.workspace.camera_settings import CameraSettings, PrivacySettings
from livevision.workspace.overlay_words import overlay_style, overlay_words

NOBODY = PrivacySettings()


@pytest.mark.parametrize(
    "style",
    [
        OverlayStyle(),
        OverlayStyle(annotators=frozenset()),
        OverlayStyle(annotators=frozenset(Annotator)),
        OverlayStyle(frozenset({Annotator.TRACE}), ColourBy.IDENTITY, thickness=0.5, text=3.0),
        OverlayStyle(colour_by=ColourBy.ONE, colour="#112233"),
    ],
)
def test_what_is_kept_is_what_was_set(style: OverlayStyle) -> None:
    words = overlay_words(style)
    kept = CameraSettings(id="a", source="0", overlay=words).overlay
    assert replace(overlay_style(kept, NOBODY), privacy=style.privacy) == style


def test_what_is_as_usual_is_not_written() -> None:
    assert overlay_words(OverlayStyle()) == {}


def test_who_is_hidden_comes_from_the_privacy() -> None:
    hidden = overlay_style({}, PrivacySettings(classes=("Face",), style="pixelate")).hidden
    assert hidden.covers("face")
    assert hidden.how is Concealment.PIXELATE


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"anotators": ("box",)}, "overlay.anotators is not known"),
        ({"annotators": ("bocks",)}, "bocks"),
        ({"colour": "blueish"}, "blueish"),
        ({"thickness": "thick"}, "overlay.thickness is a number"),
        ({"thickness": True}, "overlay.thickness is a number"),
        ({"text": 100}, "out of range"),
    ],
)
def test_what_cannot_be_meant_is_said(words: dict, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        overlay_style(words, NOBODY)
