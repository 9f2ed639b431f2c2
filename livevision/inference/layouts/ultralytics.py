"""What Ultralytics' exporters write into a model's metadata.

Every value is the text of a Python literal (``ultralytics/engine/exporter.py``: ``meta.value = str(v)``): ``task``,
``stride``, ``imgsz`` as [height, width], ``names`` as {0: 'person', …}, ``kpt_shape`` as [17, 3], ``channels``,
``args`` with ``nms``, and, since YOLO26, ``end2end`` and ``head``.  YOLOv5 writes ``stride`` and ``names`` only.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livevision.inference.layouts.signature import Signature

_LONGEST = 200_000
"""Characters; the 1,203 classes of LVIS take 30,000."""


def literal(text: str) -> object:
    """Return the value of a Python literal; None when it is none.  Nothing is ever run."""
    if len(text) > _LONGEST:
        return None
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def task(signature: Signature) -> str | None:
    """Return ``detect``, ``segment``, ``pose`` or ``obb``; None where the metadata do not say."""
    return signature.metadata.get("task", "").strip().casefold()[:40] or None


def may_be(signature: Signature, wanted: str) -> bool:
    """Say whether the metadata leave room for a YOLO with a ``wanted`` task and an answer for each cell."""
    others = (is_yolov5, is_end_to_end, is_rtdetr)
    return task(signature) in (None, wanted) and not any(is_other(signature) for is_other in others)


def is_yolov5(signature: Signature) -> bool:
    """Say whether the metadata are those of a YOLOv5 export."""
    return {"stride", "names"} <= signature.metadata.keys() and "task" not in signature.metadata


def is_end_to_end(signature: Signature) -> bool:
    """Say whether the metadata tell that the model suppresses overlapping boxes itself."""
    arguments = literal(signature.metadata.get("args", ""))
    exported_with_nms = isinstance(arguments, dict) and arguments.get("nms") is True
    return exported_with_nms or signature.metadata.get("end2end", "").strip() == "True"


def may_be_end_to_end(signature: Signature) -> bool:
    """Say whether only the model's own name tells so: YOLOv10 does it, but may be exported without.

    Whoever writes ``end2end`` has said it.
    """
    return "end2end" not in signature.metadata and "yolov10" in _description(signature.metadata)


def is_rtdetr(signature: Signature) -> bool:
    """Say whether the metadata are those of an RT-DETR."""
    metadata = signature.metadata
    return metadata.get("head") == "RTDETRDecoder" or "rtdetr" in _description(metadata).replace("-", "")


def channels(signature: Signature) -> int | None:
    """Return how many colours its pictures have, 1 for grey; None where the metadata do not say."""
    said = literal(signature.metadata.get("channels", ""))
    return said if type(said) is int and said > 0 else None


def _description(metadata: Mapping[str, str]) -> str:
    return metadata.get("description", "")[:200].casefold()


def image_size(signature: Signature) -> tuple[int, int] | None:
    """Return the (width, height) that the model was made for; None where the metadata do not say."""
    said = literal(signature.metadata.get("imgsz", ""))
    sides = [said, said] if isinstance(said, int) else said
    if isinstance(sides, list | tuple) and len(sides) == 2 and all(type(side) is int for side in sides):
        height, width = sides
        return (width, height) if min(sides) >= 32 and max(sides) <= 8192 else None
    return None


def keypoint_shape(signature: Signature) -> tuple[int, int] | None:
    """Return how many keypoints there are and how many numbers each has (2 or 3); None where that is not said."""
    said = literal(signature.metadata.get("kpt_shape", ""))
    if isinstance(said, list | tuple) and len(said) == 2 and all(type(number) is int for number in said):
        count, numbers = said
        return (count, numbers) if 0 < count <= 1000 and numbers in (2, 3) else None
    return None
