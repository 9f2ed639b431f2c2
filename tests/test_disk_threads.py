"""A disk that never answers: nobody else waits for it, and the program ends."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from livevision.disk_threads import DiskThreads, off_loop
from livevision.errors import RecordingError
from tests.fakes.cameras import until


async def test_calls_are_done_in_order_and_their_errors_are_told() -> None:
    done: list[int] = []
    threads = DiskThreads("test")
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(threads, done.append, number) for number in range(50)))
    assert done == list(range(50))
    with pytest.raises(FileNotFoundError):
        await loop.run_in_executor(threads, Path("/no/such/file").read_bytes)
    assert await threads.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        threads.submit(print)


async def test_a_file_that_hangs_is_told_and_the_others_are_read(hanging: Path, tmp_path: Path) -> None:
    threads = DiskThreads("test", 2, patience=0.2)
    (tmp_path / "other").write_text("here")
    with pytest.raises(RecordingError, match=r"The disk of .*share does not answer; check it"):
        await threads.ask(hanging, hanging.read_bytes)
    assert await threads.ask(tmp_path, (tmp_path / "other").read_text) == "here"
    assert not await threads.aclose(0.1)


async def test_too_many_calls_are_refused(hanging: Path) -> None:
    threads = DiskThreads("test")
    futures = [threads.submit(hanging.read_bytes)]
    await until(futures[0].running)
    futures += [threads.submit(os.getpid) for _ in range(64)]
    with pytest.raises(RecordingError, match="does not answer"):
        threads.submit(os.getpid)
    assert not await threads.aclose(0.05)
    assert all(future.cancelled() for future in futures[1:])


async def test_a_single_call_may_be_given_up(hanging: Path) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await off_loop("look", hanging.read_bytes)


def test_a_program_ends_although_a_disk_hangs(hanging: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from livevision.disk_threads import DiskThreads\n"
        "async def main():\n"
        "    threads = DiskThreads('disk')\n"
        "    future = threads.submit(Path(sys.argv[1]).read_bytes)\n"
        "    while not future.running():\n"
        "        await asyncio.sleep(0.01)\n"
        "    assert not await threads.aclose(0.05)\n"
        "asyncio.run(main())\n"
        "print('ended')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(hanging)], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout == "ended\n"
