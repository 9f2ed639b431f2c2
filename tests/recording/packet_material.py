"""Real packets of generated clips, and what ffmpeg and ffprobe say of recordings."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from livevision.recording.remux import TimedPacket
from livevision.sources.file import FileReader, Pace
from tests.fakes.clips import Encoding, numbered, write_clip
from tests.fakes.packet_log import PacketLog

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.frame import Image
    from livevision.sources.packets import EncodedPacket, MediaFormat


def packets_of(path: Path) -> PacketLog:
    """Read a whole file as encoded packets."""
    log = PacketLog()
    reader = FileReader(path, 0, Pace.EVERY_FRAME)
    reader.tap(log)
    reader.open()
    while reader.read() is not None:
        pass
    reader.close()
    return log


def camera(folder: Path, count: int = 30, encoding: Encoding | None = None, name: str = "camera.ts") -> PacketLog:
    """Return what a camera sends that shows the numbers below ``count``."""
    return packets_of(write_clip(folder / name, [numbered(n) for n in range(count)], encoding))


def timed(log: PacketLog, start: float | None = None) -> list[TimedPacket]:
    """Give packets times in a file that begins with the first keyframe, or at ``start``."""
    start = log.video[0].pts if start is None else start
    media = log.formats[0][0]
    return [item(media, packet, packet.pts - start) for packet in log.packets]


def item(media: MediaFormat, packet: EncodedPacket, time: float) -> TimedPacket:
    return TimedPacket(media, packet, time)


def complaints(path: Path) -> str:
    """Play a file as fast as possible and return what ffmpeg has to say."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def as_ffmpeg_shows(path: Path) -> Image:
    """Return the first picture as ffmpeg's players show it: upright and mirrored as it says, with square pixels."""
    square = "scale='if(gt(sar,1),iw*sar,iw)':'if(gt(sar,1),ih,ih/sar)',setsar=1"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-frames:v", "1", "-vf", square]
    ppm = subprocess.run([*command, "-c:v", "ppm", "-f", "image2pipe", "-"], capture_output=True, check=True).stdout
    return cv2.imdecode(np.frombuffer(ppm, np.uint8), cv2.IMREAD_COLOR)


def probe(path: Path) -> dict[str, Any]:
    """Return ffprobe's account of container and streams, pictures counted."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_format", "-show_streams", "-of", "json", str(path)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
