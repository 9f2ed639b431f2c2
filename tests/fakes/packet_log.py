"""A packet sink that writes down what it is told."""

from __future__ import annotations

from livevision.sources.packets import EncodedPacket, MediaFormat, Medium


class PacketLog:
    """Keeps formats, packets, and their order."""

    def __init__(self) -> None:
        self.formats: list[tuple[MediaFormat, int]] = []
        self.packets: list[EncodedPacket] = []
        self.kinds: list[str] = []
        """``format``, ``key``, ``video`` or ``audio``, as they came."""

    @property
    def video(self) -> list[EncodedPacket]:
        return [packet for packet in self.packets if packet.medium is Medium.VIDEO]

    @property
    def audio(self) -> list[EncodedPacket]:
        return [packet for packet in self.packets if packet.medium is Medium.AUDIO]

    def on_format(self, media: MediaFormat, generation: int) -> None:
        self.formats.append((media, generation))
        self.kinds.append("format")

    def on_packet(self, packet: EncodedPacket) -> None:
        self.packets.append(packet)
        key = packet.medium is Medium.VIDEO and packet.is_keyframe
        self.kinds.append("key" if key else packet.medium.value)
