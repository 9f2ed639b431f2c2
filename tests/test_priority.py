"""Who computes waits for who shows."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from livevision.priority import give_way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a thread's priority")


def nice() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def nice_of_another() -> int:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(nice).result()


def test_a_thread_gives_way_with_those_that_it_starts_and_nobody_else() -> None:
    before = nice()
    with ThreadPoolExecutor(1, initializer=give_way) as pool:
        assert pool.submit(nice).result() > before
        assert pool.submit(nice_of_another).result() > before
    assert nice() == before


def test_where_it_is_not_allowed_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    with ThreadPoolExecutor(1, initializer=give_way) as pool:
        assert pool.submit(lambda: 1).result() == 1
