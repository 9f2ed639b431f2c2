import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.credentials import SERVICE, Credentials, Vault, join, split, usual_backend
from livevision.sources.registry import SourceRegistry

ODD = "p@ss:w/rd#"
CAMERA = "rtsp://camera.local:8554/live"
TEXT = st.text(max_size=30)


@pytest.mark.parametrize(
    ("address", "bare", "account"),
    [
        ("rtsp://anna:secret@camera.local/live", "rtsp://camera.local/live", ("anna", "secret")),
        (f"rtsp://anna:{ODD}@camera.local/live", "rtsp://camera.local/live", ("anna", ODD)),
        (f"rtsp://anna:{quote(ODD, safe='')}@camera.local", "rtsp://camera.local", ("anna", ODD)),
        ("RTSP://anna:pässwörd@[fe80::1]:554/x?y=1#z", "RTSP://[fe80::1]:554/x?y=1#z", ("anna", "pässwörd")),
        ("rtsp://anna:p%C3%A4ss@cam/x", "rtsp://cam/x", ("anna", "päss")),
        ("rtsp://anna@mail.org:secret@cam/x", "rtsp://cam/x", ("anna@mail.org", "secret")),
        ("rtsp://anna:w/rd@cam/x", "rtsp://cam/x", ("anna", "w/rd")),
        ("rtsp://anna:secret@cam/x?mail=a@b.c", "rtsp://cam/x?mail=a@b.c", ("anna", "secret")),
        # In two ways at least:
        ("rtsp://anna:secret@camera.local/stream@1", "rtsp://anna:secret@camera.local/stream@1", None),
        ("rtsp://anna:se@ret/@192.168.1.5/stream", "rtsp://anna:se@ret/@192.168.1.5/stream", None),
        ("rtsp://anna:w/rd@camera.local/stream@1", "rtsp://anna:w/rd@camera.local/stream@1", None),
        ("rtsp://anna:secret@camera.local/to@v1.2", "rtsp://anna:secret@camera.local/to@v1.2", None),
        ("rtsp://anna:secret@cam/stream@1", "rtsp://anna:secret@cam/stream@1", None),
        ("rtsp://anna:50%@cam/x", "rtsp://cam/x", ("anna", "50%")),
        ("rtsp://anna:@cam/x", "rtsp://cam/x", ("anna", "")),
        ("rtsp://anna@cam/x", "rtsp://cam/x", ("anna", "")),
        ("  rtsp://anna:secret@cam  ", "rtsp://cam", ("anna", "secret")),
        ("rtsp://cam:554/stream@1", "rtsp://cam:554/stream@1", None),
        ("rtsp://cam/x?to=a@b.c", "rtsp://cam/x?to=a@b.c", None),
        ("rtsp://cam", "rtsp://cam", None),
        ("file:///home/anna:x@y.mp4", "file:///home/anna:x@y.mp4", None),
        ("anna:secret@x.mp4", "anna:secret@x.mp4", None),
        ("0", "0", None),
        ("", "", None),
    ],
)
def test_an_address_is_split(address: str, bare: str, account: tuple[str, str] | None) -> None:
    assert split(address) == (bare, Credentials(*account) if account else None)


@given(user=TEXT, password=TEXT)
def test_whatever_the_account_it_comes_back(user: str, password: str) -> None:
    address = join(CAMERA, Credentials(user, password))
    assert split(address) == (CAMERA, Credentials(user, password))
    # What FFmpeg and everybody else makes of it.
    assert (urlsplit(address).hostname, urlsplit(address).port, urlsplit(address).path) == (
        "camera.local",
        8554,
        "/live",
    )


@given(password=st.text(st.characters(blacklist_characters="/?#%", blacklist_categories=("Cs",)), max_size=30))
def test_a_password_may_be_written_as_it_is(password: str) -> None:
    address = f"rtsp://anna:{password}@camera.local/live"
    assert split(address) == ("rtsp://camera.local/live", Credentials("anna", password))


def test_a_password_in_another_encoding_is_handed_on_as_it_was() -> None:
    bare, account = split("rtsp://anna:p%E4ss@cam/x")
    assert join(bare, account) == "rtsp://anna:p%E4ss@cam/x"


