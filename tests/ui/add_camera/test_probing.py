"""One look at a source in a thread of its own: in time, late, stopped, cancelled."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from livevision.errors import SourceError, SourceUnavailable
from livevision.ui.add_camera.probing import ProbeRun
from tests.fakes.cameras import ScriptedCamera, grey, until

if TYPE_CHECKING:
    from livevision.frame import Image

ROOM = (400, 400)


def under_way() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("test cam")]


async def test_the_picture_comes_first_and_fits_into_its_room() -> None:
    camera = ScriptedCamera((320, 180))
    camera.send(grey(camera.size, 77))
    pictures: list[Image] = []
    run = asyncio.create_task(ProbeRun("cam", ROOM).run(camera.opener, pictures.append))
    await until(lambda: len(pictures) == 1)
    assert pictures[0].shape == (225, 400, 4)
    assert pictures[0][0, 0, 0] == 77
    camera.send()
    camera.end()
    report = await run
    assert report is not None
    assert (report.width, report.height, report.measured.pictures) == (320, 180, 2)
    assert len(pictures) == 1
    assert under_way() == []


async def test_a_silent_camera_is_given_up_on_in_time() -> None:
    with pytest.raises(SourceUnavailable, match="cam does not answer in time"):
        await ProbeRun("cam", ROOM).run(ScriptedCamera().opener, lambda _: None, limit=0.1)
    assert under_way() == []


async def test_a_camera_that_was_seen_but_not_for_long_is_no_failure() -> None:
    camera = ScriptedCamera()
    camera.send()
    report = await ProbeRun("cam", ROOM).run(camera.opener, lambda _: None, limit=0.1)
    assert report is not None
    assert report.measured.pictures == 1


async def test_stopped_before_there_was_a_picture_there_is_nothing_to_say() -> None:
    probe = ProbeRun("cam", ROOM)
    camera = ScriptedCamera()
    run = asyncio.create_task(probe.run(camera.opener, pytest.fail))
    await until(lambda: bool(camera.readers))
    probe.stop()
    assert await run is None
    assert camera.readers[0].closed


async def test_stopped_before_it_began_it_opens_nothing_for_long() -> None:
    probe = ProbeRun("cam", ROOM)
    probe.stop()
    camera = ScriptedCamera()
    assert await probe.run(camera.opener, pytest.fail) is None
    assert all(reader.closed for reader in camera.readers)


async def test_cancelled_it_takes_its_thread_along() -> None:
    camera = ScriptedCamera()
    run = asyncio.create_task(ProbeRun("cam", ROOM).run(camera.opener, pytest.fail))
    await until(lambda: bool(camera.readers))
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert under_way() == []
    assert camera.readers[0].closed


async def test_a_bug_of_a_reader_is_one_line_for_the_operator(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_generation: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(SourceError, match="could not be tested"):
        await ProbeRun("cam", ROOM).run(broken, lambda _: None)  # type: ignore[arg-type]
    assert "ZeroDivisionError" in caplog.text
