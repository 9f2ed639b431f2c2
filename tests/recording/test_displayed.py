"""Turned, mirrored and stretched pictures: every file and every reader shows what ffmpeg's players show."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
import supervision as sv

from livevision.export.exporting import Boxes as ExportedBoxes
from livevision.export.exporting import export_annotated, export_clean
from livevision.export.section import Section
from livevision.frame import Frame, Image, Result
from livevision.playback.video import Video
from livevision.processing import process
from livevision.recording.aligner import Boxes
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.recording.recorded import read_sidecar
from livevision.recording.remux import RemuxSink
from livevision.recording.repair import repair
from livevision.recording.sidecar import SidecarSink, TimedDetections, sidecar_path
from livevision.recording.sidecar_header import SidecarHeader
from livevision.sources.file import FileReader, Pace
from livevision.sources.packets import tapped
from livevision.sources.registry import SourceRegistry
from tests.fakes.cameras import things
from tests.fakes.clips import Encoding, quarters, write_clip
from tests.fakes.packet_log import PacketLog
from tests.recording.material import START, WALL, is_red, read_back
from tests.recording.packet_material import as_ffmpeg_shows, complaints, packets_of, probe, timed
from tests.recording.rig import PacketCamera, make_recorder, settled

SHAPES = {
    "plain": Encoding(),
    "a quarter left": Encoding(rotation=90),
    "upside down": Encoding(rotation=180),
    "a quarter right": Encoding(rotation=270),
    "mirrored": Encoding(hflip=True),
    "mirrored top to bottom": Encoding(vflip=True),
    "mirrored and a quarter left": Encoding(rotation=90, hflip=True),
    "mirrored and a quarter right": Encoding(rotation=270, hflip=True),
    "wide pixels": Encoding(pixel_aspect=Fraction(16, 11)),
    "high pixels": Encoding(pixel_aspect=Fraction(3, 5)),
    "wide pixels, a quarter left": Encoding(rotation=90, pixel_aspect=Fraction(16, 11)),
}
SIZES = {
    "wide pixels": (466, 240),
    "high pixels": (320, 400),
    "wide pixels, a quarter left": (240, 466),
} | {name: (240, 320) for name in SHAPES if "quarter" in name and "pixels" not in name}
PICTURES = 6
SOME = ["upside down", "mirrored top to bottom", "mirrored and a quarter left", "wide pixels, a quarter left"]


def shape(name: str) -> tuple[int, int]:
    return SIZES.get(name, (320, 240))


def clip(folder: Path, name: str, suffix: str = ".mp4") -> Path:
    return write_clip(folder / f"clip{suffix}", [quarters()] * PICTURES, SHAPES[name])


def alike(image: Image, other: Image) -> bool:
    """Compare what is where; swscale's edges and ffmpeg's are a pixel apart at most."""
    size = min(image.shape[1], other.shape[1]), min(image.shape[0], other.shape[0])
    assert max(abs(image.shape[0] - other.shape[0]), abs(image.shape[1] - other.shape[1])) <= 2
    difference = np.abs(cv2.resize(image, size).astype(int) - cv2.resize(other, size))
    # Twice converted, up to 10 where a processor has no vectors; what lies elsewhere is off by 60 and more.
    return bool(difference.mean() < 12)


def box_of(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box in the lower left of the displayed picture."""
    width, height = size
    return width // 8, height * 5 // 8, width * 3 // 8, height * 7 // 8


def fill(image: Image, detections: sv.Detections, frame_size: tuple[int, int], moment=None) -> Image:
    assert frame_size == (image.shape[1], image.shape[0])
    for x1, y1, x2, y2 in detections.xyxy.astype(int):
        image[y1:y2, x1:x2] = (0, 0, 255)
    return image


