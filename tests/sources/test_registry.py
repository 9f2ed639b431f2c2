"""What an operator types, what becomes of it, and what it is called."""

import pytest

from livevision.errors import SourceUnavailable, SourceUnusable, UsageError
from livevision.sources.devices import LocalCamera
from livevision.sources.file import AtEnd, FileReader, Pace
from livevision.sources.folder import FolderReader
from livevision.sources.registry import SourceRegistry, display_name
from livevision.sources.screen import ScreenReader
from livevision.sources.stream import StreamReader
from livevision.sources.webcam import WebcamReader
from tests.fakes.clips import number_in


@pytest.fixture
def registry():
    return SourceRegistry()


@pytest.fixture
def plugged_in(monkeypatch):
    """Three cameras, as far as the registry can tell."""
    cameras = [
        LocalCamera(0, "Integrated Camera", "/dev/video0", "V4L2"),
        LocalCamera(2, "Logitech BRIO", "/dev/video2", "V4L2"),
        LocalCamera(4, "Logitech C920", "/dev/video4", "V4L2"),
    ]
    monkeypatch.setattr("livevision.sources.registry.local_cameras", lambda: cameras)


@pytest.mark.parametrize(
    "source", ["0", " 12 ", "/dev/video2", "0?size=1280x720&fps=30&format=mjpg", "/dev/video1?fps=5"]
)
def test_numbers_are_webcams(registry, source):
    assert isinstance(registry.opener(source)(1), WebcamReader)


@pytest.mark.parametrize(
    "source",
    [
        "rtsp://cam/1",
        "rtsps://cam",
        "http://u:p@cam:80/v.mjpg",
        "HTTPS://cam/live.m3u8",
        "rtmp://cam/live",
        "rtmps://u:p@cam/live",
        "udp://:1234",
        "rtsp://u:p@cam/x?transport=udp",
    ],
)
def test_addresses_are_streams(registry, source):
    reader = registry.opener(source)(1)
    assert isinstance(reader, StreamReader)
    assert "u:p" not in repr(reader)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Logitech", "Logitech BRIO"),
        ("c920", "Logitech C920"),
        ("logitech c920?size=640x480", "Logitech C920"),
        ("Integrated Camera", "Integrated Camera"),
    ],
)
def test_webcams_by_name(registry, plugged_in, source, name):
    assert isinstance(registry.opener(source)(1), WebcamReader)
    assert display_name(source) == name


def test_a_webcam_by_its_name_may_be_plugged_in_later(registry, plugged_in):
    reader = registry.opener("webcam:Sony?size=640x480")(0)
    with pytest.raises(SourceUnavailable, match="No camera called Sony found"):
        reader.open()
    assert display_name("webcam:Sony?size=640x480") == "Sony"
    assert display_name("webcam:brio") == "Logitech BRIO"
    with pytest.raises(UsageError, match="wants the name of a webcam"):
        registry.opener("webcam:")


def test_a_name_that_nobody_has(registry, plugged_in, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceUnusable, match=r"There is no file Sony\. If it is the name of a webcam: .*cameras"):
        registry.opener("Sony")
    # A file is nearer than a camera of that name.
    (tmp_path / "Logitech").write_bytes(b"x")
    assert isinstance(registry.opener("Logitech")(1), FileReader)


@pytest.mark.parametrize(
    "source", ["0?sise=1x1", "synthetic:street?sise=640x360", "screen:?sise=640x360", "{folder}?fsp=2", "{clip}?fps=2"]
)
def test_an_unknown_option_is_refused(registry, source, clip, tmp_path):
    (tmp_path / "a.png").touch()
    with pytest.raises(UsageError, match=r"did you mean '(size|fps)'\?|A recorded file has no options"):
        registry.opener(source.format(folder=tmp_path, clip=clip))


def test_a_question_mark_in_a_name(registry, tmp_path, clip):
    odd = tmp_path / "what?fps=2.mp4"
    odd.write_bytes(clip.read_bytes())
    assert isinstance(registry.opener(str(odd))(0), FileReader)
    assert display_name(str(odd)) == "what?fps=2.mp4"


def test_screens_and_folders_by_their_names(registry, tmp_path):
    assert isinstance(registry.opener("screen:?size=640x360&at=10,20&fps=5")(0), ScreenReader)
    assert display_name("screen:?size=640x360") == "Screen"
    folder = tmp_path / "gate"
    folder.mkdir()
    (folder / "a.png").touch()
    for source in (f"{folder}", f"{folder}/?fps=4", f"{folder}?fps=4", folder.as_uri()):
        assert isinstance(registry.opener(source)(0), FolderReader)
        assert display_name(source) == "gate"


