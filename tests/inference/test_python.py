"""Models in a user's own Python: what is one, who allowed it, and what is said of what is none."""

from __future__ import annotations

import asyncio
import sys
import threading
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import numpy as np
import pytest
import supervision as sv

from livevision.errors import DetectorError, ModelError
from livevision.inference import python
from livevision.inference.filter import DetectionFilter
from livevision.inference.python import PythonModels
from livevision.inference.python_detector import as_detector

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
import asyncio
import threading

import numpy as np
import supervision as sv

from livevision.inference.detector import Tunable


def box(x=1.0):
    return sv.Detections(
        xyxy=np.array([[x, 2, 30, 40]], np.float32),
        confidence=np.array([0.9], np.float32),
        class_id=np.array([0]),
        data={"class_name": np.array(["thing"])},
    )


class Whole(Tunable):
    name, max_in_flight, classes, remembers = "whole", 7, ("thing",), True
    runs_on, notice = "CUDA", "warm"
    closed = tuned = None
    made_in = None

    def __init__(self):
        Whole.made_in = threading.current_thread().name

    async def detect(self, image):
        return box()

    def tune(self, keep):
        Whole.tuned = keep

    async def aclose(self):
        Whole.closed = threading.current_thread().name


class Blocking:
    names = {0: "cat", 1: "dog"}
    max_in_flight = 5

    def predict(self, image):
        self.thread = threading.current_thread().name
        return box(len(self.thread))

    def close(self):
        Blocking.closed = threading.current_thread().name


class Callable:
    async def __call__(self, image):
        return box(3)


instance = Blocking()


async def awaited(image):
    assert not image.flags.writeable
    return box(5)


awaited.max_in_flight = 9


def plain(image, threshold=0.5):
    return {"predictions": [{"x": 20, "y": 30, "width": 10, "height": 20, "confidence": 0.8, "class": "cat",
                             "class_id": 0}], "image": {"width": 64, "height": 48}}


in_disguise = lambda image: awaited(image)


async def makes_later():
    asyncio.get_running_loop()
    return awaited


def makes_function():
    return plain


def needs_loop():
    asyncio.get_running_loop()


def broken():
    raise RuntimeError("no licence")


def wrong():
    return 7


def two(image, threshold):
    pass


class Demanding:
    def __init__(self, path):
        pass


def forgets(image):
    return


def fails(image):
    boxes = {}
    return boxes["xyxy"]


number = 7
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = f"my_model_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    yield name
    sys.modules.pop(name, None)


@pytest.fixture
def picture() -> np.ndarray:
    image = np.zeros((48, 64, 3), np.uint8)
    image.flags.writeable = False
    return image


async def never(_name: str) -> bool:
    raise AssertionError("nobody is to be asked")


def trusting(*names: str) -> PythonModels:
    models = PythonModels(never)
    for name in names:
        models.trust(name)
    return models


async def load(name: str):
    return await trusting(name).load(name)


@pytest.mark.parametrize(
    ("thing", "box", "class_name"),
    [
        ("Whole", [1, 2, 30, 40], "thing"),
        ("Callable", [3, 2, 30, 40], "thing"),
        ("awaited", [5, 2, 30, 40], "thing"),
        ("plain", [15, 20, 25, 40], "cat"),
        ("in_disguise", [5, 2, 30, 40], "thing"),
        ("makes_later", [5, 2, 30, 40], "thing"),
        ("makes_function", [15, 20, 25, 40], "cat"),
    ],
)
async def test_whatever_can_be_asked_about_a_picture_is_a_model(module, picture, thing, box, class_name):
    detector = await load(f"{module}:{thing}")
    found = await detector.detect(picture)
    assert found.xyxy.tolist() == [box]
    assert found.data["class_name"].tolist() == [class_name]
    await detector.aclose()


async def test_a_whole_detector_keeps_what_it_says_of_itself(module):
    detector = await load(f"{module}:Whole")
    made = sys.modules[module].Whole
    assert (detector.name, detector.max_in_flight, detector.classes) == ("whole", 7, ("thing",))
    assert (detector.runs_on, detector.notice, detector.remembers) == ("CUDA", "warm", True)
    assert made.made_in.startswith("python ")
    keep = DetectionFilter(0.7)
    detector.tune(keep)
    assert made.tuned is keep
    await detector.aclose()
    assert made.closed == "MainThread"


async def test_blocking_code_has_one_thread_from_making_to_closing(module, picture):
    name = f"{module}:Blocking"
    detector = await load(name)
    assert (detector.name, detector.max_in_flight, detector.classes) == (name, 1, ("cat", "dog"))
    found = await detector.detect(picture)
    assert found.xyxy[0, 0] == len(f"python {name}_0")
    await detector.aclose()
    assert sys.modules[module].Blocking.closed == f"python {name}_0"
    assert [each.name for each in threading.enumerate() if each.name.startswith("python")] == []


async def test_an_object_of_a_module_is_a_model_too(module, picture):
    detector = await load(f"{module}:instance")
    assert len(await detector.detect(picture)) == 1
    await detector.aclose()


