"""The process ends as it was told to, whatever hangs."""

import subprocess
import sys

import pytest

_HANGING = """
import sys, threading
from livevision.ending import clean_ending

def hang():
    import cv2, numpy
    image = numpy.zeros((3000, 3000, 3), numpy.uint8)
    ready.set()
    while True:
        cv2.GaussianBlur(image, (31, 31), 0)

ready = threading.Event()
with clean_ending():
    threading.Thread(target=hang, name="capture", daemon=True).start()
    ready.wait()
    import atexit
    atexit.register(print, "everything was closed")
    print("written", end="")
    {end}
"""


def ended(script: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("end", "code"), [("sys.exit(0)", 0), ("sys.exit(3)", 3), ("sys.exit()", 0), ("sys.exit('said by nobody')", 1)]
)
def test_a_thread_that_hangs_in_a_library_does_not_abort_the_process(end: str, code: int) -> None:
    returned, out, err = ended(_HANGING.replace("{end}", end))
    assert "terminate called" not in err
    assert returned == code
    assert out == "writteneverything was closed\n"


def test_without_such_a_thread_it_ends_as_ever() -> None:
    script = """
import atexit, sys
atexit.register(print, "at the very end")
from livevision.ending import clean_ending
with clean_ending():
    sys.exit(2)
"""
    assert ended(script) == (2, "at the very end\n", "")
