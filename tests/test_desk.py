"""What is set up, without a window."""

import asyncio
from pathlib import Path

import pytest

from livevision.desk import Desk
from livevision.workspace.camera_settings import CameraSettings
from livevision.workspace.layout_settings import Geometry, Layout, Layouts, Windows

DOOR = CameraSettings(id="door", source="rtsp://door.local/main", name="Door")
YARD = CameraSettings(id="yard", source="rtsp://yard.local/main", name="Yard")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


def test_a_camera_that_never_could_be_opened_leaves_no_step_behind() -> None:
    desk = Desk()
    desk.add(DOOR, "Add Door")
    desk.add(YARD, "Add Yard")
    desk.set(DOOR.but(name="Front"), "Rename Door")
    desk.forget("yard")
    assert [camera.name for camera in desk.cameras] == ["Front"]
    desk.undo()
    assert desk.cameras == (DOOR,)
    assert desk.undoes == "Add Door"
    desk.redo()
    assert [camera.name for camera in desk.cameras] == ["Front"]


def test_no_undo_takes_away_a_camera_of_the_command_line() -> None:
    desk = Desk()
    desk.add(DOOR, "Add Door")
    desk.know(YARD)
    desk.undo()
    assert desk.cameras == (YARD,)
    desk.redo()
    assert desk.cameras == (DOOR, YARD)


def test_what_ends_where_it_began_is_nothing_to_undo() -> None:
    desk = Desk()
    desk.know(DOOR)
    dragging = object()
    desk.set(DOOR.but(name="Front"), "Name", dragging)
    desk.set(DOOR, "Name", dragging)
    assert desk.undoes is None


def test_each_change_is_undone_by_itself_and_a_drag_as_a_whole() -> None:
    desk = Desk()
    desk.know(DOOR)
    for name in ("Front", "Back"):
        desk.set(DOOR.but(name=name), "Name")
    for drag in (object(), object()):
        for step in range(3):
            desk.set(desk.cameras[0].but(name=f"{desk.cameras[0].name}{step}"), "Slider", drag)
    assert desk.cameras[0].name == "Back012012"
    for name in ("Back012", "Back", "Front", DOOR.name):
        desk.undo()
        assert desk.cameras[0].name == name


def test_what_was_given_up_leaves_no_step_behind() -> None:
    desk = Desk()
    desk.know(DOOR)
    desk.set(DOOR.but(model="motion"), "Model")
    desk.set(DOOR.but(model="slow.onnx"), "Model")
    desk.withdraw(DOOR.but(model="motion"), "Model")
    assert (desk.cameras[0].model, desk.redoes) == ("motion", None)
    desk.undo()
    assert desk.cameras[0].model == DOOR.model
    # What was changed meanwhile stays, and so giving up is a step of its own.
    desk.set(DOOR.but(model="slow.onnx"), "Model")
    desk.set(DOOR.but(model="slow.onnx", name="Front"), "Name")
    desk.withdraw(DOOR.but(name="Front"), "Model")
    desk.undo()
    assert desk.cameras[0].model == "slow.onnx"


def test_starting_empty_keeps_windows_and_layouts_and_no_cameras(tmp_path: Path) -> None:
    async def scenario() -> None:
        first = Desk()
        await first.open_preferences()
        await first.open_workspace()
        first.prefer(first.preferences.but(startup="empty"))
        first.add(DOOR, "Add Door")
        windows = Windows(main=Geometry(x=1, y=2, width=300, height=200))
        first.arrange(Layouts(current=Layout(kind="2x2")), windows)
        assert not first.was_found("door")
        await first.aclose()
        second = Desk()
        await second.open_preferences()
        await second.open_workspace()
        assert second.cameras == ()
        assert second.windows == windows
        assert second.layouts.current.kind == "2x2"
        await second.aclose()
        third = Desk()
        await third.open_workspace()  # without the preference for an empty start
        assert third.was_found("door")
        await third.aclose()

    asyncio.run(scenario())


def test_saved_elsewhere_it_is_kept_there_from_then_on(tmp_path: Path) -> None:
    async def scenario() -> None:
        desk = Desk()
        await desk.open_workspace()
        desk.add(DOOR, "Add Door")
        await desk.save_workspace_as(tmp_path / "other.toml")
        desk.add(YARD, "Add Yard")
        await desk.aclose()
        assert desk.place == tmp_path / "other.toml"

    asyncio.run(scenario())
    assert "yard" in (tmp_path / "other.toml").read_text()
    assert "yard" not in (tmp_path / "workspace.toml").read_text()
