"""Ultralytics' own exports, read by livevision and by Ultralytics: `python -m tests.benchmarks.exports FOLDER`.

Makes an environment in ``FOLDER/venv`` with the real package (5 GB, minutes; one that is there already is used), builds
models of every generation and task with random weights, exports each in the usual ways, and asks the package what it
finds in a picture with that very file.  Prints for each export whether livevision reads it by itself, and how many of
the package's detections it finds: the same class, nearly the same score and the same place.  What is there already is
not made again, so that it may be stopped and go on; ``--only WORD…`` names parts of it.  No weights are downloaded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.errors import LivevisionError
from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.keypoints import KEYPOINTS
from livevision.inference.onnx.loading import load
from livevision.inference.onnx.shared_model import detect_one
from livevision.inference.options import Device, ModelOptions
from livevision.inference.soundness import sound
from tests.benchmarks.exports_inside import CONFIDENCE

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image

PACKAGES = ("torch", "torchvision", "ultralytics", "onnx", "onnxslim", "onnxruntime")
SIZE = (800, 600)
MODELS = {
    "detect": ("yolov8n", "yolov9t", "yolov10n", "yolo11n", "yolo12n", "yolo26n", "rtdetr-l"),
    "segment": ("yolov8n-seg", "yolov9c-seg", "yolo11n-seg", "yolo12n-seg", "yolo26n-seg"),
    "pose": ("yolov8n-pose", "yolo11n-pose", "yolo12n-pose", "yolo26n-pose"),
    "obb": ("yolov8n-obb", "yolo11n-obb", "yolo12n-obb", "yolo26n-obb"),
}
WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "fp16": {"quantize": 16},
    "dynamic": {"dynamic": True},
    "nms": {"nms": True},
    "end2end": {"nms": False},
    "batch4": {"batch": 4},
    "384x640": {"imgsz": [384, 640]},
}
"""Named options of the package's ``export``; with ``nms=False`` the model's own head without overlaps is exported."""
AT_MOST, ENOUGH = 1, 0.95
"""Detections that may differ, or the share that must agree: the last digit decides which of two rivals stays."""
_NEAR = 3.0
"""Pixels of the picture."""
_OVERLAP = 0.9
_SCORE, _SCORE_OF_HALVES = 0.03, 0.15
"""With random weights scores are steep, and half precision is not the same in every version of ONNX Runtime."""


def main() -> None:
    """Make what is wanted, compare, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="for the environment and the exports; several GB")
    parser.add_argument("--only", nargs="*", default=[], help="words of which one must be in an export's name")
    parser.add_argument("--picture", type=Path, help="a picture to look at, instead of a generated one")
    asked = parser.parse_args()
    folder: Path = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    picture = asked.picture.resolve() if asked.picture else _picture(folder / "picture.png")
    wanted = {
        name: what for name, what in _exports().items() if not asked.only or any(word in name for word in asked.only)
    }
    inside = {"picture": str(picture), "exports": wanted}
    (folder / "wanted.json").write_text(json.dumps(inside), encoding="utf-8")
    python = _environment(folder / "venv")
    script = Path(__file__).with_name("exports_inside.py")
    with (folder / "exports.log").open("ab") as log:
        subprocess.run([python, script, folder], check=True, stdout=log, stderr=log)
    lines = {name: compared(folder, name, picture) for name in wanted}
    width = max(map(len, lines))
    for name, line in lines.items():
        print(f"{name:<{width}}  {line}")
    agreed = sum(line.startswith("agrees") for line in lines.values())
    print(f"{agreed} of {len(lines)} agree; {sum(line.startswith('not made') for line in lines.values())} not made")


def _exports() -> dict[str, dict[str, Any]]:
    return {
        f"{model}.{way}": {"yaml": f"{model}.yaml", "options": options}
        for models in MODELS.values()
        for model in models
        for way, options in WAYS.items()
    }


