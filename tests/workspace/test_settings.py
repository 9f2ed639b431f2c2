"""What settings mean to the rest of the program."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from livevision.errors import SettingsError
from livevision.inference.filter import DetectionFilter
from livevision.inference.options import Device, Jpeg, ModelOptions, Tiles
from livevision.inference.registry import DetectorRegistry
from livevision.recording.encoders import EncoderChoice
from livevision.timing import BoxTiming
from livevision.workspace import folders
from livevision.workspace.camera_settings import CameraSettings, FilterSettings, ModelSettings, Timing, new_id
from livevision.workspace.conversion import detection_filter, filter_settings, model_options, model_settings
from livevision.workspace.preferences import MOST_RECENT, Preferences
from livevision.workspace.python_models import BUILT_IN, python_models
from livevision.workspace.recording_settings import EncoderName, RecordingDefaults, RecordingKind, RecordingSettings
from livevision.workspace.workspace import Workspace

A = CameraSettings(id="a", source="0")


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        A.name = "B"  # type: ignore[misc]
    assert A.but(name="B") == CameraSettings(id="a", source="0", name="B")
    assert A.name == ""


def test_a_change_is_checked() -> None:
    with pytest.raises(SettingsError, match=r"^name has a character in it that is not allowed here$"):
        A.but(name="two\nlines")
    with pytest.raises(SettingsError, match=r"^nmae is unknown; did you mean name\?$"):
        A.but(nmae="B")
    with pytest.raises(SettingsError, match="no file can hold"):
        A.but(source="\udc80.mp4")


def test_cameras_are_found_replaced_and_removed_by_their_id() -> None:
    workspace = Workspace().with_camera(A).with_camera(A.but(id="b")).with_camera(A.but(name="A"))
    assert [(camera.id, camera.name) for camera in workspace.cameras] == [("a", "A"), ("b", "")]
    assert workspace.camera("b") == A.but(id="b")
    assert workspace.without_camera("a").camera("a") is None
    assert new_id() != new_id()


def test_a_camera_records_as_usual_where_it_says_nothing_else() -> None:
    usual = RecordingDefaults(kind="both", segment_s=600, csv=True)
    assert RecordingSettings().over(usual) == usual
    assert RecordingSettings(kind="soft", csv=False, segment_s=0).over(usual) == RecordingDefaults(kind="soft")


@pytest.mark.parametrize(
    "keep", [DetectionFilter(), DetectionFilter(0.4, frozenset({"car", "person"}), {"person": 0.5}, 0.6, 20, 8.0)]
)
def test_a_filter_is_the_same_after_being_kept(keep: DetectionFilter) -> None:
    assert detection_filter(filter_settings(keep)) == keep


@pytest.mark.parametrize(
    "options",
    [
        ModelOptions(),
        ModelOptions(Device.CUDA, (640, 384), "yolox", Tiles(640, 480, 0.3), Jpeg(70, None), 16),
    ],
)
def test_a_models_options_are_the_same_after_being_kept(options: ModelOptions) -> None:
    assert model_options(model_settings(options)) == options


def test_what_is_usual_is_the_same_here_as_where_it_is_used() -> None:
    assert detection_filter(FilterSettings()) == DetectionFilter()
    assert model_options(ModelSettings()) == ModelOptions()


def test_the_words_are_those_of_the_rooms_that_they_belong_to() -> None:
    assert set(get_args(EncoderName)) == {each.value for each in EncoderChoice}
    assert set(get_args(Timing)) == {each.value for each in BoxTiming}
    plan = pytest.importorskip("livevision.recording.plan")
    assert set(get_args(RecordingKind)) == {each.value for each in plan.Kind}


def test_python_models_are_asked_for_once_a_name() -> None:
    models = [
        "motion",
        "People",
        "x.onnx",
        "roboflow+http://gpu/m",
        "acme.models:Fast",
        "acme",
        "acme.models:Fast",
        None,
    ]
    workspace = Workspace(cameras=tuple(A.but(id=str(number), model=each) for number, each in enumerate(models)))
    assert python_models(workspace, Preferences()) == ("acme.models:Fast", "acme")
    assert python_models(workspace, Preferences().with_allowed("acme")) == ("acme.models:Fast",)
    assert set(DetectorRegistry().names()) >= BUILT_IN


def test_recent_models_are_few_and_the_latest_comes_first() -> None:
    preferences = Preferences()
    for number in (*range(MOST_RECENT + 5), 7):
        preferences = preferences.with_recent(f"m{number}")
    assert preferences.recent_models[:2] == ("m7", "m14")
    assert len(preferences.recent_models) == MOST_RECENT


def test_files_are_in_the_platforms_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert str(folders.workspace_path()) == f"{tmp_path}/livevision/workspace.toml"
    assert str(folders.preferences_path()) == f"{tmp_path}/livevision/preferences.toml"
