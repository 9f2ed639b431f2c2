"""A network share that hangs, in the window: pictures go on, what waits for it is given up, and quitting ends."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from livevision.sightings import Sighting
from tests.fakes.cameras import until
from tests.fakes.sitting import STREET, press, sitting, type_address

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


def test_looking_for_recordings_on_a_share_that_hangs_stops_no_picture_and_not_the_end(
    on_qt: OnQt, tmp_path: Path, hanging: Path
) -> None:
    # What is known of a recording is beside it, and whoever reads this waits for ever.
    hanging.rename(tmp_path / "cam.detections.jsonl")
    cores = os.cpu_count() or 2

    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            # As often as there are threads that convert pictures, and more often.
            for number in range(cores + 3):
                sighting = Sighting(number, "cam", "person", 0.9, None, 0.0, 0.0, 0, 0.0)
                window.background.start(window.moments.show(sighting), "Looking for the recording")
            before = tile.camera.session.metrics.snapshot().shown
            await until(lambda: tile.camera.session.metrics.snapshot().shown > before + 10, 30)
            # Snapshots are written elsewhere, and still are.
            press(window, "Ctrl+S")
            await until(lambda: any(tmp_path.glob("*.png")), 20)
            began = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - began < 45

    try:
        on_qt(scenario())
    finally:
        (tmp_path / "cam.detections.jsonl").rename(hanging)
