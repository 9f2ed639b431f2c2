"""Recordings of every kind: what happened is there, once, at its own time, and whatever fails, the rest goes on."""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from dataclasses import replace

import av
import numpy as np
import pytest

from livevision.recording.aligner import Boxes
from livevision.recording.disk import DiskGuard, Room
from livevision.recording.encoders import EncoderChoice
from livevision.recording.encoders import Encoding as EncoderSettings
from livevision.recording.kind import Kind
from livevision.recording.plan import DetectionFiles, RecordingPlan
from livevision.recording.quality import Quality
from livevision.recording.recent_results import RecentResults
from livevision.recording.segments import Segmenting
from livevision.sources.reader import Demand
from livevision.sources.street import clock as bar_code
from tests.fakes.cameras import things, until
from tests.fakes.clips import Encoding, numbered, plain, write_clip
from tests.recording.material import START, frame, is_red, read_back, result
from tests.recording.packet_material import camera, packets_of
from tests.recording.rig import PacketCamera, make_recorder, numbers_in, settled

EVERY_KIND = list(Kind)
BOX = (200, 20, 260, 80)


def plan(folder, kind: Kind, **how) -> RecordingPlan:
    return RecordingPlan(folder / "videos", kind, **how)


def sidecar(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def is_boxed(image: np.ndarray) -> bool:
    return is_red(image[50, 230])


@pytest.mark.parametrize("kind", EVERY_KIND)
async def test_a_recording_begins_before_the_button_was_pressed_and_loses_nothing(tmp_path, kind):
    stream = PacketCamera(camera(tmp_path, 60))  # keyframes 0, 12, 24, …
    stream.play(until=1.6)  # 40 pictures
    recorder = make_recorder(plan(tmp_path, kind, preroll=1.0), Boxes.NONE, ring=stream.ring)
    assert recorder.wants is Demand.KEYFRAMES
    stream.play()
    progress = await recorder.aclose(5)
    # The newest keyframe that is 1 s old or older is the one of picture 12.
    for path in progress.paths:
        assert numbers_in(path) == list(range(12, 60))
        assert read_back(path).times == pytest.approx([index * 0.04 for index in range(48)], abs=0.002)
    assert (progress.frames, progress.dropped) == (48, 0)
    suffixes = sorted(path.name.partition(".")[2] for path in progress.paths)
    expected = {Kind.BOTH: ["annotated.mp4", "mp4"], Kind.SOFT: ["mkv"]}
    assert suffixes == expected.get(kind, ["mp4"])
    assert progress.paths[0].name.startswith("cam_2023-11-1")


@pytest.mark.parametrize("kind", EVERY_KIND)
async def test_segments_lose_no_picture_between_them(tmp_path, kind):
    stream = PacketCamera(camera(tmp_path, 72))
    stream.play(until=0.5)
    how = plan(tmp_path, kind, segmenting=Segmenting(seconds=0.9))
    recorder = make_recorder(how, Boxes.NONE, ring=stream.ring)
    stream.play()
    progress = await recorder.aclose(5)
    for suffix in {path.name.partition(".")[2].replace("-2", "") for path in progress.paths}:
        files = [path for path in progress.paths if path.name.partition(".")[2] == suffix]
        files.sort(key=lambda path: numbers_in(path)[0])
        assert [number for path in files for number in numbers_in(path)] == list(range(72))
        assert [read_back(path).times[0] for path in files] == [0.0] * len(files)
        assert [len(numbers_in(path)) for path in files] == [24, 24, 24]


async def test_a_segment_ends_when_it_is_as_large_as_wanted(tmp_path):
    stream = PacketCamera(camera(tmp_path, 72))
    recorder = make_recorder(plan(tmp_path, Kind.CLEAN, segmenting=Segmenting(bytes=1)), ring=stream.ring)
    for second in range(1, 4):
        stream.play(until=second * 0.96)
        await until(lambda: recorder.progress.bytes > 0 or recorder._way is None)
        recorder.on_frame(frame(0.0))
        await settled(recorder)
        # Fragments are written each half second.
    progress = await recorder.aclose(5)
    assert len(progress.paths) > 1
    assert sorted(number for path in progress.paths for number in numbers_in(path)) == list(range(72))


@pytest.mark.parametrize("kind", [Kind.ANNOTATED, Kind.BOTH])
async def test_the_pre_roll_has_its_boxes_too(tmp_path, kind):
    stream = PacketCamera(camera(tmp_path, 48))
    recent = RecentResults(12.0)
    stream.play(until=1.0)
    for index in range(20):
        recent.on_result(result(frame(index * 0.04, plain((0, 0, 0), (320, 240))), things(BOX)))
    recorder = make_recorder(plan(tmp_path, kind), ring=stream.ring, recent=recent)
    stream.play()
    await settled(recorder)
    for index in range(20, 48):
        found = things(BOX) if index < 30 else things()
        recorder.on_result(result(frame(index * 0.04, plain((0, 0, 0), (320, 240))), found))
    progress = await recorder.aclose(5)
    annotated = progress.paths[0]
    assert [is_boxed(image) for image in read_back(annotated).images] == [True] * 30 + [False] * 18
    if kind is Kind.BOTH:
        assert not any(is_boxed(image) for image in read_back(progress.paths[-1]).images)
    (beside,) = (tmp_path / "videos").glob("*.detections.jsonl")
    header, *lines = sidecar(beside)
    assert header["size"] == [320, 240]
    assert header["files"] == [path.name for path in reversed(progress.paths)]
    assert [line["t"] for line in lines] == pytest.approx([index * 0.04 for index in range(48)], abs=0.001)
    assert [len(line["objects"]) for line in lines] == [1] * 30 + [0] * 18


async def test_a_soft_recording_has_the_boxes_of_its_pictures(tmp_path):
    stream = PacketCamera(camera(tmp_path, 50))
    recorder = make_recorder(plan(tmp_path, Kind.SOFT), ring=stream.ring)
    stream.play()
    recorder.on_frame(frame(0.0))
    await settled(recorder)
    for index in range(50):
        found = things(BOX) if 10 <= index < 30 else things()
        recorder.on_result(result(frame(index * 0.04, plain((0, 0, 0), (320, 240))), found))
    progress = await recorder.aclose(5)
    assert progress.path.suffix == ".mkv"
    with av.open(str(progress.path)) as container:
        subtitles = container.streams.subtitles[0]
        shown = [
            (packet.pts * packet.time_base, packet.duration * packet.time_base)
            for packet in container.demux(subtitles)
            if packet.size
        ]
    assert float(min(start for start, _ in shown)) == pytest.approx(0.4, abs=0.002)
    assert float(max(start + length for start, length in shown)) == pytest.approx(1.2, abs=0.002)


@pytest.mark.parametrize("b_frames", [0, 2])
async def test_pictures_that_are_sorted_by_the_decoder_get_their_own_boxes(tmp_path, b_frames):
    stream = PacketCamera(camera(tmp_path, 40, Encoding(b_frames=b_frames)))
    stream.play(until=0.3)
    recorder = make_recorder(plan(tmp_path, Kind.ANNOTATED), ring=stream.ring)
    stream.play()
    await settled(recorder)
    begin = stream.clip.video[0].pts
    for index in range(40):
        found = things(BOX) if index % 2 else things()
        recorder.on_result(result(frame(begin + index * 0.04, plain((0, 0, 0), (320, 240))), found))
    progress = await recorder.aclose(5)
    recording = read_back(progress.path)
    assert numbers_in(progress.path) == list(range(40))
    assert [is_boxed(image) for image in recording.images] == [bool(index % 2) for index in range(40)]


async def test_a_camera_that_sends_another_size_gets_another_file(tmp_path):
    small = PacketCamera(camera(tmp_path, 24))
    large = packets_of(write_clip(tmp_path / "l.ts", [numbered(n, (640, 480)) for n in range(24)]))
    recorder = make_recorder(plan(tmp_path, Kind.CLEAN), ring=small.ring)
    small.play()
    recorder.on_frame(frame(0.0))
    small.clip, small._next, small.start = large, 0, small.start + 2.0
    small.play(generation=1)
    progress = await recorder.aclose(5)
    sizes = [read_back(path).images[0].shape for path in progress.paths]
    assert sizes == [(240, 320, 3), (480, 640, 3)]
    assert [len(numbers_in(path)) for path in progress.paths] == [24, 24]


@pytest.mark.parametrize("kind", [Kind.ANNOTATED, Kind.CLEAN, Kind.SOFT])
async def test_a_reconnect_leaves_a_gap_as_long_as_it_took(tmp_path, kind):
    stream = PacketCamera(camera(tmp_path, 24))
    recorder = make_recorder(plan(tmp_path, kind), Boxes.NONE, ring=stream.ring)
    stream.play()
    recorder.on_frame(frame(0.0))
    stream._next, stream.start = 0, stream.start + 5.0
    stream.play(generation=1)
    progress = await recorder.aclose(5)
    (path,) = progress.paths
    times = read_back(path).times
    assert times == pytest.approx(
        [index * 0.04 for index in range(24)] + [5 + index * 0.04 for index in range(24)], abs=0.002
    )


@pytest.mark.parametrize("kind", EVERY_KIND)
async def test_a_timed_recording_ends_by_itself(tmp_path, kind):
    over: list[bool] = []
    stream = PacketCamera(camera(tmp_path, 75), start=time.monotonic() - 1.0)
    stream.play(until=1.0)
    recorder = make_recorder(plan(tmp_path, kind, duration=1.0, preroll=0.4), Boxes.NONE, ring=stream.ring, over=over)
    recorder.on_frame(frame(0.0))
    stream.play()
    await until(lambda: over)
    progress = await recorder.aclose(5)
    numbers = numbers_in(progress.path)
    assert over == [True]
    assert numbers[0] == 12
    assert numbers[-1] == pytest.approx(49, abs=6)


async def test_a_recording_that_waits_for_its_camera_takes_what_comes_first(tmp_path):
    stream = PacketCamera(camera(tmp_path, 30))
    recorder = make_recorder(plan(tmp_path, Kind.CLEAN), ring=stream.ring)
    assert recorder.wants is Demand.EVERY_FRAME
    assert recorder.progress.path is None
    stream.play(until=0.2)
    recorder.on_frame(frame(0.0))  # the first picture comes behind its packets
    stream.play()
    progress = await recorder.aclose(5)
    assert numbers_in(progress.path) == list(range(30))


WANDERING = [Kind.ANNOTATED, Kind.CLEAN, Kind.SOFT]


def wandering(seed: int) -> list[float]:
    """Times of pictures that come 5 to 30 times a second."""
    chance, rate, now, times = random.Random(seed), 30.0, 0.0, []
    while now < 8:
        times.append(now)
        now += 1 / rate
        rate = min(30.0, max(5.0, rate + chance.uniform(-4, 4)))
    return times


def clocked(now: float) -> np.ndarray:
    image = plain((90, 90, 90), (bar_code.WIDTH, 64))
    bar_code.stamp(image, round(now * 1000))
    return image


def check_clock(path, times: list[float]) -> None:
    """Each picture's time in the file is that of the clock in it."""
    recording = read_back(path)
    clocks = [bar_code.read(image) for image in recording.images]
    assert len(clocks) == len(times)
    off = [abs(at - (ms - clocks[0]) / 1000) for at, ms in zip(recording.times, clocks, strict=True)]
    assert max(off) < 0.015
    assert recording.duration == pytest.approx(2 * times[-1] - times[-2], rel=0.005)


@pytest.mark.parametrize("kind", WANDERING)
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_camera_whose_rate_wanders_plays_as_fast_as_it_was(tmp_path, kind, seed):
    times = wandering(seed)
    recorder = make_recorder(plan(tmp_path, kind), Boxes.NONE)
    for at in times:
        recorder.on_frame(frame(at, clocked(at)))
        while recorder.progress.left > 30:
            await asyncio.sleep(0.002)
    progress = await recorder.aclose(10)
    assert progress.dropped == 0
    check_clock(progress.path, times)


@pytest.mark.parametrize("kind", WANDERING)
async def test_a_stream_whose_rate_wanders_plays_as_fast_as_it_was(tmp_path, kind):
    times = wandering(3)
    clip = packets_of(write_clip(tmp_path / "a.mkv", [clocked(at) for at in times], times=times))
    stream = PacketCamera(clip)
    stream.play(until=1.0)
    recorder = make_recorder(plan(tmp_path, kind), Boxes.NONE, ring=stream.ring)
    stream.play()
    progress = await recorder.aclose(10)
    assert progress.dropped == 0
    check_clock(progress.path, times)


@pytest.mark.parametrize("kind", EVERY_KIND)
async def test_a_source_without_packets_is_recorded_in_every_kind(tmp_path, kind):
    recorder = make_recorder(plan(tmp_path, kind, segmenting=Segmenting(seconds=1.0)), Boxes.NONE)
    for index in range(60):
        recorder.on_frame(frame(index * 0.04, numbered(index, (322, 181))))
        assert recorder.progress.words == "no pre-roll: this source gives pictures, not packets"
        while recorder.progress.left > 20:
            await asyncio.sleep(0.002)
    assert recorder.wants is Demand.EVERY_FRAME
    progress = await recorder.aclose(5)
    assert progress.words == ""
    per_kind = len(progress.paths) // (2 if kind is Kind.BOTH else 1)
    assert per_kind == 3
    for files in (progress.paths[:3], progress.paths[-3:]):
        assert [len(numbers_in(path)) for path in files] == [25, 25, 10]
        assert [number for path in files for number in numbers_in(path)] == list(range(60))
        assert read_back(files[0]).images[0].shape == (180, 322, 3)
    assert progress.dropped == 0


async def test_rows_for_a_spreadsheet_are_written_where_they_are_wanted(tmp_path):
    recorder = make_recorder(plan(tmp_path, Kind.ANNOTATED, detections=DetectionFiles.WITH_CSV))
    for index in range(5):
        recorder.on_frame(frame(index * 0.04))
        recorder.on_result(result(frame(index * 0.04), things((0, 0, 20, 20))))
    progress = await recorder.aclose(5)
    stem = progress.path.stem
    names = sorted(path.name for path in progress.path.parent.iterdir())
    assert names == [f"{stem}.detections.csv", f"{stem}.detections.jsonl", f"{stem}.mp4"]
    assert len((progress.path.parent / f"{stem}.detections.csv").read_text().splitlines()) == 6


async def test_what_is_clean_goes_on_when_the_drawing_fails(tmp_path):
    def fails(image, detections, frame_size, moment=None):
        raise ValueError("no such box")

    told, over = [], []
    stream = PacketCamera(camera(tmp_path, 60))
    stream.play(until=0.5)
    recorder = make_recorder(plan(tmp_path, Kind.BOTH), Boxes.NONE, draw=fails, ring=stream.ring, told=told, over=over)
    await until(lambda: told)
    stream.play()
    progress = await recorder.aclose(5)
    assert len(told) == 1
    assert "ValueError: no such box" in str(told[0])
    assert over == []
    assert numbers_in(progress.paths[-1]) == list(range(60))


async def test_a_recording_that_does_not_grow_is_said_and_ends_as_failed(tmp_path):
    answers = threading.Event()

    def hangs(image, detections, frame_size, moment=None):
        answers.wait(30)
        return image

    told, over = [], []
    recorder = make_recorder(plan(tmp_path, Kind.ANNOTATED), Boxes.NONE, draw=hangs, told=told, over=over)
    try:
        for index in range(10 * 25):
            recorder.on_frame(frame(index * 0.04))
        assert recorder.progress.words in {f"the file has not grown for {seconds} s" for seconds in (8, 9, 10)}
        assert not told
        for index in range(10 * 25, 33 * 25):
            recorder.on_frame(frame(index * 0.04))
        assert len(over) == len(told) == 1
        assert "none of the pictures of the last 30 s reached its file" in str(told[0])
    finally:
        answers.set()
        await recorder.aclose(5)


async def test_a_recorder_that_fails_with_each_picture_ends_as_failed(tmp_path):
    told, over = [], []

    recorder = make_recorder(plan(tmp_path, Kind.ANNOTATED), Boxes.NONE, told=told, over=over)
    for index in range(33 * 25):
        with pytest.raises(AttributeError):
            recorder.on_frame(replace(frame(index * 0.04), picture=None))
    await recorder.aclose(5)
    assert len(over) == len(told) == 1


async def test_a_camera_that_sends_nothing_or_seldom_does_not_end_its_recording(tmp_path):
    told, over = [], []
    recorder = make_recorder(plan(tmp_path, Kind.ANNOTATED), Boxes.NONE, told=told, over=over)
    for at in (0.0, 0.04, 60.0, 120.0, 180.0, 240.0):  # a picture a minute, after a camera that was away
        recorder.on_frame(frame(at))
        await settled(recorder)
    assert "grown" not in recorder.progress.words
    await recorder.aclose(5)
    assert not told
    assert not over


@pytest.mark.parametrize("kind", [Kind.ANNOTATED, Kind.CLEAN, Kind.SOFT])
async def test_when_nothing_can_be_written_it_is_over_and_told_once(tmp_path, kind):
    (tmp_path / "videos").write_text("in the way")
    told, over = [], []
    stream = PacketCamera(camera(tmp_path, 30))
    stream.play(until=0.5)
    recorder = make_recorder(plan(tmp_path, kind), Boxes.NONE, ring=stream.ring, told=told, over=over)
    await until(lambda: over)
    stream.play()
    progress = await recorder.aclose(5)
    assert [str(error).partition(": ")[2] for error in told] == ["there is no such folder; create it or choose another"]
    assert progress.paths == ()
    assert progress.frames == 0


async def test_a_disk_that_becomes_full_ends_the_recording_properly(tmp_path):
    free = [10**12]
    told, over = [], []
    guard = DiskGuard(tmp_path / "videos", lambda folder: Room(free[0], 1), every=0.01)
    recorder = make_recorder(plan(tmp_path, Kind.ANNOTATED), Boxes.NONE, guard=guard, told=told, over=over)
    recorder.on_frame(frame(0.0))
    recorder.on_frame(frame(0.04))
    free[0] = 1_500_000_000
    await until(lambda: "nearly full" in recorder.progress.words)
    assert over == []
    free[0] = 400_000_000
    await until(lambda: over)
    progress = await recorder.aclose(5)
    assert "The recording was ended: the disk is full (0.4 GB free)" in str(told[0])
    assert len(read_back(progress.path).times) == 2


async def test_two_recordings_at_once_never_share_a_name(tmp_path):
    recorders = [make_recorder(plan(tmp_path, Kind.ANNOTATED), Boxes.NONE) for _ in range(3)]
    for recorder in recorders:
        recorder.on_frame(frame(0.0))
    paths = {(await recorder.aclose(5)).path for recorder in recorders}
    assert len(paths) == 3
    assert all(path.exists() for path in paths)


async def test_closing_says_how_much_is_left(tmp_path):
    held = asyncio.Event()
    words = []

    def slow(image, detections, frame_size, moment=None):
        time.sleep(0.02)
        return image

    recorder = make_recorder(plan(tmp_path, Kind.ANNOTATED), Boxes.NONE, draw=slow)
    for index in range(20):
        recorder.on_frame(frame(index * 0.04))
    closing = asyncio.create_task(recorder.aclose(5))
    while not closing.done():
        words.append(recorder.progress.words)
        await asyncio.sleep(0.005)
    held.set()
    assert any(said.startswith("closing, 1") and said.endswith(" left") for said in words)
    assert (await closing).words == ""


async def test_a_result_without_a_recorded_picture_is_left_out(tmp_path):
    recorder = make_recorder(plan(tmp_path, Kind.ANNOTATED))
    recorder.on_frame(frame(5.0))
    recorder.on_result(result(frame(4.9), things((0, 0, 20, 20))))
    recorder.on_result(replace(result(frame(5.0), things()), started=START))
    progress = await recorder.aclose(5)
    (beside,) = progress.path.parent.glob("*.jsonl")
    assert [line["pts"] for line in sidecar(beside)[1:]] == [5.0]


@pytest.mark.parametrize("kind", [Kind.ANNOTATED, Kind.CLEAN])
@pytest.mark.parametrize("sends", ["packets", "frames"])
async def test_an_encoder_that_does_not_work_is_replaced_and_named(tmp_path, monkeypatch, kind, sends):
    monkeypatch.setattr("livevision.recording.encoders.why_not", lambda encoder, size: "no driver")
    how = plan(tmp_path, kind, encoding=EncoderSettings(EncoderChoice.NVENC, Quality.SMALL))
    stream = PacketCamera(camera(tmp_path, 12))
    if sends == "packets":
        stream.play()
    recorder = make_recorder(how, Boxes.NONE, ring=stream.ring)
    if sends == "frames":
        for index in range(12):
            recorder.on_frame(frame(index * 0.04))
    said = "NVENC (NVIDIA) cannot be used here (no driver); recording with libx264 instead"
    if (kind, sends) != (Kind.CLEAN, "packets"):  # of which nothing is encoded
        await until(lambda: recorder.progress.words == said)
    progress = await recorder.aclose(5)
    assert progress.frames == 12
