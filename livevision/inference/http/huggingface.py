"""Hugging Face object detection: a JPEG, answered by ``[{"label", "score", "box": {"xmin", …}}, …]``.

https://huggingface.co/docs/inference-providers/tasks/object-detection, and everything that wraps a transformers
pipeline in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.http.box_formats import BoxFormat, Units, straighten
from livevision.inference.http.json_body import unexpected
from livevision.inference.http.object_keys import name_of, score_of
from livevision.inference.http.objects import BROKEN, Found, ensure_readable
from livevision.inference.http.picture_format import PictureFormat
from livevision.inference.http.wire import Request
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.inference.filter import DetectionFilter
    from livevision.inference.http.picture_format import Sent


class HuggingFace(PictureFormat):
    """A model at an inference endpoint, at the hosted API or at a server of one's own that imitates it.

    Raw pictures carry no threshold: the endpoint's own (usually 0.5) is the least that comes back.
    """

    def _request(self, jpeg: bytes, sent: Sent, keep: DetectionFilter) -> Request:
        headers = {"Content-Type": "image/jpeg", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return Request(self._url, jpeg, headers, sent)

    def _found(self, answer: object, sent: Sent) -> list[Found]:
        if not isinstance(answer, list):
            raise unexpected(answer, say("a list of objects"))
        if len(answer) == 1 and isinstance(answer[0], list):  # a pipeline that was given a batch of one
            answer = answer[0]
        found = [_object(each, sent.sent) for each in answer]
        ensure_readable(found, answer)
        return found


def _object(each: object, size: tuple[int, int]) -> Found:
    if not isinstance(each, dict):
        return BROKEN
    return Found(name_of(each), score_of(each), straighten(each, BoxFormat.XYXY, Units.PIXELS, size))
