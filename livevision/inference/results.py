"""What a user's own Python model may return, and what becomes of it.

Nothing of what it comes from is needed here: types are told apart by the attributes and keys that they have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import supervision as sv

from livevision.errors import DetectorError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.object_keys import box_of, name_of, score_of
from livevision.inference.http.objects import Found, class_id, detections_of
from livevision.inference.http.roboflow_answer import RoboflowAnswer
from livevision.inference.layouts.keypoints import KEYPOINT_CONFIDENCE, KEYPOINTS
from livevision.inference.soundness import storable
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ACCEPTED = say("sv.Detections, a Roboflow result, an Ultralytics or transformers result, or None for nothing found")

_ALL = DetectionFilter(confidence=0.0, most=100_000)
_Size: TypeAlias = tuple[int, int]
_Names: TypeAlias = Sequence[str] | None
_Reader: TypeAlias = "Callable[[Any, _Size, _Names], sv.Detections]"


def to_detections(answer: object, size: tuple[int, int], names: Sequence[str] | None = None) -> sv.Detections:
    """Return what a model returned for a picture of ``size`` (width, height) as detections.

    ``xyxy`` is in pixels of the picture, ``confidence`` (1 where the model gives none) and ``data["class_name"]`` are
    set; keypoints are ``data["keypoints"]``, ``(n, k, 2)``, and ``data["keypoint_confidence"]``, ``(n, k)``.  ``names``
    are what class numbers mean.  The answer is left as it is.  A list of one result is taken for the result.

    May take milliseconds, and waits for a GPU whose result it is: for the model's own thread.
    Raises DetectorError for anything else, which says what came and what is accepted.
    """
    single = _only_one(answer)
    try:
        read = _reader_of(single)
        if read is not None:
            return _complete(read(single, size, names), names)
    except Exception as error:  # whatever a foreign object does when it is looked at
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise DetectorError(
            say("the {kind} that the model returned cannot be read: {reason}", kind=_kind(single), reason=reason)
        ) from error
    raise DetectorError(
        say("the model returned {kind}; accepted are {accepted}", kind=_kind(answer), accepted=ACCEPTED)
    )


def _only_one(answer: object) -> object:
    if isinstance(answer, list | tuple) and len(answer) == 1 and not _is_pipeline(answer):
        return answer[0]
    return answer


def _reader_of(answer: object) -> _Reader | None:
    if answer is None or (isinstance(answer, list | tuple) and not answer):
        return lambda _answer, _size, _names: sv.Detections.empty()
    if isinstance(answer, sv.Detections):
        return lambda detections, _size, _names: detections
    if isinstance(answer, Mapping):
        return _reader_of_mapping(answer)
    return _pipeline if _is_pipeline(answer) else _reader_of_object(answer)


def _reader_of_mapping(answer: Mapping[Any, Any]) -> _Reader | None:
    if isinstance(answer.get("predictions"), list):
        return _roboflow
    if {"scores", "labels", "boxes"} <= answer.keys():
        return _transformers
    return _segments if "segmentation" in answer else None


def _reader_of_object(answer: object) -> _Reader | None:
    if isinstance(answer, type):
        return None
    if hasattr(answer, "names") and (hasattr(answer, "boxes") or hasattr(answer, "obb")):
        return _ultralytics
    if hasattr(answer, "predictions") and (hasattr(answer, "model_dump") or hasattr(answer, "dict")):
        return _roboflow_object
    return None


def _is_pipeline(answer: object) -> bool:
    """Say whether it is what a transformers pipeline returns: a list of {"label", "score", "box"}."""
    return isinstance(answer, list) and bool(answer) and all(isinstance(e, dict) and "box" in e for e in answer)


def _pipeline(answer: list[dict[object, object]], _size: _Size, _names: _Names) -> sv.Detections:
    found = [Found(name_of(each), score_of(each), box_of(each)) for each in answer]
    return detections_of(found, (1.0, 1.0), _ALL)


def _roboflow(answer: Mapping[str, Any], size: _Size, _names: _Names) -> sv.Detections:
    return RoboflowAnswer(answer, size, size).detections(_ALL)


def _roboflow_object(answer: Any, size: _Size, names: _Names) -> sv.Detections:
    # As sv.Detections.from_inference does, but by the name that pydantic 2 does not warn of.
    dump = answer.model_dump if hasattr(answer, "model_dump") else answer.dict
    return _roboflow(dump(exclude_none=True, by_alias=True), size, names)


def _transformers(answer: Mapping[str, Any], _size: _Size, _names: _Names) -> sv.Detections:
    """Read what ``post_process_object_detection`` returns for one picture, in tensors or arrays."""
    boxes, scores, labels = (_array(answer[key]) for key in ("boxes", "scores", "labels"))
    return sv.Detections(
        xyxy=storable(boxes),
        confidence=scores.astype(np.float32),
        class_id=labels.astype(np.int64),
    )


def _segments(answer: Any, _size: _Size, names: _Names) -> sv.Detections:
    return sv.Detections.from_transformers(answer, dict(enumerate(names)) if names else None)


def _ultralytics(answer: Any, _size: _Size, _names: _Names) -> sv.Detections:
    detections = sv.Detections.from_ultralytics(answer)
    points = getattr(answer, "keypoints", None)
    if points is not None and len(detections):
        where = _array(points.xy).astype(np.float32)
        sure = np.ones(where.shape[:2]) if points.conf is None else _array(points.conf)
        detections.data |= {KEYPOINTS: where, KEYPOINT_CONFIDENCE: sure.astype(np.float32)}
    return detections


def _complete(found: sv.Detections, names: _Names) -> sv.Detections:
    """Return a copy with everything set that is always set."""
    count = len(found)
    said = found.data.get("class_name")
    called = _called(found.class_id, count, names) if said is None or len(said) != count else said
    numbers = found.class_id
    if numbers is None:
        numbers = np.array([class_id(str(name)) for name in called], dtype=np.int64)
    confidence = np.ones(count) if found.confidence is None else np.asarray(found.confidence)
    return sv.Detections(
        xyxy=storable(found.xyxy),
        mask=found.mask,
        confidence=confidence.astype(np.float32),
        class_id=numbers,
        tracker_id=found.tracker_id,
        data={**found.data, "class_name": np.array([str(name) for name in called], dtype=str)},
        metadata=dict(found.metadata),
    )


def _called(numbers: NDArray[Any] | None, count: int, names: _Names) -> list[str]:
    if numbers is None:
        return [""] * count
    known = names or ()
    return [known[number] if 0 <= number < len(known) else str(number) for number in np.asarray(numbers).tolist()]


def _array(tensor: Any) -> NDArray[Any]:
    for step in ("detach", "cpu", "numpy"):  # of a tensor; an array has none of them
        tensor = getattr(tensor, step)() if hasattr(tensor, step) else tensor
    return np.asarray(tensor)


def _kind(answer: object) -> str:
    kind = type(answer)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(answer, Mapping):
        keys = ", ".join(repr(str(key)[:20]) for key, _ in zip(answer, range(6), strict=False))
        return f"{name} with {keys or 'nothing in it'}"
    if isinstance(answer, list | tuple):
        inside = f" of {len(answer)} {type(answer[0]).__name__}" if answer else ""
        return f"{name}{inside}"
    return name
