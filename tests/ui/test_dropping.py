"""What is dropped and pasted, told apart."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from livevision.ui.dropping import MOST, Dropped, can_be_dropped, sort_out, sources_of


def mime(*urls: str | Path, text: str = "") -> QMimeData:
    data = QMimeData()
    if urls:
        data.setUrls([QUrl.fromLocalFile(str(url)) if isinstance(url, Path) else QUrl(url) for url in urls])
    if text:
        data.setText(text)
    return data


def test_files_are_told_apart_by_what_they_are_for(tmp_path: Path) -> None:
    names = ("clip.MP4", "yolo.onnx", "desk.toml", "notes.pdf", "seen.mkv", "seen.detections.jsonl")
    for name in names:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "pictures").mkdir()
    dropped = sources_of(mime(*(tmp_path / name for name in (*names, "pictures"))))
    assert dropped == Dropped(
        sources=(str(tmp_path / "clip.MP4"), str(tmp_path / "pictures")),
        models=(str(tmp_path / "yolo.onnx"),),
        workspaces=(tmp_path / "desk.toml",),
        recordings=(tmp_path / "seen.mkv",),
        others=("notes.pdf", "seen.detections.jsonl"),
    )


def test_an_annotated_recording_belongs_to_its_detections_too(tmp_path: Path) -> None:
    (tmp_path / "door.annotated.mp4").write_bytes(b"")
    (tmp_path / "door.detections.jsonl").write_bytes(b"")
    assert sources_of(mime(tmp_path / "door.annotated.mp4")).recordings == (tmp_path / "door.annotated.mp4",)


def test_a_file_name_with_spaces_and_signs_arrives_as_it_is(tmp_path: Path) -> None:
    video = tmp_path / "a b #1 100%.mp4"
    video.write_bytes(b"")
    dropped = mime(video)
    # As file managers do it: both.
    dropped.setText(QUrl.fromLocalFile(str(video)).toString())
    assert sources_of(dropped).sources == (str(video),)


@pytest.mark.parametrize(
    "address",
    ["rtsp://anna:p@ss@cam.local/main", "http://cam/video.mjpg", "https://h/live.m3u8", "udp://:1234", "screen:"],
)
def test_a_pasted_address_is_a_source_as_it_was_written(address: str) -> None:
    pasted = mime(text=f"  {address}\n")
    assert can_be_dropped(pasted)
    assert sources_of(pasted) == Dropped(sources=(address,))


def test_an_address_dragged_out_of_a_browser_keeps_its_password() -> None:
    dropped = sources_of(mime("rtsp://anna:s%40cret@cam.local/main"))
    assert dropped.sources == ("rtsp://anna:s%40cret@cam.local/main",)
    assert "cret" not in repr(dropped)


def test_several_lines_are_several_sources_and_a_server_is_a_model() -> None:
    text = "rtsp://a/1\n\nrtsp://b/2\nrtsp://a/1\nroboflow+http://gpu:9001/street/3"
    assert sources_of(mime(text=text)) == Dropped(("rtsp://a/1", "rtsp://b/2"), ("roboflow+http://gpu:9001/street/3",))


@pytest.mark.parametrize("written", ["{}", "'{}'", '"{}"', "  {}\n"])
def test_the_path_of_a_file_can_be_pasted_as_terminals_and_file_managers_copy_it(tmp_path: Path, written: str) -> None:
    workspace = tmp_path / "my desk.toml"
    workspace.write_bytes(b"")
    pasted = mime(text=written.format(workspace))
    assert can_be_dropped(pasted)
    assert sources_of(pasted) == Dropped(workspaces=(workspace,))


def test_a_workspace_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert sort_out([str(tmp_path / "gone.toml")]) == Dropped(others=("gone.toml",))


@pytest.mark.parametrize(
    "text", ["", "hello", "see http://cam/video for more: http://x y", "mailto:a@b", "/etc/passwd"]
)
def test_other_text_is_nothing(text: str) -> None:
    assert not can_be_dropped(mime(text=text))
    assert not sources_of(mime(text=text))


def test_an_address_of_an_unknown_kind_is_named_without_its_secrets() -> None:
    assert sources_of(mime("ftp://anna:s3cret@host/a.mp4")) == Dropped(others=("ftp://…",))


def test_a_thousand_things_are_a_mistake() -> None:
    assert len(sort_out(f"rtsp://cam/{number}" for number in range(1000)).sources) == MOST


def test_what_is_not_there_or_cannot_be_a_path_is_harmless(tmp_path: Path) -> None:
    assert sort_out([str(tmp_path / "gone"), "nul\0byte.mp4"]) == Dropped(sources=("nul\0byte.mp4",), others=("gone",))
