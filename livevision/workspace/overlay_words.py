"""Between the words that a workspace keeps of how boxes look, and the overlay's style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.errors import SettingsError, UsageError
from livevision.overlay import (
    ColourBy,
    Concealment,
    OverlayStyle,
    Privacy,
    parse_annotators,
    parse_colour,
)
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livevision.workspace.camera_settings import PrivacySettings
    from livevision.workspace.settings import Scalar

    Words = dict[str, Scalar | tuple[Scalar, ...]]

_KNOWN = ("annotators", "colour", "thickness", "text")


def overlay_style(words: Mapping[str, Scalar | tuple[Scalar, ...]], privacy: PrivacySettings) -> OverlayStyle:
    """Return what ``annotators``, ``colour``, ``thickness`` and ``text`` mean; what is left out is as usual.

    Raises SettingsError where a word is not known.
    """
    usual = OverlayStyle()
    for key in words:
        if key not in _KNOWN:
            raise SettingsError(say("overlay.{key} is not known; there are {known}", key=key, known=", ".join(_KNOWN)))
    try:
        annotators, colour = usual.annotators, (usual.colour_by, usual.colour)
        if "annotators" in words:
            annotators = parse_annotators(_joined(words["annotators"]))
        if "colour" in words:
            colour = parse_colour(str(words["colour"]))
        return OverlayStyle(
            annotators,
            *colour,
            _number(words, "thickness", usual.thickness),
            _number(words, "text", usual.text),
            Privacy(frozenset(privacy.classes), Concealment(privacy.style)),
        )
    except UsageError as error:
        raise SettingsError(say("overlay: {error}", error=error)) from error


def overlay_words(style: OverlayStyle) -> Words:
    """Return what :func:`overlay_style` makes ``style`` of, its privacy apart; nothing of what is as usual."""
    usual = OverlayStyle()
    words: Words = {}
    if style.annotators != usual.annotators:
        words["annotators"] = tuple(sorted(each.value for each in style.annotators)) or ("none",)
    if style.colour_by is ColourBy.ONE:
        words["colour"] = style.colour
    elif style.colour_by is not usual.colour_by:
        words["colour"] = style.colour_by.value
    if style.thickness != usual.thickness:
        words["thickness"] = style.thickness
    if style.text != usual.text:
        words["text"] = style.text
    return words


def _joined(value: Scalar | tuple[Scalar, ...]) -> str:
    return ",".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _number(words: Mapping[str, Scalar | tuple[Scalar, ...]], key: str, usual: float) -> float:
    value = words.get(key, usual)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(say("overlay.{key} is a number, as in 1.5", key=key))
    return float(value)
