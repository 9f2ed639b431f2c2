"""The smallest wire format that there can be: a JPEG out, ``{"boxes": [[x1, y1, x2, y2, confidence]]}`` in."""

from __future__ import annotations

import json
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import numpy as np
import supervision as sv

from livevision.errors import DetectorError
from livevision.inference.http.detector import HttpDetector
from livevision.inference.http.jpeg import encode_jpeg
from livevision.inference.http.limits import Limits
from livevision.inference.http.models import Formats, HttpModels
from livevision.inference.http.wire import Answer, Request, Server
from livevision.inference.options import ModelOptions
from livevision.inference.soundness import storable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from yarl import URL

    from livevision.frame import Image
    from livevision.inference.filter import DetectionFilter

QUICK = Limits(connect=1.0, read=0.3, total=0.6)
"""For tests of what hangs."""


class TinyFormat:
    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        self.url = url
        self.key = key
        self.options = options
        self.classes: tuple[str, ...] | None = None
        self.asks_first = False
        self.prepared = 0
        self.threads: set[str] = set()
        self.floors: list[float] = []

    async def prepare(self, server: Server, image: Image) -> None:
        if self.asks_first:
            self.classes = tuple(json.loads((await server.get(self.url / "about")).body)["classes"])
        self.prepared += 1

    def encode(self, image: Image, keep: DetectionFilter) -> Request:
        self.threads.add(threading.current_thread().name)
        self.floors.append(keep.floor)
        picture = encode_jpeg(image, self.options.jpeg)
        headers = {"Content-Type": "image/jpeg"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        return Request(self.url, picture.data, headers, (image.shape[1] / picture.width))

    def decode(self, answer: Answer, request: Request, keep: DetectionFilter) -> sv.Detections:
        self.threads.add(threading.current_thread().name)
        try:
            rows = np.array(json.loads(answer.body)["boxes"], dtype=np.float32).reshape(-1, 5)
        except ValueError as error:
            raise DetectorError("the answer is no JSON, or was cut off") from error
        return sv.Detections(
            xyxy=storable(rows[:, :4] * request.context),
            confidence=rows[:, 4],
            class_id=np.zeros(len(rows), int),
            data={"class_name": np.full(len(rows), "thing")},
        )


class Models:
    """HttpModels with one format, ``tiny``, and what it made and was told."""

    def __init__(self, environment: dict[str, str] | None = None, limits: Limits | None = None) -> None:
        self.secrets: list[str] = []
        self.keyring: dict[str, str] = {}
        self.formats: list[TinyFormat] = []
        formats = Formats({"tiny": self._make}, {"tiny": "TINY_KEY"})
        self.http = HttpModels(self._find, self.secrets.append, formats, environment or {}, limits)

    async def load(self, address: str, in_flight: int = 4) -> HttpDetector:
        return await self.http.load(address, ModelOptions(in_flight=in_flight))

    def _make(self, url: URL, key: str | None, options: ModelOptions) -> TinyFormat:
        self.formats.append(TinyFormat(url, key, options))
        return self.formats[-1]

    async def _find(self, host: str) -> str | None:
        return self.keyring.get(host)


@asynccontextmanager
async def models(environment: dict[str, str] | None = None, limits: Limits | None = None) -> AsyncIterator[Models]:
    made = Models(environment, limits)
    try:
        yield made
    finally:
        await made.http.aclose()
