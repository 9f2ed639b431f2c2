"""Loaded ONNX models: each file once, however many cameras name it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from livevision.inference.onnx.detector import OnnxDetector
from livevision.inference.onnx.file_contents import contents
from livevision.inference.onnx.loading import load
from livevision.inference.onnx.shared_model import SharedModel

if TYPE_CHECKING:
    from livevision.inference.options import Device, ModelOptions

_File: TypeAlias = "tuple[int, int] | None"
"""When it was changed, in nanoseconds, and its size; None where it is not there."""
_Key: TypeAlias = "tuple[Path, tuple[_File, ...], Device, tuple[int, int] | None, str | None]"


@dataclass(slots=True)
class _Entry:
    shared: SharedModel
    users: int = field(default=0)


class OnnxModels:
    """Loads models, and shares them.  On one event loop; handed to whoever loads models.

    A model is loaded anew when its file, the files with its weights or its sidecar have changed, or when it is wanted
    with other options; it goes with the last detector that uses it.
    """

    def __init__(self) -> None:
        self._entries: dict[_Key, _Entry] = {}
        self._ending: list[SharedModel] = []

    def __repr__(self) -> str:
        return f"<OnnxModels {', '.join(f'{each.shared.name} x{each.users}' for each in self._entries.values())}>"

    async def load(self, path: str | Path, options: ModelOptions) -> OnnxDetector:
        """Return a detector that is ready for pictures; close it with its ``aclose``.

        Takes 0.1 s to minutes, without holding up the loop; others who load the same model meanwhile share the
        waiting, and each may give up without disturbing the rest.  Raises ModelError.
        """
        key = await _look(Path(path), options)
        entry = self._entries.get(key)
        if entry is None or entry.shared.is_makeshift:
            entry = self._entries[key] = _Entry(_start_loading(key[0], options))
        entry.users += 1
        try:
            model = await asyncio.shield(asyncio.wrap_future(entry.shared.loaded))
        except asyncio.CancelledError:
            self._leave(key, entry)
            raise
        except Exception:
            await _until_ended(entry.shared, self._leave(key, entry))
            raise
        return OnnxDetector(model, entry.shared, lambda: self._leave(key, entry))

    async def aclose(self) -> None:
        """End the threads of all models, those in use too; waits for what is being loaded or worked on."""
        for entry in self._entries.values():
            self._end(entry.shared)
        self._entries.clear()
        while self._ending:
            shared = self._ending[-1]
            await _until_ended(shared, shared.close())
            self._ending.remove(shared)

    def _leave(self, key: _Key, entry: _Entry) -> Future[None] | None:
        """One user less; return what to wait for where it was the last."""
        entry.users -= 1
        if entry.users:
            return None
        if self._entries.get(key) is entry:
            del self._entries[key]
        return self._end(entry.shared)

    def _end(self, shared: SharedModel) -> Future[None]:
        # Kept for aclose: who gave up while it was loading does not wait for its end.
        self._ending = [each for each in self._ending if not each.close().done()]
        self._ending.append(shared)
        return shared.close()


def _start_loading(path: Path, options: ModelOptions) -> SharedModel:
    return SharedModel(path.name, lambda: load(path, options))


async def _until_ended(shared: SharedModel, ending: Future[None] | None) -> None:
    if ending is not None:
        # Shielded: others may wait for the same.
        await asyncio.shield(asyncio.wrap_future(ending))
        shared.join()


async def _look(path: Path, options: ModelOptions) -> _Key:
    """Return what makes a model the same.  Looks at the disk, which may be a slow one far away."""
    executor = ThreadPoolExecutor(1, thread_name_prefix="onnx look")
    looking = executor.submit(_states, path)
    try:
        file, states = await asyncio.wrap_future(looking)
    finally:
        executor.shutdown(wait=looking.done())
    return file, states, options.device, options.image_size, options.layout


def _states(path: Path) -> tuple[Path, tuple[_File, ...]]:
    try:
        path = path.expanduser()
        # Not the file itself: where it is a link, its sidecar and weights lie beside the link.
        file = path.parent.resolve() / path.name
        weights = [file.parent / name for name in contents(file).needs]
        beside = (file.with_suffix(".json"), file.with_suffix(".names"), *weights)
        return file, tuple(_state(each) for each in (file, *beside))
    except (OSError, RuntimeError, ValueError):
        return path, ()  # loading says what is wrong


def _state(file: Path) -> _File:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
