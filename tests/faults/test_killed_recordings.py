"""A killed program leaves recordings of every kind that play, and detections that can be read."""

from __future__ import annotations

import shutil

import pytest

from livevision.recording.kind import Kind
from tests.fakes.fixtures import missing
from tests.recording.kills import MOST_LOST
from tests.recording.kind_kills import STREET, clip, kill_each


@pytest.fixture(autouse=True)
def has_ffmpeg() -> None:
    if shutil.which("ffmpeg") is None:
        missing("ffmpeg is not installed: packaging/test.sh installs it")


@pytest.mark.parametrize("sends", ["packets", "frames"])
def test_each_kind_plays_to_within_a_moment_of_the_kill(tmp_path, sends):
    source = str(clip(tmp_path)) if sends == "packets" else STREET
    moments = {Kind.ANNOTATED: 1.6, Kind.CLEAN: 1.2, Kind.BOTH: 2.1, Kind.SOFT: 1.9}
    for remains in kill_each(source, tmp_path / "recordings", moments):
        assert remains.complaints == "", remains
        assert remains.lost < MOST_LOST, remains
        assert remains.sidecar_lost < MOST_LOST, remains
        assert remains.broken_lines == 0, remains
