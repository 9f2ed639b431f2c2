"""One loaded model for all who name it: shared, fair, in batches, and gone with the last of them."""

import asyncio
import os
import threading

import numpy as np
import pytest

from livevision.errors import DetectorError, ModelError
from livevision.inference.detector import Tunable, runs_on, turns_of
from livevision.inference.filter import DetectionFilter
from livevision.inference.onnx import loading
from livevision.inference.onnx.models import OnnxModels
from livevision.inference.options import Device, ModelOptions
from tests.fakes.seeing_models import picture_with, rt_detr, ultralytics_rtdetr

OPTIONS = ModelOptions()
BOX = (40, 20, 120, 60)
PICTURE = picture_with(BOX, (160, 90))


@pytest.fixture
async def models():
    pool = OnnxModels()
    yield pool
    await pool.aclose()
    assert onnx_threads() == []


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch):
    """What is measured on this machine, now, must not decide how a test goes."""
    monkeypatch.setattr(loading, "best_batch", lambda *_args: 1)


@pytest.fixture
def path(tmp_path):
    return ultralytics_rtdetr(tmp_path / "m.onnx", [0.9, 0.1, 0.0, 0.0], (320, 320), batch=None)


def onnx_threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("onnx ")]


class Gate:
    """Holds up the runs of a model, and notes how many pictures each was for."""

    def __init__(self, detector):
        self._run = detector._model.session.run
        self._open = threading.Event()
        self.entered = threading.Semaphore(0)
        self.runs = []
        detector._model.session.run = self

    def __call__(self, feeds):
        self.runs.append(len(feeds["images"]))
        self.entered.release()
        assert self._open.wait(60)
        return self._run(feeds)

    async def until_entered(self):
        while not self.entered.acquire(blocking=False):
            await asyncio.sleep(0.001)

    def open(self):
        self._open.set()


async def test_a_model_is_ready_and_says_what_it_is(models, path):
    detector = await models.load(path, OPTIONS)
    detector.tune(DetectionFilter(0.5))
    found = await detector.detect(PICTURE)
    assert found.xyxy[0] == pytest.approx(BOX, abs=2)
    assert found["class_name"].tolist() == ["0"]
    assert (detector.name, detector.layout, detector.image_size) == ("m.onnx", "ultralytics-rtdetr", (320, 320))
    assert (detector.runs_on, detector.notice, detector.max_in_flight) == ("CPU", "", 1)
    assert detector.classes == ("0", "1", "2", "3")
    assert any("300 queries" in line for line in detector.evidence)
    assert isinstance(detector, Tunable)
    assert runs_on(detector)
    assert repr(detector) == "<OnnxDetector m.onnx on CPU open>"
    await detector.aclose()
    assert repr(detector) == "<OnnxDetector m.onnx on CPU closed>"


async def test_a_sidecar_gives_names_and_what_the_user_says_wins(models, path):
    path.with_suffix(".json").write_text('{"names": ["ripe", "green", "leaf", "soil"], "layout": "yolox"}')
    detector = await models.load(path, ModelOptions(layout="ultralytics-rtdetr"))
    assert (await detector.detect(PICTURE))["class_name"].tolist() == ["ripe"]
    await detector.aclose()


async def test_it_is_loaded_once_also_for_two_who_ask_at_the_same_time(models, path, monkeypatch):
    loads = []
    load = loading.load
    monkeypatch.setattr("livevision.inference.onnx.models.load", lambda *args: loads.append(args) or load(*args))
    one, two = await asyncio.gather(models.load(path, OPTIONS), models.load(str(path), OPTIONS))
    three = await models.load(path.parent / ".." / path.parent.name / path.name, OPTIONS)
    assert len(loads) == 1
    assert onnx_threads() == ["onnx m.onnx_0"]
    assert repr(models) == "<OnnxModels m.onnx x3>"
    await one.aclose()
    await two.aclose()
    assert len(await three.detect(PICTURE)) == 1
    await three.aclose()
    assert onnx_threads() == []
    assert repr(models) == "<OnnxModels >"


