"""Names that operators make up, always within the folder of recordings."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.errors import UsageError
from livevision.recording.template import DEFAULT_TEMPLATE, NameFields, parse_template

WHEN = datetime(2026, 3, 1, 14, 5, 9)
FOLDER = Path("/videos")
DOOR = NameFields("front door", WHEN, "annotated", 7)


@pytest.mark.parametrize(
    ("template", "path"),
    [
        (DEFAULT_TEMPLATE, "front door_2026-03-01_14-05-09.mp4"),
        ("{camera}/{date}/{time}", "front door/2026-03-01/14-05-09.mp4"),
        ("{camera}\\{time}", "front door/14-05-09.mp4"),
        ("{kind} {number}", "annotated 007.mp4"),
        ("{time}.{kind}", "14-05-09.annotated.mp4"),
        ("site 1/{camera} {time}", "site 1/front door 14-05-09.mp4"),
    ],
)
def test_names(template, path):
    assert parse_template(template).path(FOLDER, DOOR, ".mp4") == FOLDER / path


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            "{camara}_{time}",
            r"^There is no \{camara\} in names of recordings; did you mean \{camera\}\? There are \{cam",
        ),
        ("{xyz}{time}", r"^There is no \{xyz\} in names of recordings; there are \{camera\}, \{date\}, \{time\}, "),
        ("{camera}", r"add \{time\}, as every recording would have the same name"),
        ("{camera_{time}", r"is not closed"),
        ("../{time}", r"stays within their folder"),
        ("a/../{time}", r"stays within their folder"),
        ("/{time}", r"stays within their folder"),
        ("{time}/", r"stays within their folder"),
        ("a//{time}", r"stays within their folder"),
        ("", r"stays within their folder"),
        ("C:{time}", r"give folders below"),
        ("/".join("abcdefgh") + "/{time}", r"at most 7"),
    ],
)
def test_what_makes_no_sense_is_refused(template, words):
    with pytest.raises(UsageError, match=words):
        parse_template(template)


@given(st.text(st.characters(), max_size=200), st.sampled_from([DEFAULT_TEMPLATE, "{camera}/{time}", "{camera}{time}"]))
def test_no_camera_leads_out_of_the_folder_or_hides_the_time(name, template):
    path = parse_template(template).path(FOLDER, NameFields(name, WHEN, "clean"), ".mp4")
    parts = path.relative_to(FOLDER).parts
    assert len(parts) == template.count("/") + 1
    assert "14-05-09.mp4" in path.name
    for part in parts:
        assert part not in ("..", ".")
        assert len(part.encode()) <= 200
        assert not set(part) & set('<>:"/\\|?*')
