"""Starting and ending the RTSP server that tests read from."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

PYTHON = "/usr/bin/python3"
"""Debian's, for which the GStreamer bindings are installed."""
_SCRIPT = Path(__file__).with_name("rtsp_server.py")
_BINDINGS = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"


def is_available() -> bool:
    """Say whether this machine has what the server needs."""
    if not Path(PYTHON).exists():
        return False
    return subprocess.run([PYTHON, "-c", _BINDINGS], capture_output=True, check=False).returncode == 0


class RtspServer:
    """One server process; ``url`` is set while it runs."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> RtspServer:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return urlsplit(self.url).port or 0

    def start(self, *more: str) -> None:
        """Start it and wait until it can be played; ``--port`` among the arguments makes it the same one again."""
        process = subprocess.Popen(
            [PYTHON, str(_SCRIPT), *self._arguments, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        self._process = process
        self.url = process.stdout.readline().strip()
        assert self.url.startswith("rtsp://"), "the RTSP server did not start"

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.kill()
        self.stop()

    def stop(self) -> None:
        """Close its standard input, which ends it, and wait."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
