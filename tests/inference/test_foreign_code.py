"""Other people's models: what they have under common names, raise, and hold up."""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
from typing import TYPE_CHECKING, Any

import pytest
import supervision as sv

import livevision as lv
from livevision import cli
from livevision.errors import DetectorError, ModelError
from livevision.inference.detector import remembers, runs_on, turns_of
from livevision.inference.filter import DetectionFilter
from livevision.inference.foreign_code import LoopWatch
from livevision.inference.live import LiveInference
from livevision.inference.python import PythonModels
from livevision.inference.python_detector import PythonDetector, as_detector
from tests.fakes.cameras import grey, until
from tests.fakes.clips import plain, write_clip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = """
import sys

import numpy as np


class Boxes:
    xyxy = np.array([[4.0, 6.0, 40.0, 30.0]])
    conf = np.array([0.9])
    cls = np.array([1])
    id = None

    def __len__(self):
        return 1


class Results:
    names = {0: "cat", 1: "dog"}
    boxes, masks, keypoints, obb = Boxes(), None, None, None


class YOLO:
    '''Has what an Ultralytics YOLO object has, and its `tune` trains for days.'''

    task, overrides, predictor, ckpt, cfg, trainer, session = "detect", {}, None, None, None, None, None
    names = {0: "cat", 1: "dog"}

    def predict(self, source=None, stream=False, predictor=None, **kwargs):
        return [Results()]

    def __call__(self, source=None, stream=False, **kwargs):
        return self.predict(source, stream, **kwargs)

    def track(self, source=None, **kwargs):
        raise AssertionError("nobody asked for it")

    def train(self, trainer=None, **kwargs):
        raise AssertionError("nobody asked for it")

    def tune(self, use_ray=False, iterations=300, *args, **kwargs):
        raise ModuleNotFoundError("Ray Tune required but not found. To install run: pip install 'ray[tune]'")

    def __getattr__(self, name):
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")


class Everything:
    '''Like a remote proxy, has something under every name.'''

    def __getattr__(self, name):
        return Everything()

    def __call__(self, *args, **kwargs):
        return None


def yolo():
    return YOLO()


def everything():
    return Everything()


def leaves(image):
    sys.exit("no GPU")


async def leaves_awaited(image):
    sys.exit(3)


def interrupts(image):
    raise KeyboardInterrupt


async def cancels(image):
    import asyncio
    raise asyncio.CancelledError


def stops(image):
    return next(iter(()))


def leaves_when_made():
    sys.exit(4)


async def leaves_when_awaited():
    sys.exit(5)


class LeavesWhenClosed:
    def detect(self, image):
        return None

    def close(self):
        sys.exit(6)


def mistaken(image):
    np.array([1, 2]).reshape(3)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = f"foreign_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    yield name
    sys.modules.pop(name, None)


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """Run `livevision process` with a model; returns exit code, output and error output."""
    film = write_clip(tmp_path / "film.mp4", [plain((90, 90, 90), (64, 48))] * 3)
    handlers = logging.getLogger().handlers[:]

    def run(model: str) -> tuple[int, str, str]:
        output = tmp_path / "out.mp4"
        monkeypatch.setattr("sys.argv", ["livevision", "process", str(film), "-o", str(output), "--model", model])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), *capfd.readouterr()

    yield run
    logging.getLogger().handlers[:] = handlers


async def load(name: str) -> Any:
    async def never(_name: str) -> bool:
        raise AssertionError("nobody is to be asked")

    models = PythonModels(never)
    models.trust(name)
    return await models.load(name)


async def test_a_model_with_a_tune_of_its_own_is_not_told_to_tune(module):
    detector = await load(f"{module}:yolo")
    detector.tune(DetectionFilter(0.7))
    found = await detector.detect(grey((64, 48)))
    assert found.xyxy.tolist() == [[4, 6, 40, 30]]
    assert found.data["class_name"].tolist() == ["dog"]
    assert detector.classes == ("cat", "dog")
    await detector.aclose()


def test_a_yolo_object_processes_a_film(module, process):
    code, told, failed = process(f"{module}:yolo")
    assert (code, "3 frames" in told + failed, "Traceback" in failed) == (0, True, False)


async def test_a_model_with_something_under_every_name_says_nothing_of_itself(module):
    detector = await load(f"{module}:everything")
    detector.tune(DetectionFilter(0.7))
    assert (detector.runs_on, detector.notice, detector.remembers, detector.classes) == ("", "", False, None)
    assert (detector.max_in_flight, detector.name) == (1, f"{module}:everything")
    assert len(await detector.detect(grey((64, 48)))) == 0
    await detector.aclose()


async def test_common_words_of_other_kinds_are_not_taken_for_ours():
    class Gambler:
        name, max_in_flight, classes = "gambler", 1, None
        turns, remembers, runs_on = 7, "everything", 5

        async def detect(self, image):
            return sv.Detections.empty()

        async def aclose(self):
            pass

        def tune(self, key):
            raise AssertionError("nobody asked for it")

    detector = as_detector(Gambler())
    assert (turns_of(detector), remembers(detector), runs_on(detector)) == (None, False, "")
    inference = LiveInference.__new__(LiveInference)
    inference._detector, inference._keep, inference._must_know = detector, DetectionFilter(), None
    inference._tune()


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ("leaves", r"it called sys\.exit\(no GPU\) \(foreign_.*py, line \d+\); it is over"),
        ("leaves_awaited", r"it called sys\.exit\(3\) \(foreign_.*py, line \d+\); it is over"),
        ("interrupts", r"KeyboardInterrupt \(foreign_.*py, line \d+\); it is over"),
        ("cancels", r"CancelledError \(foreign_.*py, line \d+\)$"),
        ("stops", r"StopIteration \(foreign_.*py, line \d+\)$"),
        ("mistaken", r"ValueError: cannot reshape array .* \(foreign_.*py, line \d+\)$"),
    ],
)
async def test_whatever_a_model_raises_is_a_line_with_its_place(module, thing, said):
    detector = await load(f"{module}:{thing}")
    for _ in range(2):
        with pytest.raises(DetectorError, match=said) as failed:
            await detector.detect(grey((64, 48)))
        assert "\n" not in str(failed.value)
    await detector.aclose()


async def test_a_model_that_left_is_not_asked_again():
    asked = []

    def leaves(image):
        asked.append(image)
        sys.exit()

    detector = as_detector(leaves)
    for _ in range(3):
        with pytest.raises(DetectorError, match=r"sys\.exit\(\)"):
            await detector.detect(grey((64, 48)))
    assert len(asked) == 1
    await detector.aclose()


@pytest.mark.parametrize("thing", ["leaves", "leaves_awaited", "interrupts"])
async def test_a_camera_goes_on_when_its_model_leaves(module, thing):
    detector = await load(f"{module}:{thing}")
    async with lv.open_camera("synthetic:street?size=160x90&fps=25&seed=1", detector=detector) as camera:
        await until(lambda: "it is over" in camera.detector_trouble)
        seen = 0
        async for _ in camera:
            seen += 1
            if seen == 5:
                break
        assert f"{module}.py, line" in camera.detector_trouble
    await detector.aclose()


@pytest.mark.parametrize(("thing", "code"), [("leaves_when_made", 4), ("leaves_when_awaited", 5)])
async def test_a_factory_that_leaves_makes_no_model(module, thing, code):
    with pytest.raises(ModelError, match=rf"{thing}\(\) failed: it called sys\.exit\({code}\) \(foreign_.*line \d+\)"):
        await load(f"{module}:{thing}")


async def test_a_script_that_leaves_while_it_is_imported(tmp_path, monkeypatch, capsys):
    (tmp_path / "my_script.py").write_text(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('x')\np.parse_args([])\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"importing my_script failed: .*exit\(2\) \(my_script\.py, line 4\)"):
        await load("my_script:model")


async def test_a_model_that_leaves_while_it_is_closed_is_closed(module, caplog):
    detector = await load(f"{module}:LeavesWhenClosed")
    await detector.aclose()
    assert "closing failed: it called sys.exit(6)" in caplog.text


async def test_a_camera_that_is_closed_still_cancels_its_model():
    started = asyncio.Event()

    async def waits(image):
        started.set()
        await asyncio.Event().wait()

    detector = as_detector(waits)
    asking = asyncio.create_task(detector.detect(grey((64, 48))))
    await started.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await detector.aclose()


@pytest.mark.parametrize("thing", ["mistaken", "leaves", "leaves_awaited", "leaves_when_made"])
def test_a_mistake_in_a_users_code_is_one_line_on_the_terminal(module, process, tmp_path, thing):
    code, _, told = process(f"{module}:{thing}")
    assert code == 1
    assert f"{module}.py, line" in told
    assert [line for line in told.splitlines() if line.strip()] == [told.splitlines()[-1]]
    assert not (tmp_path / "out.mp4").exists()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_coroutine_that_computes_instead_of_awaiting_is_named(caplog):
    clock = Clock()
    takes = [0.3]

    async def model(image):
        clock.now += takes[0]  # as long as it computes
        await asyncio.sleep(0)
        clock.now += 0.01

    detector = PythonDetector(model, "yard", watch=LoopWatch(clock))
    for _ in range(LoopWatch.IN_A_ROW):
        assert detector.notice == ""
        await detector.detect(grey((64, 48)))
    assert detector.notice.startswith("yard holds up video and window for 300 ms with each picture")
    assert "make it a plain `def`" in detector.notice
    await detector.detect(grey((64, 48)))
    assert caplog.text.count("holds up video and window") == 1
    takes[0] = 0.0
    await detector.detect(grey((64, 48)))
    assert detector.notice == ""
    await detector.aclose()


async def test_waiting_for_an_answer_holds_nothing_up():
    clock = Clock()

    async def model(image):
        for _ in range(3):
            await asyncio.sleep(0)
            asyncio.get_running_loop().call_soon(setattr, clock, "now", clock.now + 5.0)
            await asyncio.sleep(0.001)

    detector = PythonDetector(model, "server", watch=LoopWatch(clock))
    for _ in range(5):
        await detector.detect(grey((64, 48)))
    assert detector.notice == ""
    await detector.aclose()


async def test_importing_a_model_changes_what_is_searched_for_nobody(tmp_path, monkeypatch):
    (tmp_path / "looking_model.py").write_text(
        "import sys\nimport looking_helper\nseen = list(sys.path)\nimport colorsys\n"
        "def model(image):\n    return None\n"
    )
    (tmp_path / "looking_helper.py").write_text("")
    (tmp_path / "colorsys.py").write_text("raise AssertionError('not the one that everybody else imports')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each])
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    before = (list(sys.path), list(sys.meta_path))
    detector = await load("looking_model:model")
    assert sys.modules["looking_model"].seen == before[0]
    assert (sys.path, sys.meta_path) == before
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("looking_other")
    await detector.aclose()
    for name in ("looking_model", "looking_helper"):
        sys.modules.pop(name)


async def test_what_a_module_lacks_is_told_with_its_line(tmp_path, monkeypatch):
    (tmp_path / "lacking_model.py").write_text("import numpy\nimport no_such_package_xyz\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"No module named 'no_such_package_xyz' \(lacking_model\.py, line 2\)"):
        await load("lacking_model:model")


async def test_an_object_that_fails_when_it_is_looked_at_is_no_model(tmp_path, monkeypatch):
    (tmp_path / "touchy_model.py").write_text(
        "class Touchy:\n    @property\n    def detect(self):\n        raise OSError('no licence')\n\n"
        "    @property\n    def predict(self):\n        raise OSError('no licence')\n\ntouchy = Touchy()\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"touchy_model:touchy: OSError: no licence \(touchy_model\.py, line 4\)"):
        await load("touchy_model:touchy")
    sys.modules.pop("touchy_model")
