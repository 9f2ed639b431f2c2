"""Detections beside a recording: written, read back, and read when they are damaged."""

from __future__ import annotations

import csv
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import supervision as sv

from livevision.errors import RecordingError, SourceUnusable
from livevision.inference.layouts.keypoints import KEYPOINT_CONFIDENCE, KEYPOINTS
from livevision.recording.recorded import Recorded, read_sidecar
from livevision.recording.sidecar import LONGEST_LINE, SidecarSink, TimedDetections, sidecar_path
from livevision.recording.sidecar_csv import CsvSink
from livevision.recording.sidecar_header import SidecarHeader
from livevision.recording.writer import ThreadedWriter
from tests.recording.material import WALL, frame, result

SIZE = (640, 360)
HEADER = SidecarHeader(
    size=SIZE,
    started="2026-03-01T14:05:09+01:00",
    camera="Hof Süd",
    source="rtsp://10.0.0.7/live",
    model="yolox.onnx",
    runs_on="CPU",
    confidence=0.4,
    floor=0.1,
    classes=("person", "car"),
    iou=0.5,
    files=("hof.mkv",),
    versions={"supervision": "0.31"},
)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "videos" / "hof.detections.jsonl"


def found(*boxes, names=None, confidence=0.9, tracks=None, **data) -> sv.Detections:
    count = len(boxes)
    return sv.Detections(
        xyxy=np.array(boxes, np.float32).reshape(-1, 4),
        confidence=np.full(count, confidence, np.float32),
        class_id=np.arange(count),
        tracker_id=None if tracks is None else np.array(tracks, int),
        data={"class_name": np.array(names or ["person"] * count, dtype=str), **data},
    )


def at(seconds: float, detections: sv.Detections, generation: int = 0) -> TimedDetections:
    return TimedDetections(seconds, seconds + 100, generation, WALL + seconds, 0.0315, detections)


def written(path: Path, *items: TimedDetections) -> Path:
    sink = SidecarSink(path, HEADER)
    for item in items:
        sink.write(item)
    sink.close()
    return path


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_lines_say_what_was_found_and_where_it_comes_from(path):
    written(path, at(0.04, found((10, 20.04, 30, 40.06), confidence=0.91234, tracks=[7])), at(0.08, found()))
    header, first, second = lines(path)
    assert list(header)[:2] == ["livevision", "format"]
    assert header["format"] == 1
    assert header["camera"] == "Hof Süd"
    assert (header["confidence"], header["floor"], header["size"]) == (0.4, 0.1, [640, 360])
    assert first == {
        "t": 0.04,
        "pts": 100.04,
        "generation": 0,
        "wall": WALL + 0.04,
        "inference_ms": 31.5,
        "objects": [
            {"class": "person", "class_id": 0, "confidence": 0.912, "box": [10.0, 20.0, 30.0, 40.1], "track": 7}
        ],
    }
    assert second["objects"] == []


def test_what_was_written_is_read_back(path):
    recorded = read_sidecar(
        written(path, at(0.04, found((10, 20, 30, 40), (50, 60, 70, 80), names=["car", "dog"], tracks=[7, -1])))
    )
    assert recorded.header == HEADER
    (back,) = (recorded.result(number) for number in range(len(recorded)))
    assert back.xyxy.tolist() == [[10, 20, 30, 40], [50, 60, 70, 80]]
    assert back.data["class_name"].tolist() == ["car", "dog"]
    assert back.tracker_id.tolist() == [7, -1]
    assert back.confidence.tolist() == pytest.approx([0.9, 0.9])
    assert recorded.times.tolist() == [0.04]
    assert repr(recorded) == "<Recorded 1 results, 2 objects, 0 broken lines>"


def test_keypoints_corners_and_masks_are_read_back(path):
    mask = np.zeros((1, 360, 640), bool)
    mask[0, 100:160, 200:300] = mask[0, 130:140, 300:330] = True
    points = np.array([[[210, 110], [0, 0], [250.5, 150]]], np.float32)
    corners = np.array([[[200, 100], [330, 100], [330, 160], [200, 160]]], np.float32)
    detections = found(
        (200, 100, 330, 160),
        **{KEYPOINTS: points, KEYPOINT_CONFIDENCE: np.array([[0.9, 0, 0.5]], np.float32), "xyxyxyxy": corners},
    )
    detections.mask = mask
    back = read_sidecar(written(path, at(0, detections))).result(0)
    assert np.array_equal(back.data[KEYPOINTS], points)
    assert back.data[KEYPOINT_CONFIDENCE] == pytest.approx(np.array([[0.9, 0, 0.5]]))
    assert np.array_equal(back.data["xyxyxyxy"], corners)
    assert (np.asarray(back.mask)[0] & mask[0]).sum() / (np.asarray(back.mask)[0] | mask[0]).sum() > 0.97


