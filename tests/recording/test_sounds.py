"""Sound that a recording leaves out, or that some players will: it is said, and the picture is as ever."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from livevision.frame import Frame
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.recording.wording import ended, under_way
from livevision.sources.file import FileReader, Pace
from tests.fakes.clips import numbered, write_clip
from tests.recording.material import START, WALL
from tests.recording.packet_material import packets_of, probe
from tests.recording.rig import PacketCamera, make_recorder, settled


def with_sound(folder: Path, coder: str, *options: str, video: str = "copy", suffix: str = ".mkv") -> Path:
    film = write_clip(folder / "film.mp4", [numbered(number) for number in range(25)])
    path = folder / f"sent{suffix}"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", film, "-f", "lavfi", "-i", "sine=d=1", "-c:v", video]
    subprocess.run([*map(str, command), "-c:a", coder, *options, str(path)], check=True)
    return path


async def record(source: Path, folder: Path, kind: Kind) -> tuple[str, str, Path]:
    """Return what is said while and after a file's packets are recorded, and the newest file."""
    camera = PacketCamera(packets_of(source))
    recorder = make_recorder(RecordingPlan(folder, kind=kind), ring=camera.ring)
    camera.play(0.01)
    recorder.on_frame(await asyncio.to_thread(first_frame, source))
    camera.play()
    await settled(recorder)
    meanwhile = under_way(recorder.progress)
    progress = await recorder.aclose(20)
    return meanwhile, ended(progress), progress.paths[-1]


def first_frame(source: Path) -> Frame:
    reader = FileReader(source, 0, Pace.EVERY_FRAME)
    reader.open()
    frame = reader.read()
    reader.close()
    assert frame is not None
    return replace(frame, captured=START + frame.pts, wall=WALL + frame.pts)


G726 = ("g726", "-ar", "8000", "-ac", "1", "-b:a", "32k")


@pytest.mark.parametrize("kind", [Kind.CLEAN, Kind.BOTH, Kind.SOFT])
async def test_sound_that_no_file_holds_is_said(tmp_path: Path, kind: Kind) -> None:
    source = with_sound(tmp_path, *G726)
    meanwhile, after, path = await record(source, tmp_path / "made", kind)
    assert meanwhile.endswith(" · its sound (G.726) is not recorded")
    assert after.endswith("; its sound (G.726) is not recorded")
    streams = probe(path)["streams"]
    assert [stream["codec_type"] for stream in streams if stream["codec_type"] != "subtitle"] == ["video"]
    assert streams[0]["nb_read_frames"] == "25"


async def test_opus_in_mp4_is_kept_and_said(tmp_path: Path) -> None:
    source = with_sound(tmp_path, "libopus")
    meanwhile, after, path = await record(source, tmp_path / "made", Kind.CLEAN)
    words = "its sound is Opus, which the players of Windows and Apple may leave out"
    assert meanwhile.endswith(words)
    assert after.endswith("; " + words)
    assert path.suffix == ".mp4"
    assert [stream["codec_name"] for stream in probe(path)["streams"]] == ["h264", "opus"]


async def test_sound_of_pictures_that_are_encoded_anew_is_said(tmp_path: Path) -> None:
    source = with_sound(tmp_path, "aac", video="msmpeg4")
    _, after, _ = await record(source, tmp_path / "made", Kind.CLEAN)
    assert after.endswith("; its sound is not recorded, as its pictures (msmpeg4v3) cannot be copied")


@pytest.mark.parametrize(
    ("coder", "options"), [("aac", ()), ("pcm_mulaw", ("-ar", "16000", "-ac", "1")), ("pcm_s16be", ())]
)
async def test_of_sound_that_is_recorded_nothing_is_said(tmp_path: Path, coder: str, options: tuple[str, ...]) -> None:
    source = with_sound(tmp_path, coder, *options, suffix=".mov")
    meanwhile, after, path = await record(source, tmp_path / "made", Kind.CLEAN)
    assert "its sound" not in meanwhile + after
    sound = next(stream for stream in probe(path)["streams"] if stream["codec_type"] == "audio")
    assert float(sound["nb_read_frames"]) > 0
    assert sound["sample_rate"] == (options[1] if options else "44100")


async def test_an_annotated_recording_has_no_sound_and_says_nothing(tmp_path: Path) -> None:
    source = with_sound(tmp_path, *G726)
    meanwhile, after, _ = await record(source, tmp_path / "made", Kind.ANNOTATED)
    assert "its sound" not in meanwhile + after
