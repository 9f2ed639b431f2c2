"""What an operator has set up: cameras, with undo, layouts, windows, preferences; and the files that keep it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from livevision.disk_threads import DiskThreads
from livevision.errors import SettingsError
from livevision.wording import joined
from livevision.workspace.folders import preferences_path, workspace_path
from livevision.workspace.history import History
from livevision.workspace.layout_settings import Layouts, Windows
from livevision.workspace.preferences import Preferences
from livevision.workspace.store import Store
from livevision.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.workspace.camera_settings import CameraSettings

logger = logging.getLogger(__name__)

_CLOSED_WITHIN = 5.0
"""Seconds in which settings are written at the end."""


class Desk:
    """Belongs to one event loop.  Every change is saved by itself soon after, where there are files (:meth:`open`).

    Without :meth:`open` it keeps nothing beyond its own life: a window for some cameras named on the command line.
    """

    def __init__(self) -> None:
        self.preferences = Preferences()
        self.layouts = Layouts()
        self.windows = Windows()
        self._cameras: History[tuple[CameraSettings, ...]] = History(())
        self._found: frozenset[str] = frozenset()
        """Ids of the cameras that were in the file."""
        self._files: DiskThreads | None = None
        self._workspace_store: Store[Workspace] | None = None
        self._preferences_store: Store[Preferences] | None = None

    def __repr__(self) -> str:
        return f"<Desk {len(self.cameras)} cameras, {self.place or 'not kept'}>"

    @property
    def place(self) -> Path | None:
        """The file of the workspace; None where nothing is kept."""
        return None if self._workspace_store is None else self._workspace_store.path

    @property
    def notice(self) -> str:
        """What the operator has to know of the files; empty while all is well."""
        stores = (self._workspace_store, self._preferences_store)
        return joined("\n", (store.notice for store in stores if store is not None and store.notice))

    @property
    def cameras(self) -> tuple[CameraSettings, ...]:
        """All cameras, in the order in which they were added."""
        return self._cameras.now

    @property
    def undoes(self) -> str | None:
        """What :meth:`undo` takes back, in words."""
        return self._cameras.undoes

    @property
    def redoes(self) -> str | None:
        """What :meth:`redo` does again, in words."""
        return self._cameras.redoes

    @property
    def workspace(self) -> Workspace:
        """All of it as one document."""
        return Workspace(cameras=self.cameras, layouts=self.layouts, windows=self.windows)

    async def open_preferences(self) -> None:
        """Read the preferences, and keep them from now on.  Never raises: ``notice`` says what was wrong."""
        self._preferences_store = Store(preferences_path(), Preferences, self._thread())
        self.preferences = await self._preferences_store.load()

    async def open_workspace(self, named: Path | None = None) -> None:
        """Read a workspace, the usual one if none is named, and keep it from now on.

        Raises SettingsError for a named one that cannot be read; of the usual one ``notice`` says what was wrong.
        """
        self._workspace_store = Store(named or workspace_path(), Workspace, self._thread())
        if named is not None:
            self._take(await self._workspace_store.load_named())
            return
        loaded = await self._workspace_store.load()
        self._take(loaded if self.preferences.startup == "reopen" else loaded.but(cameras=()))

    async def open_other_workspace(self, path: Path) -> None:
        """Go on with another workspace, once what is here has been written to its own file.

        Raises SettingsError where either file cannot be read or written, and changes nothing then.
        """
        before = self._workspace_store
        if before is not None:
            await before.flush()
            if before.is_behind:
                raise SettingsError(before.notice)
        store = Store(path, Workspace, self._thread())
        workspace = await store.load_named()
        self._workspace_store = store
        self._take(workspace)
        if before is not None:
            # What was changed while the other file was read.
            await before.aclose()

    async def save_workspace_as(self, path: Path) -> None:
        """Write all of it to another file, and keep it there from now on.  Raises SettingsError."""
        store = self._workspace_store or Store(path, Workspace, self._thread())
        self._workspace_store = await store.save_as(path, self.workspace)
        await store.aclose()

    async def aclose(self) -> None:
        """Write what is not written yet, unless the disk does not answer.  May be called twice."""
        try:
            async with asyncio.timeout(_CLOSED_WITHIN):
                for store in (self._workspace_store, self._preferences_store):
                    if store is not None:
                        await store.aclose()
        except TimeoutError:
            logger.warning("The settings could not be written in time: their disk does not answer")
        files, self._files = self._files, None
        if files is not None:
            await files.aclose()

    def camera(self, camera_id: str) -> CameraSettings | None:
        """Return what is set for a camera."""
        return next((each for each in self.cameras if each.id == camera_id), None)

    def add(self, camera: CameraSettings, what: str) -> None:
        """Have one more camera; ``what`` says so in the undo menu."""
        self._change(self._cameras.changed((*self.cameras, camera), what))

    def remove(self, camera_id: str, what: str) -> None:
        """Have one less."""
        self._change(self._cameras.changed(_without(self.cameras, camera_id), what))

    def set(self, camera: CameraSettings, what: str, gesture: object = None) -> None:
        """Have other settings for a camera; changes of one ``gesture``, such as a slider's, are one to undo."""
        self._change(self._cameras.adjusted(self._with(camera), what, gesture))

    def withdraw(self, camera: CameraSettings, what: str) -> None:
        """Have a camera's settings as they were before something that was given up; no step, where it was the last."""
        self._change(self._cameras.withdrawn(self._with(camera), what))

    def was_found(self, camera_id: str) -> bool:
        """Say whether a camera was in the workspace when that was opened."""
        return camera_id in self._found

    def know(self, camera: CameraSettings) -> None:
        """Take a camera that is there already; nothing to undo, and no undo takes it away."""
        if self.camera(camera.id) is None:
            self._change(self._cameras.mapped(lambda cameras: (*_without(cameras, camera.id), camera)))

    def forget(self, camera_id: str) -> None:
        """Drop a camera that never could be opened; nothing to undo, and no undo brings it back."""
        self._change(self._cameras.mapped(lambda cameras: _without(cameras, camera_id)))

    def undo(self) -> None:
        """Take the last change back."""
        self._change(self._cameras.undone())

    def redo(self) -> None:
        """Do it again."""
        self._change(self._cameras.redone())

    def arrange(self, layouts: Layouts, windows: Windows) -> None:
        """Keep how it all looks."""
        if (layouts, windows) != (self.layouts, self.windows):
            self.layouts, self.windows = layouts, windows
            self._save()

    def prefer(self, preferences: Preferences) -> None:
        """Keep what the operator likes."""
        self.preferences = preferences
        if self._preferences_store is not None:
            self._preferences_store.save(preferences)

    def _take(self, workspace: Workspace) -> None:
        self._cameras = History(workspace.cameras)
        self._found = frozenset(camera.id for camera in workspace.cameras)
        self.layouts, self.windows = workspace.layouts, workspace.windows

    def _change(self, cameras: History[tuple[CameraSettings, ...]]) -> None:
        self._cameras = cameras
        self._save()

    def _with(self, camera: CameraSettings) -> tuple[CameraSettings, ...]:
        return tuple(camera if each.id == camera.id else each for each in self.cameras)

    def _save(self) -> None:
        if self._workspace_store is not None:
            self._workspace_store.save(self.workspace)

    def _thread(self) -> DiskThreads:
        if self._files is None:
            self._files = DiskThreads("settings")
        return self._files


def _without(cameras: tuple[CameraSettings, ...], camera_id: str) -> tuple[CameraSettings, ...]:
    return tuple(each for each in cameras if each.id != camera_id)
