"""Settings are found again as they were left, whatever happens to their file, its folder, or the program."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from livevision.errors import SettingsError
from livevision.workspace import file as file_module
from livevision.workspace.camera_settings import CameraSettings
from livevision.workspace.preferences import Preferences
from livevision.workspace.shared_file import SharedFile
from livevision.workspace.store import Store
from livevision.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BROKEN = b'[[cameras]]\nsource = "0"\nmodle = "motion"\n'
ASIDE = "workspace.broken-2026-11-22_14-05-09.toml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "workspace.toml"


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, thread_name_prefix="settings") as thread:
        yield thread


MakeStore = "Callable[[], Store[Workspace]]"


@pytest.fixture
def make(path: Path, thread: ThreadPoolExecutor) -> Callable[[], Store[Workspace]]:
    return lambda: Store(path, Workspace, thread, 0, lambda: datetime(2026, 11, 22, 14, 5, 9))


def with_cameras(*names: str) -> Workspace:
    return Workspace(cameras=tuple(CameraSettings(id=name, source=f"rtsp://{name}/1") for name in names))


def put(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


async def test_what_was_saved_is_found_again(make: MakeStore, path: Path) -> None:
    store = make()
    assert await store.load() == Workspace()
    assert not path.exists(), "nothing has been changed yet"
    store.save(with_cameras("a", "b"))
    await store.aclose()
    assert await make().load() == with_cameras("a", "b")
    assert store.notice == ""


async def test_only_its_owner_may_read_it(make: MakeStore, path: Path) -> None:
    store = make()
    store.save(with_cameras("a"))
    await store.aclose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_many_changes_are_written_once_and_the_last_one_counts(
    make: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    write = file_module.SettingsFile.write
    monkeypatch.setattr(file_module.SettingsFile, "write", lambda file, text: (written.append(text), write(file, text)))
    store = make()
    for number in range(50):
        store.save(with_cameras(f"c{number}"))
    await store.flush()
    assert len(written) == 1
    assert b"c49" in written[0]


async def test_a_change_is_written_soon_without_being_asked_for(make: MakeStore, path: Path) -> None:
    store = make()
    store.save(with_cameras("a"))
    while not path.exists():
        await asyncio.sleep(0.005)
    assert '"a"' in path.read_text()
    await store.aclose()


async def test_at_the_end_nothing_waits(path: Path, thread: ThreadPoolExecutor, make: MakeStore) -> None:
    store = Store(path, Workspace, thread, delay=50)
    store.save(with_cameras("a"))
    async with asyncio.timeout(5):
        await store.aclose()
        await store.aclose()
    assert await make().load() == with_cameras("a")


async def test_a_change_while_another_is_written_is_written_too(
    make: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    write = file_module.SettingsFile.write

    def slow(file: file_module.SettingsFile, text: bytes) -> None:
        begun.set()
        go_on.wait(60)
        write(file, text)

    monkeypatch.setattr(file_module.SettingsFile, "write", slow)
    store = make()
    store.save(with_cameras("a"))
    while not begun.is_set():
        await asyncio.sleep(0.001)  # the loop goes on meanwhile
    store.save(with_cameras("a", "b"))
    go_on.set()
    await store.aclose()
    assert await make().load() == with_cameras("a", "b")


async def test_what_is_as_before_is_not_written(make: MakeStore, path: Path) -> None:
    put(path, b"# mine\n[layouts.current]\nkind = '2x2'\n")
    store = make()
    store.save((await store.load()).but())
    await store.aclose()
    assert path.read_bytes().startswith(b"# mine")


async def test_a_broken_file_is_kept_aside_and_said(make: MakeStore, path: Path) -> None:
    put(path, BROKEN)
    store = make()
    assert await store.load() == Workspace()
    assert store.notice == (
        f"workspace.toml was not understood and is now called {ASIDE}. Mend it and give it its name back, "
        "or go on with new settings.\nline 3: cameras.0.modle is unknown; did you mean model?"
    )
    store.save(with_cameras("a"))
    await store.aclose()
    assert path.with_name(ASIDE).read_bytes() == BROKEN
    assert await make().load() == with_cameras("a")


async def test_a_second_broken_file_in_the_same_second_is_kept_too(make: MakeStore, path: Path) -> None:
    for text in (BROKEN, BROKEN + b"#"):
        put(path, text)
        await make().load()
    assert {each.read_bytes() for each in path.parent.glob("*.broken-*.toml")} == {BROKEN, BROKEN + b"#"}


async def test_a_file_that_the_user_named_is_left_for_them_to_mend(make: MakeStore, path: Path) -> None:
    put(path, BROKEN)
    with pytest.raises(SettingsError, match=r"workspace.toml was not understood. Mend it and start again.\nline 3: "):
        await make().load_named()
    assert [each.name for each in path.parent.iterdir()] == ["workspace.toml"]


async def test_a_file_broken_while_the_app_runs_is_kept_aside_too(make: MakeStore, path: Path) -> None:
    store = make()
    store.save(with_cameras("a"))
    await store.flush()
    put(path, BROKEN)
    store.save(with_cameras("a", "b"))
    await store.flush()
    assert ASIDE in store.notice
    assert path.with_name(ASIDE).read_bytes() == BROKEN
    assert await make().load() == with_cameras("a", "b")


async def test_a_broken_file_that_cannot_be_kept_aside_stays_as_it_is(
    make: MakeStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    put(path, BROKEN)
    store = make()
    assert await store.load() == Workspace()
    assert store.notice == (
        f"{path} was not understood, cannot be renamed here, and stays as it is. Mend it; until then changes are not "
        "saved.\nline 3: cameras.0.modle is unknown; did you mean model?"
    )
    store.save(with_cameras("a"))
    await store.aclose()
    assert path.read_bytes() == BROKEN


async def test_a_newer_file_is_never_touched(make: MakeStore, path: Path) -> None:
    put(path, b"version = 2\nholograms = true\n")
    store = make()
    assert await store.load() == Workspace()
    for _ in range(2):
        assert store.notice == (
            f"{path} is left alone, and changes are not saved: it was written by a newer livevision (form 2, this one "
            "knows 1). Start the newer one, or move the file away."
        )
        store.save(with_cameras("a"))
        await store.flush()
    assert path.read_bytes() == b"version = 2\nholograms = true\n"
    assert not list(path.parent.glob("*broken*"))


async def test_what_is_no_file_is_left_alone(make: MakeStore, path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    store = make()
    assert await store.load() == Workspace()
    assert store.notice == f"{path} could not be read: it is no file. Choose another one."
    store.save(with_cameras("a"))
    await store.aclose()
    assert stat.S_ISFIFO(path.stat().st_mode)


async def test_a_folder_that_cannot_be_written_is_said_in_one_line_and_the_app_goes_on(
    make: MakeStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    store = make()
    with monkeypatch.context() as patch:
        patch.setattr(file_module, "_write_new", refuse)
        store.save(with_cameras("a"))
        await store.flush()
        assert store.notice == (
            f"{path} could not be written: Permission denied. Changes last until livevision is closed; check the "
            "permissions of its folder, and the space."
        )
    await store.flush()
    assert store.notice == ""
    assert await make().load() == with_cameras("a")


async def test_a_folder_that_cannot_be_made_is_said_too(tmp_path: Path, thread: ThreadPoolExecutor) -> None:
    (tmp_path / "config").write_text("a file")
    store = Store(tmp_path / "config" / "workspace.toml", Workspace, thread, 0)
    await store.load()
    store.save(with_cameras("a"))
    await store.aclose()
    assert "could not be written: " in store.notice
    assert len(store.notice.splitlines()) == 1


async def test_another_window_that_hangs_while_writing_is_said(
    make: MakeStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_module, "_PATIENCE", 0.01)
    path.parent.mkdir()
    store = make()
    with FileLock(path.with_name(".workspace.toml.lock")):
        store.save(with_cameras("a"))
        await store.aclose()
    assert "another window of livevision does not stop writing it" in store.notice
    assert not path.exists()


async def test_what_fits_into_no_file_together_is_not_written(make: MakeStore) -> None:
    one, two = make(), make()
    one.save(with_cameras(*(f"a{number}" for number in range(200))))
    await one.aclose()
    two.save(with_cameras(*(f"b{number}" for number in range(200))))
    await two.aclose()
    assert "cameras is too long; 256 entries are the most. Remove something." in two.notice
    assert len((await make().load()).cameras) == 200


async def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    make: MakeStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make()
    store.save(with_cameras("a"))
    await store.flush()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_module.os, "fsync", full)
    store.save(with_cameras("a", "b"))
    await store.aclose()
    assert "No space left on device" in store.notice
    assert not list(path.parent.glob(".*.tmp"))
    assert await make().load() == with_cameras("a")


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from livevision.workspace import file
from livevision.workspace.shared_file import SharedFile
from livevision.workspace.workspace import Workspace
file.os.fsync = lambda descriptor: os._exit(9)
SharedFile(Path(sys.argv[1]), Workspace, datetime.now).write(Workspace().but(layouts={"current": {"kind": "4x4"}}))
"""


