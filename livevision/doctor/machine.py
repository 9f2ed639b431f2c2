"""The machine and its system: Python, processor, memory, clock, disk, keyring."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import psutil

from livevision.doctor.check import Check, fail, ok, warn

if TYPE_CHECKING:
    from pathlib import Path

_OLDEST = (3, 11)
_TESTED = (3, 13)
_GIGABYTE = 1e9
_HOUR_OF_RECORDING = 2.0
"""Gigabytes: an hour of one 1080p camera, with some room."""
_NOT_BEFORE = 1_767_225_600.0
"""2026-01-01: a clock before this was never set."""


def check_python(
    running: tuple[int, int] = sys.version_info[:2], bits: int = 64 if sys.maxsize > 2**32 else 32
) -> Check:
    """Compare Python with what the libraries are made for."""
    words = f"{running[0]}.{running[1]}, {bits} bits, on {platform.system()} {platform.machine()}"
    if running < _OLDEST:
        return fail(
            "Python", words, f"livevision needs {_OLDEST[0]}.{_OLDEST[1]} or newer: install it and set up anew."
        )
    if bits < 64:
        return fail("Python", words, "Install the 64-bit Python: Qt and OpenCV exist for no other.")
    if running > _TESTED:
        return warn("Python", words, f"Newer than what livevision is tested with ({_TESTED[0]}.{_TESTED[1]}).")
    return ok("Python", words)


def check_qt_fits_python(
    qt: str | None = None, running: tuple[int, int] = sys.version_info[:2], wheel: str = "PySide6-Essentials"
) -> Check:
    """Look for PySide6, and for the pair of versions that aborts within minutes: 6.12 on Python 3.11."""
    found = qt or _version_of(wheel)
    if found is None:
        return fail("PySide6", "not installed", f'pip install "{wheel}"')
    numbers = tuple(int(part) for part in found.split(".")[:2])
    if running < (3, 12) and numbers >= (6, 12):
        words = f"{found} on Python {running[0]}.{running[1]}: this pair crashes within minutes"
        return fail("PySide6", words, f'pip install "{wheel}<6.12", or use Python 3.12.')
    return ok("PySide6", f"{found}, which goes with Python {running[0]}.{running[1]}")


def check_power(cores: int | None = None, memory: int | None = None) -> Check:
    """Count cores and memory: two and some carry nine small cameras; less is worth a word."""
    cores = _usable_cores() if cores is None else cores
    free = (psutil.virtual_memory().available if memory is None else memory) / _GIGABYTE
    words = f"{cores} processor cores, {free:.1f} GB of memory free"
    if free < 0.5:
        return warn("Machine", words, "Close other programs: nine cameras need about 0.3 GB, a model up to 1 GB more.")
    if cores < 2:
        return warn("Machine", words, "One core shows a few cameras; a model on top will be slow.")
    return ok("Machine", words)


def check_clock(wall: float | None = None) -> Check:
    """Look at the clock, by which recordings are named and stamped."""
    now = time.time() if wall is None else wall
    words = time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(now)).strip()
    if now < _NOT_BEFORE:
        return fail("Clock", words, "The clock was never set: switch on network time, or recordings get wrong names.")
    return ok("Clock", words)


def check_output(folder: Path, free: int | None = None) -> Check:
    """Try to write where recordings go, and measure the room."""
    name = f"Output {folder}"
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not existing.is_dir():
        return fail(name, f"{existing} is a file", "Choose another folder with --output.")
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
        room = (shutil.disk_usage(existing).free if free is None else free) / _GIGABYTE
    except OSError as error:
        return fail(name, f"cannot be written to ({error.strerror})", "Choose another folder with --output.")
    words = f"can be written to, {room:.1f} GB free"
    if room < _HOUR_OF_RECORDING:
        return warn(
            name, words, "That is less than an hour of one 1080p camera: make room, or choose another --output."
        )
    return ok(name, words)


def check_keyring() -> Check:
    """Look for the operating system's own safe; without one, passwords are forgotten."""
    hint = (
        "Install one (GNOME Keyring, KWallet) to have passwords remembered; without it, they last until the app closes."
    )
    if _version_of("keyring") is None:
        return fail("Keyring", "the package is not installed", "pip install keyring")
    # Looks for plug-ins when imported, and around on D-Bus when asked.
    import keyring
    from keyring.backends import fail as failing
    from keyring.backends import null

    try:
        backend = keyring.get_keyring()
    except Exception as error:  # anybody's plug-in
        return warn("Keyring", f"could not be asked ({type(error).__name__})", hint)
    if isinstance(backend, failing.Keyring | null.Keyring):
        return warn("Keyring", "none that works", hint)
    return ok("Keyring", str(backend.name))


def _usable_cores() -> int:
    # Not all that there are: containers and services are given some.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