def test_join_replaces_and_leaves_alone_what_has_no_account() -> None:
    new = Credentials("eve", "a:b")
    assert join("rtsp://anna:old@cam/x", new) == "rtsp://eve:a%3Ab@cam/x"
    assert join("rtsp://anna:old@cam/x", None) == "rtsp://anna:old@cam/x"
    assert join("clip.mp4", new) == "clip.mp4"


@given(password=TEXT)
def test_a_joined_address_can_be_opened(password: str) -> None:
    address = join(CAMERA, Credentials("anna", password))
    SourceRegistry().opener(address)
    assert SourceRegistry().address(address) == SourceRegistry().address(CAMERA)


def test_credentials_do_not_show_their_password() -> None:
    assert repr(Credentials("anna", "secret")) == "Credentials(user='anna')"


class FakeKeyring:
    """A keyring that notes in which threads it is asked, and fails when told to."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.threads: set[str] = set()
        self.error: Exception | None = None

    def _called(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.error:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._called()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._called()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._called()
        del self.kept[service, username]


@pytest.fixture
def executor():
    with ThreadPoolExecutor(1, thread_name_prefix="keyring") as executor:
        yield executor


async def test_the_keyring_outlives_the_vault(executor: ThreadPoolExecutor) -> None:
    keyring = FakeKeyring()
    vault = Vault(executor, lambda: keyring)
    await vault.keep(CAMERA, Credentials("anna", ODD))
    assert (vault.is_lasting, vault.notice) == (True, "")
    later = Vault(executor, lambda: keyring)
    # However the address is written, the account in it is not what it is filed under.
    assert await later.find("rtsp://someone:else@camera.local:8554/live") == Credentials("anna", ODD)
    assert await later.find("rtsp://other.local/live") is None
    assert {key for _service, key in keyring.kept} == {CAMERA}
    assert {service for service, _key in keyring.kept} == {SERVICE}
    assert all(name.startswith("keyring") for name in keyring.threads), "the loop waited for the keyring"


async def test_what_is_forgotten_is_gone(executor: ThreadPoolExecutor) -> None:
    keyring = FakeKeyring()
    vault = Vault(executor, lambda: keyring)
    await vault.keep(CAMERA, Credentials("anna", ODD))
    await vault.forget(CAMERA)
    await vault.forget(CAMERA)
    assert await vault.find(CAMERA) is None
    assert keyring.kept == {}
    assert vault.is_lasting


async def test_without_a_keyring_passwords_last_as_long_as_the_vault(executor: ThreadPoolExecutor) -> None:
    vault = Vault(executor, lambda: None)
    await vault.keep(CAMERA, Credentials("anna", ODD))
    assert await vault.find(CAMERA) == Credentials("anna", ODD)
    assert not vault.is_lasting
    assert "no keyring" in vault.notice
    await vault.forget(CAMERA)
    assert await vault.find(CAMERA) is None


@pytest.mark.parametrize("error", [RuntimeError(f"cannot store {ODD}"), OSError("no bus")])
async def test_a_keyring_that_fails_is_told_and_costs_nothing_else(
    executor: ThreadPoolExecutor, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = FakeKeyring()
    vault = Vault(executor, lambda: keyring)
    await vault.open()
    assert vault.is_lasting
    keyring.error = error
    assert await vault.find(CAMERA) is None
    await vault.keep(CAMERA, Credentials("anna", ODD))
    assert await vault.find(CAMERA) == Credentials("anna", ODD)
    await vault.forget(CAMERA)
    assert not vault.is_lasting
    assert "refused" in vault.notice
    assert ODD not in caplog.text


async def test_the_keyring_is_looked_for_once(executor: ThreadPoolExecutor) -> None:
    looked = []
    vault = Vault(executor, lambda: looked.append(1))
    await asyncio.gather(vault.open(), vault.find(CAMERA), vault.keep(CAMERA, Credentials("anna")))
    assert looked == [1]


@pytest.mark.parametrize("name", ["fail", "null"])
def test_a_desktop_without_a_keyring_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring.core

    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"keyring.backends.{name}.Keyring")
    assert usual_backend() is None


def test_a_keyring_that_cannot_be_loaded_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring.core

    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Keyring")
    assert usual_backend() is None