def test_paths_are_files(registry, clip):
    for source in (str(clip), clip.as_uri()):
        reader = registry.opener(source)(4)
        assert isinstance(reader, FileReader)
        reader.open()
        frame = reader.read()
        reader.close()
        assert number_in(frame.bgr()) == 0
        assert frame.generation == 4


def test_policies_reach_the_file(registry, clip):
    reader = registry.opener(str(clip), AtEnd.LOOP, Pace.EVERY_FRAME)(0)
    reader.open()
    shown = [number_in(reader.read().bgr()) for _ in range(22)]
    reader.close()
    assert shown == [*range(20), 0, 1]


def test_generated_scenes(registry):
    assert display_name("synthetic:street?cars=3") == "Street (demo)"
    reader = registry.opener("synthetic:street?size=640x360")(0)
    info = reader.open()
    reader.close()
    assert (info.width, info.height) == (640, 360)
    with pytest.raises(UsageError, match="desert"):
        registry.opener("synthetic:desert")


def test_an_unknown_scheme_is_answered_with_the_known_ones(registry):
    with pytest.raises(
        UsageError, match=r"^gopher:// cannot be read; known are rtsp://, .*https://.*webcam.*screen:.*street"
    ):
        registry.opener("gopher://old/net")


@pytest.mark.parametrize("source", ["rtsp:///stream", "rtsp://cam:port/x", "http://[::1/x", "rtsp://u:se/cret@"])
def test_a_broken_address_is_answered_with_its_form(registry, source):
    with pytest.raises(UsageError, match=r"rtsp://user:password@host:554/path") as caught:
        registry.opener(source)
    assert "cret" not in str(caught.value)


def test_nothing_at_all(registry):
    with pytest.raises(UsageError, match="No source was given"):
        registry.opener("  ")


def test_a_missing_file_names_its_nearest_sibling(registry, tmp_path):
    (tmp_path / "front-door.mp4").touch()
    (tmp_path / "garden.mp4").touch()
    with pytest.raises(SourceUnusable, match=r"There is no file .*frontdoor\.mp4\. Did you mean .*front-door\.mp4\?"):
        registry.opener(str(tmp_path / "frontdoor.mp4"))


def test_a_missing_file_without_siblings(registry, tmp_path):
    with pytest.raises(SourceUnusable, match=r"There is no file .*a\.mp4\.$"):
        registry.opener(str(tmp_path / "a.mp4"))
    with pytest.raises(SourceUnusable, match=r"There is no folder .*nowhere either"):
        registry.opener(str(tmp_path / "nowhere" / "a.mp4"))


def test_a_folder_without_pictures(registry, tmp_path):
    with pytest.raises(SourceUnusable, match="is a folder without pictures"):
        registry.opener(str(tmp_path))


def test_an_unreadable_file(registry, clip, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)  # tests may run as root, whom no mode stops
    with pytest.raises(SourceUnusable, match=r"may not be read\. Check its permissions"):
        registry.opener(str(clip))


@pytest.mark.parametrize("source", ["a\0b.mp4", "x" * 5000])
def test_impossible_names(registry, source):
    with pytest.raises(SourceUnusable, match="could not be read"):
        registry.opener(source)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("rtsp://user:pw@cam.local:554/stream1?x=y", "cam.local/stream1"),
        ("rtsp://cam.local:8554/a/b/", "cam.local:8554/a/b"),
        ("http://cam/video.cgi?user=admin&pwd=123#now", "cam/video.cgi"),
        ("http://cam/live?mail=a@b", "cam/live"),
        ("HTTPS://cam:443/", "cam"),
        ("rtsp://[::1]:554/a", "[::1]/a"),
        ("/videos/clip one.mp4", "clip one.mp4"),
        ("file:///videos/clip%20one.mp4", "clip one.mp4"),
        ("0", "Webcam 0"),
        ("synthetic:street", "Street (demo)"),
        ("synthetic:", "Street (demo)"),
    ],
)
def test_display_names(source, name, monkeypatch):
    monkeypatch.setattr("livevision.sources.registry.device_name", lambda _index: None)
    assert display_name(source) == name


@pytest.mark.parametrize("password", ["secret", "s@cret", "se/cret", "se#cret", "se?cret@", "1/2@cret", "%40cret"])
def test_a_password_never_shows(password):
    shown = display_name(f"rtsp://admin:{password}@cam/live")
    assert shown == "cam/live"


def test_a_webcam_has_its_makers_name(monkeypatch):
    monkeypatch.setattr("livevision.sources.registry.device_name", lambda _index: "HD Pro Webcam C920")
    assert display_name("0") == "HD Pro Webcam C920"
