"""Fails a test that leaves something behind: a thread, an asyncio task or timer, an open file or socket."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

GRACE = 1.0
"""Seconds in which a thread or connection that is on its way out may end."""

THREADS_THAT_MAY_STAY = {
    "Dummy-": "Python never learns that a thread of Qt's or FFmpeg's, seen once in a callback, has ended",
    "pytest_timeout": "belongs to the test run",
    "tqdm_monitor": "one a process, started by the first progress bar of supervision",
}
"""Beginnings of names, each with its reason."""

FILES_THAT_MAY_STAY = {
    "anon_inode:": "wake-up calls that Qt, FFmpeg and model runtimes open once a thread of theirs; a forgotten event "
    "loop shows in its sockets",
    "/memfd:": "executable memory of libffi and drivers",
    "/dev/": "randomness, GPUs and shared memory, opened at first use for the life of the process",
    "/proc/": "the listing that this guard itself makes",
    "/sys/": "the machine's properties, read by runtimes at first use",
    "/usr/": "fonts, locales and libraries, opened at first use",
    "/etc/": "configuration, opened at first use",
    "/var/cache/fontconfig/": "fonts, found at first use",
    str(Path.home() / ".cache" / "fontconfig"): "fonts, found at first use",
}
"""Beginnings of what a descriptor points to, each with its reason."""

DESCRIPTORS = Path("/proc/self/fd")

_test_passed = pytest.StashKey[bool]()
_left_in_closed_loops: list[str] = []


class Snapshot:
    """What is running and open at one moment."""

    def __init__(self, threads: set[threading.Thread], files: Counter[str]) -> None:
        self._threads = threads
        self._files = files

    @classmethod
    def take(cls) -> Self:
        """Look around."""
        return cls({thread for thread in threading.enumerate() if thread.is_alive()}, _open_files())

    def leaks(self, grace: float) -> list[str]:
        """Name what has come since and is still there after ``grace`` seconds."""
        found = self._new()
        if found:
            gc.collect()  # only now: it takes longer than most tests
        deadline = time.monotonic() + grace
        while (found := self._new()) and time.monotonic() < deadline:
            time.sleep(0.01)
        return found

    def _new(self) -> list[str]:
        now = Snapshot.take()
        threads = [thread.name for thread in now._threads - self._threads]
        files = (now._files - self._files).elements()
        return sorted(
            [f"thread {name!r}" for name in threads if not name.startswith(tuple(THREADS_THAT_MAY_STAY))]
            + [f"open {target}" for target in files if not target.startswith(tuple(FILES_THAT_MAY_STAY))]
        )


def _open_files() -> Counter[str]:
    """Count what descriptors point to.  Not their numbers, which are used again."""
    targets: Counter[str] = Counter()
    if DESCRIPTORS.exists():  # elsewhere than on Linux, threads and tasks must do
        for descriptor in DESCRIPTORS.iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile by another thread, or the listing itself
                targets[str(descriptor.readlink())] += 1
    return targets


def pytest_configure(config: pytest.Config) -> None:
    """Look into every event loop, pytest-asyncio's and qasync's too, just before its runner cancels what is left."""
    cancel_all = asyncio.runners._cancel_all_tasks

    def note_and_cancel(loop: asyncio.AbstractEventLoop) -> None:
        _left_in_closed_loops.extend(f"task {task.get_name()!r}: {task.get_coro()}" for task in asyncio.all_tasks(loop))
        timers = getattr(loop, "_scheduled", ())
        _left_in_closed_loops.extend(f"timer {timer}" for timer in timers if not timer.cancelled())
        cancel_all(loop)

    asyncio.runners._cancel_all_tasks = note_and_cancel
    config.add_cleanup(lambda: setattr(asyncio.runners, "_cancel_all_tasks", cancel_all))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether the test itself passed."""
    report = yield
    if report.when == "call":
        item.stash[_test_passed] = report.passed
    return report


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Compare before and after.  First in, last out: other fixtures have cleaned up by then."""
    _left_in_closed_loops.clear()
    before = Snapshot.take()
    yield
    # A failing test leaves things behind because it failed; saying so would only hide why.
    if request.node.stash.get(_test_passed, False):
        leaks = before.leaks(GRACE) + _left_in_closed_loops
        if leaks:
            pytest.fail("left behind:\n  " + "\n  ".join(leaks), pytrace=False)
