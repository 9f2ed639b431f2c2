"""Packets on their way: bounded, in order, and dropped only in whole groups."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import time

import pytest

from livevision.recording.aligner import Boxes
from livevision.recording.kind import Kind
from livevision.recording.lanes.admission import Admission
from livevision.recording.lanes.loop_hop import LoopHop
from livevision.recording.plan import RecordingPlan
from livevision.sources.packets import EncodedPacket, Medium
from tests.fakes.cameras import until
from tests.fakes.clips import Encoding
from tests.recording.packet_material import camera, complaints, probe
from tests.recording.rig import PacketCamera, make_recorder, numbers_in


def packet(kind: str, size: int = 10) -> EncodedPacket:
    medium = Medium.AUDIO if kind == "a" else Medium.VIDEO
    return EncodedPacket(medium, b"x" * size, 0.0, 0.0, kind in "Ka", 0, 0.0, 0.0)


def admitted(admission: Admission, kinds: str) -> str:
    return "".join(kind for kind in kinds if admission.admits(packet(kind)))


def test_what_there_is_no_room_for_is_dropped_up_to_the_next_keyframe():
    admission = Admission(most=4)
    assert admitted(admission, "KvavvavK") == "Kvav"
    for kind in "Kvav":
        admission.release(packet(kind))
    assert admitted(admission, "vavKva") == "aKva"
    # vv of the first group, its v, K and two more that build on what is missing.
    assert admission.dropped == 3 + 2


def test_bytes_are_bounded_too():
    admission = Admission(most_bytes=25)
    assert admitted(admission, "Kvv") == "Kv"
    admission.release(packet("K"))
    assert admitted(admission, "vK") == "K"


def test_who_has_caught_up_may_not_fall_far_behind_again():
    admission = Admission(longest=5.0)
    times = [0.0, 4.0, 8.0, 12.0]
    moments = [dataclasses.replace(packet("K"), captured=captured) for captured in times]
    assert [admission.admits(moment) for moment in moments] == [True] * 4  # a pre-roll, all at once
    admission.release(moments[0])
    assert admission.admits(dataclasses.replace(packet("K"), captured=13.0))
    admission.release(moments[1])
    admission.release(moments[2])
    assert [admission.admits(dataclasses.replace(packet("K"), captured=at)) for at in (16.9, 17.1)] == [True, False]
    assert admission.dropped == 1


async def test_a_hop_keeps_the_order_and_lets_the_loop_breathe():
    taken, turns = [], []

    def take(item: int) -> None:
        time.sleep(0.001)
        taken.append(item)

    async def breathe() -> None:
        while len(taken) < 60:
            await asyncio.sleep(0)
            turns.append(len(taken))

    hop = LoopHop(take)
    thread = threading.Thread(target=lambda: [hop.put(number) for number in range(60)], name="putter")
    thread.start()
    await breathe()
    thread.join()
    assert taken == list(range(60))
    assert len(set(turns)) >= 10
    hop.put(60)
    hop.flush()
    assert taken[-1] == 60


@pytest.mark.parametrize("kind", [Kind.ANNOTATED, Kind.SOFT])
async def test_a_detector_that_never_answers_holds_nothing_for_long(tmp_path, kind):
    stream = PacketCamera(camera(tmp_path, 75))
    stream.play(until=0.1)
    recorder = make_recorder(RecordingPlan(tmp_path / "v", kind), Boxes.ALIGNED, ring=stream.ring)
    stream.play()
    await until(lambda: recorder.progress.frames >= 20)  # of 75, those of the last 2 s wait
    assert recorder.progress.left >= 45
    progress = await recorder.aclose(5)
    assert numbers_in(progress.path) == list(range(75))


@pytest.mark.parametrize("kind", [Kind.CLEAN, Kind.SOFT, Kind.BOTH])
async def test_sound_is_kept_where_the_pictures_are(tmp_path, kind):
    stream = PacketCamera(camera(tmp_path, 60, Encoding(sound="aac"), "camera.mp4"))
    stream.play(until=1.0)
    recorder = make_recorder(RecordingPlan(tmp_path / "v", kind), Boxes.NONE, ring=stream.ring)
    stream.play()
    progress = await recorder.aclose(5)
    path = progress.paths[-1]
    assert complaints(path) == ""
    streams = {one["codec_type"]: one for one in probe(path)["streams"]}
    assert {"video", "audio"} <= set(streams)
    assert int(streams["video"]["nb_read_frames"]) == 60
    assert int(streams["audio"]["nb_read_frames"]) >= 15


async def test_a_machine_that_does_not_keep_up_drops_whole_groups_and_counts_them(tmp_path, monkeypatch):
    monkeypatch.setattr("livevision.recording.lanes.packet_aligner._A_SECOND", 3)
    free = threading.Event()

    def slow(image, detections, frame_size, moment=None):
        assert free.wait(60)
        return image

    stream = PacketCamera(camera(tmp_path, 75))
    stream.play(until=0.4)
    plan = RecordingPlan(tmp_path / "v", Kind.ANNOTATED, preroll=0.0)  # 24 packets at once
    recorder = make_recorder(plan, Boxes.NONE, draw=slow, ring=stream.ring)
    stream.play(until=1.9)
    free.set()
    await until(lambda: recorder.progress.left == 0)
    stream.play()
    progress = await recorder.aclose(5)
    numbers = numbers_in(progress.path)
    assert numbers[:24] == list(range(24))
    assert numbers[24] % 12 == 0
    assert numbers[24] > 24
    assert progress.dropped == 75 - len(numbers)