async def test_other_options_or_a_changed_file_are_another_model(models, path):
    one = await models.load(path, OPTIONS)
    two = await models.load(path, ModelOptions(device=Device.CPU))
    assert len(onnx_threads()) == 2
    os.utime(path, (1, 1))
    three = await models.load(path, OPTIONS)
    path.with_suffix(".names").write_text("ripe\ngreen\nleaf\nsoil\n")
    four = await models.load(path, OPTIONS)
    assert (three.classes, four.classes) == (("0", "1", "2", "3"), ("ripe", "green", "leaf", "soil"))
    assert len(onnx_threads()) == 4
    for detector in (one, two, three, four):
        await detector.aclose()


async def test_who_floods_does_not_hold_up_the_others(models, path):
    flood, door = await models.load(path, OPTIONS), await models.load(path, OPTIONS)
    gate = Gate(flood)
    done = []

    async def ask(detector, name):
        await detector.detect(PICTURE)
        done.append(name)

    async with asyncio.TaskGroup() as group:
        for number in range(6):
            group.create_task(ask(flood, f"flood {number}"))
        await gate.until_entered()
        group.create_task(ask(door, "door"))
        await asyncio.sleep(0)
        gate.open()
    assert done.index("door") <= 2, done
    assert sum(gate.runs) == 7
    await flood.aclose()
    await door.aclose()


async def test_in_a_batch_each_picture_gets_its_own_boxes_by_its_own_wishes(models, path, monkeypatch):
    monkeypatch.setattr(loading, "best_batch", lambda *_args: 4)
    cameras = [await models.load(path, OPTIONS) for _ in range(4)]
    cameras[3].tune(DetectionFilter(0.95))
    gate = Gate(cameras[0])
    first = asyncio.create_task(cameras[0].detect(PICTURE))
    await gate.until_entered()
    boxes = [(10, 10, 50, 40), (60, 30, 150, 80), (0, 0, 30, 90), (20, 20, 40, 40)]
    sizes = [(160, 90), (200, 100), (64, 128), (160, 90)]
    rest = [
        asyncio.create_task(camera.detect(picture_with(box, size)))
        for camera, box, size in zip(cameras, boxes, sizes, strict=True)
    ]
    await asyncio.sleep(0)
    gate.open()
    answers = await asyncio.gather(*rest)
    assert (await first).xyxy[0] == pytest.approx(BOX, abs=2)
    assert gate.runs == [1, 4]
    for found, box in zip(answers[:3], boxes[:3], strict=True):
        assert found.xyxy[0] == pytest.approx(box, abs=2)
    assert len(answers[3]) == 0
    for camera in cameras:
        await camera.aclose()


async def test_a_batch_that_fails_is_done_one_by_one(models, path, monkeypatch):
    monkeypatch.setattr(loading, "best_batch", lambda *_args: 4)
    one, two = await models.load(path, OPTIONS), await models.load(path, OPTIONS)
    gate = Gate(one)
    run = gate._run

    def picky(feeds):
        if len(feeds["images"]) > 1:
            raise DetectorError("no batches today")
        return run(feeds)

    gate._run = picky
    first = asyncio.create_task(one.detect(PICTURE))
    await gate.until_entered()
    both = [asyncio.create_task(each.detect(PICTURE)) for each in (one, two)]
    await asyncio.sleep(0)
    gate.open()
    assert [len(found) for found in await asyncio.gather(first, *both)] == [1, 1, 1]
    assert gate.runs == [1, 2, 1, 1]
    await one.aclose()
    await two.aclose()


async def test_who_gives_up_does_not_disturb(models, path):
    one, two = await models.load(path, OPTIONS), await models.load(path, OPTIONS)
    gate = Gate(one)
    running = asyncio.create_task(one.detect(PICTURE))
    await gate.until_entered()
    waiting = asyncio.create_task(one.detect(PICTURE))
    other = asyncio.create_task(two.detect(PICTURE))
    await asyncio.sleep(0)
    for given_up in (running, waiting):
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
    gate.open()
    assert len(await other) == 1
    assert gate.runs == [1, 1]  # what had not begun was dropped
    assert len(await one.detect(PICTURE)) == 1
    await one.aclose()
    await two.aclose()


