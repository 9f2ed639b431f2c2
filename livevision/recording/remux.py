"""Clean recordings: a camera's own packets in a file, in original quality and without decoding any."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from livevision.errors import RecordingError
from livevision.recording.g711 import expand, expanded_format, is_g711
from livevision.recording.media_file import MediaFile
from livevision.recording.mux_streams import can_hold
from livevision.recording.partial import NewFile
from livevision.sources.packets import EncodedPacket, MediaFormat, Medium, StreamFormat
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_IN_MP4 = frozenset({"h264", "hevc", "av1", "mpeg4", "aac", "ac3", "eac3", "mp3", "opus", "flac"})
"""What MP4 can hold so that most players know what to do with it."""


@dataclass(frozen=True, slots=True, eq=False)
class TimedPacket:
    """A packet, what it is of, and when its picture or sound is, in seconds of the file."""

    media: MediaFormat
    packet: EncodedPacket
    time: float


def can_remux(media: MediaFormat) -> bool:
    """Say whether a camera's pictures can be recorded as they are; its sound is left out where it cannot."""
    return can_hold(media.video.codec)


def container_for(media: MediaFormat, wanted: str = ".mp4") -> str:
    """Return the suffix of the container to use: the one wanted, or ``.mkv`` where MP4 cannot hold what there is."""
    forms = [media.video] if media.audio is None else [media.video, media.audio]
    return wanted if all(form.codec in _IN_MP4 for form in forms) else ".mkv"


def sound_remark(media: MediaFormat, suffix: str) -> str:
    """Return what is to be said of the sound in a copy of packets; nothing where all is well."""
    if media.unrecorded:
        return say("its sound ({codec}) is not recorded", codec=media.unrecorded)
    if suffix == ".mp4" and media.audio is not None and media.audio.codec == "opus":
        return say("its sound is Opus, which the players of Windows and Apple may leave out")
    return ""


def encoded_remark(media: MediaFormat) -> str:
    """Return what is to be said of the sound where pictures are encoded anew, which leaves it out."""
    if media.audio is None:
        return sound_remark(media, "")
    return say("its sound is not recorded, as its pictures ({codec}) cannot be copied", codec=media.video.codec)


def _kept_sound(audio: StreamFormat | None) -> StreamFormat | None:
    if audio is None or can_hold(audio.codec):
        return audio
    return expanded_format(audio) if is_g711(audio) else None


class RemuxSink:
    """Writes packets to a new MP4 or Matroska file, as its suffix says.  Blocking; one thread uses it.

    It begins with the first keyframe.  All packets have the same ``media``: where that changes, another file is needed.
    Every method raises RecordingError.
    """

    def __init__(self, path: Path, title: str = "", new_file: Callable[[Path], NewFile] = NewFile) -> None:
        self.seconds = 0.0
        """Time in the file of the newest picture; from any thread."""
        self.pictures = 0
        """How many are in it; from any thread."""
        self._file = MediaFile(path, title, new_file)
        self._begun: MediaFormat | None = None
        self._start = 0.0
        self._leading = True  # what comes in front of the first keyframe in time, and after it in the stream

    @property
    def path(self) -> Path:
        """Where the file is to be; once closed, where it is."""
        return self._file.path

    @property
    def bytes_written(self) -> int:
        """Size of the file so far; from any thread."""
        return self._file.bytes_written

    @property
    def frames(self) -> int:
        """How many pictures are in it, as other sinks call it; from any thread."""
        return self.pictures

    def write(self, item: TimedPacket) -> None:
        """Write one packet."""
        packet = item.packet
        if self._begun is None:
            if packet.medium is Medium.AUDIO or not packet.is_keyframe:
                return
            self._begin(item)
        elif item.media is not self._begun and item.media != self._begun:
            raise RecordingError(
                say("Cannot record {path} on: the camera sends another kind of video now", path=self.path.name)
            )
        if not self._is_wanted(item):
            return
        audio = item.media.audio
        if packet.medium is Medium.AUDIO and audio is not None and is_g711(audio):
            packet = replace(packet, data=expand(audio.codec, packet.data))
        self._file.write(packet, item.time)
        if packet.medium is Medium.VIDEO:
            self.pictures += 1
            self.seconds = max(self.seconds, item.time)

    def close(self) -> None:
        """Complete the file; one without packets is removed.  Idempotent."""
        self._file.close()

    def _begin(self, first: TimedPacket) -> None:
        media = replace(first.media, audio=_kept_sound(first.media.audio))
        self._file.begin(media, first.packet.wall - first.time, self._subtitles(media))
        self._begun = first.media
        self._start = first.time

    def _subtitles(self, media: MediaFormat) -> str | None:
        """Return the header of the subtitle track, if there is to be one."""
        return None

    def _is_wanted(self, item: TimedPacket) -> bool:
        if item.packet.medium is Medium.AUDIO:
            media = self._file.media
            return media is not None and media.audio is not None and item.time >= self._start
        if self._leading and item.time < self._start:
            return False  # a B-frame that looks back at a picture that is not in the file
        self._leading = self._leading and item.time <= self._start
        return True
