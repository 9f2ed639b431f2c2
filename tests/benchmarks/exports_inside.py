"""The part of `exports.py` that runs where the real `ultralytics` package is: exports, and its own predictions.

Run as ``python exports_inside.py FOLDER`` by the Python of that environment, where nothing of livevision exists.
Reads ``FOLDER/wanted.json``, writes each export and, beside it, what the package itself finds with that very file.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

CONFIDENCE = 0.25
LIKE_OURS = {"rect": False, "retina_masks": True, "verbose": False, "device": "cpu"}
"""The model's whole rectangle is used, and masks are of the picture's size."""
SEED = 5
SPREAD = 2.5
"""Deviation of the logits of scores, so that few answers of thousands stand out."""
SURE = 15
"""Answers of each head that shall reach CONFIDENCE, about."""
BREADTH = 0.6
"""Deviation of the other numbers: boxes keep their sides."""
BINS, SIDES = 64, 4
"""Channels of a head for boxes: a distribution for each side, or the sides themselves."""


def main(folder: Path) -> None:
    """Make each wanted export that is not there yet."""
    os.environ.setdefault("YOLO_CONFIG_DIR", str(folder))
    os.environ["YOLO_OFFLINE"] = os.environ["YOLO_AUTOINSTALL"] = "false"
    os.chdir(folder)  # where exports go
    wanted = json.loads((folder / "wanted.json").read_text(encoding="utf-8"))
    for name, what in wanted["exports"].items():
        target = folder / f"{name}.predictions.json"
        if target.exists():
            continue
        started = time.monotonic()
        try:
            told = _made(folder, name, what, wanted["picture"])
        except Exception as error:  # whatever it is, it belongs into the table
            told = {"reason": " ".join(f"{type(error).__name__}: {error}".split())[:300]}
        told["seconds"] = round(time.monotonic() - started, 1)
        target.write_text(json.dumps(told), encoding="utf-8")
        print(name, told.get("reason", f"{len(told.get('found', ()))} found"), flush=True)


def _made(folder: Path, name: str, what: dict[str, Any], picture: str) -> dict[str, Any]:
    """Build a model with random weights that finds something in the picture, export it, and ask the package."""
    ultralytics = importlib.import_module("ultralytics")
    torch = importlib.import_module("torch")
    torch.manual_seed(SEED)
    kind = ultralytics.RTDETR if "rtdetr" in what["yaml"] else ultralytics.YOLO
    model = kind(what["yaml"])
    options = dict(what["options"])
    size = options.get("imgsz", [640, 640])
    _liven(torch, model.model, picture, (size[1], size[0]))
    exported = Path(model.export(format="onnx", verbose=False, **options))
    file = folder / f"{name}.onnx"
    shutil.move(exported, file)
    data = exported.with_name(exported.name + ".data")
    if data.exists():
        shutil.move(data, folder / data.name)
    session = importlib.import_module("onnxruntime").InferenceSession(str(file), providers=["CPUExecutionProvider"])
    shapes = [[each.name, str(each.shape), each.type] for each in (*session.get_inputs(), *session.get_outputs())]
    reader = kind(str(file)) if kind is ultralytics.RTDETR else kind(str(file), task=model.task)
    pictures = [picture] * options.get("batch", 1)
    results = reader.predict(pictures, conf=CONFIDENCE, imgsz=size, **LIKE_OURS)
    return {"shapes": shapes, "metadata": session.get_modelmeta().custom_metadata_map, "found": _found(results[0])}


def _found(result: Any) -> list[dict[str, Any]]:
    """Return what the package found: class, confidence, box, and corners, keypoints or the pixels of a mask."""
    boxes = result.obb if result.obb is not None else result.boxes
    found = []
    for number in range(len(boxes)):
        one: dict[str, Any] = {
            "class": int(boxes.cls[number]),
            "confidence": float(boxes.conf[number]),
            "box": boxes.xyxy[number].tolist(),
        }
        if result.obb is not None:
            one["corners"] = boxes.xyxyxyxy[number].tolist()
        if result.keypoints is not None:
            one["keypoints"] = result.keypoints.xy[number].tolist()
        if result.masks is not None:
            one["mask"] = float(result.masks.data[number].sum())
        found.append(one)
    return found


def _liven(torch: Any, network: Any, picture: str, size: tuple[int, int]) -> None:
    """Make of random weights ones whose answers differ from cell to cell, some of them sure.

    Each convolution's outputs are brought to the same mean and deviation on the picture; then the last ones of the
    scores so that about SURE cells reach CONFIDENCE, and those of boxes, angles and points to some spread.
    """
    batch = _batch(torch, picture, size, stretched="RTDETR" in type(network).__name__)
    network.train()
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = None  # the statistics of this very picture, and of nothing before
                module.reset_running_stats()
        network.predict(batch)
        network.eval()
        head = network.model[-1]
        for part in _scores(head):
            _spread(torch, network, part, batch, SPREAD, SURE)
        for part in _numbers(head):
            _spread(torch, network, part, batch, BREADTH, None)


def _batch(torch: Any, picture: str, size: tuple[int, int], stretched: bool) -> Any:
    """Return the picture as the package prepares it: edges of another kind would set off every cell along them."""
    cv2 = importlib.import_module("cv2")
    image = cv2.imread(picture)
    factor = min(size[0] / image.shape[1], size[1] / image.shape[0])
    inner = size if stretched else (round(image.shape[1] * factor), round(image.shape[0] * factor))
    small = cv2.resize(image, inner)
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    edges = (top, size[1] - inner[1] - top, left, size[0] - inner[0] - left)
    whole = cv2.copyMakeBorder(small, *edges, cv2.BORDER_CONSTANT, value=(114, 114, 114))
    return torch.from_numpy(whole[..., ::-1].copy()).permute(2, 0, 1)[None].float() / 255


def _last(modules: Any) -> list[Any]:
    return [each[-1] if hasattr(each, "__getitem__") else each for each in modules]


def _scores(head: Any) -> list[Any]:
    if hasattr(head, "dec_score_head"):
        return [head.dec_score_head[-1]]
    return [each for name in ("cv3", "one2one_cv3") for each in _last(getattr(head, name, None) or ())]


def _numbers(head: Any) -> list[Any]:
    if hasattr(head, "dec_score_head"):
        return []
    names = ("cv2", "one2one_cv2", "cv4", "one2one_cv4")
    return [each for name in names for each in _last(getattr(head, name, None) or ()) if hasattr(each, "weight")]


def _spread(torch: Any, network: Any, part: Any, batch: Any, deviation: float, sure: int | None) -> None:
    """Scale the weights of the last layer ``part`` so that what it gives has this deviation on the picture."""
    seen: list[Any] = []
    hook = part.register_forward_hook(lambda _module, _given, gives: seen.append(gives.detach()))
    try:
        network.predict(batch)
    finally:
        hook.remove()
    if not seen:
        return
    gives = seen[-1].transpose(1, -1)  # channels last, of [1, channels, h, w] and [1, queries, channels] alike
    gives = gives if seen[-1].ndim == 4 else seen[-1]
    means = gives.flatten(0, -2).mean(dim=0)
    centred = gives - means
    factor = deviation / max(float(centred.std()), 1e-6)
    if sure is None:
        channels = len(means)
        offset = 1.0 if channels == BINS else 3.0 if channels == SIDES else 0.0
    else:
        best = (centred * factor).amax(dim=-1).flatten().sort(descending=True).values
        offset = float(torch.logit(torch.tensor(CONFIDENCE)) - best[min(len(best) - 1, sure)])
    part.weight.mul_(factor)
    if part.bias is not None:
        part.bias.sub_(means).mul_(factor).add_(offset)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