def test_between_two_results_boxes_are_between_theirs(path):
    recorded = read_sidecar(
        written(path, *(at(index * 0.4, found((100 + 40 * index, 100, 140 + 40 * index, 200))) for index in range(9)))
    )

    def left(seconds: float) -> list[float]:
        return recorded.detections_at(seconds).xyxy[:, 0].round(2).tolist()

    assert [left(seconds) for seconds in (0, 0.1, 0.4, 1.0, 3.2)] == [[100], [110], [140], [200], [420]]
    # Back and forth, as in a player.
    assert [left(seconds) for seconds in (0.2, 3.0, 0.1)] == [[120], [400], [110]]


def test_a_long_recording_can_be_looked_at_anywhere(path):
    recorded = read_sidecar(
        written(path, *(at(index * 0.1, found((index, 10, index + 50, 60))) for index in range(500)))
    )
    for seconds in (0.05, 20.05, 49.85, 20.05, 0.05, *np.arange(0.05, 30, 0.1), *np.arange(29.95, 0, -0.1)):
        (left,) = recorded.detections_at(seconds).xyxy[:, 0]
        assert left == pytest.approx(seconds * 10, abs=0.01)


def test_nothing_is_interpolated_over_a_reconnect(path):
    recorded = read_sidecar(
        written(path, at(0, found((100, 10, 150, 60))), at(1, found((120, 10, 170, 60)), generation=1))
    )
    assert [recorded.detections_at(seconds).xyxy[0, 0] for seconds in (0.4, 0.6, 0.4)] == [100, 120, 100]


def test_it_is_known_when_each_class_was_there(path):
    recorded = read_sidecar(
        written(
            path,
            at(0.0, found((10, 10, 30, 40), names=["car"])),
            at(0.5, found((10, 10, 30, 40), (50, 10, 80, 40), names=["car", "dog"], confidence=0.3)),
            at(1.0, found()),
            at(4.0, found((10, 10, 30, 40), names=["car"])),
        )
    )
    assert recorded.classes == ("car", "dog")
    assert recorded.spans("car") == [(0.0, 0.5), (4.0, 4.0)]
    assert recorded.spans("car", confidence=0.5) == [(0.0, 0.0), (4.0, 4.0)]
    assert recorded.spans("dog", confidence=0.5) == []
    assert recorded.spans("cat") == []


def test_a_line_that_was_cut_off_is_ignored(path):
    written(path, at(0.0, found((10, 10, 30, 40))), at(0.1, found((10, 10, 30, 40))))
    whole = path.read_bytes()
    for cut in range(1, len(whole.splitlines()[-1])):
        path.write_bytes(whole[:-cut])
        recorded = read_sidecar(path)
        assert (len(recorded), recorded.broken) == (1, 0)


BROKEN = {
    "not JSON": b"{{{",
    "not an object": b"[1, 2]",
    "no time": b'{"objects": []}',
    "a time that is none": b'{"t": NaN, "objects": []}',
    "back in time": b'{"t": 0.05, "objects": []}',
    "no objects": b'{"t": 0.5, "objects": 3}',
    "no box": b'{"t": 0.5, "objects": [{"class": "car"}]}',
    "half a box": b'{"t": 0.5, "objects": [{"class": "car", "box": [1, 2]}]}',
    "words for a box": b'{"t": 0.5, "objects": [{"class": "car", "box": "1234"}]}',
    "no class": b'{"t": 0.5, "objects": [{"box": [1, 2, 3, 4]}]}',
    "a class that is none": b'{"t": 0.5, "objects": [{"class": [], "box": [1, 2, 3, 4]}]}',
    "a number too large": b'{"t": 0.5, "objects": [{"class": "car", "class_id": 1e400, "box": [1, 2, 3, 4]}]}',
    "deep": b"[" * 100_000,
    "bytes": b"\xff\xfe\x00",
    "endless": b'{"t": 0.5, "objects": [' + b"1," * LONGEST_LINE,
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_counted_and_the_rest_is_read(path, line):
    written(path, at(0.1, found((10, 10, 30, 40))))
    with path.open("ab") as file:
        file.write(line + b'\n{"t": 1.0, "objects": [{"class": "car", "box": [10, 10, 50, 40]}]}\n')
    recorded = read_sidecar(path)
    assert (len(recorded), recorded.broken) == (2, 1)
    assert recorded.result(1).xyxy.tolist() == [[10, 10, 50, 40]]


@pytest.mark.parametrize(
    "extra",
    [
        {"mask": [[1, 2, "x"]]},
        {"mask": [[1, 2, 3]]},
        {"mask": [[1e300, -1e300, 5, 5, 9, 1]]},
        {"keypoints": [[1, 2], [3]]},
        {"keypoints": [["a", "b", "c"]]},
        {"corners": [1, 2, 3, 4]},
        {"box": [1e308, 0, 1e308, 5]},
        {"box": [50, 50, 10, 10]},
        {"confidence": 7},
    ],
)
def test_nonsense_in_an_object_is_no_error(path, extra):
    written(path)
    thing = {"class": "car", "confidence": 0.5, "box": [10, 10, 50, 40]} | extra
    with path.open("ab") as file:
        file.write(json.dumps({"t": 0.0, "objects": [thing]}).encode() + b"\n")
    recorded = read_sidecar(path)
    assert len(recorded) == 1
    assert np.isfinite(recorded.detections_at(0.0).xyxy).all()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a file of detections"),
        (b'{"t": 1}\n', "not a file of detections"),
        (b"\x00\x01\n", "not a file of detections"),
        (b'{"livevision": "9.0", "format": 2, "size": [4, 4]}\n', "a newer livevision can read it"),
        (b'{"livevision": "9.0", "format": 1, "size": [0, 1e9]}\n', "its first line is damaged"),
    ],
)
def test_what_is_no_sidecar_is_said_in_one_line(path, content, words):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(SourceUnusable, match=words) as caught:
        read_sidecar(path)
    assert "\n" not in str(caught.value)


