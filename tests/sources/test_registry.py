"""What an operator types, what becomes of it, and what it is called."""

import pytest

from livevision.errors import SourceUnusable, UsageError
from livevision.sources.file import AtEnd, FileReader, Pace
from livevision.sources.registry import SourceRegistry, display_name
from livevision.sources.stream import StreamReader
from livevision.sources.webcam import WebcamReader
from tests.fakes.clips import number_in


@pytest.fixture
def registry():
    return SourceRegistry()


@pytest.mark.parametrize("source", ["0", " 12 ", "/dev/video2"])
def test_numbers_are_webcams(registry, source):
    assert isinstance(registry.opener(source)(1), WebcamReader)


@pytest.mark.parametrize("source", ["rtsp://cam/1", "rtsps://cam", "http://u:p@cam:80/v.mjpg", "HTTPS://cam/live.m3u8"])
def test_addresses_are_streams(registry, source):
    reader = registry.opener(source)(1)
    assert isinstance(reader, StreamReader)
    assert "u:p" not in repr(reader)


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
    with pytest.raises(UsageError, match=r"^gopher:// cannot be read\. Known are rtsp://, .*https://.*webcam.*street"):
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


def test_a_folder(registry, tmp_path):
    with pytest.raises(SourceUnusable, match="is a folder"):
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
