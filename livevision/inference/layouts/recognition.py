"""Which layout a model has.  What is not recognised, or fits two, is refused: a wrong guess draws nonsense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.errors import ModelError
from livevision.inference.layouts.layout import Certainty
from livevision.inference.layouts.text import brief, clean
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.inference.layouts.layout import Layout, Match
    from livevision.inference.layouts.signature import Signature

_WAY_OUT = say(
    'say which with --layout NAME, or with {{"layout": "NAME"}} in a file of the same name that ends in .json'
)


def recognise(
    signature: Signature, layouts: Sequence[Layout], class_count: int | None, is_prepared: bool = False
) -> tuple[Layout, str]:
    """Return the one layout that fits, and the evidence.

    Those that the model itself speaks for go before those whose shapes fit.  Where several are left, the number of
    classes, where it is known, decides; so does the user who says how pictures are prepared (``is_prepared``), where
    nothing else is different.  Raises ModelError, which says what was seen and which layouts it could be.
    """
    claims = [(layout, match) for layout in layouts if (match := layout.match(signature)) is not None]
    sure = [claim for claim in claims if claim[1].certainty is Certainty.SAYS_SO]
    claims = sure or claims
    if len(claims) > 1 and class_count is not None:
        claims = [claim for claim in claims if claim[0].class_count(signature) in (None, class_count)] or claims
    if len(claims) > 1 and is_prepared and len({type(layout).decode for layout, _ in claims}) == 1:
        claims = claims[:1]
    if len(claims) == 1:
        layout, match = claims[0]
        return layout, match.evidence
    if claims:
        raise ModelError(
            say(
                "{seen}; that could be {layouts}: {advice}",
                seen=_seen(signature),
                layouts=_either(claims),
                advice=_WAY_OUT,
            )
        )
    known = ", ".join(layout.name for layout in layouts)
    raise ModelError(
        say(
            "{seen}; no known layout fits: {advice}, one of {known}",
            seen=_seen(signature),
            advice=_WAY_OUT,
            known=known,
        )
    )


def check_names(signature: Signature, layout: Layout, count: int) -> None:
    """Raise ModelError where the model itself names another number of classes than the layout finds room for.

    One of the two is wrong, and who guesses draws wrong boxes or wrong names.
    """
    room = layout.class_count(signature)
    if room in (None, count):
        return
    raise ModelError(
        say(
            "{seen}; its metadata name {count} classes, but as {layout} it has {room}: {advice}",
            seen=_seen(signature),
            count=count,
            layout=layout.name,
            room=room,
            advice=_WAY_OUT,
        )
    )


def by_name(name: str, layouts: Sequence[Layout]) -> Layout:
    """Return the layout that a user or a sidecar asks for.  Raises ModelError."""
    for layout in layouts:
        if layout.name == name.strip().casefold():
            return layout
    known = ", ".join(layout.name for layout in layouts)
    raise ModelError(say("there is no layout {name!r}; known are {known}", name=clean(name), known=known))


def _seen(signature: Signature) -> str:
    inputs, outputs = brief(signature.inputs), brief(signature.outputs)
    return say("the model takes {inputs} and gives {outputs}", inputs=inputs, outputs=outputs)


def _either(claims: Sequence[tuple[Layout, Match]]) -> str:
    if len(claims) > 3:  # a model that leaves everything free: there is little evidence to tell
        return ", ".join(layout.name for layout, _ in claims[:-1]) + f" or {claims[-1][0].name}"
    return " or ".join(f"{layout.name} ({match.evidence})" for layout, match in claims)
