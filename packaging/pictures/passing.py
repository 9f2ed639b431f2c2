"""The states of the window that pass: a model is being loaded, a file is annotated, another workspace is opened."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
from pictures.stage import stage, street, take, until
from PySide6.QtCore import QSize

from livevision.cameras import CameraRequest
from livevision.desk import Desk
from livevision.sources.street.scene import Street
from livevision.ui.log_view import LogView
from livevision.ui.theme import Theme
from livevision.workspace.camera_settings import new_id
from livevision.workspace.conversion import camera_settings

if TYPE_CHECKING:
    from livevision.app import App
    from livevision.inference.detector import Detector
    from livevision.inference.options import ModelOptions

_WINDOW = QSize(1280, 800)
_FPS, _DRAWN, _PICTURES = 25, 100, 1500


async def loading(name: str) -> None:
    """A model is being loaded, and fails, while the one before it goes on."""
    Path("vehicles.onnx").write_bytes(b"half a model")
    async with stage(_WINDOW) as on:
        gate = _hold_back("vehicles.onnx", on.app)
        await on.add(street(3, "people"), "Market street")
        tile = await on.add(street(1, "motion"), "Crossing")
        on.window.grid.choose(tile)
        on.window.panels.show_panel()
        await on.rest()
        on.window.commands.choose_model(tile, "vehicles.onnx")
        await on.rest(8)
        take(on.window, name)
        gate.set()
        await until(lambda: bool(tile.camera.model_trouble))
        await on.rest(0.5)
        take(on.window, f"{name}-failed")


async def annotate(name: str) -> None:
    """A file is annotated."""
    _write_video("crossing.mp4")
    async with stage(_WINDOW) as on:
        dialog = on.window.annotating.open("crossing.mp4")
        dialog.choose_model("people")
        await until(lambda: bool(dialog.target.text()))
        dialog.start.click()
        await on.rest(8)
        take(dialog, name)
        dialog.close()


async def workspace(name: str) -> None:
    """Another workspace was opened, and says how to go back; one camera there cannot be found."""
    night = Desk()
    for request, called in ((street(4, "motion"), "Car park"), (CameraRequest("gate.mp4", None), "Gate")):
        night.add(camera_settings(request).but(id=new_id(), name=called), "")
    await night.save_workspace_as(Path("Night.toml"))
    await night.aclose()
    async with stage(_WINDOW, Theme.LIGHT) as on:
        await on.add(street(1, "motion"), "Crossing")
        await on.window.arranging.save_as(Path("Day.toml"))
        on.window.messages.clear()
        await on.window.workspaces.open(Path("Night.toml"))
        await on.rest(8)
        take(on.window, name)


async def log(name: str) -> None:
    """What happened."""
    async with stage(_WINDOW) as on:
        await on.add(street(1, "motion"), "Crossing")
        await on.add(CameraRequest("rtsp://127.0.0.1:554/gate"), "Gate")
        await on.rest(6)
        on.window.show_log()
        view = on.window.findChild(LogView)
        assert view is not None
        view.table.setCurrentIndex(view.model.index(view.model.rowCount() - 1, 0))
        await on.rest(0.5)
        take(view, name)
        view.close()


def _hold_back(model: str, app: App) -> asyncio.Event:
    """Let a model be as slow as a large one on a slow disk: it goes on when the event is set."""
    gate, load = asyncio.Event(), app.detectors.load

    async def load_slowly(name: str, options: ModelOptions | None = None) -> Detector:
        if name == model:
            await gate.wait()
        return await load(name, options)

    app.detectors.load = load_slowly
    return gate


def _write_video(name: str) -> None:
    drawn = [Street((1280, 720), _FPS, 1).draw(400 + number) for number in range(_DRAWN)]
    writer = cv2.VideoWriter(name, cv2.VideoWriter.fourcc(*"mp4v"), _FPS, (1280, 720))
    for number in range(_PICTURES):
        writer.write(drawn[number % _DRAWN])
    writer.release()
