"""A GPU that goes away while a model runs on it: after a sleep of the computer, or with a new driver."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from livevision.errors import DetectorError
from livevision.inference.onnx import loading, session
from livevision.inference.onnx.models import OnnxModels
from livevision.inference.onnx.runtime import onnx_runtime
from livevision.inference.options import Device, ModelOptions
from tests.fakes.seeing_models import picture_with, ultralytics_rtdetr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOX = (40, 20, 120, 60)
PICTURE = picture_with(BOX, (160, 90))
FAILURE = "[ONNXRuntimeError] : 1 : FAIL : CUDA failure 999: unspecified launch failure"


class Gpu:
    """Stands in for ONNX Runtime with CUDA: its sessions run on the CPU, until the context is lost."""

    def __init__(self) -> None:
        self.lost = self.gone = False
        """Whether sessions that are there fail; and whether new ones fail, too."""
        self.sessions: list[str] = []
        real = onnx_runtime()
        self.runtime = SimpleNamespace(
            SessionOptions=real.SessionOptions,
            InferenceSession=self._session,
            get_available_providers=lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"],
            set_default_logger_severity=real.set_default_logger_severity,
        )
        self._make = real.InferenceSession

    def _session(self, path: str, options: Any, providers: list[Any], enable_fallback: int) -> Any:
        key = providers[0][0]
        if key == "CUDAExecutionProvider" and self.gone:
            raise RuntimeError(FAILURE)
        self.sessions.append(key)
        inner = self._make(path, options, providers=["CPUExecutionProvider"])
        made_after_the_loss = self.lost

        def run(names: Any, feeds: Any) -> Any:
            if key == "CUDAExecutionProvider" and self.lost and not made_after_the_loss:
                raise RuntimeError(FAILURE)
            return inner.run(names, feeds)

        return SimpleNamespace(
            run=run,
            get_providers=lambda: [key],
            get_inputs=inner.get_inputs,
            get_outputs=inner.get_outputs,
            get_modelmeta=inner.get_modelmeta,
        )


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gpu]:
    gpu = Gpu()
    for module in (session, loading):
        monkeypatch.setattr(module, "onnx_runtime", lambda: gpu.runtime)
    monkeypatch.setattr(loading, "best_batch", lambda *_args: 1)
    return gpu


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return ultralytics_rtdetr(tmp_path / "m.onnx", [0.9, 0.1, 0.0, 0.0], (320, 320))


async def until_it_answers(detector: Any, most: int) -> int:
    """Ask until there is an answer; return how many pictures failed."""
    reasons: list[str] = []
    for failed in range(most):
        try:
            found = await detector.detect(PICTURE)
        except DetectorError as error:
            reasons.append(str(error))
            continue
        assert found.xyxy[0] == pytest.approx(BOX, abs=2)
        assert all("CUDA failure 999" in each for each in reasons)
        return failed
    raise AssertionError("it never answered again")


async def test_the_session_is_made_anew_on_the_same_hardware(gpu, path):
    models = OnnxModels()
    detector = await models.load(path, ModelOptions(device=Device.CUDA))
    await until_it_answers(detector, 1)
    assert (detector.runs_on, detector.notice) == ("CUDA", "")
    gpu.lost = True
    assert await until_it_answers(detector, 10) < 3
    assert detector.runs_on == "CUDA"
    assert detector.notice.startswith("CUDA stopped working (CUDA failure 999")
    assert detector.notice.endswith("loaded anew")
    await detector.aclose()
    await models.aclose()


async def test_the_cpu_goes_on_where_the_hardware_is_gone(gpu, path):
    models = OnnxModels()
    detector = await models.load(path, ModelOptions(device=Device.CUDA))
    other = await models.load(path, ModelOptions(device=Device.CUDA))
    gpu.lost = gpu.gone = True
    assert await until_it_answers(detector, 10) < 3
    assert await until_it_answers(other, 1) == 0
    for each in (detector, other):
        assert each.runs_on == "CPU"
        assert "CUDA stopped working" in each.notice
        assert "running on the CPU; choose the model again" in each.notice
    assert gpu.sessions == ["CUDAExecutionProvider", "CPUExecutionProvider"]
    gpu.lost = gpu.gone = False
    chosen_again = await models.load(path, ModelOptions(device=Device.CUDA))
    assert (chosen_again.runs_on, chosen_again.notice) == ("CUDA", "")
    for each in (detector, other, chosen_again):
        await each.aclose()
    await models.aclose()
    assert not [each for each in threading.enumerate() if each.name.startswith("onnx ")]


async def test_a_single_picture_that_fails_changes_nothing(gpu, path):
    models = OnnxModels()
    detector = await models.load(path, ModelOptions(device=Device.CUDA))
    gpu.lost = True
    with pytest.raises(DetectorError):
        await detector.detect(PICTURE)
    gpu.lost = False
    await until_it_answers(detector, 1)
    assert (detector.runs_on, detector.notice, len(gpu.sessions)) == ("CUDA", "", 1)
    await detector.aclose()
    await models.aclose()
