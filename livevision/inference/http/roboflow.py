"""Roboflow Inference, one's own or hosted: object detection, segmentation and keypoints.

``/PROJECT/VERSION`` finds out by itself which of them a model does, and takes a picture in base64 and thresholds in the
query: https://inference.roboflow.com/api.html and inference/core/interfaces/http/builders/legacy.py of
https://github.com/roboflow/inference.  Models that are called by one word (``rfdetr-nano``) are only served by
``/infer/TASK``, with the same things in JSON.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, cast

import supervision as sv

from livevision.errors import UsageError
from livevision.inference.http.json_body import read_json, unexpected
from livevision.inference.http.picture_format import PictureFormat
from livevision.inference.http.roboflow_answer import RoboflowAnswer
from livevision.inference.http.wire import Request
from livevision.wording import say

if TYPE_CHECKING:
    from yarl import URL

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.http.picture_format import Sent
    from livevision.inference.http.wire import Answer
    from livevision.inference.options import ModelOptions

_TASKS = ("object_detection", "instance_segmentation", "keypoints_detection")


class Roboflow(PictureFormat):
    """A model at a Roboflow inference server."""

    def __init__(self, url: URL, key: str | None, options: ModelOptions) -> None:
        segments = [part for part in url.path.split("/") if part]
        if not segments:
            raise UsageError(say("which model? Say it in the address, as in roboflow+http://host:9001/PROJECT/VERSION"))
        super().__init__(url.without_query_params("task"), key, options)
        self._model = segments[0] if len(segments) == 1 else None
        self._task = url.query.get("task", _TASKS[0])
        if self._task not in _TASKS:
            raise UsageError(
                say("there is no task {task!r}: known are {known}", task=self._task, known=", ".join(_TASKS))
            )

    def _request(self, jpeg: bytes, sent: Sent, keep: DetectionFilter) -> Request:
        picture = base64.b64encode(jpeg)
        if self._model is None:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return Request(self._url.update_query(self._thresholds(keep)), picture, headers, sent)
        wishes: dict[str, object] = {
            "model_id": self._model,
            "image": {"type": "base64", "value": picture.decode()},
            "confidence": keep.floor,
            "max_detections": keep.most,
        }
        if keep.iou is not None:
            wishes["iou_threshold"] = keep.iou
        if self._key:
            wishes["api_key"] = self._key
        url = self._url.with_path(f"/infer/{self._task}", keep_query=True)
        return Request(url, json.dumps(wishes).encode(), {"Content-Type": "application/json"}, sent)

    def _thresholds(self, keep: DetectionFilter) -> dict[str, str]:
        # From 1 on, the server takes both for per cents.
        query = {"confidence": f"{min(keep.floor, 0.99):.4g}", "max_detections": str(keep.most)}
        if keep.iou is not None:
            query["overlap"] = f"{min(keep.iou, 0.99):.4g}"
        if self._key:
            query["api_key"] = self._key
        return query

    def decode(self, answer: Answer, request: Request, keep: DetectionFilter) -> sv.Detections:
        """Read an answer; boxes, outlines and keypoints in pixels of the picture.  Raises DetectorError."""
        sent = cast("Sent", request.context)
        content = read_json(answer.body)
        if isinstance(content, list) and len(content) == 1:  # a batch of one
            content = content[0]
        if isinstance(content, dict) and "predictions" in content and content["predictions"] is None:
            content = {**content, "predictions": []}
        if not isinstance(content, dict) or not isinstance(content.get("predictions"), list):
            raise unexpected(content, say("a list of predictions"), say(": is the model one that finds objects?"))
        return RoboflowAnswer(content, sent.picture, sent.sent).detections(keep)
