"""What a model file is like: what it takes and gives, what it is taken for and why, what runs it and how fast."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from livevision.errors import DetectorError, ModelError, UsageError
from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.interpretation import Interpretation
from livevision.inference.layouts.text import clean
from livevision.inference.onnx.loading import LoadedModel, hints_for, open_model, run_blank, understand
from livevision.inference.onnx.providers import on_offer
from livevision.inference.onnx.runtime import onnx_runtime
from livevision.inference.onnx.session import OnnxSession, check_file
from livevision.inference.onnx.shared_model import detect_one
from livevision.inference.soundness import sound, why_not
from livevision.overlay import Overlay
from livevision.recording.naming import free_path, safe_name
from livevision.wording import say

if TYPE_CHECKING:
    from pathlib import Path

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.layouts.interpretation import Hints
    from livevision.inference.options import ModelOptions

_RUNS = 10
_PATIENCE = 10.0
"""Seconds that measuring may take; a heavy model is run less often."""
_SOME = 8
"""Class names, metadata and boxes that are shown."""
_LARGEST_PICTURE = 64_000_000
"""Pixels of the test picture."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians in milliseconds; at 720p, or with the test picture."""

    run_ms: float
    """The model alone."""
    picture_ms: float
    """All of it: picture in, boxes out."""

    def words(self) -> str:
        """Say it in one line."""
        whole, alone = f"{self.picture_ms:.1f}", f"{self.run_ms:.1f}"
        return say("{whole} ms a picture, {alone} of it the model alone", whole=whole, alone=alone)


@dataclass(frozen=True, slots=True)
class Found:
    """What the model saw in the test picture."""

    boxes: tuple[str, ...]
    """A line each, the surest first: ``dog 86 %  at 133,207 to 326,543``."""
    unsound: int
    """Boxes that cannot be true, and are never shown."""
    drawn: str
    """The file with the boxes drawn."""
    none_valid: str = ""
    """Why all of them are left out, where none is left."""

    def left_out(self) -> str:
        """Say what was not shown."""
        if self.none_valid:
            return say("{count} boxes, none valid: {reason}", count=self.unsound, reason=self.none_valid)
        return say("{count} boxes that cannot be true", count=self.unsound)


