"""`livevision record`: without a window, and without losing anything when it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import av
import pytest

from livevision.cameras import CameraRequest
from livevision.headless import RecordOptions, record
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.sources.synthetic import SyntheticReader, parse_synthetic
from tests.fakes.clips import numbered, write_clip
from tests.recording.rig import numbers_in

STREET = "synthetic:street?size=320x180&fps=25&seed=1"
ROOT = Path(__file__).parents[1]


def pictures(path: Path) -> int:
    with av.open(path) as container:
        return sum(1 for _ in container.decode(video=0))


def run(plan: RecordingPlan, *sources: str, model: str | None = None) -> tuple[list[str], list[str]]:
    """Record and return what was said, and what failed."""
    said: list[str] = []
    failures = record(RecordOptions(tuple(CameraRequest(source, model) for source in sources), plan), said.append)
    return said, failures


def test_a_timed_recording_ends_by_itself_and_says_where_it_is(tmp_path: Path) -> None:
    said, failures = run(RecordingPlan(tmp_path, Kind.BOTH, duration=0.6), STREET, model="motion")
    assert failures == []
    (annotated,) = tmp_path.glob("*.annotated.mp4")
    (clean,) = (path for path in tmp_path.glob("*.mp4") if path != annotated)
    assert said == [f"Street (demo): Recorded 00:00 to {annotated} and {clean}"]
    assert pictures(clean) == pictures(annotated) == pytest.approx(15, abs=3)
    (beside,) = tmp_path.glob("*.jsonl")
    header = json.loads(beside.read_text().splitlines()[0])
    assert (header["model"], header["source"], header["size"]) == ("motion", STREET, [320, 180])
    assert header["drawn_in"] == [annotated.name]


def test_a_file_is_recorded_to_its_end(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [numbered(n) for n in range(20)])
    said, failures = run(RecordingPlan(tmp_path / "out", Kind.CLEAN), str(clip))
    assert failures == []
    (recorded,) = (tmp_path / "out").iterdir()
    assert numbers_in(recorded) == list(range(20))
    assert said == [f"clip.mp4: Recorded 00:00 to {recorded}"]


def test_one_camera_that_fails_does_not_keep_the_others_from_being_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livevision.headless._PATIENCE", 3.0)
    plan = RecordingPlan(tmp_path, Kind.CLEAN, duration=1.0)
    # Built before, which takes its time on a busy machine; cameras of one street share it.
    street = SyntheticReader(parse_synthetic(STREET), 0)
    street.open()
    said, failures = run(plan, STREET, "rtsp://anna:secret@127.0.0.1:1/none")
    street.close()
    assert len(said) == 1
    assert len(failures) == 1
    assert "127.0.0.1" in failures[0]
    assert "secret" not in failures[0]
    assert [pictures(path) > 5 for path in tmp_path.iterdir()] == [True]


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said, (failure,) = run(RecordingPlan(tmp_path / "file", Kind.CLEAN), STREET)
    assert "Cannot record" in failure
    assert "there is no such folder; create it or choose another" in failure
    assert said == []


def test_what_a_killed_program_left_is_repaired(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "front.partial.mp4", [numbered(n) for n in range(10)])
    said, failures = run(RecordingPlan(tmp_path, Kind.CLEAN, duration=0.5), STREET)
    assert failures == []
    assert said[0] == "front.mp4 was repaired: the program had ended while it was recorded"
    assert not clip.exists()
    assert numbers_in(tmp_path / "front.mp4") == list(range(10))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_completes_the_recording(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "livevision", "record", STREET, "-o", str(tmp_path), "--kind", "annotated"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as child:
        giving_up = threading.Timer(30, child.kill)
        giving_up.start()
        while not any(path.stat().st_size for path in tmp_path.glob("*.partial.mp4")) and child.poll() is None:
            time.sleep(0.02)
        os.kill(child.pid, number)
        out, err = child.communicate()
        giving_up.cancel()
    (recorded,) = tmp_path.iterdir()
    assert (child.returncode, err) == (0, "")
    assert out.startswith("Street (demo): Recorded 00:0")
    assert out.endswith(f" to {recorded}\n")
    assert pictures(recorded) > 2
