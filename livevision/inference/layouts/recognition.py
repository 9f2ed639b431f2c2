"""Which layout a model has.  What is not recognised, or fits two, is refused: a wrong guess draws nonsense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.errors import ModelError
from livevision.inference.layouts.layout import Certainty
from livevision.inference.layouts.text import brief, clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.inference.layouts.layout import Layout, Match
    from livevision.inference.layouts.signature import Signature

_WAY_OUT = 'say which with --layout NAME, or with {"layout": "NAME"} in a file of the same name that ends in .json'


def recognise(signature: Signature, layouts: Sequence[Layout], class_count: int | None) -> tuple[Layout, str]:
    """Return the one layout that fits, and the evidence.

    Those that the model itself speaks for go before those whose shapes fit.  Where several are left, the number of
    classes, where it is known, decides.  Raises ModelError, which says what was seen and which layouts it could be.
    """
    claims = [(layout, match) for layout in layouts if (match := layout.match(signature)) is not None]
    sure = [claim for claim in claims if claim[1].certainty is Certainty.SAYS_SO]
    claims = sure or claims
    if len(claims) > 1 and class_count is not None:
        claims = [claim for claim in claims if claim[0].class_count(signature) in (None, class_count)] or claims
    if len(claims) == 1:
        layout, match = claims[0]
        return layout, match.evidence
    if claims:
        raise ModelError(f"{_seen(signature)}; that could be {_either(claims)}: {_WAY_OUT}")
    known = ", ".join(layout.name for layout in layouts)
    raise ModelError(f"{_seen(signature)}; no known layout fits: {_WAY_OUT}, one of {known}")


def by_name(name: str, layouts: Sequence[Layout]) -> Layout:
    """Return the layout that a user or a sidecar asks for.  Raises ModelError."""
    for layout in layouts:
        if layout.name == name.strip().casefold():
            return layout
    known = ", ".join(layout.name for layout in layouts)
    raise ModelError(f"there is no layout {clean(name)!r}; known are {known}")


def _seen(signature: Signature) -> str:
    return f"the model takes {brief(signature.inputs)} and gives {brief(signature.outputs)}"


def _either(claims: Sequence[tuple[Layout, Match]]) -> str:
    if len(claims) > 3:  # a model that leaves everything free: there is little evidence to tell
        return ", ".join(layout.name for layout, _ in claims[:-1]) + f" or {claims[-1][0].name}"
    return " or ".join(f"{layout.name} ({match.evidence})" for layout, match in claims)
