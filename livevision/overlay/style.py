"""What an operator wants to see on the picture: which annotators, in which colours, how thick, and what is hidden."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import Enum

from livevision.errors import UsageError
from livevision.overlay.privacy import EVERYTHING, Concealment, Privacy
from livevision.sources.options import nearest
from livevision.wording import say


class Annotator(Enum):
    """One way to show an object, by the word that chooses it.  Each shows only what the detections have."""

    BOX = "box"
    ROUND_BOX = "round-box"
    CORNERS = "corners"
    ORIENTED_BOX = "oriented-box"
    ELLIPSE = "ellipse"
    DOT = "dot"
    TRIANGLE = "triangle"
    LABEL = "label"
    RICH_LABEL = "rich-label"
    MASK = "mask"
    POLYGON = "polygon"
    HALO = "halo"
    KEYPOINTS = "keypoints"
    TRACE = "trace"
    HEAT_MAP = "heat-map"
    BLUR = "blur"
    PIXELATE = "pixelate"


class ColourBy(Enum):
    """What a colour stands for; the label says it as well, as not everybody tells colours apart."""

    CLASS = "class"
    IDENTITY = "identity"
    """Where objects have none, it is the class."""
    ONE = "one"


DEFAULT_ANNOTATORS = frozenset(
    (Annotator.BOX, Annotator.LABEL, Annotator.MASK, Annotator.KEYPOINTS, Annotator.ORIENTED_BOX)
)
"""Box and label, and whatever else the model says of its objects: who loads a model for masks wants to see them."""

_SYNONYMS = {"rounded-box": "round-box", "skeleton": "keypoints", "heatmap": "heat-map", "masks": "mask"}
_FACTORS = (0.25, 8.0)


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """How one camera's objects are shown.

    ``thickness`` and ``text`` are factors over what fits the picture's size, 0.25 to 8.  ``colour`` is ``#rrggbb`` and
    used with ``ColourBy.ONE``.  An upright box is left out where objects have an oriented one that is shown.  Raises
    UsageError.
    """

    annotators: frozenset[Annotator] = DEFAULT_ANNOTATORS
    colour_by: ColourBy = ColourBy.CLASS
    colour: str = "#E69F00"
    thickness: float = 1.0
    text: float = 1.0
    privacy: Privacy = field(default_factory=Privacy)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.colour):
            raise UsageError(say("{colour!r} is no colour: write it like #E69F00", colour=self.colour))
        low, high = _FACTORS
        for name, factor in (("thickness", self.thickness), ("text", self.text)):
            if not (math.isfinite(factor) and low <= factor <= high):
                raise UsageError(
                    say(
                        "{name} {factor:g} is out of range: it may be {low:g} to {high:g} times the usual",
                        name=name,
                        factor=factor,
                        low=low,
                        high=high,
                    )
                )

    @property
    def hidden(self) -> Privacy:
        """What must not be seen: as ``privacy`` says, and with BLUR or PIXELATE everything that the model finds."""
        if self.annotators.isdisjoint((Annotator.BLUR, Annotator.PIXELATE)):
            return self.privacy
        how = Concealment.PIXELATE if Annotator.PIXELATE in self.annotators else Concealment.BLUR
        return self.privacy.of(EVERYTHING, how)

    @property
    def remembers(self) -> bool:
        """Whether pictures without detections have to be drawn on, too: traces and heat stay for a while."""
        return not self.annotators.isdisjoint((Annotator.TRACE, Annotator.HEAT_MAP))


def parse_annotators(words: str) -> frozenset[Annotator]:
    """Return the annotators of ``box,label,trace``; ``default`` and ``none`` are words, too.  Raises UsageError."""
    chosen: set[Annotator] = set()
    for given in filter(None, (word.strip() for word in words.split(","))):
        word = re.sub(r"[\s_]+", "-", given.casefold())
        if word == "default":
            chosen |= DEFAULT_ANNOTATORS
        elif word != "none":
            chosen.add(_annotator(given, _SYNONYMS.get(word, word)))
    return frozenset(chosen)


def _annotator(given: str, word: str) -> Annotator:
    try:
        return Annotator(word)
    except ValueError:
        known = [each.value for each in Annotator]
        raise UsageError(
            say(
                "unknown annotator {given!r}{hint}; there are {known}, default and none",
                given=given,
                hint=nearest(word, known),
                known=", ".join(known),
            )
        ) from None


def parse_colour(word: str) -> tuple[ColourBy, str]:
    """Return what ``class``, ``identity`` or ``#rrggbb`` means for ``colour_by`` and ``colour``.  Raises UsageError."""
    plain = word.strip().casefold()
    if plain in (ColourBy.CLASS.value, ColourBy.IDENTITY.value):
        return ColourBy(plain), OverlayStyle().colour
    if re.fullmatch(r"#[0-9a-f]{6}", plain):
        return ColourBy.ONE, plain
    near = nearest(plain, (ColourBy.CLASS.value, ColourBy.IDENTITY.value))
    raise UsageError(
        say("unknown colouring {word!r}{near}; write class, identity or one colour like #E69F00", word=word, near=near)
    )
