import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QObject

from livevision.ui.garbage import collect_here, no_automatic_collection

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


def garbage(died_in: list[str]) -> None:
    """Make a Qt object that only the garbage collector can end."""
    thing = QObject()
    thing.me = thing  # type: ignore[attr-defined]
    weakref.finalize(thing, lambda: died_in.append(threading.current_thread().name))


def test_other_threads_never_collect_while_a_window_runs() -> None:
    died_in: list[str] = []
    with no_automatic_collection():
        garbage(died_in)
        busy = threading.Thread(target=lambda: [[index] for index in range(200_000)], name="busy")
        busy.start()
        busy.join()
        assert died_in == []
        assert not gc.isenabled()
    assert died_in == ["MainThread"]
    assert gc.isenabled()


def test_garbage_is_collected_on_the_event_loop(on_qt: OnQt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.ui.garbage._EVERY", 0.01)

    async def scenario() -> None:
        died_in: list[str] = []
        garbage(died_in)
        kept = [[] for _ in range(2000)]  # enough to pass the threshold of the youngest generation
        task = asyncio.create_task(collect_here())
        while not died_in:
            await asyncio.sleep(0.01)
        task.cancel()
        assert died_in == ["MainThread"]
        assert len(kept) == 2000

    on_qt(scenario())