@dataclass(frozen=True, slots=True)
class ModelReport:
    """All that ``livevision models inspect`` says."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    metadata: dict[str, str]
    offered: tuple[str, ...]
    """The providers that this ONNX Runtime has, best first."""
    runs_on: str
    notice: str
    layout: str | None
    """None where it was refused."""
    evidence: tuple[str, ...]
    """How the layout was recognised, or why not and what to do."""
    image_size: tuple[int, int] | None
    """Width and height."""
    classes: tuple[str, ...]
    timing: Timing | None
    found: Found | None

    def as_dict(self) -> dict[str, Any]:
        """Return the report for JSON; numbers rounded to what they are worth."""
        report = asdict(self)
        if self.timing is not None:
            report["timing"] = {name: round(value, 2) for name, value in report["timing"].items()}
        return report

    def lines(self) -> list[str]:
        """Say it in words, a line each."""
        return [self.name, *(f"  {label:<10} {words}" for label, words in self.rows())]

    def rows(self) -> list[tuple[str, str]]:
        """Say it in words, each with what it is about; empty where it is about the same as the one above."""
        says, found = say("says"), say("found")
        rows: list[tuple[str, str]] = [(say("takes"), each) for each in self.inputs]
        rows += [(say("gives"), each) for each in self.outputs]
        rows += [(says, f"{key}: {value}") for key, value in self.metadata.items()] or [(says, say("no metadata"))]
        rows += [(say("layout"), self.layout or say("not recognised"))] + [("", each) for each in self.evidence]
        if self.layout is not None:
            rows.append((say("classes"), _some_classes(self.classes)))
        rows.append((say("on offer"), ", ".join(self.offered)))
        rows.append((say("runs on"), self.runs_on))
        rows += [(say("notice"), self.notice)] if self.notice else []
        if self.timing is not None:
            rows.append((say("time"), self.timing.words()))
        if self.found is not None:
            rows += [(found, each) for each in self.found.boxes] or [(found, say("nothing"))]
            if self.found.unsound:
                rows.append((say("left out"), self.found.left_out()))
            rows.append((say("drawn"), self.found.drawn))
        return rows


def inspect(path: Path, image: Path | None, options: ModelOptions, output: Path) -> ModelReport:
    """Look at a model file, and try it on ``image``.  Blocks for as long as loading takes, and some seconds.

    The picture with boxes drawn goes into the folder ``output``, as a new file.  A layout that is not recognised is in
    the report, not an error.  Raises ModelError for what is no model that loads, UsageError for what is no picture.
    """
    check_file(path)
    picture = None if image is None else _read(image)
    runtime = onnx_runtime()
    hints = hints_for(path, options)
    seen = _Seen()
    opened = open_model(path, options.device, lambda session: seen.look(session, hints))
    session, signature = opened.session, opened.session.signature
    report = ModelReport(
        name=clean(path.name, 200),
        inputs=tuple(clean(str(tensor), 120) for tensor in signature.inputs),
        outputs=tuple(clean(str(tensor), 120) for tensor in signature.outputs),
        metadata={clean(key, 40): clean(said, 120) for key, said in list(signature.metadata.items())[: 2 * _SOME]},
        offered=tuple(provider.label for provider in on_offer(runtime)),
        runs_on=session.runs_on,
        notice=opened.notice,
        layout=None,
        evidence=(seen.refused,),
        image_size=None,
        classes=(),
        timing=None,
        found=None,
    )
    understood = seen.interpretation
    if understood is None:
        return report
    model = LoadedModel(session, understood, opened.notice, 1)
    report = replace(
        report,
        layout=understood.layout.name,
        evidence=understood.evidence,
        image_size=understood.size,
        classes=understood.names,
    )
    try:
        timing = _timing(model, picture if picture is not None else np.full((720, 1280, 3), 114, np.uint8))
        found = None if image is None or picture is None else _try(model, picture, output, image.stem)
    except DetectorError as error:
        return replace(report, evidence=(*report.evidence, error.text))
    return replace(report, timing=timing, found=found)


class _Seen:
    """What one provider's session was taken for; the next one's goes over it."""

    def __init__(self) -> None:
        self.interpretation: Interpretation | None = None
        self.refused = ""

    def look(self, session: OnnxSession, hints: Hints) -> None:
        try:
            self.interpretation = understand(session, hints)
        except ModelError as error:
            self.refused = error.text
            return
        run_blank(session, self.interpretation, 1)


def _read(path: Path) -> Image:
    try:
        data = np.fromfile(path, dtype=np.uint8)  # imread cannot read every path on Windows, and only says None
    except OSError as error:
        raise UsageError(
            say("the picture {path} cannot be read: {reason}", path=path, reason=error.strerror or error)
        ) from error
    try:
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    except cv2.error:  # larger than OpenCV's own limit
        picture = None
    if picture is None or picture.shape[0] * picture.shape[1] > _LARGEST_PICTURE:
        raise UsageError(say("{path} is no picture that can be read: take a JPEG or PNG", path=path))
    return cast("Image", picture)


def _timing(model: LoadedModel, picture: Image) -> Timing:
    """Measure both in turns, so that whatever else the machine does hits both."""
    keep = DetectionFilter()
    feeds, _ = model.interpretation.feeds([picture])
    alone: list[float] = []
    whole: list[float] = []
    started = time.perf_counter()
    while len(whole) < _RUNS and (not whole or time.perf_counter() - started < _PATIENCE):
        before = time.perf_counter()
        model.session.run(feeds)
        between = time.perf_counter()
        detect_one(model, picture, keep)
        alone.append(between - before)
        whole.append(time.perf_counter() - between)
    return Timing(1000 * median(alone), 1000 * median(whole))


def _try(model: LoadedModel, picture: Image, output: Path, stem: str) -> Found:
    height, width = picture.shape[:2]
    answer = detect_one(model, picture, DetectionFilter())
    detections, unsound = sound(answer, (width, height))
    none_valid = why_not(answer, (width, height)) if unsound and not len(detections) else ""
    drawn = Overlay().draw(picture.copy(), detections, (width, height))
    target = _write(drawn, output, stem)
    return Found(_boxes_in_words(detections), unsound, str(target), none_valid)


def _write(picture: Image, folder: Path, stem: str) -> Path:
    _, encoded = cv2.imencode(".png", picture)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = free_path(folder / f"{safe_name(stem)}.inspected.png")
        with target.open("xb") as file:
            file.write(encoded.tobytes())
    except OSError as error:
        raise UsageError(
            say(
                "the picture with boxes cannot be written to {folder}: {reason}",
                folder=folder,
                reason=error.strerror or error,
            )
        ) from error
    return target


def _boxes_in_words(detections: sv.Detections) -> tuple[str, ...]:
    confidence = np.asarray(detections.confidence)
    names = detections.data["class_name"]
    order = np.argsort(-confidence, kind="stable")
    lines = []
    for index in order[:_SOME]:
        x1, y1, x2, y2 = detections.xyxy[index].round().astype(int)
        lines.append(f"{names[index]} {100 * confidence[index]:.0f} %  at {x1},{y1} to {x2},{y2}")
    more = len(order) - len(lines)
    return (*lines, say("and {count} more", count=more)) if more else tuple(lines)


def _some_classes(names: tuple[str, ...]) -> str:
    if not names:
        return say("not known: numbers are shown")
    some, more = ", ".join(names[:_SOME]), len(names) - _SOME
    return say("{names} and {count} more", names=some, count=more) if more > 0 else some
