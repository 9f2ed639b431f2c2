"""Running the window: Qt and asyncio on one loop, and quitting in stages."""

from __future__ import annotations

import asyncio
import contextlib
import locale
import logging
import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
from PySide6.QtWidgets import QApplication

from livevision.app import App
from livevision.cameras import Camera, CameraRequest
from livevision.desk import Desk
from livevision.sources.status import CameraState
from livevision.ui.event_loop import EventLoop
from livevision.ui.garbage import collect_here, no_automatic_collection
from livevision.ui.log_lines import LogLines
from livevision.ui.main_window import MainWindow
from livevision.ui.theme import apply_theme
from livevision.ui.translation import install_translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from livevision.camera import Subscriber
    from livevision.recording.plan import RecordingPlan

_SWITCH_INTERVAL = 0.001
"""Seconds between hand-overs of the GIL; Python's 5 ms delay a picture at every hop between threads."""
_SIGNAL_POLL = 0.1
_QUIT_WITHIN = 60.0
"""Seconds that quitting may take: each part of it has less, and all of them together no more."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """What ``livevision view`` was asked for."""

    requests: tuple[CameraRequest, ...]
    output: Path
    record: bool = False
    kiosk: bool = False
    duration: float | None = None
    stats: Path | None = None
    plan: RecordingPlan | None = None
    """How to record, from the start or when asked to."""
    workspace: Path | None = None
    """Where to find what is to be shown, and to keep it; None: where it usually is, unless ``requests`` say it all."""


def run(options: ViewOptions, observe: Callable[[Camera], Subscriber] | None = None) -> list[str]:
    """Show the window until the operator quits; return what failed, a line for each camera.

    ``observe`` makes a subscriber for each camera that the options name.  Raises LivevisionError where a request cannot
    work, before a window is shown.
    """
    application = prepare_application()
    with no_automatic_collection(), asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner:
        return runner.run(_show(application, options, observe))


def prepare_application() -> QApplication:
    """Return the one application object, dressed, and not ending by itself."""
    _forget_foreign_plugins()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    # Cameras share the cores: one detector that takes all of them makes every picture late.
    cv2.setNumThreads(1)
    application = QApplication.instance() or QApplication(["livevision"])
    assert isinstance(application, QApplication)
    # Qt takes the system's numbers for all of C, where FFmpeg and others read 0.4 as 0 then.
    locale.setlocale(locale.LC_NUMERIC, "C")
    application.setApplicationName("livevision")
    application.setDesktopFileName("livevision")
    # Quitting is ours: the loop ends when everything has been closed, not when a window has.
    application.setQuitOnLastWindowClosed(False)
    apply_theme(application)
    return application


async def _show(
    application: QApplication, options: ViewOptions, observe: Callable[[Camera], Subscriber] | None
) -> list[str]:
    quitting = asyncio.Event()
    desk, log = Desk(), LogLines()
    ours = logging.getLogger("livevision")
    ours.addHandler(log)
    ours.setLevel(logging.INFO)
    try:
        with _signals_set(quitting):
            await desk.open_preferences()
            # Before there are menus, which are written once.
            install_translation(application, desk.preferences.language)
            if not options.requests or options.workspace is not None:
                await desk.open_workspace(options.workspace)
            async with App(options.output, options.plan) as app:
                window = MainWindow(app, desk, log)
                window.quit_wanted.connect(quitting.set)
                collecting = asyncio.create_task(collect_here(), name="collect garbage")
                try:
                    await _open_all(window, options, observe)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(options.duration):
                            await _wait(quitting)
                    failures = _failures(app)
                finally:
                    await _close(window, app)
                    collecting.cancel()
                    window.hide()
                    window.deleteLater()
                return failures
    finally:
        await desk.aclose()
        ours.removeHandler(log)


async def _close(window: MainWindow, app: App) -> None:
    try:
        async with asyncio.timeout(_QUIT_WITHIN):
            await window.aclose()
            await app.aclose()
    except TimeoutError:
        # Whatever still waits, does so in threads that are left behind.
        logger.warning("Closing took longer than %.0f s; what is not written by now is given up", _QUIT_WITHIN)


async def _open_all(window: MainWindow, options: ViewOptions, observe: Callable[[Camera], Subscriber] | None) -> None:
    if options.stats is not None:
        await window.app.write_stats(options.stats)
    # What cannot work is known before there is a window, and the window is there before the first picture.
    for request in options.requests:
        window.app.detectors.trust(request.model or "")
    cameras = [await window.app.prepare(request) for request in options.requests]
    window.preferring.apply()
    (window.show_kiosk if options.kiosk else window.show)()
    await window.reopen()
    for camera in cameras:
        if observe is not None:
            camera.session.subscribe(observe(camera))
        if options.record:
            window.app.start_recording(camera)
        await window.start(camera)


async def _wait(quitting: asyncio.Event) -> None:
    while not quitting.is_set():
        # Python runs signal handlers between its own instructions only: Qt's loop must come back to it now and then.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SIGNAL_POLL):
                await quitting.wait()


def _failures(app: App) -> list[str]:
    failed = []
    for camera in app.cameras:
        status = camera.session.status
        never_seen = camera.session.metrics.newest_captured is None
        if status.state in (CameraState.FAILED, CameraState.AUTH_FAILED) or (never_seen and status.reason):
            failed.append(status.reason if camera.name in status.reason else f"{camera.name}: {status.reason}")
        if camera.trouble:
            failed.append(f"{camera.name}: {camera.trouble}")
        unanswered = camera.model_trouble or camera.session.detector_trouble
        if unanswered and camera.seen.result is None and not never_seen:
            failed.append(f"{camera.name}: {unanswered}")
    return failed


@contextlib.contextmanager
def _signals_set(quitting: asyncio.Event) -> Iterator[None]:
    """Let Ctrl+C and a service manager's TERM quit as the menu does."""
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: quitting.set()) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _forget_foreign_plugins() -> None:
    # `import cv2` points Qt at the plugins of its own Qt 5, with which PySide6 cannot start.
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]
