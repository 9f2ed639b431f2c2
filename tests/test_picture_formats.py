"""Pictures that are more than 8 bits of film: HDR, 10 bit, deep grey, interlaced, transparent.  ffmpeg makes them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from livevision.frame import Frame, Image
from livevision.pictures import DecodedPicture
from livevision.pictures.deinterlacing import deinterlaced
from livevision.recording.annotated import AnnotatedFrame, AnnotatedMp4
from livevision.sources.file import FileReader, Pace
from tests.fakes.cameras import things
from tests.recording.material import fill_boxes, read_back

AROUND_WHITE = 203.0


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


def frames_of(path: Path) -> list[Frame]:
    reader = FileReader(path, 0, Pace.EVERY_FRAME)
    reader.open()
    frames = []
    while (frame := reader.read()) is not None:
        frames.append(frame)
    reader.close()
    return frames


def pq(nits: np.ndarray) -> np.ndarray:
    """SMPTE ST 2084, from light to signal."""
    light = (nits / 10_000) ** (2610 / 16384)
    return ((3424 / 4096 + 2413 / 128 * light) / (1 + 2392 / 128 * light)) ** (2523 / 32)


def hlg(scene: np.ndarray) -> np.ndarray:
    """ARIB STD-B67, from the light of the scene, 0 to 1, to signal."""
    bright = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright)


BT709_IN_BT2020 = np.array(
    [[0.627404, 0.329283, 0.043313], [0.069097, 0.919540, 0.011362], [0.016391, 0.088013, 0.895595]]
)


def hdr_signal(bgr: tuple[int, int, int], transfer: str) -> tuple[float, float, float]:
    """Return what a studio makes of an ordinary colour: white at 203 cd/m², in BT.2020, as red, green, blue, 0 to 1."""
    light = BT709_IN_BT2020 @ ((np.array(bgr[::-1]) / 255) ** 2.4) * AROUND_WHITE
    if transfer == "smpte2084":
        return tuple(pq(light))
    shown = light / 1000
    luminance = float(np.dot([0.2627, 0.6780, 0.0593], shown))
    return tuple(hlg(shown * luminance ** (1 / 1.2 - 1))) if luminance else (0.0, 0.0, 0.0)


def bt2020_frame(
    signal: tuple[float, float, float], transfer: str, size: tuple[int, int] = (320, 180)
) -> av.VideoFrame:
    """Return a 10-bit picture of one colour (ITU-R BT.2020, non-constant luminance, limited range)."""
    red, green, blue = signal
    luma = 0.2627 * red + 0.6780 * green + 0.0593 * blue
    levels = (876 * luma + 64, 896 * (blue - luma) / 1.8814 + 512, 896 * (red - luma) / 1.4746 + 512)
    frame = av.VideoFrame(*size, "yuv420p10le")
    for plane, level in zip(frame.planes, levels, strict=True):
        plane.update(np.full(plane.buffer_size // 2, round(level), "<u2").tobytes())
    frame.colorspace, frame.color_range, frame.color_primaries = 9, 1, 9
    frame.color_trc = {"smpte2084": 16, "arib-std-b67": 18}[transfer]
    return frame


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
@pytest.mark.parametrize(
    "colour", [(190, 190, 190), (60, 60, 60), (128, 128, 128), (40, 40, 190), (50, 170, 60), (180, 60, 40)]
)
def test_hdr_looks_like_the_ordinary_picture(transfer: str, colour: tuple[int, int, int]) -> None:
    picture = DecodedPicture(bt2020_frame(hdr_signal(colour, transfer), transfer))
    for image in (
        picture.bgr(picture.size),
        picture.bgr((160, 90)),
        picture.bgr((40, 40), (20, 20, 40, 40)),
        picture.bgra((160, 90))[..., :3],
    ):
        assert np.abs(image.astype(int) - colour).max() <= 8


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_what_is_brighter_than_white_is_still_told_apart(transfer: str) -> None:
    levels = [
        int(DecodedPicture(bt2020_frame((signal,) * 3, transfer)).bgr((320, 180))[90, 160, 1])
        for signal in np.linspace(hdr_signal((255, 255, 255), transfer)[0], 0.72 if "2084" in transfer else 0.98, 5)
    ]
    assert levels == sorted(set(levels))
    assert 220 <= levels[0] < levels[-1] <= 255


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_an_annotated_recording_of_hdr_is_an_ordinary_file(tmp_path: Path, transfer: str) -> None:
    colour = (60, 60, 190)
    signal = hdr_signal(colour, transfer)
    source = tmp_path / "phone.mov"
    with av.open(source, "w") as container:
        stream = container.add_stream("libx265", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p10le"
        context = stream.codec_context
        context.colorspace, context.color_primaries, context.color_range = 9, 9, 1
        context.color_trc = bt2020_frame(signal, transfer).color_trc
        for number in range(4):
            frame = bt2020_frame(signal, transfer)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    sink = AnnotatedMp4(tmp_path / "a.mp4", "", fill_boxes).open()
    for frame in frames_of(source):
        sink.write(AnnotatedFrame(frame, things((10, 10, 60, 60)), frame.pts))
    sink.close()
    entries = "stream=color_transfer,color_primaries,color_space,pix_fmt"
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "default=nw=1", sink.path],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert sorted(said.split()) == [
        "color_primaries=bt709",
        "color_space=bt709",
        "color_transfer=bt709",
        "pix_fmt=yuv420p",
    ]
    assert np.abs(read_back(sink.path).images[2][120, 200].astype(int) - colour).max() <= 10


BARS = [(180, 180, 180), (16, 180, 180), (180, 180, 16), (16, 180, 16), (180, 16, 180), (16, 16, 180), (180, 16, 16)]


@pytest.mark.parametrize("matrix", ["bt709", "smpte170m", "bt2020nc"])
@pytest.mark.parametrize("full", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("layout", ["yuv420p10le", "yuv422p10le", "yuv420p"])
def test_ten_bits_have_the_colours_of_eight(tmp_path: Path, matrix: str, full: bool, layout: str) -> None:
    bars = np.concatenate([np.full((180, 40, 3), colour, np.uint8) for colour in BARS], axis=1)
    cv2.imwrite(str(tmp_path / "bars.png"), bars)
    name, level = {"bt709": "bt709", "smpte170m": "bt601", "bt2020nc": "bt2020"}[matrix], "pc" if full else "tv"
    filters = f"scale=out_color_matrix={name}:out_range={level}:flags=accurate_rnd+full_chroma_int,format={layout}"
    ffmpeg(
        *("-i", tmp_path / "bars.png", "-vf", filters, "-colorspace", matrix, "-color_range", level),
        *("-c:v", "libx265", "-x265-params", "log-level=error:crf=4", "-frames:v", "1", tmp_path / "a.mkv"),
    )
    (frame,) = frames_of(tmp_path / "a.mkv")
    images = [(frame.bgr(), 0), (frame.bgr((120, 80), (80, 60, 120, 80)), 80)]
    for image, left in images:
        for number, colour in enumerate(BARS):
            x = number * 40 + 20 - left
            if 0 <= x < image.shape[1]:
                assert np.abs(image[image.shape[0] // 2, x].astype(int) - colour).max() <= 4, (number, left)


def test_the_few_levels_of_a_thermal_camera_are_seen_in_tile_and_recording(tmp_path: Path) -> None:
    source = tmp_path / "y16.mkv"
    ramp = "geq=lum='30000+X*4'"
    ffmpeg("-f", "lavfi", "-i", "color=s=256x128:r=10:d=0.5,format=gray16le", "-vf", ramp, "-c:v", "ffv1", source)
    frames = frames_of(source)
    tile, whole = frames[0].bgr((128, 64)), frames[0].bgr()
    assert whole[64, 10, 0] < 30
    assert whole[64, 245, 0] > 225
    assert np.abs(tile[32, ::8].astype(int) - whole[64, ::16]).max() <= 4
    assert np.abs(frames[0].bgr((64, 64), (128, 32, 64, 64))[32].mean() - whole[32:96, 128:192].mean()) <= 3
    sink = AnnotatedMp4(tmp_path / "a.mp4", "", fill_boxes).open()
    for frame in frames:
        sink.write(AnnotatedFrame(frame, things(), frame.pts))
    sink.close()
    assert np.abs(read_back(sink.path).images[0].astype(int) - whole).mean() < 3


def test_deep_grey_that_uses_its_range_is_as_bright_as_ever(tmp_path: Path) -> None:
    ffmpeg(
        *("-f", "lavfi", "-i", "color=s=256x128:r=10:d=0.1,format=gray16le"),
        *("-vf", "geq=lum='X*200'", "-c:v", "ffv1", tmp_path / "a.mkv"),
    )
    row = frames_of(tmp_path / "a.mkv")[0].bgr()[64, :, 1].astype(int)
    assert np.abs(row - np.arange(256) * 200 // 256).max() <= 2


def combs(image: Image) -> float:
    """Return how far lines differ from those next to them rather than from the next but one, in levels."""
    lines = image.astype(int)
    near = np.abs(2 * lines[1:-1] - lines[:-2] - lines[2:]).sum(axis=2)
    far = np.abs(lines[:-2] - lines[2:]).sum(axis=2)
    return float((np.maximum(near - far - 30, 0)).mean())


@pytest.mark.parametrize("order", ["tff", "bff"])
@pytest.mark.parametrize("codec", ["mpeg2video", "libx264"])
def test_interlaced_pictures_have_no_combs(tmp_path: Path, order: str, codec: str) -> None:
    first = "interleave_top" if order == "tff" else "interleave_bottom"
    source = tmp_path / ("a.ts" if codec == "mpeg2video" else "a.mp4")
    moving = "color=0x303030:s=320x240:r=50:d=1,drawbox=x=0:y=0:w=0:h=0[b];color=white:s=60x100:r=50:d=1[o];"
    moving += f"[b][o]overlay=x='t*250':y=70,tinterlace={first},fieldorder={order}"
    extra = ["-x264-params", f"{order}=1"] if codec == "libx264" else ["-q:v", "2"]
    ffmpeg("-f", "lavfi", "-i", moving, "-c:v", codec, "-flags", "+ilme+ildct", *extra, "-r", "25", source)
    frames = frames_of(source)
    assert len(frames) == 25
    middle = frames[12]
    assert isinstance(middle.picture, DecodedPicture)
    assert middle.picture.decoded.interlaced_frame
    woven = middle.picture.decoded.to_ndarray(format="bgr24")
    assert combs(woven) > 1, "there is something to do"
    for image in (middle.bgr(), middle.bgr((320, 240), (0, 0, 320, 240)), middle.picture.bgra((320, 240))[..., :3]):
        assert combs(image) < 0.15 * combs(woven)
    small = middle.bgr((160, 120)).astype(int)
    assert np.abs(small - cv2.resize(middle.bgr(), (160, 120), interpolation=cv2.INTER_AREA)).mean() < 2
    assert combs(middle.bgr((320, 120))) < 0.15 * combs(woven)
    still = np.s_[:60, :]
    assert np.abs(middle.bgr()[still].astype(int) - woven[still]).max() <= 3
    assert [round(25 * (frame.pts - frames[0].pts)) for frame in frames] == list(range(25))


def test_still_detail_of_an_interlaced_picture_is_left_alone() -> None:
    rng = np.random.default_rng(3)
    image = np.full((240, 320, 3), 90, np.uint8)
    for _ in range(30):
        x, y = rng.integers(20, 290), rng.integers(20, 220)
        cv2.line(image, (int(x), int(y)), (int(x) + 25, int(y)), (230, 230, 230), 1)
    cv2.putText(image, "12:34:56", (60, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 2)
    decoded = av.VideoFrame.from_ndarray(image, "bgr24").reformat(format="yuv420p")
    made = deinterlaced(decoded).to_ndarray(format="bgr24")
    assert np.abs(made.astype(int) - decoded.to_ndarray(format="bgr24")).mean() < 1


@pytest.mark.parametrize("name", ["x.gif", "x.apng", "x.mov", "x.webm"])
def test_what_is_transparent_is_one_plain_colour(tmp_path: Path, name: str) -> None:
    coders = {
        ".mov": ["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"],
        ".webm": ["-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p"],
        ".apng": ["-f", "apng"],
        ".gif": [],
    }
    shape = (
        "color=0x00FF00:s=200x150:r=10:d=0.5,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,100),255,0)'"
    )
    if name == "x.gif":
        shape += ",split[a][b];[a]palettegen[p];[b][p]paletteuse"
    ffmpeg("-f", "lavfi", "-i", shape, *coders[Path(name).suffix], tmp_path / name)
    for frame in frames_of(tmp_path / name):
        image = frame.bgr().astype(int)
        assert np.abs(image[40:110, 20:80] - (0, 255, 0)).max() <= 12
        if name != "x.webm":  # FFmpeg's own decoder of VP9 leaves the transparency out, as its players do
            assert image[40:110, 120:180].max() <= 4
        assert image[40:110, 120:180].std(axis=(0, 1)).max() <= 2
