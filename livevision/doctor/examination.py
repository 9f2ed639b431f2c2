"""All checks, in the order in which trouble is best mended: what later ones stand on comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.doctor.check import Check, Verdict
from livevision.doctor.machine import (
    check_clock,
    check_keyring,
    check_output,
    check_power,
    check_python,
    check_qt_fits_python,
)
from livevision.doctor.models import check_onnx_runtime
from livevision.doctor.video import check_cameras, check_ffmpeg, check_opencv
from livevision.doctor.window import check_display, check_install_path, check_opencv_qt, check_qt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def examine(output: Path) -> Iterator[Check]:
    """Check one thing after the other; ``output`` is where recordings go.  Takes some seconds, and changes nothing."""
    yield check_python()
    yield check_install_path()
    yield check_qt_fits_python()
    yield check_opencv_qt()
    yield check_display()
    yield from check_qt()
    yield check_opencv()
    yield check_ffmpeg()
    yield check_onnx_runtime()
    yield check_cameras()
    yield check_keyring()
    yield check_output(output)
    yield check_power()
    yield check_clock()


def summary(checks: list[Check]) -> str:
    """Say in one line how it stands altogether."""
    failed = [check.name for check in checks if check.verdict is Verdict.FAIL]
    warned = sum(check.verdict is Verdict.WARN for check in checks)
    if failed:
        return f"{len(failed)} of {len(checks)} checks failed: {', '.join(failed)}."
    return f"All {len(checks)} checks passed{f', {warned} with a warning' if warned else ''}."


def has_failed(checks: list[Check]) -> bool:
    """Say whether anything will not work."""
    return any(check.verdict is Verdict.FAIL for check in checks)
