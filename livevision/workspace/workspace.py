"""All that is set up for watching: cameras, layouts, windows.  ``workspace.toml`` holds one."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from livevision.url_secrets import concealed
from livevision.wording import say
from livevision.workspace.camera_settings import CameraSettings
from livevision.workspace.layout_settings import Layouts, Windows
from livevision.workspace.settings import MOST_CAMERAS, Document


class Workspace(Document):
    """What is found again when the app is opened the next time."""

    version: Literal[1] = 1
    """Of the file's form."""
    cameras: tuple[CameraSettings, ...] = Field(default=(), max_length=MOST_CAMERAS)
    """In the order of the screen."""
    layouts: Layouts = Layouts()
    windows: Windows = Windows()

    @classmethod
    def completed(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Give cameras ids where the file has none: always the same, whoever reads it."""
        cameras = data.get("cameras")
        if not isinstance(cameras, list):
            return data
        seen: Counter[str] = Counter()
        return data | {"cameras": [_with_id(camera, seen) for camera in cameras]}

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        (twice, count), *_ = Counter(camera.id for camera in self.cameras).most_common(1) or [("", 0)]
        if count > 1:
            raise ValueError(
                say("{count} cameras have the id {id}; give each its own, or leave it out", count=count, id=twice)
            )
        return self

    def camera(self, camera_id: str) -> CameraSettings | None:
        """Return the camera with this id, or None."""
        return next((camera for camera in self.cameras if camera.id == camera_id), None)

    def with_camera(self, camera: CameraSettings) -> Self:
        """Return a workspace in which ``camera`` is new at the end, or takes the place of the one with its id."""
        if self.camera(camera.id) is None:
            return self.but(cameras=(*self.cameras, camera))
        return self.but(cameras=tuple(camera if each.id == camera.id else each for each in self.cameras))

    def without_camera(self, camera_id: str) -> Self:
        """Return a workspace without that camera.  Layouts keep its place, for the undo."""
        return self.but(cameras=tuple(camera for camera in self.cameras if camera.id != camera_id))


def _with_id(camera: Any, seen: Counter[str]) -> Any:
    if not isinstance(camera, dict) or "id" in camera:
        return camera
    source = concealed(str(camera.get("source")))
    seen[source] += 1
    digest = hashlib.sha256(f"{source} {seen[source]}".encode(errors="replace")).hexdigest()
    return {"id": digest[:8]} | camera