async def test_closing_waits_for_the_picture_at_hand(models, path):
    detector = await models.load(path, OPTIONS)
    gate = Gate(detector)
    answer = asyncio.create_task(detector.detect(PICTURE))
    await gate.until_entered()
    impatient = asyncio.create_task(detector.aclose())
    await asyncio.sleep(0.01)
    assert not impatient.done()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    with pytest.raises(DetectorError, match=r"m\.onnx is closed"):
        await detector.detect(PICTURE)
    gate.open()
    await asyncio.gather(detector.aclose(), detector.aclose())
    await detector.aclose()
    assert len(await answer) == 1
    assert onnx_threads() == []


async def test_closing_one_waits_for_its_own_picture_only(models, path):
    one, two = await models.load(path, OPTIONS), await models.load(path, OPTIONS)
    gate = Gate(one)
    answer = asyncio.create_task(one.detect(PICTURE))
    await gate.until_entered()
    await two.aclose()
    gate.open()
    assert len(await answer) == 1
    await one.aclose()


async def test_closing_waits_for_its_picture_also_where_the_model_stays(models, path):
    one, two = await models.load(path, OPTIONS), await models.load(path, OPTIONS)
    gate = Gate(one)
    answer = asyncio.create_task(one.detect(PICTURE))
    await gate.until_entered()
    closing = asyncio.create_task(one.aclose())
    await asyncio.sleep(0.01)
    assert not closing.done()
    gate.open()
    await closing
    assert len(await answer) == 1
    assert len(await two.detect(PICTURE)) == 1
    await two.aclose()


async def test_closing_all(path):
    models = OnnxModels()
    one = await models.load(path, OPTIONS)
    await models.load(path, OPTIONS)
    answer = asyncio.create_task(one.detect(PICTURE))
    await asyncio.sleep(0)
    await models.aclose()
    assert onnx_threads() == []
    assert len(await answer) == 1
    with pytest.raises(DetectorError, match="is closed"):
        await one.detect(PICTURE)
    await one.aclose()
    await models.aclose()


async def test_who_gives_up_loading_leaves_it_to_the_others(models, path, monkeypatch):
    gate, load = threading.Event(), loading.load

    def slow(*args):
        assert gate.wait(60)
        return load(*args)

    monkeypatch.setattr("livevision.inference.onnx.models.load", slow)
    one, two = (asyncio.create_task(models.load(path, OPTIONS)) for _ in range(2))
    while repr(models) != "<OnnxModels m.onnx x2>":
        await asyncio.sleep(0.001)
    one.cancel()
    with pytest.raises(asyncio.CancelledError):
        await one
    gate.set()
    detector = await two
    assert len(await detector.detect(PICTURE)) == 1
    await detector.aclose()
    assert onnx_threads() == []


async def test_a_load_that_nobody_waits_for_any_more_is_ended_at_the_latest_with_all(path, monkeypatch):
    models, gate, load = OnnxModels(), threading.Event(), loading.load

    def slow(*args):
        assert gate.wait(60)
        return load(*args)

    monkeypatch.setattr("livevision.inference.onnx.models.load", slow)
    task = asyncio.create_task(models.load(path, OPTIONS))
    while repr(models) != "<OnnxModels m.onnx x1>":
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert repr(models) == "<OnnxModels >"
    gate.set()
    await models.aclose()
    assert onnx_threads() == []


async def test_a_file_that_was_wrong_may_be_mended(models, path, tmp_path):
    broken = tmp_path / "b.onnx"
    with pytest.raises(ModelError, match=r"b\.onnx cannot be read: No such file"):
        await models.load(broken, OPTIONS)
    broken.write_bytes(b"nonsense")
    with pytest.raises(ModelError, match=r"b\.onnx is no model"):
        await models.load(broken, OPTIONS)
    assert onnx_threads() == []
    broken.write_bytes(path.read_bytes())
    await (await models.load(broken, OPTIONS)).aclose()


