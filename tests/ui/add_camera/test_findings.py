"""What a test found, in words."""

from dataclasses import replace

import pytest

from livevision.errors import SourceRefused, SourceUnavailable
from livevision.probe import Measured, ProbeReport
from livevision.ui.add_camera.findings import facts, hint

STEADY = Measured(76, 25.0, True, 1.0, 3.2, 0, 0)
REPORT = ProbeReport("cam", "h264", 1920, 1080, 25.0, None, 0.1, 0.42, 3.0, "", STEADY)


def test_a_steady_camera_in_words() -> None:
    assert facts(REPORT) == [
        ("Picture", "1920 × 1080, H.264"),
        ("Rate", "25.0 pictures a second"),
        ("First picture", "after 0.42 s"),
        ("Keyframes", "every 1.0 s"),
        ("Jitter", "3 ms"),
    ]


@pytest.mark.parametrize(
    ("changed", "label", "words"),
    [
        ({"fps": 12.5}, "Rate", "12.5 pictures a second (25 declared)"),
        ({"fps": None}, "Rate", "too few pictures to measure"),
        ({"keyframe_interval": 0.04}, "Keyframes", "every picture is one"),
        ({"coded": False, "keyframe_interval": None}, "Keyframes", "every picture is one"),
        ({"keyframe_interval": None}, "Keyframes", "more than 3 s apart: joining and seeking take as long"),
        ({"damaged": 4}, "Damaged", "4 of 76 pictures"),
    ],
)
def test_what_is_unusual_is_said(changed: dict[str, object], label: str, words: str) -> None:
    report = replace(REPORT, measured=replace(STEADY, **changed))
    assert dict(facts(report))[label] == words


def test_only_a_refusal_asks_for_the_account() -> None:
    assert "fill in user and password" in hint(SourceRefused("no"), "")
    assert "Check user and password" in hint(SourceRefused("no"), "anna")
    assert hint(SourceUnavailable("no"), "anna") == ""
