"""Anyone's server that answers JSON: ``json+http://host/path?boxes=$.predictions&box=bbox&label=name&score=conf``."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from livevision.errors import DetectorError
from livevision.inference.http.answer_lists import LIST_KEYS, TENSORFLOW_BOXES, Listed, listed
from livevision.inference.http.box_formats import BoxFormat, Units, straighten
from livevision.inference.http.complaint import complaint_in
from livevision.inference.http.jpeg import encode_jpeg
from livevision.inference.http.json_body import read_json, unexpected
from livevision.inference.http.mapping import follow, read_mapping, steps
from livevision.inference.http.object_keys import name_of, score_of
from livevision.inference.http.objects import Found, ensure_readable, number, share
from livevision.inference.http.picture_format import PictureFormat
from livevision.inference.http.rows import are_rows, first_four, of_rows, sizes_rather_than_corners
from livevision.inference.http.sending import USUAL, Verdict, find_way, request_for
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from yarl import URL

    from livevision.frame import Image
    from livevision.inference.filter import DetectionFilter
    from livevision.inference.http.picture_format import Sent
    from livevision.inference.http.rows import Reader
    from livevision.inference.http.wire import Answer, Request, Server
    from livevision.inference.options import ModelOptions


_NO_SHARE = 20.0
"""Logits are not so high; percentages are."""


class Mapped(PictureFormat):
    """Reads answers as a :class:`~livevision.inference.http.mapping.Mapping` says, and guesses what it leaves open."""

    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        self._mapping, rest = read_mapping(url.query)
        super().__init__(url.with_query(rest), key, options)
        self._send = self._mapping.send
        self._format = self._mapping.format
        self._highest_score = 0.0

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The names in the mapping."""
        return self._mapping.names or None

    async def prepare(self, server: Server, image: Image) -> None:
        """Find out in which of the usual ways the server takes pictures, where the mapping does not say.

        Raises ServerTrouble where it takes none.
        """
        if self._send is None:
            self._send = await find_way(server, lambda way: self._sent_as(way, image), self._judge)

    def _sent_as(self, way: str, image: Image) -> Request:
        return request_for(self._url, way, encode_jpeg(image, self._jpeg).data, self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def _judge(self, answer: Answer) -> Verdict:
        try:
            said = read_json(answer.body)
        except DetectorError:
            return Verdict.SOMETHING
        try:
            self._listed(said)
        except DetectorError:
            return Verdict.COMPLAINT if isinstance(said, dict) and complaint_in(said) else Verdict.SOMETHING
        return Verdict.OBJECTS

    def _request(self, jpeg: bytes, sent: Sent, keep: DetectionFilter) -> Request:
        return replace(request_for(self._url, self._send or USUAL, jpeg, self._headers()), context=sent)

    def _maybe_shares_of(self, sent: Sent) -> tuple[int, int] | None:
        return sent.sent if self._mapping.units is None else None

    def _found(self, answer: object, sent: Sent) -> list[Found]:
        found = self._listed(answer)
        objects = found.objects
        boxes = self._boxes(answer, objects)
        rows = are_rows(objects) and not self._mapping.box
        name = self._reader(answer, objects, self._mapping.label) or _guessed_name(found)
        score = self._reader(answer, objects, self._mapping.score) or _guessed_score(found)
        if rows:
            name, score = of_rows(objects, name, score)
            boxes = first_four(objects)
        given = range(len(objects))
        numbers = [boxes(at) for at in given]
        certain = self._mapping.certain or 1.0
        shares = [share(score(at), certain) for at in given]
        self._check_scores(shares)
        form, units = self._form(found, numbers, sent.sent)
        names = self._mapping.names or found.called
        listed = [
            Found(
                self._named(name(at), found.called) if names else name(at),
                shares[at],
                straighten(numbers[at], form, units, sent.sent),
            )
            for at in given
        ]
        ensure_readable(listed, objects, _HOW_TO_SAY)
        return listed

    def _check_scores(self, shares: list[float]) -> None:
        """Raise DetectorError where scores are, or were, no shares of 1, and the mapping does not say of what."""
        if self._mapping.certain is not None or not shares:
            return
        higher = [value for value in shares if self._highest_score < value < math.inf]
        self._highest_score = max(higher, default=self._highest_score)
        if self._highest_score > _NO_SHARE:
            # Also with later answers: 0.9 per cent would pass for 90.
            raise DetectorError(
                say(
                    "scores up to {top:.3g} came: if they are per cent, say certain=100 in the address",
                    top=self._highest_score,
                )
            )

    def _listed(self, answer: object) -> Listed:
        if self._mapping.boxes is not None:
            objects = follow(answer, steps(self._mapping.boxes))
            if isinstance(objects, list):
                return Listed(objects)
            wanted = say("a list of objects at {path}", path=self._mapping.boxes)
        else:
            found = listed(answer)
            if found is not None:
                return found
            wanted = say("a list of objects under {names}", names=", ".join(LIST_KEYS[:8]))
        raise unexpected(answer, wanted, say(": say boxes=PATH in the address"))

    def _boxes(self, answer: object, objects: Sequence[object]) -> Reader:
        readers = [self._reader(answer, objects, path) for path in self._mapping.box]
        known = [reader for reader in readers if reader is not None]
        match known:
            case []:
                return lambda at: objects[at]
            case [whole]:
                return whole
        return lambda at: [reader(at) for reader in known]

    def _form(self, found: Listed, boxes: list[object], size: tuple[int, int]) -> tuple[BoxFormat, Units]:
        """Return what lists of four numbers are, as far as it is not said: corners, unless that cannot be.

        Raises DetectorError where it cannot, and it is not certain what they are instead.
        """
        units = self._mapping.units or Units.PIXELS
        if self._format is not None:
            return self._format, units
        if found.key == TENSORFLOW_BOXES:
            return BoxFormat.YXYX, units
        odd = sizes_rather_than_corners(boxes, size)
        if odd is None:
            return BoxFormat.XYXY, units
        if any(isinstance(each, dict) and {"category_id", "bbox"} <= each.keys() for each in found.objects):
            self._format = BoxFormat.XYWH  # COCO's, which nobody writes with corners
            return self._format, units
        raise DetectorError(
            say(
                "boxes like {box} cannot be left, top, right, bottom: say format=xywh in the address if they are left, "
                "top, width, height, and format=cxcywh if they begin with the centre",
                box=f"[{', '.join(f'{value:.6g}' for value in odd)}]",
            )
        )

    def _reader(self, answer: object, objects: Sequence[object], path: str | None) -> Reader | None:
        if path is None:
            return None
        way = steps(path)
        if not path.startswith("$"):
            return lambda at: follow(objects[at], way)
        column = follow(answer, way)
        if not isinstance(column, list):
            raise unexpected(column, say("a list at {path}", path=path))
        return lambda at: column[at] if at < len(column) else None

    def _named(self, value: object, called: Mapping[object, object]) -> object:
        names = self._mapping.names
        count = number(value)
        at = int(count) if count.is_integer() else -1
        return names[at] if 0 <= at < len(names) else called.get(at, value)


_HOW_TO_SAY = say("; say box=PATH, and format= for other orders, in the address")


def _guessed_name(found: Listed) -> Reader:
    column = found.names
    if column is not None:
        return lambda at: column[at] if at < len(column) else None
    return lambda at: name_of(each) if isinstance(each := found.objects[at], dict) else None


def _guessed_score(found: Listed) -> Reader:
    column = found.scores
    if column is not None:
        return lambda at: column[at] if at < len(column) else None
    return lambda at: _sure(score_of(each) if isinstance(each := found.objects[at], dict) else None)


def _sure(score: object) -> object:
    return 1.0 if score is None else score
