"""What happens to cameras and networks, to a real RTSP server behind a real proxy."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

import pytest

from livevision.sources.status import CameraState
from tests.faults.conftest import ACCOUNT, GAP, RATE_KNOWN, RECOVERY, SLACK
from tests.faults.faulty_camera import Fault, FaultyCamera

LIVE = CameraState.LIVE
pytestmark = pytest.mark.rtsp


@pytest.fixture
def faulty(_rtsp_available: None):
    with FaultyCamera() as camera:
        yield camera


def with_account(url: str) -> str:
    return url.replace("://", f"://{ACCOUNT}")


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.HANG, Fault.CRASH])
async def test_a_camera_that_fell_silent_is_back_when_it_answers(
    fault: Fault, faulty: FaultyCamera, watching, rtsp_clock_url: str
) -> None:
    async with watching(with_account(faulty.url), rtsp_clock_url) as (lost, well):
        await lost.until_state(LIVE)
        await well.until_state(LIVE)
        await lost.until(lambda: lost.lasted > RATE_KNOWN)
        began = time.monotonic()
        faulty.suffer(fault)
        await lost.until_state(CameraState.BACKING_OFF)
        assert CameraState.STALLED in lost.states or fault is Fault.CRASH
        assert lost.words
        await asyncio.sleep(0.5)
        assert lost.state is not LIVE
        await asyncio.to_thread(faulty.heal)
        await lost.until_state(CameraState.CONNECTING, LIVE, seconds=RECOVERY + SLACK)
        await lost.until_state(LIVE)
        await lost.until(lambda: lost.age() < 0.5)
        # Nobody else has noticed: by the stamps of the camera that is well, whose program may be held up as ours is.
        assert well.states <= {CameraState.CONNECTING, LIVE}
        pictures = well.pictures_since(began)
        assert len(pictures) > 0.95 * 25 * (pictures[-1] - pictures[0]) - 3
        assert max(later - earlier for earlier, later in pairwise(pictures)) < GAP
    assert lost.state is CameraState.STOPPED


@pytest.mark.usefixtures("quick_backoff")
async def test_a_reset_connection_is_made_again(faulty: FaultyCamera, watching) -> None:
    async with watching(with_account(faulty.url)) as (lost,):
        await lost.until_state(LIVE)
        for _ in range(2):
            before = len(lost.statuses)
            faulty.suffer(Fault.CUT)
            await lost.until(lambda before=before: len(lost.statuses) > before)
            await lost.until_state(LIVE)
        assert lost.words
        assert {status.generation for status in lost.statuses} >= {0, 1, 2}


@pytest.mark.usefixtures("quick_backoff")
@pytest.mark.parametrize("fault", [Fault.NARROW, Fault.SLOW, Fault.NOISE])
async def test_after_a_bad_network_pictures_are_young_again(fault: Fault, faulty: FaultyCamera, watching) -> None:
    async with watching(with_account(faulty.url)) as (spoilt,):
        await spoilt.until_state(LIVE)
        faulty.suffer(fault)
        await asyncio.sleep(3.0)
        if fault is Fault.SLOW:
            # 200 ms are 200 ms: the camera stays live, and nothing is added.
            assert spoilt.state is LIVE
            await spoilt.until(lambda: spoilt.age() < 0.8)
        faulty.heal()
        await spoilt.until(lambda: spoilt.state is LIVE and spoilt.age() < 0.3)
        assert spoilt.words is not None


async def test_a_wrong_password_is_told_and_not_tried_again(start_rtsp, watching) -> None:
    server = start_rtsp("--size", "640x360", "--user", "anna:right")
    async with watching(with_account(server.url)) as (refused,):
        await refused.until_state(CameraState.AUTH_FAILED)
        (said,) = set(refused.words)
        assert "password" in said
        before = len(refused.statuses)
        await asyncio.sleep(0.7)
        assert len(refused.statuses) == before
        assert CameraState.BACKING_OFF not in refused.states


async def test_a_wrong_path_is_told(start_rtsp, watching) -> None:
    server = start_rtsp("--size", "640x360")
    async with watching(with_account(server.url.replace("/live", "/nothing"))) as (lost,):
        await lost.until_state(CameraState.BACKING_OFF, CameraState.FAILED)
        assert "404" in lost.words[-1]