async def test_a_coroutine_function_says_how_many_pictures_it_takes(module):
    detector = await load(f"{module}:awaited")
    assert detector.max_in_flight == 9
    await detector.aclose()


async def test_nothing_found_may_be_said_by_returning_nothing(module, picture):
    detector = await load(f"{module}:forgets")
    assert len(await detector.detect(picture)) == 0
    await detector.aclose()


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("no_such_module_x:f", "no module 'no_such_module_x'"),
        ("{module}:missing", "no function or class 'missing'"),
        ("{module}:broken", r"broken\(\) failed: RuntimeError: no licence \(my_model.*py, line \d+\)"),
        ("{module}:wrong", "int is no type of model; it needs `async def detect"),
        ("{module}:number", "is of type int, and no model"),
        ("{module}:two", "needs image, threshold; write a function without arguments"),
        ("{module}:Demanding", "needs path; write a function"),
        ("{module}:needs_loop", "no running event loop .*make it an `async def`"),
    ],
)
async def test_what_is_no_model_is_said_in_one_line(module, model, said):
    with pytest.raises(ModelError, match=said) as refused:
        await load(model.format(module=module))
    assert "\n" not in str(refused.value)


async def test_a_module_that_does_not_import_is_said_in_one_line(tmp_path, monkeypatch):
    (tmp_path / "half_done_model.py").write_text("def f(:\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="importing half_done_model failed: SyntaxError") as refused:
        await load("half_done_model:f")
    assert "\n" not in str(refused.value)


async def test_a_model_that_fails_says_where_and_the_next_picture_is_asked_for(module, picture):
    detector = await load(f"{module}:fails")
    for _ in range(2):
        with pytest.raises(DetectorError, match=r"KeyError: 'xyxy' \(my_model.*py, line \d+\)$"):
            await detector.detect(picture)
    await detector.aclose()


async def test_importing_does_not_hold_up_the_loop(tmp_path, monkeypatch):
    (tmp_path / "slow_import.py").write_text(
        "import threading\nfree = threading.Event()\nimport sys\nsys.modules['free_me'] = free\nassert free.wait(60)\n"
        "def model(image): pass\n"
    )
    monkeypatch.chdir(tmp_path)
    loading = asyncio.create_task(load("slow_import:model"))
    while "free_me" not in sys.modules:
        await asyncio.sleep(0.001)
    assert not loading.done()
    sys.modules.pop("free_me").set()
    await (await loading).aclose()


async def test_a_name_that_nobody_typed_is_asked_about_once(module):
    asked: list[str] = []

    async def ask(name: str) -> bool:
        asked.append(name)
        await asyncio.sleep(0.01)
        return True

    models = PythonModels(ask)
    name = f"{module}:plain"
    detectors = await asyncio.gather(models.load(name), models.load(name))
    detectors.append(await models.load(name))
    assert asked == [name]
    for detector in detectors:
        await detector.aclose()


async def test_what_is_not_allowed_is_not_imported(module):
    async def no(name: str) -> bool:
        return False

    with pytest.raises(ModelError, match="was not allowed to run"):
        await PythonModels(no).load(f"{module}:plain")
    assert module not in sys.modules


async def test_installed_packages_offer_detectors(module, picture, monkeypatch):
    offered = [
        EntryPoint("acme", f"{module}:plain", python.ENTRY_POINTS),
        EntryPoint("half", f"{module}:gone", python.ENTRY_POINTS),
    ]
    monkeypatch.setattr(python, "entry_points", lambda group: [each for each in offered if each.group == group])
    models = trusting("acme", "half")
    assert models.names == ("acme", "half")
    detector = await models.load("acme")
    assert detector.name == "acme"
    assert len(await detector.detect(picture)) == 1
    await detector.aclose()
    with pytest.raises(ModelError, match=r"^half: .* has no function or class 'gone'"):
        await models.load("half")


async def test_what_is_a_detector_already_stays_as_it_is():
    class Detector:
        name, max_in_flight, classes = "mine", 3, None

        async def detect(self, image):
            return sv.Detections.empty()

        async def aclose(self):
            pass

    whole = Detector()
    assert as_detector(whole) is whole


async def test_what_is_borrowed_is_not_closed(picture):
    class Model:
        closed = False

        def detect(self, image):
            return None

        def close(self):
            self.closed = True

    model = Model()
    detector = as_detector(model)
    assert detector.name == "Model"
    assert len(await detector.detect(picture)) == 0
    await detector.aclose()
    assert not model.closed
    assert [each.name for each in threading.enumerate() if each.name.startswith("python")] == []


async def test_a_coroutine_function_may_be_told_how_many_pictures_it_takes():
    async def model(image):
        return None

    assert as_detector(model).max_in_flight == 1
    assert as_detector(model, 6).max_in_flight == 6
    assert as_detector(lambda image: None, 6).max_in_flight == 1
    with pytest.raises(ModelError, match="int is no type of model"):
        as_detector(7)
