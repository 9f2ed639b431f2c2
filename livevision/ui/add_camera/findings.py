"""What a test of a camera found, in the operator's words (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from livevision.errors import LivevisionError, SourceRefused

if TYPE_CHECKING:
    from livevision.probe import ProbeReport

translate = QCoreApplication.translate
_CODECS = {
    "h264": "H.264",
    "hevc": "H.265",
    "mjpeg": "MJPEG",
    "av1": "AV1",
    "mpeg4": "MPEG-4",
    "vp8": "VP8",
    "vp9": "VP9",
}


def facts(report: ProbeReport) -> list[tuple[str, str]]:
    """Return labels and words, from the most to the least important."""
    seen = report.measured
    codec = _CODECS.get(report.codec, report.codec)
    first = translate("findings", "after {:.2f} s").format(report.first_picture_seconds)
    rows = [
        (translate("findings", "Picture"), f"{report.width} × {report.height}, {codec}"),
        *([(translate("findings", "Stored"), stored)] if (stored := _stored(report)) else []),
        (translate("findings", "Rate"), _rate(report)),
        (translate("findings", "First picture"), first),
        (translate("findings", "Keyframes"), _keyframes(report)),
    ]
    if seen.jitter_ms is not None:
        rows.append((translate("findings", "Jitter"), translate("findings", "{:.0f} ms").format(seen.jitter_ms)))
    if seen.damaged:
        damage = translate("findings", "{} of {} pictures").format(seen.damaged, seen.pictures)
        rows.append((translate("findings", "Damaged"), damage))
    if report.duration is not None:
        rows.append((translate("findings", "Length"), translate("findings", "{:.1f} s").format(report.duration)))
    return rows


def hint(error: LivevisionError, user: str) -> str:
    """Return what to look at above, beyond what the error says; empty where it says all."""
    if not isinstance(error, SourceRefused):
        return ""
    if not user:
        return translate("findings", "This camera asks for an account: fill in user and password above.")
    return translate(
        "findings", "Check user and password: capital letters count, and some cameras lock after a few wrong tries."
    )


def _stored(report: ProbeReport) -> str:
    """Say what is done to pictures before they are shown."""
    traits, words = report.traits, []
    if traits.pixel_aspect:
        pixels = translate("findings", "{} × {}, pixels {}")
        words.append(pixels.format(*traits.stored, traits.pixel_aspect))
    if traits.turned:
        words.append(translate("findings", "turned by {}° clockwise").format(traits.turned))
    if traits.mirrored:
        words.append(translate("findings", "mirrored"))
    if traits.interlaced:
        words.append(translate("findings", "interlaced"))
    if traits.hdr:
        words.append(translate("findings", "HDR ({})").format(traits.hdr))
    if traits.bits > 8:
        words.append(translate("findings", "{} bit").format(traits.bits))
    return ", ".join(words)


def _rate(report: ProbeReport) -> str:
    measured, declared = report.measured.fps, report.declared_fps
    if measured is None:
        return translate("findings", "too few pictures to measure")
    words = translate("findings", "{:.1f} pictures a second").format(measured)
    # What a camera declares is worth a word only where it is not what it does.
    if declared and abs(declared - measured) > 0.1 * declared:
        words += translate("findings", " ({:.4g} declared)").format(declared)
    return words


def _keyframes(report: ProbeReport) -> str:
    interval, fps = report.measured.keyframe_interval, report.measured.fps
    if not report.measured.coded or (interval is not None and fps and interval * fps < 1.5):
        return translate("findings", "every picture is one")
    if interval is None:
        return translate("findings", "more than {:.0f} s apart: joining and seeking take as long").format(
            report.measured_seconds
        )
    return translate("findings", "every {:.1f} s").format(interval)
