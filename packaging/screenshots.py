"""Makes the pictures of the app from the app itself: ``.venv/bin/python packaging/screenshots.py [NAME...]``.

All of them, or those named; LIVEVISION_REAL_DATA names a folder with yolox_nano.onnx, for a real model in them.
No screen is needed.  Look at the pictures before committing them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from pictures.scenes import ONCE, TWICE
from pictures.stage import TARGET

from livevision.ui.event_loop import EventLoop
from livevision.ui.garbage import no_automatic_collection
from livevision.ui.run import prepare_application

_SCALE = "QT_SCALE_FACTOR"


async def take_all(names: list[str]) -> None:
    """Take the pictures that this process is for, one after the other."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, scene in (TWICE if _SCALE in os.environ else ONCE).items():
        if not names or name in names:
            print(name, flush=True)
            await scene(name)


def main(names: list[str]) -> int:
    """Take them at their own size, and at twice the size in another process: Qt asks once for the scale."""
    application = prepare_application()
    # From a folder of its own: no picture says where this was run.
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        no_automatic_collection(),
        asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner,
    ):
        runner.run(take_all(names))
    if _SCALE in os.environ:
        return 0
    again = [sys.executable, str(Path(__file__).resolve()), *names]
    return subprocess.run(again, env={**os.environ, _SCALE: "2"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