def _picture(path: Path) -> Path:
    """Write coarse and fine noise: a network with random weights sees as much in it as in anything else."""
    numbers = np.random.default_rng(3)
    layers = [
        cv2.resize(numbers.uniform(0, 255, (SIZE[1] // grain, SIZE[0] // grain, 3)), SIZE) for grain in (100, 20, 5)
    ]
    cv2.imwrite(str(path), np.mean(layers, axis=0).astype(np.uint8))
    return path


def _environment(folder: Path) -> Path:
    """Return the Python of the environment with the real package, which is made where it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def compared(folder: Path, name: str, picture: Path) -> str:
    """Return the line of the table about one export."""
    told = json.loads((folder / f"{name}.predictions.json").read_text(encoding="utf-8"))
    if "reason" in told:
        return f"not made: {told['reason'][:120]}"
    image = cv2.imread(str(picture))
    assert image is not None
    try:
        model = load(folder / f"{name}.onnx", ModelOptions(device=Device.CPU))
        keep = DetectionFilter(confidence=CONFIDENCE)
        found, unsound = sound(detect_one(model, image, keep), (image.shape[1], image.shape[0]))
    except LivevisionError as error:
        return f"REFUSED: {str(error)[:200]}"
    score = _SCORE_OF_HALVES if name.endswith(".fp16") else _SCORE
    theirs = [one for one in told["found"] if _is_a_box(_clip(one["box"], image))]
    same = _in_common(theirs, found, (image.shape[1], image.shape[0]), score)
    most = max(len(theirs), len(found))
    agrees = most - same <= max(AT_MOST, (1 - ENOUGH) * most)
    said = "nothing to compare" if not theirs else "agrees" if agrees else "DIFFERS"
    shape = " ".join(each[1] for each in told["shapes"][1:])
    layout = model.interpretation.layout.name
    return f"{said}: {same} of {len(theirs)}, ours {len(found)}, left out {unsound}; {shape} as {layout}"


def _clip(box: list[float], image: Image) -> list[float]:
    """Clip a box to the picture, in place: the package does that for most families."""
    sides = (image.shape[1], image.shape[0]) * 2
    box[:] = [min(max(edge, 0.0), float(side)) for edge, side in zip(box, sides, strict=True)]
    return box


def _is_a_box(box: list[float]) -> bool:
    return box[2] > box[0] and box[3] > box[1]


def _in_common(theirs: list[dict[str, Any]], found: sv.Detections, size: tuple[int, int], score: float) -> int:
    """Return how many of their detections we have, each of ours counted once."""
    free = set(range(len(found)))
    same = 0
    for one in theirs:
        mine = next((each for each in sorted(free) if _same(one, found, each, size, score)), None)
        if mine is not None:
            free.discard(mine)
            same += 1
    return same


def _same(one: dict[str, Any], found: sv.Detections, number: int, size: tuple[int, int], score: float) -> bool:
    assert found.class_id is not None
    assert found.confidence is not None
    if one["class"] != found.class_id[number] or abs(one["confidence"] - found.confidence[number]) > score:
        return False
    if "corners" in one:
        # From which corner on they are told is not the same everywhere.
        corners = np.asarray(found.data[ORIENTED_BOX_COORDINATES])[number]
        apart = np.linalg.norm(np.array(one["corners"])[:, None] - corners[None], axis=2).min(axis=1)
        return bool(apart.max() < _NEAR)
    if _iou(one["box"], found.xyxy[number]) < _OVERLAP:
        return False
    if "keypoints" in one:
        points = np.asarray(found.data[KEYPOINTS])[number]
        said = np.array(one["keypoints"])[:, :2]
        # The package moves points outside of the picture to its edge.
        return bool(np.abs(said - np.clip(points, 0, size)).max() < _NEAR)
    if "mask" in one:
        assert found.mask is not None
        return abs(float(np.sum(found.mask[number])) - one["mask"]) < 0.05 * one["mask"] + 50
    return True


def _iou(one: list[float], other: Any) -> float:
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return float(width * height / (areas[0] + areas[1] - width * height))


if __name__ == "__main__":
    main()