@pytest.mark.parametrize("name", [".", "/", "~nobody-has-this-name/x.onnx", "a\0b.onnx"])
async def test_what_is_no_file_at_all(models, name):
    with pytest.raises(ModelError, match=r"folder|cannot be read"):
        await models.load(name, OPTIONS)


async def test_what_is_not_recognised_says_so_with_the_file(models, tmp_path):
    path = ultralytics_rtdetr(tmp_path / "odd.onnx", [0.5, 0.1, 0.1])  # 7 numbers: oriented boxes have as many
    with pytest.raises(ModelError, match=r"^odd\.onnx: .*ultralytics-rtdetr.*--layout"):
        await models.load(path, OPTIONS)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((90, 160), np.uint8),
        np.zeros((90, 160, 4), np.uint8),
        np.zeros((90, 160, 3), np.float32),
        np.zeros((0, 0, 3), np.uint8),
    ],
)
async def test_what_is_no_picture(models, path, picture):
    detector = await models.load(path, OPTIONS)
    with pytest.raises(DetectorError, match=r"m\.onnx takes BGR pictures"):
        await detector.detect(picture)
    await detector.aclose()


async def test_a_picture_that_fails_is_an_error_and_the_next_one_is_fine(models, path):
    detector = await models.load(path, OPTIONS)
    run = detector._model.session.run
    detector._model.session.run = lambda _feeds: [np.zeros((1, 2), np.float32)]
    with pytest.raises(DetectorError, match="ultralytics-rtdetr") as caught:
        await detector.detect(PICTURE)
    assert "\n" not in str(caught.value)
    detector._model.session.run = run
    assert len(await detector.detect(PICTURE)) == 1
    await detector.aclose()


async def test_outputs_without_a_batch_axis(models, tmp_path):
    detector = await models.load(rt_detr(tmp_path / "d.onnx", 3, 0.9, (320, 320), batched=False), OPTIONS)
    found = await detector.detect(PICTURE)
    assert found.xyxy[0] == pytest.approx(BOX, abs=2)
    await detector.aclose()


async def test_the_loop_goes_on_while_a_model_loads_and_runs(models, path, monkeypatch):
    gate, load = threading.Event(), loading.load

    def slow(*args):
        assert gate.wait(60)
        return load(*args)

    monkeypatch.setattr("livevision.inference.onnx.models.load", slow)
    loaded = asyncio.create_task(models.load(path, OPTIONS))
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert not loaded.done()
    gate.set()
    await (await loaded).aclose()


@pytest.mark.real_data
async def test_yolox_on_a_real_picture(models, real_data):
    import cv2

    detector = await models.load(real_data / "yolox_nano.onnx", OPTIONS)
    detector.tune(DetectionFilter(0.5))
    found = await detector.detect(cv2.imread(str(real_data / "dog.jpg")))
    assert found["class_name"].tolist() == ["dog", "bicycle", "car"]
    expected = [[133, 207, 326, 543], [52, 137, 572, 424], [466, 78, 692, 171]]
    assert np.abs(found.xyxy - np.array(expected)).max() < 2
    assert found.confidence == pytest.approx([0.86, 0.80, 0.80], abs=0.01)
    await detector.aclose()


async def test_live_cameras_share_the_room_that_a_model_has(models, path, tmp_path):
    one, other = await models.load(path, OPTIONS), await models.load(path, OPTIONS)
    file = ultralytics_rtdetr(tmp_path / "other.onnx", [0.9, 0.1, 0.0, 0.0], (320, 320), batch=None)
    elsewhere = await models.load(file, OPTIONS)

    turns = turns_of(one)

    assert turns is turns_of(other)
    assert turns is not turns_of(elsewhere)
    # One that is worked on, one that is next, and no more: others choose their picture later.
    await turns.acquire()
    await turns.acquire()
    assert turns.locked()
    for each in (one, other, elsewhere):
        await each.aclose()
