"""Servers of a user's own, as LitServe 0.2, BentoML 1.4 and FastAPI 0.1 make them: what they take, answer, complain of.

``handle`` of each is for aiohttp, around ``find``, which gets a JPEG and returns boxes.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable

    Find = Callable[[bytes], list[list[float]]]


class OwnServer:
    """Notes in which way each picture came."""

    def __init__(self, find: Find, field: str) -> None:
        self.find = find
        self.field = field
        self.asked: list[str] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.content_type)
        form = await request.post() if request.content_type == "multipart/form-data" else None
        status, said = self.answer(form, b"" if form is not None else await request.read())
        return web.json_response(said, status=status)

    def answer(self, form, body: bytes) -> tuple[int, object]:
        raise NotImplementedError

    def in_form(self, form) -> bytes | None:
        return form[self.field].file.read() if form is not None and self.field in form else None


class LitServe(OwnServer):
    """``base64.b64decode(request["image"])`` in ``decode_request``: whatever raises there is the same 500."""

    def answer(self, form, body):
        try:
            boxes = self.find(base64.b64decode(json.loads(body)[self.field], validate=True))
        except (ValueError, KeyError, TypeError, binascii.Error):
            return 500, {"detail": "Internal server error"}
        return 200, {"output": [{"label": "cat", "score": 0.75, "box": box} for box in boxes]}


class LitServeForm(OwnServer):
    """``request["image"].file.read()`` in ``decode_request``."""

    def answer(self, form, body):
        jpeg = self.in_form(form)
        if jpeg is None:
            return 500, {"detail": "Internal server error"}
        boxes = self.find(jpeg)
        return 200, {"output": {"boxes": boxes, "scores": [0.75] * len(boxes), "labels": ["cat"] * len(boxes)}}


class BentoML(OwnServer):
    """``def predict(self, image: PIL.Image.Image) -> list[dict]``."""

    def answer(self, form, body):
        jpeg = self.in_form(form)
        if jpeg is not None:
            return 200, [{"label": "cat", "score": 0.75, "box": box} for box in self.find(jpeg)]
        if form is None:
            try:
                fields = json.loads(body)
            except ValueError:
                return 400, self._invalid("json_invalid", [], "Invalid JSON: expected value at line 1 column 1")
            if self.field not in fields:
                return 400, self._invalid("missing", [self.field], "Field required")
        return 500, {"error": "An unexpected error has occurred, please check the server log."}

    def _invalid(self, kind: str, loc: list[str], msg: str) -> dict[str, object]:
        url = f"https://errors.pydantic.dev/2.14/v/{kind}"
        return {
            "error": "1 validation error for Input",
            "detail": [{"type": kind, "loc": loc, "msg": msg, "url": url}],
        }


class FastApi(OwnServer):
    """``async def detect(photo: UploadFile)``."""

    def answer(self, form, body):
        jpeg = self.in_form(form)
        if jpeg is None:
            missing = {"type": "missing", "loc": ["body", self.field], "msg": "Field required", "input": None}
            return 422, {"detail": [missing]}
        return 200, {"detections": [{"class_name": "cat", "confidence": 0.75, "bbox": box} for box in self.find(jpeg)]}


class Plain(OwnServer):
    """Takes the picture as it is, as many a Flask."""

    def answer(self, form, body):
        return (200, self.find(body)) if body.startswith(b"\xff\xd8") else (200, {"error": "send me a JPEG, please"})
