"""H.265 in MP4 as Apple's players want it: ``hvc1``, with all parameter sets in front."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import av
import pytest

from livevision.export.exporting import export_clean
from livevision.export.section import Section
from livevision.recording.remux import RemuxSink
from livevision.recording.repair import repair
from livevision.sources.parameter_sets import are_complete
from tests.fakes.clips import Encoding, numbered, write_clip
from tests.recording.packet_material import camera, complaints, timed

VPS, SPS, PPS = 32, 33, 34


def tag(path: Path) -> str:
    entries = ["-select_streams", "v", "-show_entries", "stream=codec_tag_string", "-of", "csv=p=0"]
    return subprocess.run(
        ["ffprobe", "-v", "error", *entries, path], capture_output=True, text=True, check=True
    ).stdout.strip()


def kinds_in_record(path: Path) -> set[int]:
    """Read which parameter sets the file's configuration record has (ISO/IEC 14496-15, 8.3.3.1)."""
    data = path.read_bytes()
    record = data[data.index(b"hvcC") + 4 :]
    kinds, at = set(), 23
    for _ in range(record[22]):
        kinds.add(record[at] & 63)
        units, at = int.from_bytes(record[at + 1 : at + 3], "big"), at + 3
        for _ in range(units):
            at += 2 + int.from_bytes(record[at : at + 2], "big")
    return kinds


def is_apples(path: Path) -> bool:
    assert not complaints(path)
    return tag(path) == "hvc1" and kinds_in_record(path) >= {VPS, SPS, PPS}


def test_a_clean_recording_of_a_camera_whose_parameters_come_with_its_pictures(tmp_path: Path) -> None:
    sent = camera(tmp_path, encoding=Encoding("libx265"))
    assert sent.formats[0][0].video.codec == "hevc"
    sink = RemuxSink(tmp_path / "a.mp4")
    for item in timed(sent):
        sink.write(item)
    sink.close()
    assert is_apples(sink.path)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
async def test_an_export(tmp_path: Path, suffix: str) -> None:
    source = write_clip(tmp_path / f"a{suffix}", [numbered(n) for n in range(12)], Encoding("libx265"))
    target = tmp_path / f"b{suffix}"
    await export_clean(source, Section(0, 0.3), target, None, lambda share: None)
    assert not complaints(target)
    assert suffix == ".mkv" or is_apples(target)


def test_a_repaired_recording(tmp_path: Path) -> None:
    source = write_clip(tmp_path / "a.partial.mp4", [numbered(n) for n in range(12)], Encoding("libx265"))
    assert tag(source) == "hev1"
    whole = repair(source, threading.Event()).whole
    assert whole is not None
    assert is_apples(whole)


def test_a_file_whose_parameters_are_in_its_pictures_only_is_not_called_so(tmp_path: Path) -> None:
    source = write_clip(tmp_path / "a.mp4", [numbered(n) for n in range(3)], Encoding("libx265"))
    with av.open(source) as container:
        record = container.streams.video[0].codec_context.extradata
    assert record is not None
    assert are_complete("hevc", record)
    assert not are_complete("hevc", record[:22] + b"\0")
    assert not are_complete("hevc", record[:40])
