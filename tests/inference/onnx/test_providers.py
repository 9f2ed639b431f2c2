"""Which provider is tried, in which order, and what is said when it is another one in the end."""

from types import SimpleNamespace

import pytest

from livevision.errors import DetectorError, ModelError
from livevision.inference.onnx import loading
from livevision.inference.onnx.providers import CPU, PROVIDERS, choose, label_of, on_offer
from livevision.inference.onnx.session import OnnxSession, ProviderUnusable
from livevision.inference.options import Device
from tests.fakes.seeing_models import ultralytics_rtdetr

GPU_BUILD = SimpleNamespace(
    get_available_providers=lambda: ["CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"]
)
CPU_BUILD = SimpleNamespace(get_available_providers=lambda: ["AzureExecutionProvider", "CPUExecutionProvider"])


def labels(providers):
    return [provider.label for provider in providers]


def test_the_best_comes_first():
    assert labels(PROVIDERS) == ["TensorRT", "CUDA", "CoreML", "OpenVINO", "DirectML", "CPU"]
    assert labels(on_offer(GPU_BUILD)) == ["TensorRT", "CUDA", "CPU"]
    assert labels(on_offer(CPU_BUILD)) == ["CPU"]


def test_every_device_has_a_provider():
    assert {provider.device for provider in PROVIDERS} == set(Device) - {Device.AUTO}


def test_what_is_tried():
    offered = on_offer(GPU_BUILD)
    assert labels(choose(Device.AUTO, offered).providers) == ["TensorRT", "CUDA", "CPU"]
    assert labels(choose(Device.CUDA, offered).providers) == ["CUDA", "CPU"]
    assert labels(choose(Device.CPU, offered).providers) == ["CPU"]
    coreml = choose(Device.COREML, offered)
    assert labels(coreml.providers) == ["CPU"]
    assert coreml.missing[0].label == "CoreML"


def test_names_for_the_screen():
    assert label_of("DmlExecutionProvider") == "DirectML"
    assert label_of("XnnpackExecutionProvider") == "Xnnpack"


@pytest.fixture
def model(tmp_path):
    return ultralytics_rtdetr(tmp_path / "m.onnx", [0.9, 0.1, 0.0, 0.0])


def test_a_device_that_this_build_lacks_is_said(model):
    opened = loading.open_model(model, Device.CUDA, lambda session: None)
    assert opened.session.runs_on == "CPU"
    assert opened.notice == (
        "CUDA could not be used (this ONNX Runtime is built without it: it needs onnxruntime-gpu, CUDA 12 and cuDNN 9)"
        ": running on the CPU"
    )


@pytest.mark.parametrize("device", [Device.AUTO, Device.CPU])
def test_nothing_is_said_where_nothing_went_wrong(model, device):
    opened = loading.open_model(model, device, lambda session: None)
    assert (opened.session.runs_on, opened.notice) == ("CPU", "")


def refusing(what):
    """Stand in for OnnxSession where there is no such hardware: each provider named in ``what`` refuses like this."""

    def make(path, provider):
        if provider.label in what:
            raise ProviderUnusable(what[provider.label])
        session = OnnxSession(path, CPU)
        return session if provider is CPU else SimpleNamespace(runs_on=provider.label, signature=session.signature)

    return make


def test_libraries_that_are_missing_are_named(model, monkeypatch):
    monkeypatch.setattr(loading, "on_offer", lambda _runtime: on_offer(GPU_BUILD))
    missing = {"TensorRT": "libnvinfer.so.10: no such file", "CUDA": "libcublas.so.12: no such file"}
    monkeypatch.setattr(loading, "OnnxSession", refusing(missing))
    opened = loading.open_model(model, Device.AUTO, lambda session: None)
    assert opened.session.runs_on == "CPU"
    assert opened.notice == (
        "TensorRT could not be used (libnvinfer.so.10: no such file), "
        "CUDA could not be used (libcublas.so.12: no such file): running on the CPU"
    )


def test_who_has_cuda_need_not_hear_of_tensorrt(model, monkeypatch):
    monkeypatch.setattr(loading, "on_offer", lambda _runtime: on_offer(GPU_BUILD))
    monkeypatch.setattr(loading, "OnnxSession", refusing({"TensorRT": "libnvinfer.so.10: no such file"}))
    opened = loading.open_model(model, Device.AUTO, lambda session: None)
    assert (opened.session.runs_on, opened.notice) == ("CUDA", "")


def test_a_provider_that_loads_but_does_not_run_is_left_too(model, monkeypatch):
    monkeypatch.setattr(loading, "on_offer", lambda _runtime: on_offer(GPU_BUILD))
    monkeypatch.setattr(loading, "OnnxSession", refusing({}))

    def warm_up(session):
        if session.runs_on != "CPU":
            raise DetectorError("out of memory")

    opened = loading.open_model(model, Device.CUDA, warm_up)
    assert opened.session.runs_on == "CPU"
    assert opened.notice == "CUDA could not be used (out of memory): running on the CPU"


def test_a_file_that_runs_nowhere_is_an_error(model):
    def warm_up(_session):
        raise DetectorError("m.onnx failed on a picture: no")

    with pytest.raises(ModelError, match="failed on a picture: no"):
        loading.open_model(model, Device.AUTO, warm_up)
