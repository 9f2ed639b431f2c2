"""The waiting room of packets: they come in the capture thread, and go on, with their boxes, on the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.aligner import Aligner, Boxes
from livevision.recording.lanes.admission import MOST_BYTES, Admission
from livevision.recording.lanes.loop_hop import LoopHop
from livevision.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    import supervision as sv

    from livevision.frame import Result
    from livevision.recording.remux import TimedPacket
    from livevision.recording.segmented import Placed
    from livevision.sources.packets import EncodedPacket
    from livevision.sources.status import CameraStatus

_MOST_WAITING = 400
"""Packets that wait for boxes: 2 s of 120 pictures and 50 pieces of sound a second, and some more."""
_A_SECOND = 120
_LAG = 8.0
"""Seconds that may be on their way once the pre-roll is caught up with: more could not be written on closing."""
_MOST_RESULTS = 1000
_LONGEST_GROUP = 20.0
"""Seconds that a pre-roll may be longer than asked for, because it begins with a keyframe."""


class PacketAligner:
    """Hands packets to ``release`` on the event loop, in order, with the boxes of their moment.

    What is on its way, up to :meth:`release` at the lane's end, is bounded in number and bytes.
    """

    def __init__(
        self, release: Callable[[Placed[TimedPacket], sv.Detections], None], boxes: Boxes, preroll: float
    ) -> None:
        self.most = round(_A_SECOND * (preroll + _LAG))
        """How many packets there are at once."""
        self._admission = Admission(self.most, MOST_BYTES, _LAG)
        self._hop: LoopHop[Placed[TimedPacket]] = LoopHop(self._arrived)
        timeline = Timeline(_MOST_RESULTS, preroll + _LONGEST_GROUP)
        self._aligner: Aligner[Placed[TimedPacket]] = Aligner(release, boxes, _MOST_WAITING, timeline)

    @property
    def dropped(self) -> int:
        """Pictures for which there was no room."""
        return self._admission.dropped

    @property
    def waiting(self) -> int:
        """How many packets are here."""
        return self._hop.waiting + self._aligner.waiting

    @property
    def boxes(self) -> Boxes:
        """Whether packets wait for boxes; may be set at any time."""
        return self._aligner.boxes

    @boxes.setter
    def boxes(self, boxes: Boxes) -> None:
        self._aligner.boxes = boxes

    def put(self, placed: Placed[TimedPacket]) -> None:
        """Take a packet, in any thread."""
        if self._admission.admits(placed.item.packet):
            self._hop.put(placed)

    def release(self, packet: EncodedPacket) -> None:
        """Note that a packet is written; from any thread."""
        self._admission.release(packet)

    def on_result(self, result: Result) -> None:
        """Take a result."""
        self._aligner.on_result(result)

    def on_status(self, status: CameraStatus) -> None:
        """Wait no longer where no result is to be expected soon."""
        self._aligner.on_status(status)

    def release_all(self) -> None:
        """Hand everything on, with the boxes known so far."""
        self._hop.flush()
        self._aligner.release_all()

    def _arrived(self, placed: Placed[TimedPacket]) -> None:
        self._aligner.add(placed, placed.item.packet)
