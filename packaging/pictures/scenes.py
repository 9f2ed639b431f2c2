"""The states of the window that are pictured, each a coroutine with the name of its picture."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
from pictures.passing import annotate, loading, log, workspace
from pictures.stage import SETTLE, stage, street, take, until
from pictures.web_camera import WebCamera
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog

from livevision.cameras import CameraRequest
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.sources.status import CameraState
from livevision.sources.street.scene import Street
from livevision.ui.add_camera.dialog import AddCameraDialog
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.opening import DEMO
from livevision.ui.preferences.dialog import PreferencesDialog
from livevision.ui.preferences.places import Places
from livevision.ui.shortcuts_sheet import ShortcutsSheet
from livevision.ui.theme import Theme
from livevision.workspace.camera_settings import CameraSettings, new_id

if TYPE_CHECKING:
    from pictures.stage import Stage

_WINDOW = QSize(1280, 800)
_SMALL = QSize(960, 600)
"""For pictures of twice the size."""
_FOUR, _FOUR_SMALL = QSize(1280, 868), QSize(660, 518)
"""Four pictures fill these."""
_MODEL = "yolox_nano.onnx"
_RECENT = (
    ("rtsp://192.0.2.20/stream1", "Entrance"),
    ("0", "Desk"),
    ("crossing-morning.mp4", ""),
    ("rtsp://192.0.2.21/stream1", "Loading bay, north side, gates 1 to 4"),
    ("screen:", "Control room"),
)


async def start(name: str) -> None:
    """Nothing to see yet."""
    async with stage(QSize(1120, 680)) as on:
        await on.rest(0.5)
        take(on.window, name)


async def start_again(name: str) -> None:
    """Nothing to see yet, and what there was before."""
    recent = [CameraSettings(id=new_id(), source=source, name=called) for source, called in _RECENT]
    async with stage(QSize(1120, 760), Theme.LIGHT, recent=recent) as on:
        await on.rest(0.5)
        take(on.window, name)


async def demo(name: str) -> None:
    """The generated street, recorded."""
    async with stage(QSize(1280, 810)) as on:
        tile = await on.add(DEMO, "")
        on.window.commands.record_or_stop(tile)
        await on.rest()
        take(on.window, name)


async def two_cameras(name: str) -> None:
    """Two of them."""
    async with stage(QSize(1600, 560)) as on:
        await on.add(_best(1), "Crossing")
        await on.add(street(7, "motion"), "Market street")
        await on.rest()
        take(on.window, name)


async def add_camera(name: str) -> None:
    """A network camera being tested, and what the test found."""
    with WebCamera(seed=5) as camera:
        async with stage(_WINDOW) as on:
            on.window.opening.ask_for_camera(SourceKind.NETWORK, camera.address)
            dialog = _the(on, AddCameraDialog)
            assert isinstance(dialog, AddCameraDialog)
            dialog.network.user.setText("operator")
            dialog.network.password.line.setText("twelve letters")
            dialog.name.setText("Entrance")
            dialog.network.panel.button.click()
            await on.rest(1.5)
            take(dialog, f"{name}-testing")
            camera.speak()
            await until(lambda: "1280" in dialog.network.panel.words)
            await on.rest(0.3)
            take(dialog, name)
            dialog.close()


async def cameras(name: str, size: QSize = _FOUR, theme: Theme = Theme.DARK) -> None:
    """Four cameras with different models: one is recorded, one is silent."""
    with WebCamera(seed=5) as camera:
        async with stage(size, theme) as on:
            await _four(on, camera)
            take(on.window, name)


async def panel(name: str, size: QSize = _WINDOW, theme: Theme = Theme.DARK, language: str = "en") -> None:
    """What can be set for a camera, beside it."""
    async with stage(size, theme, language) as on:
        beside, chosen = ("Marktstraße", "Kreuzung") if language == "de" else ("Market street", "Crossing")
        await on.add(street(3, "motion"), beside)
        tile = await on.add(_best(1), chosen)
        on.window.grid.choose(tile)
        on.window.panels.show_panel()
        await on.rest()
        take(on.window, name)


async def detections(name: str, theme: Theme = Theme.DARK) -> None:
    """What was seen lately."""
    async with stage(_WINDOW, theme) as on:
        await on.add(_best(1), "Crossing")
        await on.add(street(7, "motion"), "Market street")
        on.window.panels.detections_dock.show()
        await on.rest(2 * SETTLE)
        take(on.window, name)


async def player(name: str, theme: Theme = Theme.DARK) -> None:
    """A recording, watched again."""
    async with stage(_WINDOW, theme) as on:
        tile = await on.add(_best(1), "Crossing")
        await on.rest(4)
        on.app.start_recording(tile.camera, RecordingPlan(on.app.output, Kind.CLEAN))
        await on.rest(2 * SETTLE)
        await on.app.stop_recording(tile.camera)
        newest = max(Path("recordings").glob("*.m[pk][4v]"), key=os.path.getmtime)
        window = on.window.players.open(newest)
        window.resize(_WINDOW)
        await on.rest(3)
        window.go(9.5)
        await on.rest(1.5)
        take(window, name)


async def preferences(name: str, theme: Theme = Theme.DARK, language: str = "en", row: int = 0) -> None:
    """What one likes."""
    async with stage(_WINDOW, theme, language) as on:
        kept = Path("~/.config/livevision")
        places = Places(kept / "preferences.toml", kept / "workspace.toml", Path("~/Videos/livevision"))
        dialog = PreferencesDialog(on.window.desk.preferences, places, on.window)
        dialog.contents.setCurrentRow(row)
        dialog.show()
        await on.rest(0.5)
        take(dialog, name)
        dialog.close()


async def keys(name: str, theme: Theme = Theme.DARK) -> None:
    """All keys."""
    async with stage(_WINDOW, theme) as on:
        on.window.menus.show_keys()
        await on.rest(0.5)
        take(_the(on, ShortcutsSheet), name)


async def inspect(name: str) -> None:
    """The look into a model file, where there is a real one."""
    if not _has_model():
        return
    cv2.imwrite("street.png", Street((1280, 720), 25, 1).draw(400))
    async with stage(_WINDOW) as on:
        dialog = on.window.inspecting.open(_MODEL)
        await until(lambda: "can be used" in dialog.words)
        dialog.picture_chosen.emit("street.png")
        await until(dialog.picture.isVisible)
        take(dialog, name)


async def _four(on: Stage, camera: WebCamera) -> None:
    camera.speak()
    tiles = [
        await on.add(street(1, "motion"), "Crossing"),
        await on.add(_best(7), "Market street"),
        await on.add(CameraRequest(camera.address, "people"), "Entrance"),
        await on.add(street(4, None), "Car park"),
    ]
    on.window.commands.record_or_stop(tiles[0])
    await on.rest(6)
    camera.silence()
    silent = tiles[2].camera.session
    await until(lambda: silent.status.state in (CameraState.STALLED, CameraState.BACKING_OFF))
    on.window.refresh()


def _best(seed: int) -> CameraRequest:
    """Return a street with a real model, where there is one."""
    return street(seed, _MODEL if _has_model() else "people")


def _has_model() -> bool:
    """Say whether there is a real model; under a name without a folder, which nobody is to read in a picture."""
    data = os.environ.get("LIVEVISION_REAL_DATA")
    here = Path(_MODEL)
    if data is not None and not here.exists():
        here.symlink_to(Path(data) / _MODEL)
    return here.exists()


def _the(on: Stage, kind: type[QDialog]) -> QDialog:
    found = on.window.findChild(kind)
    assert isinstance(found, kind)
    return found


ONCE = {
    "start": start,
    "start-again": start_again,
    "demo": demo,
    "two-cameras": two_cameras,
    "add-camera": add_camera,
    "cameras": cameras,
    "cameras-light": lambda name: cameras(name, theme=Theme.LIGHT),
    "panel": panel,
    "panel-german": lambda name: panel(name, theme=Theme.LIGHT, language="de"),
    "loading": loading,
    "detections": detections,
    "player": player,
    "annotate": annotate,
    "workspace": workspace,
    "log": log,
    "preferences": lambda name: preferences(name, row=1),
    "keys": keys,
    "inspect": inspect,
}
"""What is pictured as it is."""
TWICE = {
    "start-200": start,
    "cameras-200": lambda name: cameras(name, _FOUR_SMALL),
    "panel-200": lambda name: panel(name, _SMALL),
    "preferences-200": lambda name: preferences(name, Theme.LIGHT, "de", 1),
}
"""What is pictured at twice the size."""