async def test_a_program_killed_while_writing_leaves_the_old_file_and_what_it_left_is_removed(
    make: MakeStore, path: Path
) -> None:
    store = make()
    store.save(with_cameras("a"))
    await store.flush()
    killed = _kill_while_writing(path)
    assert killed == 9
    assert list(path.parent.glob(".workspace.toml.*.tmp")), "or the test would not be one"
    assert await make().load() == with_cameras("a")
    store.save(with_cameras("a", "b"))
    await store.aclose()
    assert not list(path.parent.glob(".*.tmp"))
    assert await make().load() == with_cameras("a", "b")


def _kill_while_writing(path: Path) -> int:
    return subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=60).returncode


async def test_two_windows_do_not_destroy_each_others_settings(make: MakeStore) -> None:
    first, second = make(), make()
    first.save(with_cameras("a", "b"))
    await first.flush()
    await first.load()
    shown = await second.load()
    # Each goes on with what it shows, and never learns what the other does.
    a, b = shown.cameras
    mine = shown.with_camera(a.but(name="A")).with_camera(CameraSettings(id="c", source="0"))
    theirs = shown.with_camera(b.but(model="motion")).but(layouts={"current": {"kind": "2x2"}})
    first.save(mine)
    await first.flush()
    second.save(theirs)
    await second.flush()
    first.save(mine.without_camera("a"))
    await first.flush()
    second.save(theirs.with_camera(b.but(model="people")))
    await second.aclose()
    await first.aclose()
    found = await make().load()
    assert [(camera.id, camera.model) for camera in found.cameras] == [("b", "people"), ("c", None)]
    assert found.layouts.current.kind == "2x2"


