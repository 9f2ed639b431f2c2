"""File names that every system takes."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.recording.naming import free_path, recording_path, safe_name

WHEN = datetime(2026, 3, 1, 14, 5, 9)  # the wall clock of wherever the camera is


def test_camera_date_and_time_make_the_name(tmp_path):
    assert recording_path(tmp_path, "front door", WHEN, ".mp4") == tmp_path / "front door_2026-03-01_14-05-09.mp4"


def test_a_name_that_is_taken_is_numbered(tmp_path):
    names = []
    for _ in range(3):
        path = recording_path(tmp_path, "cam", WHEN, ".png")
        path.touch()
        names.append(path.name)
    assert names == ["cam_2026-03-01_14-05-09.png", "cam_2026-03-01_14-05-09-2.png", "cam_2026-03-01_14-05-09-3.png"]


def test_a_dangling_link_is_not_written_through(tmp_path):
    (tmp_path / "a.mp4").symlink_to(tmp_path / "elsewhere.mp4")
    assert free_path(tmp_path / "a.mp4") == tmp_path / "a-2.mp4"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("front-door", "front-door"),
        ("Eingang Süd", "Eingang Süd"),
        ("東門", "東門"),
        ("rtsp://cam/1?x=2", "rtsp---cam-1-x=2"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\tb\n c", "a b c"),
        ("..", "camera"),
        ("", "camera"),
        ("con", "con-"),
        ("Com1.old", "Com-1.old"),
        ("console", "console"),
        ("trailing. . ", "trailing"),
        ("-o", "o"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_names(name, safe):
    assert safe_name(name) == safe


@given(st.text(st.characters(), max_size=300))
def test_any_name_is_safe_everywhere(name):
    path = recording_path(Path("/nowhere"), name, WHEN, ".mp4")
    assert path.parent == Path("/nowhere")
    assert len(path.name.encode()) <= 255
    assert not set(path.name) & set('<>:"/\\|?*')
    assert path.name.isprintable()
    assert path.name[0] not in " .-"
    assert path.name == path.name.strip()
    # What Windows takes for a device, whatever follows the first dot.
    assert not re.fullmatch(r"CON|PRN|AUX|NUL|(COM|LPT)[0-9]", path.name.partition(".")[0], re.IGNORECASE)
    assert safe_name(safe_name(name)) == safe_name(name)
