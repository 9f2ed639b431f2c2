"""Which threads go first when there are more than cores: the picture before what is computed about it."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import suppress

_NICE = 10
"""A tenth of the processor where another thread wants it, too; all of it where none does."""
_BELOW_NORMAL = -1
"""THREAD_PRIORITY_BELOW_NORMAL, https://learn.microsoft.com/windows/win32/api/processthreadsapi"""
_UTILITY = 0x11
"""QOS_CLASS_UTILITY, macOS's sys/qos.h"""


def give_way() -> None:
    """Let the calling thread, and those that it starts, wait while others have something to do.

    For threads that compute: a detector that takes every core makes no picture late.  Where the system does not allow
    it, nothing happens.
    """
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetThreadPriority(kernel.GetCurrentThread(), _BELOW_NORMAL)
    elif sys.platform == "darwin":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).pthread_set_qos_class_self_np(_UTILITY, 0)
    else:
        # To Linux each thread is a process of its own.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
