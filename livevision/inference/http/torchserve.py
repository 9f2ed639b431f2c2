"""TorchServe's ``/predictions/MODEL``: a JPEG, answered by a list of objects.

Its own ``object_detector`` handler names the box by the class, ``{"person": [x1, y1, x2, y2], "score": 0.9}``; handlers
of others use ``label`` or ``class`` and ``box`` or ``bbox``.
https://github.com/pytorch/serve/tree/master/examples/object_detector
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.inference.http.box_formats import BoxFormat, Units, straighten
from livevision.inference.http.json_body import unexpected
from livevision.inference.http.object_keys import BOX_KEYS, first_of, name_of, score_of
from livevision.inference.http.objects import BROKEN, Found, ensure_readable
from livevision.inference.http.picture_format import PictureFormat
from livevision.inference.http.wire import Request
from livevision.wording import say

if TYPE_CHECKING:
    from yarl import URL

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.http.picture_format import Sent
    from livevision.inference.options import ModelOptions


class TorchServe(PictureFormat):
    """A model at a TorchServe, or at a server that imitates it."""

    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        segments = [part for part in url.path.split("/") if part]
        if not segments:
            raise UsageError(
                say("which model? Say it in the address, as in torchserve+http://host:8080/predictions/MODEL")
            )
        # A bare name is the model's; anything longer is taken as it is.
        path = f"/predictions/{segments[0]}" if len(segments) == 1 else url.path
        super().__init__(url.with_path(path, keep_query=True), key, options)

    def _request(self, jpeg: bytes, sent: Sent, keep: DetectionFilter) -> Request:
        headers = {"Content-Type": "image/jpeg"}
        if self._key:  # token authorisation, the default since TorchServe 0.11
            headers["Authorization"] = f"Bearer {self._key}"
        return Request(self._url, jpeg, headers, sent)

    def _found(self, answer: object, sent: Sent) -> list[Found]:
        if isinstance(answer, dict):
            answer = answer.get("predictions", answer.get("detections", answer))
            answer = [] if answer is None else answer
        if not isinstance(answer, list):
            raise unexpected(answer, say("a list of objects"))
        if len(answer) == 1 and isinstance(answer[0], list):  # a batch of one, not unpacked by its handler
            answer = answer[0]
        found = [_object(each, sent.sent) for each in answer]
        ensure_readable(found, answer)
        return found


def _object(each: object, size: tuple[int, int]) -> Found:
    if not isinstance(each, dict):
        return BROKEN
    score = score_of(each)
    if first_of(each, BOX_KEYS) is None:
        for key, value in each.items():
            if isinstance(value, list):
                return Found(key, score, value)
    return Found(name_of(each), score, straighten(each, BoxFormat.XYXY, Units.PIXELS, size))
