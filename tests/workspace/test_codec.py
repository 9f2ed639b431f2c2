"""What a file of settings may say, and what is said about one that is wrong."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.workspace.camera_settings import CameraSettings
from livevision.workspace.codec import MOST_BYTES, BrokenSettings, NewerSettings, dumps, loads, plain
from livevision.workspace.preferences import Preferences
from livevision.workspace.workspace import Workspace

FULL = """
version = 1

[[cameras]]
id = "front"
source = "rtsp://camera/stream1"
name = "Front door"
model = "yolo.onnx"
tracker = "bytetrack"
timing = "aligned"
overlay = { annotators = ["box", "label"], thickness = 2, smooth = true }
[cameras.model_options]
device = "cpu"
image_size = [640, 384]
tiles = { width = 640, height = 640 }
[cameras.filter]
confidence = 0.4
classes = ["person", "car"]
class_confidences = { person = 0.5, "traffic light" = 1 }
[cameras.recording]
kind = "both"
segment_s = 600
[cameras.view]
rotate = 90
mirror = true
fit = "fill"

[layouts.current]
kind = "1+5"
maximised = "front"
[layouts.saved.3]
kind = "2x2"
order = ["front"]
cycle_s = 12.5

[windows]
main = { x = -1920, y = 0, width = 1280, height = 800, state = "maximised" }
docks.camera = { visible = false, side = "left" }
"""


def wrong(text: str | bytes, kind: type[Workspace | Preferences] = Workspace) -> str:
    with pytest.raises(BrokenSettings) as raised:
        loads(text if isinstance(text, bytes) else text.encode(), kind)
    return str(raised.value)


def test_an_empty_file_is_a_workspace_without_cameras() -> None:
    assert loads(b"", Workspace) == Workspace()


def test_what_stands_in_a_file_is_understood() -> None:
    workspace = loads(FULL.encode(), Workspace)
    (camera,) = workspace.cameras
    assert (camera.name, camera.timing, camera.view.rotate) == ("Front door", "aligned", 90)
    assert camera.model_options.image_size == (640, 384)
    assert camera.filter.class_confidences == {"person": 0.5, "traffic light": 1}
    assert camera.overlay == {"annotators": ("box", "label"), "thickness": 2, "smooth": True}
    assert workspace.layouts.saved["3"].order == ("front",)
    assert workspace.windows.main is not None
    assert workspace.windows.main.x == -1920
    assert not workspace.windows.docks["camera"].visible


def test_a_file_written_by_hand_means_the_same_after_a_round_trip() -> None:
    workspace = loads(FULL.encode(), Workspace)
    assert loads(dumps(plain(workspace)), Workspace) == workspace


def test_only_what_is_not_as_usual_is_written() -> None:
    camera = CameraSettings(id="a", source="0")
    assert tomllib.loads(dumps(plain(Workspace(cameras=(camera,)))).decode()) == {
        "version": 1,
        "cameras": [{"id": "a", "source": "0"}],
    }


NAMES = st.text(st.characters(exclude_categories=["C"]), max_size=20)
SHARES = st.floats(0, 1)


@given(
    st.lists(
        st.builds(
            CameraSettings,
            id=st.from_regex(r"\A[a-z0-9]{8}\Z"),
            source=NAMES.filter(lambda name: name and "://" not in name),
            name=NAMES,
            overlay=st.dictionaries(NAMES, st.booleans() | st.integers(-9, 9) | SHARES | NAMES, max_size=3),
            filter=st.fixed_dictionaries(
                {"confidence": SHARES, "class_confidences": st.dictionaries(NAMES, SHARES, max_size=3)},
                optional={"classes": st.lists(NAMES, max_size=3), "iou": SHARES},
            ),
        ),
        max_size=4,
        unique_by=lambda camera: camera.id,
    )
)
def test_every_workspace_survives_its_file(cameras: list[CameraSettings]) -> None:
    workspace = Workspace(cameras=tuple(cameras))
    assert loads(dumps(plain(workspace)), Workspace) == workspace


@given(st.binary(max_size=200) | st.text(alphabet='[]{}=".,abc1\n\\u', max_size=80).map(str.encode))
def test_whatever_a_file_holds_it_is_understood_or_refused(text: bytes) -> None:
    try:
        loads(text, Workspace)
    except (BrokenSettings, NewerSettings) as error:
        assert str(error)  # noqa: PT017  either is fine


ONE = '[[cameras]]\nsource = "0"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ONE + 'modle = "motion"', "line 3: cameras.0.modle is unknown; did you mean model?"),
        ("[[camera]]\nsource = '0'", "line 1: camera is unknown; did you mean cameras?"),
        ("[windows]\nxyz = 1", "line 2: windows.xyz is unknown; known are main, docks, tiles"),
        (ONE + "[cameras.veiw]\nrotate = 90", "line 3: cameras.0.veiw is unknown; did you mean view?"),
        (ONE + "[[cameras]]\nname='x'", "line 3: cameras.1.source is missing"),
        (ONE + "filter.confidence = 2", "line 3: cameras.0.filter.confidence is 2, but 1.0 is the most"),
        (ONE + "filter = {confidence = -0.5}", "line 3: cameras.0.filter.confidence is -0.5, but 0.0 is the least"),
        (ONE + 'filter.confidence = ".4"', "line 3: cameras.0.filter.confidence is '.4' where a number is wanted"),
        (ONE + "filter.confidence = nan", "line 3: cameras.0.filter.confidence is nan where a number is wanted"),
        (ONE + "filter.most = true", "line 3: cameras.0.filter.most is true where a whole number is wanted"),
        (
            ONE + "filter.classes = 'car'",
            "line 3: cameras.0.filter.classes is 'car' where a list, as in [1, 2] is wanted",
        ),
        (ONE + "view.mirror = 1", "line 3: cameras.0.view.mirror is 1 where true or false is wanted"),
        (ONE + "view = 1", "line 3: cameras.0.view is 1 where a table of its own is wanted"),
        (ONE + "name = 1", "line 3: cameras.0.name is 1 where text in quotes is wanted"),
        (ONE + "filter.most = 1979-05-27", "filter.most is '1979-05-27' where a whole number is wanted"),
        (ONE + 'name = "a\\nb"', "line 3: cameras.0.name has a character in it that is not allowed here"),
        (ONE + f'name = "{"x" * 201}"', "line 3: cameras.0.name is too long; 200 characters are the most"),
        (ONE + "view.rotate = 45", "line 3: cameras.0.view.rotate is 45, but only 0, 90, 180 or 270 is allowed"),
        (ONE + 'timing = "now"', "cameras.0.timing is 'now', but only 'live', 'aligned' or 'as-they-come' is allowed"),
        (
            ONE + 'recording.quality = "ok"',
            "cameras.0.recording.quality is 'ok', but only 'small', 'good' or 'best' is allowed",
        ),
        (ONE + 'recording.template = "{date}"', "cameras.0.recording.template is wrong: {date}: add {time}"),
        (ONE + "overlay.box = { a = 1 }", "line 3: cameras.0.overlay.box is wrong: only a number, true, false, a line"),
        ("layouts.saved.10.kind = 'auto'", "line 1: layouts.saved has no 10, only '1', '2'"),
        ("cameras = 5", "line 1: cameras is 5 where a list, as in [1, 2] is wanted"),
        ("version = 0", "line 1: version is 0, but only 1 is allowed"),
        ("cameras = [" + "{source='0'}," * 257 + "]", "cameras is too long; 256 entries are the most"),
        ('[[cameras]]\nid="a"\nsource="0"\n' * 2, "2 cameras have the id a; give each its own, or leave it out"),
        ('[[cameras]]\nsource=""', "line 2: cameras.0.source is empty"),
        ("cameras = [", "no TOML: "),
        (b'name = "\xff"', "line 1: no text in UTF-8"),
        ("a = " + "[" * 100_000, "lists within lists"),
        ("windows.main.x = " + "9" * 5000, "no TOML: "),
        ("#" * (MOST_BYTES + 1), "it has more than 1 MB"),
    ],
)
def test_what_is_wrong_is_said(text: str | bytes, words: str) -> None:
    assert words in wrong(text)


def test_all_problems_are_in_one_message_of_a_few_lines() -> None:
    said = wrong("".join(f"key{number} = 1\n" for number in range(9))).splitlines()
    assert said[0].startswith("line 1: key0 is unknown")
    assert said[4].startswith("line 5: ")
    assert said[5:] == ["and 4 more"]


@pytest.mark.parametrize(
    "text",
    [
        'sources = "rtsp://me:hunter2@camera/1"',
        ONE + 'at_end = "rtsp://me:hunter2@camera/1"',
        '[[cameras]]\nsource = ["rtsp://me:hunter2@camera/1"]',
        ONE + 'model = ["roboflow+http://gpu/?api_key=hunter2"]',
        ONE + 'overlay."rtsp://me:hunter2@camera/1" = { a = 1 }',
        'cameras = "rtsp://me:hunter2@camera/1',
    ],
)
def test_no_message_has_a_password_in_it(text: str) -> None:
    assert "hunter2" not in wrong(text)


def test_a_newer_file_is_no_broken_one() -> None:
    with pytest.raises(NewerSettings, match="written by a newer livevision \\(form 2, this one knows 1\\)"):
        loads(b"version = 2\nholograms = true", Workspace)


def test_preferences_are_understood_and_written_likewise() -> None:
    text = (
        b'theme = "dark"\nrecent_models = ["motion"]\n[recording]\nencoder = "nvenc"\n[privacy]\nclasses = ["person"]\n'
    )
    preferences = loads(text, Preferences)
    assert (preferences.theme, preferences.recording.encoder) == ("dark", "nvenc")
    assert loads(dumps(plain(preferences)), Preferences) == preferences
    assert "theme is 'blue', but only 'system', 'dark' or 'light' is allowed" in wrong('theme = "blue"', Preferences)


def test_cameras_without_an_id_get_one_that_stays() -> None:
    text = b'[[cameras]]\nsource="0"\n[[cameras]]\nsource="0"\n[[cameras]]\nsource="rtsp://me:pw@c/1"'
    first, second = loads(text, Workspace), loads(text.replace(b"me:pw@", b""), Workspace)
    assert len({camera.id for camera in first.cameras}) == 3
    assert [camera.id for camera in first.cameras] == [camera.id for camera in second.cameras]
