"""One file in ONNX Runtime: what loads, what does not, and what is said."""

import builtins
import importlib
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import onnx
import pytest
from onnx import helper

from livevision.errors import DetectorError, ModelError
from livevision.inference.onnx import runtime as runtime_module
from livevision.inference.onnx import session as session_module
from livevision.inference.onnx.providers import CPU, PROVIDERS
from livevision.inference.onnx.runtime import onnx_runtime, reason
from livevision.inference.onnx.session import OnnxSession, ProviderUnusable, threads_beside_decoding
from tests.fakes.onnx_models import save, value
from tests.fakes.seeing_models import ultralytics_rtdetr

CUDA = next(provider for provider in PROVIDERS if provider.label == "CUDA")


def refused(path):
    with pytest.raises(ModelError) as caught:
        OnnxSession(path, CPU)
    said = str(caught.value)
    assert "\n" not in said
    return said


def doubling(path, shape=("n", 3), **more):
    nodes = [helper.make_node("Add", ["x", "x"], ["y"])]
    return save(path, nodes, [value("x", shape)], [value("y", shape)], **more)


def test_what_a_file_says_of_itself(tmp_path):
    session = OnnxSession(doubling(tmp_path / "d.onnx", metadata={"names": "{0: 'a'}"}), CPU)
    assert str(session.signature) == "x float32[?,3] → y float32[?,3]"
    assert session.signature.metadata == {"names": "{0: 'a'}"}
    assert repr(session) == "<OnnxSession d.onnx on CPU>"
    (output,) = session.run({"x": np.ones((2, 3), np.float32)})
    assert output.tolist() == [[2, 2, 2]] * 2


def test_weights_in_a_file_next_to_it(tmp_path):
    path = tmp_path / "w.onnx"
    weights = {"w": np.arange(3000, dtype=np.float32)}
    nodes = [helper.make_node("Add", ["x", "w"], ["y"])]
    save(path, nodes, [value("x", (3000,))], [value("y", (3000,))], weights)
    onnx.save_model(onnx.load(path), path, save_as_external_data=True, location="w.data", size_threshold=10)
    assert (tmp_path / "w.data").exists()
    assert OnnxSession(path, CPU).run({"x": np.zeros(3000, np.float32)})[0][7] == 7


def test_no_such_file(tmp_path):
    assert "No such file" in refused(tmp_path / "none.onnx")


def test_a_folder(tmp_path):
    assert "is a folder" in refused(tmp_path)


def test_an_empty_file(tmp_path):
    (tmp_path / "e.onnx").touch()
    assert "is empty" in refused(tmp_path / "e.onnx")


@pytest.mark.parametrize("content", [b"\x89PNG and more", b"\0" * 1000, b"<html>404</html>"])
def test_something_else(tmp_path, content):
    (tmp_path / "x.onnx").write_bytes(content)
    assert "x.onnx is no model that ONNX Runtime can load" in refused(tmp_path / "x.onnx")


