"""Importing a user's module from the current folder, without that folder being searched by anything else."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager, suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _FolderFinder(MetaPathFinder):
    """Finds modules of one folder, for the thread that made it; ``only`` that one where it is given."""

    def __init__(self, folder: str, only: str | None) -> None:
        self._folder = folder
        self._only = only
        self._thread = threading.get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module of the folder is; None for what is not in it, or not to be looked for here."""
        if path is not None or threading.get_ident() != self._thread or self._only not in (None, fullname):
            return None
        spec = PathFinder.find_spec(fullname, [self._folder])
        # A folder that only has the name of an installed package must not stand in for it.
        return None if spec is not None and spec.loader is None and self._only is not None else spec


@contextmanager
def own_folder(module_name: str) -> Iterator[None]:
    """Let this thread import ``module_name``, and what stands beside it, from the current folder.

    A console script does not search that folder, where a user's own module usually is.  The module itself is found
    there before an installed one; what it imports only after everything that is installed, so that a ``random.py`` in
    the folder changes nothing for anybody.  ``sys.path`` stays as it is, and other threads find what they always find.
    """
    here = str(Path.cwd())
    first, last = _FolderFinder(here, module_name.partition(".")[0]), _FolderFinder(here, None)
    sys.meta_path.insert(0, first)
    sys.meta_path.append(last)
    try:
        yield
    finally:
        for finder in (first, last):
            with suppress(ValueError):
                sys.meta_path.remove(finder)
