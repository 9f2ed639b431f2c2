"""How the process ends when a thread hangs in a library or a driver."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def clean_ending() -> Iterator[None]:
    """Let a SystemExit from within end the process as it says, also when daemon threads from within still run.

    Python before 3.14 unwinds such a thread when it comes back from C code while Python is ending.  In C++ code,
    OpenCV's for one, that aborts the process: "terminate called without an active exception".  So where one is left
    when everything else is done, nothing is unwound any more.
    """
    before = frozenset(threading.enumerate())
    exit_codes: list[int] = []

    def leave_if_need_be() -> None:
        if exit_codes and _left_behind(before):
            logging.shutdown()
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            os._exit(exit_codes[0])

    # Ahead of what is imported from now on, for the first to be registered is the last to be called.
    atexit.register(leave_if_need_be)
    try:
        yield
    except SystemExit as ending:
        if _left_behind(before):
            exit_codes.append(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
        raise
    finally:
        if not exit_codes:
            atexit.unregister(leave_if_need_be)


def _left_behind(before: frozenset[threading.Thread]) -> bool:
    return any(thread.daemon and thread not in before for thread in threading.enumerate())
