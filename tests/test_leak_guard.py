"""The guard itself: it must see each kind of leak, and nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.leak_guard import Snapshot

ROOT = Path(__file__).parents[1]

LEAKING_TESTS = """
import asyncio, socket, threading
from concurrent.futures import ThreadPoolExecutor

kept, stop = [], threading.Event()

async def test_leaves_a_task():
    kept.append(asyncio.create_task(asyncio.Event().wait(), name="forgotten task"))

async def test_leaves_a_timer():
    asyncio.get_running_loop().call_later(60, print)

def test_leaves_a_task_to_the_end_of_asyncio_run():
    async def main():
        kept.append(asyncio.create_task(asyncio.Event().wait(), name="nested task"))
    asyncio.run(main())

def test_leaves_a_thread():
    thread = threading.Thread(target=stop.wait, name="capture nowhere", daemon=True)
    thread.start()

def test_leaves_a_file(tmp_path):
    kept.append((tmp_path / "kept.mkv").open("wb"))

def test_leaves_a_socket():
    kept.append(socket.socket())

async def test_leaves_nothing(tmp_path):
    async with asyncio.TaskGroup() as group, asyncio.timeout(60):
        group.create_task(asyncio.sleep(0))
    with ThreadPoolExecutor() as pool, (tmp_path / "closed").open("wb"):
        await asyncio.get_running_loop().run_in_executor(pool, stop.is_set)

def test_fails_and_leaves_a_socket():
    kept.append(socket.socket())
    raise AssertionError("said without the guard's noise")
"""


def test_each_kind_of_leak_fails_the_test_that_left_it(tmp_path: Path) -> None:
    (tmp_path / "test_leaking.py").write_text(LEAKING_TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    (tmp_path / "conftest.py").write_text("import tests.leak_guard\ntests.leak_guard.GRACE = 0.05\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.leak_guard", "-p", "no:cacheprovider", "-q", "--color=no", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert "1 failed, 7 passed, 6 errors" in run.stdout, run.stdout + run.stderr
    for culprit, leak in {
        "test_leaves_a_task": "task 'forgotten task'",
        "test_leaves_a_timer": "timer <TimerHandle",
        "test_leaves_a_task_to_the_end_of_asyncio_run": "task 'nested task'",
        "test_leaves_a_thread": "thread 'capture nowhere'",
        "test_leaves_a_file": "kept.mkv",
        "test_leaves_a_socket": "open socket:[",
    }.items():
        said = run.stdout.partition(f"ERROR at teardown of {culprit} ")[2].partition("\n____")[0]
        assert leak in said, f"{culprit}: {run.stdout}"


def test_a_thread_on_its_way_out_gets_a_grace() -> None:
    told = threading.Event()

    def end_when_told() -> None:
        told.wait()
        time.sleep(0.05)

    before = Snapshot.take()
    thread = threading.Thread(target=end_when_told, name="nearly done")
    thread.start()
    assert before.leaks(grace=0) == ["thread 'nearly done'"]
    told.set()
    assert before.leaks(grace=10) == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors are listed on Linux only")
def test_what_was_open_before_may_stay_or_go() -> None:
    old, other = socket.socketpair()
    before = Snapshot.take()
    old.close()
    with socket.socket():
        (leak,) = before.leaks(grace=0)
        assert leak.startswith("open socket:[")
    assert before.leaks(grace=0) == []
    other.close()
