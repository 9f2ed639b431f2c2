"""A model file made ready: loaded by the best provider, understood, warmed up, and its batch size chosen.  Blocking."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from livevision.errors import DetectorError, ModelError
from livevision.inference.layouts.interpretation import Hints, Interpretation, interpret
from livevision.inference.layouts.sidecar import read_sidecar
from livevision.inference.onnx.providers import CPU, Failure, choose, fallback_notice, on_offer
from livevision.inference.onnx.runtime import onnx_runtime
from livevision.inference.onnx.session import OnnxSession, ProviderUnusable, check_file
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.inference.options import Device, ModelOptions

LARGEST_INPUT = 4096 * 4096
"""Pixels."""
BATCHES = (2, 4)
"""What is tried beside single pictures."""
_WORTH_MEASURING = 0.1
"""A model that takes longer than this for a picture, in seconds, has its cores busy, and measuring would take long."""
_GAIN = 0.9
"""A batch must take less than this share of a single picture's time, for each of its pictures."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session, and what was given up on the way to it."""

    session: OnnxSession
    notice: str = ""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that is ready for pictures."""

    session: OnnxSession
    interpretation: Interpretation
    notice: str
    batch: int
    """How many pictures at once are best; 1 where the model takes no more."""


def load(path: Path, options: ModelOptions) -> LoadedModel:
    """Make a model file ready.  Takes 0.1 s to minutes.  Raises ModelError."""
    check_file(path)
    hints = hints_for(path, options)
    understood: list[Interpretation] = []

    def warm_up(session: OnnxSession) -> None:
        understood[:] = [understand(session, hints)]
        run_blank(session, understood[0], 1)

    opened = open_model(path, options.device, warm_up)
    (interpretation,) = understood
    batch = best_batch(opened.session, interpretation)
    return LoadedModel(opened.session, interpretation, opened.notice, batch)


def hints_for(path: Path, options: ModelOptions) -> Hints:
    """Return what the sidecar says, and over it what the user says.  Raises ModelError for a broken sidecar."""
    hints = read_sidecar(path)
    return replace(hints, layout=options.layout or hints.layout, image_size=options.image_size or hints.image_size)


def open_model(path: Path, device: Device, warm_up: Callable[[OnnxSession], None]) -> Opened:
    """Load ``path`` with the best provider that really loads and survives ``warm_up``.

    Raises ModelError where not even the CPU does.
    """
    choice = choose(device, on_offer(onnx_runtime()))
    failures = list(choice.missing)
    for provider in choice.providers:
        try:
            session = OnnxSession(path, provider)
        except ProviderUnusable as unusable:
            failures.append(Failure(provider.label, unusable.text))
            continue
        try:
            warm_up(session)
        except ModelError:
            raise
        except DetectorError as error:
            if provider is CPU:
                raise ModelError(error.text) from error
            failures.append(Failure(provider.label, error.text))
            continue
        return Opened(session, fallback_notice(provider, failures))
    raise AssertionError("the CPU is always tried, and raises where it fails")


def understand(session: OnnxSession, hints: Hints) -> Interpretation:
    """Return what the model's numbers mean.  Raises ModelError, with the file's name."""
    try:
        interpretation = interpret(session.signature, hints)
    except ModelError as error:
        raise ModelError(say("{name}: {reason}", name=session.name, reason=error)) from error
    width, height = interpretation.size
    if width * height > LARGEST_INPUT:
        raise ModelError(
            say(
                "{model} wants pictures of {width}x{height}, which is absurdly big",
                model=session.name,
                width=width,
                height=height,
            )
        )
    return interpretation


def run_blank(session: OnnxSession, interpretation: Interpretation, count: int) -> float:
    """Run ``count`` grey pictures at once, and return the seconds it took.  Raises DetectorError.

    The outputs must be as many: a first axis may be free and yet mean something else.
    """
    width, height = interpretation.size
    blank = np.full((height, width, 3), 114, dtype=np.uint8)
    feeds, _ = interpretation.feeds([blank] * count)
    started = time.perf_counter()
    outputs = session.run(feeds)
    seconds = time.perf_counter() - started
    if count > 1 and any(not output.ndim or output.shape[0] != count for output in outputs):
        raise DetectorError(say("{model} did not answer picture by picture", model=session.name))
    return seconds


def best_batch(
    session: OnnxSession,
    interpretation: Interpretation,
    measure: Callable[[OnnxSession, Interpretation, int], float] = run_blank,
) -> int:
    """Return how many pictures at once take the least time each, 1 unless more are clearly faster."""
    # TensorRT would build another engine, for minutes, for every size.
    if not interpretation.is_batchable or session.runs_on == "TensorRT":
        return 1
    once = measure(session, interpretation, 1)
    if once > _WORTH_MEASURING:
        return 1
    best, per_picture = 1, min(once, measure(session, interpretation, 1))
    for count in BATCHES:
        try:
            seconds = min(measure(session, interpretation, count) for _ in range(3)) / count
        except DetectorError:
            return best
        if seconds < _GAIN * per_picture:
            best, per_picture = count, seconds
    return best
