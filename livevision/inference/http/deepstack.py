"""DeepStack and CodeProject.AI: a form with a picture, answered by ``{"success": true, "predictions": […]}``.

https://docs.deepstack.cc/object-detection/ and https://www.codeproject.com/ai/docs/api/api_reference.html.  Custom
models are at ``/v1/vision/custom/NAME``, faces at ``/v1/vision/face``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.http.json_body import unexpected
from livevision.inference.http.objects import BROKEN, Found, ensure_readable
from livevision.inference.http.picture_format import PictureFormat
from livevision.inference.http.wire import FormPart, Request
from livevision.wording import say

if TYPE_CHECKING:
    from yarl import URL

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.http.picture_format import Sent
    from livevision.inference.options import ModelOptions

_DETECTION = "/v1/vision/detection"
_SIDES = ("x_min", "y_min", "x_max", "y_max")


class DeepStack(PictureFormat):
    """Finds objects, faces or what a custom model knows, by the path of the address."""

    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        super().__init__(url if url.path.strip("/") else url.with_path(_DETECTION, keep_query=True), key, options)
        # Faces have no label: they are what the service was asked for.
        self._nameless = "face" if "/face" in self._url.path else ""

    def _request(self, jpeg: bytes, sent: Sent, keep: DetectionFilter) -> Request:
        parts = [
            FormPart("image", jpeg, "image/jpeg", "image.jpg"),
            FormPart("min_confidence", f"{keep.floor:.4g}".encode()),
        ]
        if self._key:
            parts.append(FormPart("api_key", self._key.encode()))
        return Request(self._url, tuple(parts), context=sent)

    def _found(self, answer: object, sent: Sent) -> list[Found]:
        predictions = answer.get("predictions", 0) if isinstance(answer, dict) else 0
        predictions = [] if predictions is None else predictions  # null where nothing was found
        if isinstance(predictions, list) and isinstance(answer, dict) and answer.get("success") is not False:
            found = [self._object(each) for each in predictions]
            ensure_readable(found, predictions)
            return found
        raise unexpected(answer, say("success and predictions"))

    def _object(self, each: object) -> Found:
        if not isinstance(each, dict):
            return BROKEN
        name = each.get("label", each.get("userid", self._nameless))
        return Found(name, each.get("confidence"), [each.get(side) for side in _SIDES])
