"""What is on the disk, for words that somebody typed: what can be no path is simply not there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Unlike the methods of Path these never raise, whatever the name is like: too long, with a zero in it.


def exists(path: Path) -> bool:
    """Tell whether there is such a thing."""
    return os.path.exists(path)  # noqa: PTH110


def is_file(path: Path) -> bool:
    """Tell whether it is a file."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Tell whether it is a folder."""
    return os.path.isdir(path)  # noqa: PTH112
