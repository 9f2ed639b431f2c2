"""Waiting for boxes, in order, and not too long."""

from __future__ import annotations

import pytest

from livevision.recording.aligner import Aligner, Boxes
from livevision.sources.packets import EncodedPacket, Medium
from livevision.sources.status import CameraState, CameraStatus
from tests.fakes.cameras import things
from tests.recording.material import START, WALL, frame, result


class Room:
    """An aligner, and what came out of it: names with the left sides of their boxes."""

    def __init__(self, boxes: Boxes = Boxes.ALIGNED, **options) -> None:
        self.out: list[tuple[str, list[float]]] = []
        self.aligner: Aligner[str] = Aligner(
            lambda item, found: self.out.append((item, found.xyxy[:, 0].tolist())), boxes, **options
        )

    def add(self, *times: float, **options) -> None:
        for pts in times:
            self.aligner.add(f"{pts:g}", frame(pts, **options))

    def found(self, pts: float, left: int, **options) -> None:
        self.aligner.on_result(result(frame(pts, **options), things((left, 20, left + 50, 70))))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.out]


@pytest.fixture
def room() -> Room:
    return Room()


def test_items_leave_in_order_with_the_boxes_of_their_own_moment(room):
    room.add(0, 0.1, 0.2, 0.3)
    assert room.out == []
    room.found(0, 10)
    assert room.out == [("0", [10])]
    room.found(0.2, 30)
    assert room.out == [("0", [10]), ("0.1", [pytest.approx(20)]), ("0.2", [30])]
    assert repr(room.aligner) == "<Aligner aligned, 1 waiting>"


def test_two_seconds_at_most(room):
    room.found(-1, 10)
    room.add(0, 1, 2)
    assert room.names == []
    room.add(2.1)
    assert room.out == [("0", [10])]
    room.aligner.release_due(START + 3.05)
    assert room.names == ["0", "1"]


def test_so_many_at_most():
    room = Room(most=3)
    room.add(0, 0.1, 0.2)
    assert room.names == []
    room.add(0.3, 0.4)
    assert room.names == ["0", "0.1"]
    assert room.aligner.waiting == 3


def test_a_camera_that_was_opened_again_ends_the_wait(room):
    room.found(0, 10)
    room.add(0.1)
    room.add(0, generation=1, captured=START + 0.5)
    assert room.out == [("0.1", [10])]
    room.found(0.5, 99)
    room.aligner.release_all()
    assert room.out[1] == ("0", [])


# At the end of a file, too, the last frames are still with the detector.
@pytest.mark.parametrize("state", list(CameraState))
def test_a_camera_in_trouble_ends_the_wait(room, state):
    room.add(0)
    room.aligner.on_status(CameraStatus(state, START))
    assert bool(room.names) == (state not in {CameraState.LIVE, CameraState.CONNECTING, CameraState.ENDED})


def test_without_a_detector_nothing_waits_and_nothing_has_boxes():
    room = Room(Boxes.NONE)
    room.found(0, 10)
    room.add(0)
    assert room.out == [("0", [])]
    room.aligner.boxes = Boxes.ALIGNED
    room.add(0.1)
    assert room.aligner.waiting == 1
    room.aligner.boxes = Boxes.NONE
    assert room.names == ["0", "0.1"]


def test_packets_know_their_moment_themselves():
    out: list[tuple[EncodedPacket, int]] = []
    aligner: Aligner[EncodedPacket] = Aligner(lambda packet, found: out.append((packet, len(found))))
    packet = EncodedPacket(Medium.VIDEO, b"x", 0.0, 0.0, True, 0, START, WALL)
    aligner.add(packet, packet)
    aligner.on_result(result(frame(0), things((10, 20, 60, 70))))
    assert out == [(packet, 1)]
