import threading
from pathlib import Path

import av
import pytest

import livevision as lv


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
    assert [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()] == []


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
