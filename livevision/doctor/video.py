"""Reading and writing video: OpenCV's detectors, FFmpeg's protocols and encoders, local cameras."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2

from livevision.doctor.check import Check, fail, ok, warn
from livevision.sources.devices import LocalCamera, advice_without_cameras, local_cameras

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_FACES = "haarcascade_frontalface_default.xml"
_FORMATS = ("rtsp", "hls", "mpjpeg", "mpegts")


def check_opencv(version: str = cv2.__version__) -> Check:
    """Look for what `people` and `faces` need: version 5 lost it."""
    hint = "pip install 'opencv-python>=4.11,<5'"
    if int(version.partition(".")[0]) >= 5:
        return fail("OpenCV", f"{version} has no `people` and no `faces`", hint)
    lost = [name for name in ("HOGDescriptor", "CascadeClassifier") if not hasattr(cv2, name)]
    data = Path(getattr(getattr(cv2, "data", None), "haarcascades", "")) / _FACES
    lost += [] if data.is_file() else [_FACES]
    if lost:
        return fail("OpenCV", f"{version} lacks {', '.join(lost)}", f"Reinstall it: {hint}")
    return ok("OpenCV", f"{version}, with what `motion`, `people` and `faces` need")


def check_ffmpeg(
    codecs: Collection[str] = av.codecs_available, formats: Collection[str] = av.formats_available
) -> Check:
    """Look for the decoders and formats of cameras, and the encoder of recordings."""
    words = f"{av.ffmpeg_version_info} in PyAV {av.__version__}"
    hint = "pip install --force-reinstall --only-binary av 'av>=18,<19'"
    missing = [name for name in ("h264", "hevc", "mjpeg") if name not in codecs]
    missing += [name for name in _FORMATS if name not in formats]
    if missing:
        return fail("FFmpeg", f"{words}, without {', '.join(missing)}", hint)
    if "libx264" not in codecs:
        return fail("FFmpeg", f"{words}, without libx264: no annotated recordings", hint)
    return ok("FFmpeg", f"{words}: RTSP, HLS, MJPEG, MPEG-TS; H.264 encoder libx264")


def check_cameras(
    find: Callable[[], tuple[LocalCamera, ...]] = local_cameras,
    may_read: Callable[[str], bool] = lambda path: os.access(path, os.R_OK | os.W_OK),
    platform: str = sys.platform,
) -> Check:
    """Look for webcams, and whether this user may open them."""
    cameras = find()
    if not cameras:
        return warn("Webcams", "none found", advice_without_cameras(platform))
    barred = [camera.path for camera in cameras if camera.path.startswith("/dev/") and not may_read(camera.path)]
    if barred:
        hint = "Join the group: sudo usermod -aG video $USER, then log in again."
        return fail("Webcams", f"{', '.join(barred)} may not be opened by this user", hint)
    return ok("Webcams", ", ".join(f"{camera.number} {camera.name}" for camera in cameras))
