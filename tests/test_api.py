import threading
from pathlib import Path

import av
import numpy as np
import pytest

import livevision as lv
from livevision.inference.options import Tiles
from tests.fakes.clips import number_in


def other_threads() -> list[str]:
    names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    return [name for name in names if name != "tqdm_monitor"]  # one a process, supervision's


async def test_a_hand_driven_loop(clip: Path) -> None:
    detector = await lv.load_detector("motion")
    seen = []
    async with lv.open_camera(clip) as camera:
        async for frame in camera:
            detections = await detector.detect(frame.bgr())
            seen.append((frame.index, len(detections)))
    await detector.aclose()
    assert [index for index, _ in seen] == sorted(index for index, _ in seen)
    assert len(seen) > 5
    assert other_threads() == []


async def test_a_file_is_processed(clip: Path, tmp_path: Path) -> None:
    summary = await lv.process(clip, tmp_path / "out.mp4", "motion")
    assert summary.frames == 20
    with av.open(tmp_path / "out.mp4") as container:
        assert sum(1 for _ in container.decode(video=0)) == 20


async def test_what_cannot_work_is_a_livevision_error(tmp_path: Path) -> None:
    with pytest.raises(lv.errors.SourceUnusable, match=r"gone\.mp4"):
        async with lv.open_camera(str(tmp_path / "gone.mp4")):
            pass
    with pytest.raises(lv.errors.UsageError, match="motoin"):
        await lv.load_detector("motoin")


def test_what_is_not_there_is_said_as_python_does() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = lv.nonsense
    assert {name for name in lv.__all__ if getattr(lv, name) is None} == set()


async def test_a_detector_answers_what_was_asked_for(clip: Path) -> None:
    for wrong in ({"conf": "40"}, {"conf": "0.4", "classes": "moving, persn"}, {"iou": 2.0}):
        with pytest.raises(lv.errors.UsageError):
            await lv.load_detector("motion", **wrong)
    detector = await lv.load_detector("motion", "moving=.3", "Moving", iou=0.5)
    assert detector.keep.class_confidences == {"moving": 0.3}
    assert (detector.name, detector.classes) == ("motion", ("moving",))
    await detector.aclose()


async def test_tiles_are_an_option(tmp_path: Path) -> None:
    options = lv.ModelOptions(tiles=Tiles(96, 96))
    detector = await lv.load_detector("faces", options=options)
    assert len(await detector.detect(np.zeros((128, 160, 3), np.uint8))) == 0
    await detector.aclose()
    with pytest.raises(lv.errors.UsageError, match="motion compares each picture"):
        await lv.load_detector("motion", options=options)


async def test_a_camera_takes_any_function_that_takes_a_picture(clip: Path) -> None:
    numbers: set[int] = set()

    def blocking(image: np.ndarray) -> None:
        numbers.add(number_in(image))

    async with lv.open_camera(clip, blocking) as camera:
        async for _frame in camera:
            pass
    assert numbers
    with pytest.raises(lv.errors.ModelError, match="int is no type of model"):
        async with lv.open_camera(clip, 7):
            pass
    assert other_threads() == []


async def test_a_target_that_cannot_be_meant_is_known_before_a_model_is_loaded(clip: Path) -> None:
    with pytest.raises(lv.errors.UsageError, match=r"name it out\.mp4"):
        await lv.process(clip, clip.parent / "out.avi", "no such model")


def test_a_callback_takes_a_name_a_function_or_an_object(clip: Path) -> None:
    class Model:
        def predict(self, image: np.ndarray) -> None:
            seen.append(image.shape)

    seen: list[tuple[int, ...]] = []
    picture = np.zeros((96, 96, 3), np.uint8)
    for model in ("people", Model(), lambda image: seen.append(image.shape)):
        with lv.sync_callback(model) as callback:
            assert (callback(picture, 0) == picture).all()
    assert seen == [(96, 96, 3)] * 2
    with pytest.raises(lv.errors.UsageError, match="peopel"):
        lv.sync_callback("peopel")
