"""Detectors behind a plain callback: one loop for all frames, and nothing of it stays."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading

import pytest

from livevision.errors import DetectorError, UsageError
from livevision.inference.sync import SyncCallback
from tests.fakes.cameras import ScriptedDetector, grey, things
from tests.recording.material import fill_boxes, is_red

PICTURE = grey((64, 48))


class LoopBound(ScriptedDetector):
    """Notes the loops that it was used on."""

    def __init__(self) -> None:
        super().__init__(things((8, 8, 24, 24)))
        self.loops: set[asyncio.AbstractEventLoop] = set()
        self.closed_on: asyncio.AbstractEventLoop | None = None

    async def detect(self, image):
        self.loops.add(asyncio.get_running_loop())
        return await super().detect(image)

    async def aclose(self) -> None:
        self.closed_on = asyncio.get_running_loop()
        await super().aclose()


class Loaded:
    def __init__(self) -> None:
        self.detector: LoopBound | None = None

    async def __call__(self) -> LoopBound:
        self.detector = LoopBound()
        return self.detector


def sync_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "sync callback"]


def test_draws_what_is_found_on_a_copy():
    with SyncCallback(Loaded(), fill_boxes) as callback:
        assert repr(callback) == "<SyncCallback scripted open>"
        for index in range(3):
            drawn = callback(PICTURE, index)
            assert is_red(drawn[16, 16])
            assert not is_red(drawn[40, 40])
        assert (PICTURE == 128).all()
    assert repr(callback) == "<SyncCallback scripted closed>"


def test_one_loop_serves_all_frames_and_the_end():
    load = Loaded()
    with SyncCallback(load, fill_boxes) as callback:
        for index in range(3):
            callback(PICTURE, index)
        assert sync_threads() == ["sync callback"]
    assert load.detector.loops == {load.detector.closed_on}
    assert load.detector.closed
    assert load.detector.closed_on.is_closed()
    assert sync_threads() == []
    callback.close()
    with pytest.raises(RuntimeError, match="was closed"):
        callback(PICTURE, 0)


def test_a_callback_that_is_dropped_ends_what_it_started():
    load = Loaded()
    drawn = SyncCallback(load, fill_boxes)(PICTURE, 0)
    gc.collect()
    assert is_red(drawn[16, 16])
    assert load.detector.closed
    assert sync_threads() == []


def test_what_loading_raises_is_raised_here_and_nothing_stays():
    async def load():
        raise UsageError("there is no model 'motoin'")

    with pytest.raises(UsageError, match="motoin"):
        SyncCallback(load, fill_boxes)
    assert sync_threads() == []


def test_an_error_of_the_detector_is_raised_and_the_next_frame_is_fine():
    load = Loaded()
    with SyncCallback(load, fill_boxes) as callback:
        good = load.detector.answer
        load.detector.answer = DetectorError("out of memory")
        with pytest.raises(DetectorError, match="out of memory"):
            callback(PICTURE, 0)
        load.detector.answer = good
        assert is_red(callback(PICTURE, 1)[16, 16])


def test_ctrl_c_while_waiting_gives_the_picture_up(monkeypatch):
    load = Loaded()
    with SyncCallback(load, fill_boxes) as callback:
        asked, given_up = threading.Event(), threading.Event()

        async def detect(image):
            asked.set()
            try:
                await asyncio.sleep(30)
            finally:
                given_up.set()

        load.detector.detect = detect
        original = asyncio.run_coroutine_threadsafe

        def interrupted(work, loop):
            future = original(work, loop)

            def result():
                assert asked.wait(60)
                raise KeyboardInterrupt

            future.result = result
            return future

        monkeypatch.setattr(asyncio, "run_coroutine_threadsafe", interrupted)
        with pytest.raises(KeyboardInterrupt):
            callback(PICTURE, 0)
        assert given_up.wait(60)
    assert sync_threads() == []


def test_a_program_that_never_closes_it_ends_without_a_word(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy as np\nimport livevision as lv\n"
        "callback = lv.sync_callback('people')\n"
        "print(callback(np.zeros((96, 96, 3), np.uint8), 0).shape)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=50, cwd=tmp_path
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "(96, 96, 3)\n", "")
