from pathlib import Path

import pytest

from livevision.errors import ModelError
from livevision.inference.python import load_factory

CODE = """
import supervision as sv

class Nothing:
    name, max_in_flight, classes = "nothing", 1, None

    async def detect(self, image):
        return sv.Detections.empty()

    async def aclose(self):
        pass

def broken():
    raise RuntimeError("no licence")

def wrong():
    return 7
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"my_model_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    return name


def test_a_class_in_the_current_folder_is_a_model(module: str) -> None:
    assert load_factory(f"{module}:Nothing").name == "nothing"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("no_such_module_x:f", "no module 'no_such_module_x'"),
        ("{module}:missing", "no function or class 'missing'"),
        ("{module}:broken", r"broken\(\) failed: RuntimeError: no licence"),
        ("{module}:wrong", "int, which has no `async def detect"),
    ],
)
def test_what_is_no_model_is_said_in_one_line(module: str, model: str, said: str) -> None:
    with pytest.raises(ModelError, match=said) as refused:
        load_factory(model.format(module=module))
    assert "\n" not in str(refused.value)


def test_a_module_that_does_not_import_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_done_model.py").write_text("def f(:\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="importing half_done_model failed: SyntaxError"):
        load_factory("half_done_model:f")
