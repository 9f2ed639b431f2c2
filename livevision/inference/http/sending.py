"""The ways in which a picture goes to anyone's server, and how the right one is found out."""

from __future__ import annotations

import base64
import json
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from livevision.inference.http.complaint import missing_fields
from livevision.inference.http.trouble import Cause, ServerTrouble
from livevision.inference.http.wire import FormPart, Request
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from yarl import URL

    from livevision.inference.http.wire import Answer, Server

USUAL = "body"
_WAYS = (USUAL, "form:image", "json:image", "form:file")
"""TorchServe and most examples of Flask take the first, BentoML the second, LitServe's examples the third, FastAPI's
the last one."""
_MOST_TRIES = 8


class Verdict(Enum):
    """What a server's answer to a picture is."""

    OBJECTS = "objects"
    COMPLAINT = "complaint"
    """With a status of 200, as some say that they were given nothing."""
    SOMETHING = "something"
    """Which nobody can read without being told how."""


def request_for(url: URL, send: str, jpeg: bytes, headers: Mapping[str, str]) -> Request:
    """Make the request that takes a JPEG along in one of the ways: ``body``, ``form:FIELD`` or ``json:FIELD``."""
    way, _, field = send.partition(":")
    match way:
        case "form":
            return Request(url, (FormPart(field, jpeg, "image/jpeg", "image.jpg"),), headers)
        case "json":
            body = json.dumps({field: base64.b64encode(jpeg).decode()}).encode()
            return Request(url, body, {"Content-Type": "application/json", **headers})
    return Request(url, jpeg, {"Content-Type": "image/jpeg", **headers})


async def find_way(server: Server, make: Callable[[str], Request], judge: Callable[[Answer], Verdict]) -> str:
    """Return the first of the usual ways, or of those that the server asks for, in which it answers with objects.

    Where there is none, it is one in which it answers something.  ``make`` and ``judge`` are called off the loop.
    Raises ServerTrouble: what is wrong with the server, or in which ways it refused the picture.
    """
    tried: list[str] = []
    asked_for: list[str] = []
    answered: list[str] = []
    refusals: list[ServerTrouble] = []
    while (way := next(_untried(tried, asked_for), None)) is not None and len(tried) < _MOST_TRIES:
        tried.append(way)
        try:
            verdict = await _try(server, partial(make, way), judge)
        except ServerTrouble as trouble:
            if trouble.cause in {Cause.SERVER, Cause.SLOW, Cause.KEY} or trouble.wish or trouble.is_about_address:
                raise
            refusals.append(trouble.again())
            asked_for += [f"{kind}:{field}" for field in missing_fields(trouble.body) for kind in ("form", "json")]
            continue
        if verdict is Verdict.OBJECTS:
            return way
        if verdict is Verdict.SOMETHING:
            answered.append(way)
    if answered or not refusals:
        return next(iter(answered), USUAL)  # its answer to the picture will be shown
    # Where its model fails, it may be this picture and not the way.
    failures = [each for each in refusals if each.cause is Cause.PICTURE]
    told = next((each for each in refusals if missing_fields(each.body)), next(iter(failures), refusals[0]))
    raise ServerTrouble(
        say(
            "{trouble}; the picture was sent as {ways} in vain: say send=form:FIELD or send=json:FIELD in the address",
            trouble=told,
            ways=", ".join(tried),
        ),
        Cause.PICTURE if failures else Cause.REQUEST,
    )


async def _try(server: Server, make: Callable[[], Request], judge: Callable[[Answer], Verdict]) -> Verdict:
    request = await server.work(make)
    answer = await server.post(request)
    return await server.work(lambda: judge(answer))


def _untried(tried: list[str], asked_for: list[str]) -> Iterator[str]:
    return (way for way in (*asked_for, *_WAYS) if way not in tried)
