"""Passwords of cameras: kept once they worked, found again, and never in a message."""

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from livevision.accounts import Accounts, WhenLive
from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.errors import UsageError
from livevision.redaction import Redactor
from livevision.sources.status import CameraState, CameraStatus
from livevision.url_secrets import concealed
from tests.fakes.cameras import ScriptedCamera, until
from tests.fakes.inference_server import Behaviour, InferenceServer
from tests.fakes.keyrings import Safe as DesktopKeyring


class Safe:
    """A keyring in memory; ``gate`` closed, it waits for somebody to unlock it."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.gate = threading.Event()
        self.gate.set()

    def get_password(self, service: str, username: str) -> str | None:
        self.gate.wait(60)
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture
def safe() -> Iterator[Safe]:
    safe = Safe()
    yield safe
    safe.gate.set()


async def test_what_was_kept_completes_the_address_next_time(safe: Safe) -> None:
    first = Accounts(Redactor(), lambda: safe)
    await first.keep("rtsp://anna:p@ss:w/rd#@cam.local/main")
    await first.aclose()
    redactor = Redactor()
    second = Accounts(redactor, lambda: safe)
    complete = await second.complete("rtsp://cam.local/main")
    await second.aclose()
    assert complete == "rtsp://anna:p%40ss%3Aw%2Frd%23@cam.local/main"
    assert "p@ss" not in redactor.redact("it was p@ss:w/rd# or p%40ss%3Aw%2Frd%23")
    assert second.notice == ""


async def test_an_address_with_its_own_account_needs_no_keyring(safe: Safe) -> None:
    accounts = Accounts(Redactor(), lambda: safe)
    safe.gate.clear()
    assert await accounts.complete("rtsp://anna:secret@cam/main") == "rtsp://anna:secret@cam/main"
    assert await accounts.complete("rtsp://anna@cam/main") == "rtsp://anna:@cam/main"
    await accounts.aclose()


async def test_a_keyring_that_waits_for_its_operator_does_not_keep_the_camera_waiting(
    safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livevision.accounts._PATIENCE", 0.05)
    accounts = Accounts(Redactor(), lambda: safe)
    safe.gate.clear()
    assert await accounts.complete("rtsp://cam/main") == "rtsp://cam/main"
    safe.gate.set()
    await accounts.aclose()


async def test_without_a_keyring_it_is_said_that_passwords_do_not_last() -> None:
    accounts = Accounts(Redactor(), lambda: None)
    await accounts.keep("rtsp://anna:secret@cam/main")
    assert await accounts.complete("rtsp://cam/main") == "rtsp://anna:secret@cam/main"
    assert "forgotten when livevision is closed" in accounts.notice
    await accounts.aclose()


def test_it_happens_once_and_only_when_the_camera_is_live() -> None:
    done: list[bool] = []
    watcher = WhenLive(lambda: done.append(True))
    for state in (CameraState.CONNECTING, CameraState.LIVE, CameraState.LIVE):
        watcher.on_status(CameraStatus(state, 0.0))
    assert done == [True]


async def test_a_password_is_kept_when_the_camera_has_taken_it_and_not_before(
    safe: Safe, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with App(tmp_path) as app:
        await app.accounts.aclose()
        app.accounts = Accounts(app.redactor, lambda: safe)
        camera = ScriptedCamera()
        app.sources.opener = lambda *_: camera.opener  # type: ignore[method-assign, assignment]
        await app.add(CameraRequest("rtsp://anna:secret@cam.invalid/main"))
        await asyncio.sleep(0.02)
        assert safe.entries == {}
        camera.send()
        await until(lambda: len(safe.entries) == 1)
        logging.getLogger("livevision.test").warning("%s said secret", "anna")
    assert list(safe.entries.values()) == ["anna:secret"]
    assert caplog.messages == ["anna said •••"]


async def test_the_key_in_the_address_of_a_model_is_sent_again_after_a_restart(
    desktop_keyring: DesktopKeyring, tmp_path: Path
) -> None:
    answer = json.dumps({"success": True, "predictions": []}).encode()
    with InferenceServer(Behaviour(body=answer)) as server:
        typed = f"deepstack+http://{server.place}/?api_key=k3y-of-anna"
        for model in (typed, concealed(typed)):
            async with App(tmp_path) as app:
                camera = await app.add(CameraRequest("synthetic:street?size=320x180&fps=25", model))
                await until(lambda camera=camera: camera.seen.result is not None, 20)
                assert camera.running_model == model
                await until(lambda: len(desktop_keyring.entries) == 1)
            assert b"k3y-of-anna" in server.bodies[-1]
            server.bodies.clear()
    assert "k3y-of-anna" not in "".join(name for _, name in desktop_keyring.entries)


async def test_a_secret_that_nobody_knows_is_asked_for_and_not_sent_as_its_mask(safe: Safe) -> None:
    accounts = Accounts(Redactor(), lambda: safe)
    with pytest.raises(UsageError, match=r"The secret in rtsp://cam/1\?token=••• is not known") as missing:
        await accounts.complete("rtsp://anna:pw@cam/1?token=•••")
    assert "\n" not in str(missing.value)
    assert "pw" not in str(missing.value)
    await accounts.aclose()


async def test_a_password_is_found_whatever_secret_the_address_has_beside_it(safe: Safe) -> None:
    accounts = Accounts(Redactor(), lambda: safe)
    await accounts.keep("rtsp://anna:pw@cam/1?token=t1", "a")
    await accounts.keep("rtsp://anna:pw@cam/1?token=t2", "b")
    await accounts.aclose()
    again = Accounts(Redactor(), lambda: safe)
    assert await again.complete("rtsp://cam/1?token=•••", "a") == "rtsp://anna:pw@cam/1?token=t1"
    assert await again.complete("rtsp://cam/1?token=•••", "b") == "rtsp://anna:pw@cam/1?token=t2"
    await again.aclose()
