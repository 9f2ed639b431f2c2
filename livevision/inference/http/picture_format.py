"""What servers have in common that get a JPEG and answer with a JSON text about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from livevision.inference.http.jpeg import encode_jpeg
from livevision.inference.http.json_body import read_json
from livevision.inference.http.objects import detections_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv
    from yarl import URL

    from livevision.frame import Image
    from livevision.inference.filter import DetectionFilter
    from livevision.inference.http.objects import Found
    from livevision.inference.http.wire import Answer, Request, Server
    from livevision.inference.options import ModelOptions


@dataclass(frozen=True, slots=True)
class Sent:
    """Sizes (width, height) of a picture and of the JPEG that was sent of it."""

    picture: tuple[int, int]
    sent: tuple[int, int]

    @property
    def scale(self) -> tuple[float, float]:
        """Picture pixels per sent pixel, horizontally and vertically."""
        return self.picture[0] / self.sent[0], self.picture[1] / self.sent[1]


class PictureFormat:
    """A wire format without anything to prepare.  Subclasses say what a request and an answer look like."""

    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        self._url = url
        self._key = key
        self._jpeg = options.jpeg

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._url.host}>"

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names that it can answer: not known."""
        return None

    async def prepare(self, server: Server, image: Image) -> None:
        """Nothing is to be known before the first picture."""

    def encode(self, image: Image, keep: DetectionFilter) -> Request:
        """Make the request for a ``(h, w, 3)`` BGR picture.  Raises DetectorError."""
        height, width = image.shape[:2]
        jpeg = encode_jpeg(image, self._jpeg)
        return self._request(jpeg.data, Sent((width, height), (jpeg.width, jpeg.height)), keep)

    def decode(self, answer: Answer, request: Request, keep: DetectionFilter) -> sv.Detections:
        """Read an answer; boxes in pixels of the picture given to ``encode``.  Raises DetectorError."""
        sent = cast("Sent", request.context)
        found = self._found(read_json(answer.body), sent)
        return detections_of(found, sent.scale, keep, self._maybe_shares_of(sent))

    def _request(self, jpeg: bytes, sent: Sent, keep: DetectionFilter) -> Request:
        raise NotImplementedError

    def _maybe_shares_of(self, sent: Sent) -> tuple[int, int] | None:
        """Return the size that boxes are shares of, where all of them are within 0 and 1; None where they never are."""
        return sent.sent

    def _found(self, answer: object, sent: Sent) -> Sequence[Found]:
        """Return the objects in an answer.  Raises DetectorError for one that is none."""
        raise NotImplementedError
