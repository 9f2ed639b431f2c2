"""Anyone's server that answers JSON: ``json+http://host/path?boxes=$.predictions&box=bbox&label=name&score=conf``."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, TypeAlias

from livevision.inference.http.box_formats import straighten
from livevision.inference.http.json_body import unexpected
from livevision.inference.http.mapping import follow, read_mapping, steps
from livevision.inference.http.object_keys import name_of, score_of
from livevision.inference.http.objects import Found
from livevision.inference.http.picture_format import PictureFormat
from livevision.inference.http.wire import FormPart, Request
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from yarl import URL

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.http.picture_format import Sent
    from livevision.inference.options import ModelOptions

_Reader: TypeAlias = "Callable[[int], object]"
"""From an object's place in the list to one of its values; None where it has none."""

_USUAL_LISTS = ("predictions", "detections", "objects", "results", "boxes", "instances", "data")
_NAME_COLUMNS = ("labels", "classes", "class_names", "names", "class_ids")
_SCORE_COLUMNS = ("scores", "confidences", "confidence", "probabilities")


class Mapped(PictureFormat):
    """Reads answers as a :class:`~livevision.inference.http.mapping.Mapping` says."""

    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        self._mapping, rest = read_mapping(url.query)
        super().__init__(url.with_query(rest), key, options)

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The names in the mapping."""
        return self._mapping.names or None

    def _request(self, jpeg: bytes, sent: Sent, keep: DetectionFilter) -> Request:
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        way, _, field = self._mapping.send.partition(":")
        match way:
            case "form":
                return Request(self._url, (FormPart(field, jpeg, "image/jpeg", "image.jpg"),), headers, sent)
            case "json":
                body = json.dumps({field: base64.b64encode(jpeg).decode()}).encode()
                return Request(self._url, body, {"Content-Type": "application/json", **headers}, sent)
        return Request(self._url, jpeg, {"Content-Type": "image/jpeg", **headers}, sent)

    def _found(self, answer: object, sent: Sent) -> list[Found]:
        objects = self._objects(answer)
        corners = self._corners(answer, objects, sent.sent)
        name = self._reader(answer, objects, self._mapping.label or _column(answer, objects, _NAME_COLUMNS))
        score = self._reader(answer, objects, self._mapping.score or _column(answer, objects, _SCORE_COLUMNS))
        name = name or (lambda at: _guess(objects[at], name_of))
        score = score or (lambda at: _sure(_guess(objects[at], score_of)))
        return [Found(self._named(name(at)), score(at), corners(at)) for at in range(len(objects))]

    def _objects(self, answer: object) -> list[object]:
        objects = answer
        if self._mapping.boxes is not None:
            objects = follow(answer, steps(self._mapping.boxes))
        elif isinstance(answer, dict):
            objects = next((answer[key] for key in _USUAL_LISTS if isinstance(answer.get(key), list)), None)
        if isinstance(objects, list):
            return objects
        if self._mapping.boxes:
            wanted = say("a list of objects at {path}", path=self._mapping.boxes)
        else:
            wanted = say("a list of objects under {names}", names=", ".join(_USUAL_LISTS))
        raise unexpected(answer, wanted, say(": say boxes=PATH in the address"))

    def _corners(
        self, answer: object, objects: list[object], size: tuple[int, int]
    ) -> Callable[[int], Sequence[float]]:
        """Return what gives the corners of an object in pixels of a picture of ``size``."""
        readers = [self._reader(answer, objects, path) for path in self._mapping.box]
        known = [reader for reader in readers if reader is not None]

        def corners(at: int) -> Sequence[float]:
            match known:
                case []:
                    box = objects[at]
                case [whole]:
                    box = whole(at)
                case _:
                    box = [reader(at) for reader in known]
            return straighten(box, self._mapping.format, self._mapping.units, size)

        return corners

    def _reader(self, answer: object, objects: list[object], path: str | None) -> _Reader | None:
        if path is None:
            return None
        way = steps(path)
        if not path.startswith("$"):
            return lambda at: follow(objects[at], way)
        column = follow(answer, way)
        if not isinstance(column, list):
            raise unexpected(column, say("a list at {path}", path=path))
        return lambda at: column[at] if at < len(column) else None

    def _named(self, value: object) -> object:
        names = self._mapping.names
        return names[value] if type(value) is int and 0 <= value < len(names) else value


def _column(answer: object, objects: list[object], keys: Iterable[str]) -> str | None:
    """Return the path of a list beside the boxes, where the objects are bare boxes."""
    if not isinstance(answer, dict) or not objects or not isinstance(objects[0], list):
        return None
    return next((f"$.{key}" for key in keys if isinstance(answer.get(key), list)), None)


def _guess(each: object, read: Callable[[dict[object, object]], object]) -> object:
    return read(each) if isinstance(each, dict) else None


def _sure(score: object) -> object:
    return 1.0 if score is None else score
