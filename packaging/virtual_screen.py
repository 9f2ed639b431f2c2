"""Runs a program on a virtual screen and keeps a picture of its window: virtual_screen.py PICTURE.png COMMAND..."""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from typing import TYPE_CHECKING

import cv2

from tests.fakes.xvfb import Xvfb

if TYPE_CHECKING:
    from livevision.frame import Image

INTERVAL = 0.5
"""Seconds between looks at the screen."""
BEFORE_THE_END = 3
"""How many looks before the last one with a window on it the picture is from: by then it may be closing."""


def run(command: list[str], screen: Xvfb) -> tuple[int, Image | None]:
    """Run ``command`` to its end; return its exit code and a picture of the screen with something on it."""
    pictures: deque[Image] = deque(maxlen=BEFORE_THE_END)
    with subprocess.Popen(command, env=screen.environment()) as program:
        while True:
            try:
                return program.wait(INTERVAL), pictures[0] if pictures else None
            except subprocess.TimeoutExpired:
                picture = screen.screenshot()
                if picture.any():  # an empty screen is black
                    pictures.append(picture)
            except KeyboardInterrupt:
                pass  # the terminal has told the program, too: let it end in its own way


def main() -> int:
    """Run what the command line says."""
    target, *command = sys.argv[1:]
    with Xvfb() as screen:
        code, picture = run(command, screen)
    if picture is None:
        print("no window was shown", file=sys.stderr)
        return code or 1
    if not cv2.imwrite(target, picture):
        print(f"cannot write {target}", file=sys.stderr)
        return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main())