def is_boxed(image: Image, size: tuple[int, int]) -> bool:
    """Say whether the box is on the picture where it belongs and nowhere around."""
    x1, y1, x2, y2 = box_of(size)
    inside = is_red(image[(y1 + y2) // 2, (x1 + x2) // 2]) and is_red(image[y1 + 6, x1 + 6])
    return inside and not is_red(image[y1 - 8, (x1 + x2) // 2]) and not is_red(image[(y1 + y2) // 2, x2 + 8])


async def recorded(folder: Path, source: Path, kind: Kind, size: tuple[int, int]) -> list[Path]:
    """Record the packets of a file with a box that is found in each of its pictures."""
    camera = PacketCamera(packets_of(source))
    recorder = make_recorder(RecordingPlan(folder, kind=kind), Boxes.ALIGNED, draw=fill, ring=camera.ring)
    camera.play(0.01)
    frames = frames_of(source)
    for frame in frames:
        recorder.on_frame(frame)
        recorder.on_result(Result(frame, things(box_of(size)), frame.captured, frame.captured))
        camera.play(frame.pts + 0.01)
        await asyncio.sleep(0)
    await settled(recorder)
    media = (".mp4", ".mkv")
    return [path for path in (await recorder.aclose(20)).paths if path.suffix in media]


def frames_of(source: Path) -> list[Frame]:
    reader = FileReader(source, 0, Pace.EVERY_FRAME)
    reader.open()
    frames = []
    while (frame := reader.read()) is not None:
        frames.append(Frame(frame.index, 0, frame.pts, START + frame.pts, WALL + frame.pts, frame.picture))
    reader.close()
    return frames


@pytest.mark.parametrize("name", SHAPES)
def test_a_picture_stands_and_is_shaped_as_ffmpeg_shows_it(tmp_path: Path, name: str) -> None:
    source = clip(tmp_path, name)
    reader = FileReader(source, 0, Pace.EVERY_FRAME)
    info = reader.open()
    frame = reader.read()
    reader.close()
    assert frame is not None
    assert frame.size == (info.width, info.height) == shape(name)
    truth = as_ffmpeg_shows(source)
    assert alike(frame.bgr(), truth)
    width, height = frame.size
    assert alike(frame.bgr((width // 2, height // 2)), cv2.resize(truth, (width // 2, height // 2)))
    crop = (width // 2, 0, width // 2, height // 2)
    assert alike(frame.bgr(crop[2:], crop), truth[: height // 2, width // 2 :][:, : width // 2])
    assert alike(frame.picture.bgra(frame.size)[..., :3], truth)


@pytest.mark.parametrize("name", SHAPES)
def test_a_player_shows_it_so(tmp_path: Path, name: str) -> None:
    source = clip(tmp_path, name)
    video = Video(source)
    info, first = video.open()
    video.close()
    assert info.size == shape(name)
    assert alike(first.bgr(), as_ffmpeg_shows(source))


@pytest.mark.parametrize("name", SHAPES)
async def test_an_annotated_recording_of_packets_is_upright_with_its_boxes_on_the_objects(
    tmp_path: Path, name: str
) -> None:
    source = clip(tmp_path, name)
    (path,) = await recorded(tmp_path / "made", source, Kind.ANNOTATED, shape(name))
    first = read_back(path).images[2]
    assert first.shape[1::-1] == shape(name)
    assert is_boxed(first, shape(name))
    truth = fill(as_ffmpeg_shows(source), things(box_of(shape(name))), as_ffmpeg_shows(source).shape[1::-1])
    assert alike(first, truth)
    assert "side_data_list" not in probe(path)["streams"][0]


@pytest.mark.parametrize("kind", [Kind.CLEAN, Kind.SOFT])
@pytest.mark.parametrize("name", SOME)
async def test_a_copy_of_packets_says_how_it_is_displayed(tmp_path: Path, name: str, kind: Kind) -> None:
    source = clip(tmp_path, name)
    (path,) = await recorded(tmp_path / "made", source, kind, shape(name))
    assert not complaints(path)
    assert alike(as_ffmpeg_shows(path), as_ffmpeg_shows(source))
    again = frames_of(path)[0]
    assert again.size == shape(name)
    if kind is Kind.SOFT:
        played_on = "PlayResX: {}\nPlayResY: {}\n".format(*shape(name)).encode()
        assert played_on in path.read_bytes().replace(b"\r", b"")


@pytest.mark.parametrize("kind", [Kind.CLEAN, Kind.ANNOTATED, Kind.SOFT])
@pytest.mark.parametrize("name", ["mirrored and a quarter left", "wide pixels"])
async def test_a_recording_of_frames_is_upright(tmp_path: Path, name: str, kind: Kind) -> None:
    source = clip(tmp_path, name)
    recorder = make_recorder(RecordingPlan(tmp_path / "made", kind=kind), Boxes.ALIGNED, draw=fill)
    for frame in frames_of(source):
        recorder.on_frame(frame)
        recorder.on_result(Result(frame, things(box_of(shape(name))), frame.captured, frame.captured))
        await asyncio.sleep(0)
    await settled(recorder)
    (path,) = (await recorder.aclose(20)).paths
    first = read_back(path).images[0]
    assert first.shape[1::-1] == shape(name)
    if kind is Kind.ANNOTATED:
        assert is_boxed(first, shape(name))
    else:
        assert alike(first, as_ffmpeg_shows(source))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("name", SOME)
async def test_an_export_shows_it_so(tmp_path: Path, name: str, suffix: str) -> None:
    source, size = clip(tmp_path, name, suffix), shape(name)
    target = tmp_path / f"clean{suffix}"
    await export_clean(source, Section(0, 0.2), target, None, lambda share: None)
    assert alike(as_ffmpeg_shows(target), as_ffmpeg_shows(source))
    sink = SidecarSink(sidecar_path(source), SidecarHeader(size=size))
    for number in range(PICTURES):
        sink.write(TimedDetections(number / 25, number / 25, 0, WALL, 0.02, things(box_of(size))))
    sink.close()
    drawn = tmp_path / "drawn.mp4"
    boxes = ExportedBoxes(read_sidecar(sidecar_path(source)), lambda found: found, fill)
    await export_annotated(source, Section(0, 0.2), drawn, boxes, lambda share: None)
    assert is_boxed(read_back(drawn).images[0], size)


@pytest.mark.parametrize("name", ["upside down", "mirrored", "wide pixels, a quarter left"])
def test_a_repaired_recording_shows_it_so(tmp_path: Path, name: str) -> None:
    source = clip(tmp_path, name)
    truth = as_ffmpeg_shows(source)
    cut = source.rename(tmp_path / "cut.partial.mp4")
    whole = repair(cut, threading.Event()).whole
    assert whole is not None
    assert alike(as_ffmpeg_shows(whole), truth)


async def test_a_processed_file_has_its_boxes_on_the_objects(tmp_path: Path) -> None:
    name = "wide pixels, a quarter left"
    source, size = clip(tmp_path, name), shape(name)

    sizes: set[tuple[int, int]] = set()

    class Finds:
        name, max_in_flight, classes = "finds", 1, None

        async def detect(self, image: Image) -> sv.Detections:
            sizes.add(image.shape[1::-1])
            return things(box_of(size))

        async def aclose(self) -> None: ...

    target = tmp_path / "out.mp4"
    await process(source, target, Finds(), draw=fill)
    assert sizes == {size}
    assert is_boxed(read_back(target).images[0], size)


@pytest.mark.parametrize("aspect", [Fraction(255), Fraction(1, 255), Fraction(1001, 1000)])
def test_pixels_of_an_absurd_shape_are_square(tmp_path: Path, aspect: Fraction) -> None:
    source = write_clip(tmp_path / "a.mp4", [quarters()], Encoding(pixel_aspect=aspect))
    assert frames_of(source)[0].size == (320, 240)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
async def test_the_shape_that_only_a_container_has_is_kept(tmp_path: Path, suffix: str) -> None:
    bare = write_clip(tmp_path / "bare.mp4", [quarters()] * PICTURES)
    source = tmp_path / f"clip{suffix}"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", bare, "-c", "copy", "-aspect", "16:9", source], check=True
    )
    truth = as_ffmpeg_shows(source)
    assert truth.shape[:2] == (240, 426)
    frame = frames_of(source)[0]
    assert frame.size == (426, 240)
    assert alike(frame.bgr(), truth)
    for kind in Kind.CLEAN, Kind.SOFT:
        (path,) = await recorded(tmp_path / kind.value, source, kind, frame.size)
        assert not complaints(path)
        assert alike(as_ffmpeg_shows(path), truth)
    target = tmp_path / f"cut{suffix}"
    await export_clean(source, Section(0, 0.2), target, None, lambda share: None)
    assert alike(as_ffmpeg_shows(target), truth)


@pytest.mark.rtsp
@pytest.mark.parametrize("codec", ["h264", "hevc", "h264-bframes"])
def test_a_live_camera_whose_pixels_are_wide(start_rtsp, tmp_path: Path, codec: str) -> None:
    server = start_rtsp("--size", "352x288", "--gop", "10", "--codec", codec, "--pixels", "16/11")
    log = PacketLog()
    reader = tapped(SourceRegistry().opener(server.url), log)(0)
    info = reader.open()
    frame = None
    while len(log.video) < 25:
        frame = reader.read()
    reader.close()
    assert frame is not None
    assert frame.size == (info.width, info.height) == (512, 288)
    form = log.formats[0][0].video
    assert (form.width, form.height, form.displayed_size) == (352, 288, (512, 288))
    sink = RemuxSink(tmp_path / "a.mp4")
    for packet in timed(log):
        sink.write(packet)
    sink.close()
    assert not complaints(sink.path)
    video = probe(sink.path)["streams"][0]
    assert (video["sample_aspect_ratio"], video["codec_tag_string"]) == (
        "16:11",
        "hvc1" if codec == "hevc" else "avc1",
    )
    assert frames_of(sink.path)[0].size == (512, 288)


@pytest.mark.parametrize("suffix", [".mp4", ".ts"])
@pytest.mark.parametrize("orientation", ["flip=horizontal", "flip=vertical", "rotate=90", "rotate=270:flip=horizontal"])
async def test_a_stream_that_says_itself_how_it_is_turned(tmp_path: Path, orientation: str, suffix: str) -> None:
    bare = write_clip(tmp_path / "bare.mp4", [quarters()] * PICTURES)
    source = tmp_path / f"clip{suffix}"
    said = f"h264_metadata=display_orientation=insert:{orientation}"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", bare, "-c", "copy", "-bsf:v", said, source], check=True)
    truth = as_ffmpeg_shows(source)
    size = frames_of(source)[0].size
    assert size == truth.shape[1::-1] == ((240, 320) if "rotate" in orientation else (320, 240))
    assert alike(frames_of(source)[0].bgr(), truth)
    for kind in Kind.CLEAN, Kind.SOFT, Kind.ANNOTATED:
        (path,) = await recorded(tmp_path / kind.value, source, kind, size)
        shown = as_ffmpeg_shows(path)
        assert frames_of(path)[0].size == size
        assert is_boxed(shown, size) if kind is Kind.ANNOTATED else alike(shown, truth)


def test_a_damaged_packet_does_not_end_a_copy_that_is_given_its_shape(tmp_path: Path) -> None:
    bare = write_clip(tmp_path / "bare.mp4", [quarters()] * PICTURES)
    source = tmp_path / "clip.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-i", bare, "-c", "copy", "-aspect", "16:9", source], check=True)
    packets = timed(packets_of(source))
    broken = replace(packets[2].packet, data=b"\xff" * 60)
    sink = RemuxSink(tmp_path / "a.mkv")
    for packet in (*packets[:2], replace(packets[2], packet=broken), *packets[3:]):
        sink.write(packet)
    sink.close()
    assert sink.frames == PICTURES
    assert alike(as_ffmpeg_shows(sink.path), as_ffmpeg_shows(source))
