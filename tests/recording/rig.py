"""Recorders of a camera that a test plays."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import supervision as sv

from livevision.recording.aligner import Boxes
from livevision.recording.disk import DiskGuard, Room
from livevision.recording.packet_ring import PacketRing
from livevision.recording.plan import RecordingPlan
from livevision.recording.recent_results import RecentResults
from livevision.recording.recorder import RecordedCamera, Recorder
from livevision.recording.sidecar_header import SidecarHeader
from tests.fakes.clips import number_in
from tests.recording.material import START, WALL, fill_boxes, read_back

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.packet_log import PacketLog

PLENTY = Room(10**12, 1)


def plenty(_: Path) -> Room:
    return PLENTY


def described() -> SidecarHeader:
    return SidecarHeader(size=(0, 0), camera="cam", model="things")


def make_recorder(
    plan: RecordingPlan | Path,
    boxes: Boxes = Boxes.ALIGNED,
    *,
    draw=fill_boxes,
    ring: PacketRing | None = None,
    recent: RecentResults | None = None,
    told: list | None = None,
    over: list | None = None,
    guard: DiskGuard | None = None,
) -> Recorder:
    """Return a recorder of the camera ``cam`` whose troubles go to ``told`` and whose end to ``over``."""
    plan = plan if isinstance(plan, RecordingPlan) else RecordingPlan(plan)
    camera = RecordedCamera("cam", ring, recent or RecentResults(12.0), draw, described)
    told, over = [] if told is None else told, [] if over is None else over
    guard = guard or DiskGuard(plan.folder, plenty)
    return Recorder(camera, plan, boxes, told.append, lambda: over.append(True), guard)


class PacketCamera:
    """Sends the packets of a clip, each when its time has come, to a ring of its own."""

    def __init__(self, clip: PacketLog, start: float = START) -> None:
        self.clip = clip
        self.start = start
        self.now = start
        self.ring = PacketRing(clock=lambda: self.now)
        self._next = 0

    def play(self, until: float = math.inf, generation: int = 0) -> None:
        """Send what comes before ``until``, in seconds of the clip."""
        if self._next == 0:
            self.ring.on_format(self.clip.formats[0][0], generation)
        for packet in self.clip.packets[self._next :]:
            if packet.pts >= until:
                break
            self.now = self.start + packet.pts
            sent = replace(packet, captured=self.now, wall=WALL + packet.pts, generation=generation)
            self.ring.on_packet(sent)
            self._next += 1


async def settled(recorder: Recorder) -> None:
    """Wait until all that has come is written, or waits for boxes."""
    left = -1
    while left != recorder.progress.left:
        left = recorder.progress.left
        await asyncio.sleep(0.03)


def numbers_in(path: Path) -> list[int]:
    """Return which numbered pictures a recording holds."""
    return [number_in(image) for image in read_back(path).images]


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the IoU of two boxes."""
    return float(sv.box_iou_batch(np.array([one], float), np.array([other], float))[0, 0])