def test_a_sidecar_that_is_not_there_is_said_in_one_line(path):
    with pytest.raises(SourceUnusable, match=r"hof\.detections\.jsonl could not be read: No such file"):
        read_sidecar(path)


def test_nothing_that_exists_is_written_over(path):
    written(path, at(0, found()))
    before = path.read_bytes()
    for open_sink in (lambda: SidecarSink(path, HEADER), lambda: CsvSink(path)):
        with pytest.raises(RecordingError, match="it exists already"):
            open_sink()
    assert path.read_bytes() == before


def test_a_result_that_is_not_later_is_left_out(path):
    recorded = read_sidecar(written(path, at(0.2, found()), at(0.2, found()), at(0.1, found()), at(0.3, found())))
    assert recorded.times.tolist() == [0.2, 0.3]
    assert recorded.broken == 0


def test_a_line_never_grows_beyond_all_measure(path):
    mask = np.zeros((360, 640), bool)
    for right, down in itertools.product(range(3), repeat=2):
        mask[down::6, right::6] = True  # many small squares: as many corners as an object may have
    detections = found(*[(0, 0, 640, 360)] * 80)
    detections.mask = np.broadcast_to(mask, (80, 360, 640))
    written(path, at(0, detections))
    assert max(map(len, path.read_bytes().splitlines())) <= LONGEST_LINE
    assert len(read_sidecar(path).result(0)) == 80


async def test_a_writer_writes_it_in_its_thread_and_drops_the_picture(path):
    writer: ThreadedWriter[TimedDetections] = ThreadedWriter("hof", lambda: SidecarSink(path, HEADER), 10)
    source = result(frame(3.0), found((10, 10, 30, 40)), took=0.25)
    writer.offer(TimedDetections.of(source, 1.5))
    await writer.aclose(5)
    _, line = lines(path)
    assert (line["t"], line["pts"], line["inference_ms"]) == (1.5, 3.0, 250.0)


KILLED = """
import sys
from pathlib import Path
import numpy as np, supervision as sv
from livevision.recording.sidecar import SidecarSink, TimedDetections
from livevision.recording.sidecar_header import SidecarHeader
sink = SidecarSink(Path(sys.argv[1]), SidecarHeader(size=(640, 360)))
found = sv.Detections(np.array([[10, 10, 30, 40]], np.float32), data={"class_name": np.array(["dog"])})
for index in range(10**6):
    sink.write(TimedDetections(index / 25, index / 25, 0, 0.0, 0.01, found))
    print(index, flush=True)
"""


def test_a_killed_program_loses_the_last_line_at_most(path):
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
    ) as program:
        for line in program.stdout:
            if int(line) >= 50:
                break
        time.sleep(0.01)
        program.kill()
        last = int((program.stdout.read().splitlines() or [b"50"])[-1])
    recorded = read_sidecar(path)
    assert recorded.broken == 0
    assert len(recorded) >= last + 1


def test_the_csv_has_supervisions_columns(tmp_path):
    path = tmp_path / "hof.detections.csv"
    sink = CsvSink(path)
    sink.write(at(0.5, found((10, 20, 30, 40), names=["dog"])))
    assert len(path.read_text().splitlines()) == 2
    sink.write(at(0.6, found()))
    sink.write(at(0.7, sv.Detections(np.array([[1, 2, 3, 4]], np.float32))))
    sink.close()
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:7] == ["x_min", "y_min", "x_max", "y_max", "class_id", "confidence", "tracker_id"]
    assert header[7:] == ["class_name", "generation", "pts", "time"]
    assert rows[0][:5] == ["10.0", "20.0", "30.0", "40.0", "0"]
    assert rows[0][7:] == ["dog", "0", "100.5", "0.5"]
    assert [row[-1] for row in rows] == ["0.5", "0.7"]


@pytest.mark.parametrize(
    "name", ["hof.mkv", "hof.mp4", "hof.annotated.mp4", "hof.partial.mkv", "hof.annotated.partial.mp4"]
)
def test_every_file_of_a_recording_leads_to_its_detections(name):
    assert sidecar_path(Path("videos") / name) == Path("videos") / "hof.detections.jsonl"


def test_an_empty_sidecar_has_nothing_to_say():
    recorded = Recorded(HEADER)
    assert len(recorded.detections_at(1.0)) == 0
    assert (recorded.classes, recorded.spans("car"), len(recorded.times)) == ((), [], 0)