def test_half_a_file(tmp_path):
    whole = ultralytics_rtdetr(tmp_path / "w.onnx", [0.5]).read_bytes()
    (tmp_path / "h.onnx").write_bytes(whole[: len(whole) // 2])
    assert "h.onnx" in refused(tmp_path / "h.onnx")


def test_an_operator_that_nobody_knows_is_named_and_no_library_searched(tmp_path):
    nodes = [helper.make_node("Mystery", ["x"], ["y"], domain="com.example")]
    path = save(tmp_path / "m.onnx", nodes, [value("x", (1,))], [value("y", (1,))])
    assert "com.example" in refused(path)


def test_nothing_is_printed_even_for_a_strange_model(tmp_path):
    # An initializer that nobody uses, and an opset from the future: both are worth warnings to ONNX Runtime.
    path = doubling(tmp_path / "d.onnx", constants={"unused": np.zeros(4, np.float32)})
    script = (
        "import pathlib, sys; from livevision.inference.onnx.session import OnnxSession; "
        "from livevision.inference.onnx.providers import CPU, PROVIDERS\n"
        "OnnxSession(pathlib.Path(sys.argv[1]), CPU)\n"
        "try: OnnxSession(pathlib.Path(sys.argv[0] + '/none'), CPU)\n"
        "except Exception: pass"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_nobody_is_told_about_the_model(tmp_path):
    # Telemetry of ONNX Runtime keeps a database in the cache folder.
    environment = {key: text for key, text in os.environ.items() if key not in ("CI", "ORT_DISABLE_TELEMETRY")}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    path = doubling(tmp_path / "d.onnx")
    script = (
        "import pathlib, sys; from livevision.inference.onnx.session import OnnxSession; "
        "from livevision.inference.onnx.providers import CPU; OnnxSession(pathlib.Path(sys.argv[1]), CPU)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True, timeout=60, env=environment)
    assert list(tmp_path.iterdir()) == [path]


def test_a_picture_that_does_not_fit(tmp_path):
    session = OnnxSession(doubling(tmp_path / "d.onnx"), CPU)
    with pytest.raises(DetectorError, match=r"^d\.onnx failed on a picture: .*[Ii]nvalid dimensions") as caught:
        session.run({"x": np.ones((2, 5), np.float32)})
    assert "\n" not in str(caught.value)


def test_an_absurd_output_is_not_looked_at(tmp_path, monkeypatch):
    session = OnnxSession(doubling(tmp_path / "d.onnx"), CPU)
    monkeypatch.setattr(session_module, "LARGEST_OUTPUT", 5)
    with pytest.raises(DetectorError, match=r"shape \[2, 3\], which is absurdly big"):
        session.run({"x": np.ones((2, 3), np.float32)})


def test_what_is_no_tensor_of_numbers(tmp_path):
    nodes = [helper.make_node("Identity", ["x"], ["y"])]
    path = save(tmp_path / "s.onnx", nodes, [value("x", (1,), np.str_)], [value("y", (1,), np.str_)])
    assert "x is a tensor(string)" in refused(path)


def test_a_provider_that_onnx_runtime_leaves_out_silently(tmp_path, recwarn):
    with pytest.raises(ProviderUnusable, match="it needs onnxruntime-gpu"):
        OnnxSession(doubling(tmp_path / "d.onnx"), CUDA)
    recwarn.clear()


def test_what_it_logged_is_the_reason(tmp_path, monkeypatch):
    log = []

    class Session:
        def __init__(self, *_args, **_kwargs):
            log[-1](3, "", "", "", "[ONNXRuntimeError] : 1 : FAIL : Failed to load library libcudnn.so.9.\n")

        def get_providers(self):
            return ["CPUExecutionProvider"]

    fake = SimpleNamespace(
        SessionOptions=onnx_runtime().SessionOptions,
        InferenceSession=Session,
        set_default_logger_callback=lambda callback, *_severity: log.append(callback),
        set_default_logger_severity=lambda _severity: None,
    )
    monkeypatch.setattr(session_module, "onnx_runtime", lambda: fake)
    with pytest.raises(ProviderUnusable, match=r"^Failed to load library libcudnn\.so\.9$"):
        OnnxSession(doubling(tmp_path / "d.onnx"), CUDA)
    assert log[-1] is None


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 3), (64, 8)])
def test_a_core_is_left_for_decoding(cores, threads):
    assert threads_beside_decoding(cores) == threads


def test_without_onnx_runtime_there_is_a_way_out(monkeypatch):
    found = importlib.import_module

    def missing(name):
        if name == "onnxruntime":
            raise ModuleNotFoundError("No module named 'onnxruntime'", name=name)
        return found(name)

    monkeypatch.setattr(runtime_module.importlib, "import_module", missing)
    with pytest.raises(ModelError, match=r"^ONNX models need ONNX Runtime: pip install 'livevision\[onnx\]'"):
        onnx_runtime()


def test_one_that_does_not_start_is_not_said_to_be_missing(monkeypatch):
    def broken(name):
        raise ImportError(f"libstdc++.so.6: version `GLIBCXX_3.4.32' not found\n(required by {name})")

    monkeypatch.setattr(runtime_module.importlib, "import_module", broken)
    with pytest.raises(ModelError, match=r"does not start .*GLIBCXX") as caught:
        onnx_runtime()
    assert "\n" not in str(caught.value)


def test_importing_our_package_does_not_import_it():
    script = "import sys, livevision.inference.onnx.models; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0


def test_reasons_are_short():
    said = (
        "[ONNXRuntimeError] : 1 : FAIL : Load model from /x/m.onnx failed:"
        "/onnxruntime_src/onnxruntime/core/graph/model.cc:180 onnxruntime::Model::Model(int) Unsupported opset 99\n"
    )
    assert reason(said).endswith("Unsupported opset 99")
    assert len(reason("x" * 5000)) <= 240
    assert reason("") == "str"
    assert builtins.all(character.isprintable() for character in reason("a\x1b[31mb\0c"))
