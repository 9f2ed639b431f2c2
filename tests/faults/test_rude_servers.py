"""Servers and files that are not what they should be."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import psutil
import pytest

from livevision.errors import LivevisionError
from livevision.sources import stall
from livevision.sources.status import CameraState
from livevision.sources.stream import StreamReader
from tests.fakes.cameras import PATIENCE
from tests.fakes.clips import numbered
from tests.faults.conftest import ACCOUNT, GAP
from tests.faults.rude_server import (
    RudeServer,
    broken_mjpeg,
    endless_http_header,
    endless_rtsp_header,
    without_media,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.rude_server import Answer

GIVEN_UP = (CameraState.BACKING_OFF, CameraState.FAILED)


async def test_a_camera_without_media_is_told(watching) -> None:
    with RudeServer(without_media) as server:
        async with watching(f"rtsp://{ACCOUNT}127.0.0.1:{server.port}/live") as (empty,):
            await empty.until_state(*GIVEN_UP)
            assert "127.0.0.1" in empty.words[-1]


@pytest.mark.parametrize(
    ("scheme", "answer"), [("rtsp", endless_rtsp_header), ("http", endless_http_header)], ids=["rtsp", "http"]
)
async def test_a_hundred_megabytes_of_header_cost_neither_memory_nor_the_loop(
    scheme: str, answer: Answer, watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = psutil.Process().memory_info().rss
    monkeypatch.setattr(stall, "_FIRST_PICTURE_SECONDS", 8.0)
    with RudeServer(answer) as server:
        address = f"{scheme}://{ACCOUNT}127.0.0.1:{server.port}/live"
        async with watching(address, "synthetic:street?size=320x180") as (rude, well):
            await well.until_state(CameraState.LIVE)
            began = time.monotonic()
            await rude.until_state(*GIVEN_UP)
            assert rude.words
            pictures = well.pictures_since(began)
            assert max(later - earlier for earlier, later in pairwise(pictures)) < GAP
            assert psutil.Process().memory_info().rss - before < 60e6
            # FFmpeg reads on as long as a header comes; whoever waited for it has been let go.
            await asyncio.to_thread(server.close)


@pytest.mark.parametrize(
    ("scheme", "answer"), [("rtsp", endless_rtsp_header), ("http", endless_http_header)], ids=["rtsp", "http"]
)
def test_whoever_answers_nonsense_for_ever_keeps_nobody_at_whatever_moment_one_leaves(
    scheme: str, answer: Answer
) -> None:
    """Also while the connection is being made, when there is nothing yet that could be cut."""
    with RudeServer(answer) as server:
        for step in range(12):
            reader = StreamReader(f"{scheme}://{ACCOUNT}127.0.0.1:{server.port}/live", "rude", 0)
            opening = threading.Thread(target=_opened, args=(reader,))
            opening.start()
            time.sleep(0.002 * step)
            reader.interrupt()
            opening.join(PATIENCE)
            assert not opening.is_alive()
            reader.close()


def _opened(reader: StreamReader) -> None:
    with suppress(LivevisionError):
        reader.open()


@pytest.mark.usefixtures("quick_backoff")
async def test_in_spite_of_broken_boundaries_pictures_keep_coming(watching) -> None:
    jpegs = [cv2.imencode(".jpg", numbered(number))[1].tobytes() for number in range(20)]
    with RudeServer(broken_mjpeg(jpegs)) as server:
        async with watching(f"http://{ACCOUNT}127.0.0.1:{server.port}/mjpeg") as (broken,):
            # More than one connection brings before it breaks: it is read on, or told and tried again.
            await broken.until(lambda: len(broken.arrivals) > 2 * len(jpegs))
            assert CameraState.FAILED not in broken.states
            # Once at most in another way of reading, which loses no picture that anybody would miss.
            assert broken.words or server.connections <= 2


async def test_a_truncated_file_fails_with_words(watching, clip: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    async with watching(str(cut)) as (file,):
        await file.until_state(CameraState.FAILED)
        assert "cut.mp4" in file.words[-1]


@pytest.mark.parametrize("seed", range(3))
async def test_a_file_with_flipped_bits_is_shown_as_far_as_it_goes(
    watching, clip: Path, tmp_path: Path, seed: int
) -> None:
    content = bytearray(clip.read_bytes())
    start = content.index(b"mdat") + 4
    dice = random.Random(seed)
    for _ in range(40):
        content[dice.randrange(start, start + (len(content) - start) * 3 // 4)] ^= 1 << dice.randrange(8)
    flipped = tmp_path / "flipped.mp4"
    flipped.write_bytes(content)
    async with watching(str(flipped)) as (file,):
        await file.until_state(CameraState.ENDED, CameraState.FAILED)
        assert file.state is CameraState.ENDED or file.words
        assert file.arrivals or file.state is CameraState.FAILED
