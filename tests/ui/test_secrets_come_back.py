"""A camera whose address has a token: the camera is asked with it after a restart, and no file ever has it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from livevision.sources.status import CameraState
from tests.fakes.cameras import until
from tests.fakes.keyrings import Safe
from tests.fakes.sitting import names, press, rename, sitting, type_address
from tests.fakes.web_server import WebServer

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]
TOKEN = "hunter2%26xyz"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WebServer]:
    folder = tmp_path / "served"
    folder.mkdir()
    with WebServer(folder) as server:
        yield server


def is_live(window: Any) -> Callable[[], bool]:
    return lambda: (
        bool(window.grid.tiles)
        and all(tile.camera.session.status.state is CameraState.LIVE for tile in window.grid.tiles)
    )


def asked_for(server: WebServer) -> set[str]:
    paths = {target for target in server.targets if "mjpeg" in target}
    server.targets.clear()
    return paths


def assert_nowhere(folder: Path, caplog: pytest.LogCaptureFixture, *secrets: str) -> None:
    """Read every file that was written, and every line that was said."""
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "workspace.toml" for path in written)
    for path in written:
        content = path.read_bytes()
        for secret in secrets:
            assert secret.encode() not in content, path
    for secret in secrets:
        assert secret not in caplog.text


def test_a_token_is_sent_again_after_a_restart(
    on_qt: OnQt, tmp_path: Path, desktop_keyring: Safe, server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    address = server.url(f"mjpeg?token={TOKEN}")

    async def first() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, address)
            await until(is_live(window), 20)
            await until(lambda: bool(desktop_keyring.entries))
            await rename(window, "Gate")
            await until(lambda: names(window) == ["Gate"])
            press(window, "Ctrl+S")
            await until(lambda: any(tmp_path.glob("*.png")), 20)
            await until(lambda: window.background.idle)

    async def second() -> None:
        async with sitting(tmp_path) as window:
            await until(is_live(window), 20)
            assert names(window) == ["Gate"]
            # Whatever is done with it, it stays the same camera.
            window.commands.duplicate(window.grid.tiles[0])
            await until(lambda: len(window.grid.tiles) == 2)
            window.commands.remove(window.grid.tiles[0])
            await until(lambda: len(window.grid.tiles) == 1)
            window.commands.undo()
            await until(lambda: len(window.grid.tiles) == 2)
            await until(is_live(window), 20)

    on_qt(first())
    sent = f"/mjpeg?token={TOKEN}"
    assert asked_for(server) == {sent}
    assert_nowhere(tmp_path, caplog, "hunter2")
    assert not any("hunter2" in name for _, name in desktop_keyring.entries)
    on_qt(second())
    assert asked_for(server) == {sent}
    assert_nowhere(tmp_path, caplog, "hunter2")


def test_two_cameras_that_differ_in_their_token_only_keep_their_own(
    on_qt: OnQt, tmp_path: Path, desktop_keyring: Safe, server: WebServer
) -> None:
    addresses = [server.url(f"mjpeg?token={token}") for token in ("first1", "second2")]

    async def first() -> None:
        async with sitting(tmp_path) as window:
            for address in addresses:
                await type_address(window, address)
                await until(is_live(window), 20)
            await until(lambda: len(desktop_keyring.entries) == 3)

    async def second() -> None:
        async with sitting(tmp_path) as window:
            await until(lambda: len(window.grid.tiles) == 2)
            await until(is_live(window), 20)

    on_qt(first())
    asked_for(server)
    on_qt(second())
    assert asked_for(server) == {"/mjpeg?token=first1", "/mjpeg?token=second2"}


def test_without_its_keyring_one_line_says_what_is_missing_and_nothing_is_sent(
    on_qt: OnQt, tmp_path: Path, desktop_keyring: Safe, server: WebServer
) -> None:
    async def first() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, server.url(f"mjpeg?token={TOKEN}"))
            await until(is_live(window), 20)
            await until(lambda: bool(desktop_keyring.entries))

    async def second() -> None:
        async with sitting(tmp_path) as window:
            await until(lambda: "is not known on this computer any more" in window.messages.text(), 20)
            await asyncio.sleep(0)
            assert "•••" in window.messages.text()
            assert window.grid.tiles == []

    on_qt(first())
    asked_for(server)
    desktop_keyring.entries.clear()
    on_qt(second())
    assert asked_for(server) == set()