def test_windows_that_write_at_the_same_time_lose_nothing(path: Path) -> None:
    def window(name: str) -> None:
        file, workspace = SharedFile(path, Workspace, datetime.now), Workspace()
        for number in range(12):
            workspace = workspace.with_camera(CameraSettings(id=f"{name}{number}", source="0"))
            file.write(workspace)

    with ThreadPoolExecutor(3, thread_name_prefix="window") as windows:
        for done in [windows.submit(window, name) for name in "abc"]:
            done.result()
    assert len(SharedFile(path, Workspace, datetime.now).read().cameras) == 36


async def test_a_hand_edit_while_the_app_runs_is_kept(make: MakeStore, path: Path) -> None:
    store = make()
    store.save(with_cameras("a"))
    await store.flush()
    put(path, b'[[cameras]]\nid = "a"\nsource = "rtsp://a/1"\nname = "By hand"\n')
    store.save(with_cameras("a", "b"))
    await store.aclose()
    assert [camera.name for camera in (await make().load()).cameras] == ["By hand", ""]


async def test_a_link_stays_a_link(make: MakeStore, path: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("[layouts.current]\nkind = '3x3'\n")
    path.parent.mkdir()
    path.symlink_to(real)
    store = make()
    store.save((await store.load()).with_camera(CameraSettings(id="a", source="0")))
    await store.aclose()
    assert path.is_symlink()
    assert b"3x3" in real.read_bytes()
    assert b"cameras" in real.read_bytes()


async def test_save_as_goes_on_elsewhere(make: MakeStore, path: Path, tmp_path: Path) -> None:
    store, elsewhere = make(), tmp_path / "demo [1].toml"
    elsewhere.write_bytes(BROKEN)  # the dialog has asked
    store.save(with_cameras("a"))
    other = await store.save_as(elsewhere, with_cameras("a", "b"))
    other.save(with_cameras("b"))
    await other.aclose()
    await store.aclose()
    assert await make().load() == with_cameras("a")
    assert await other.load() == with_cameras("b")


async def test_save_as_says_what_fails(make: MakeStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="could not be written"):
        await make().save_as(tmp_path / "file" / "w.toml", Workspace())


async def test_no_password_reaches_the_disk(make: MakeStore, path: Path) -> None:
    store = make()
    store.save(Workspace(cameras=(CameraSettings(id="a", source="rtsp://me:hunter2@camera/1?token=hunter2"),)))
    await store.aclose()
    assert b"rtsp://camera/1?token=" in path.read_bytes()
    assert not [each for each in path.parent.iterdir() if b"hunter2" in each.read_bytes()]


async def test_preferences_have_a_file_of_the_same_kind(tmp_path: Path, thread: ThreadPoolExecutor) -> None:
    first, second = (Store(tmp_path / "preferences.toml", Preferences, thread, 0) for _ in range(2))
    await first.load()
    await second.load()
    first.save(Preferences(theme="dark"))
    await first.aclose()
    second.save(Preferences(language="de"))
    await second.aclose()
    assert await second.load() == Preferences(theme="dark", language="de")
