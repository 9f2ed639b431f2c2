"""Fixtures for what is read: generated clips and a real RTSP server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.fakes import clips, rtsp
from tests.fakes.web_server import WebServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def missing(what: str) -> None:
    """Leave a test out where this machine lacks something; where CI runs, that is a failure."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty numbered pictures, 320x240, 25 a second, H.264 in MP4."""
    path = tmp_path_factory.mktemp("clips") / "numbered.mp4"
    return clips.write_clip(path, [clips.numbered(number) for number in range(20)])


@pytest.fixture
def web_server(tmp_path: Path) -> Iterator[WebServer]:
    """A web server for the files that the test puts into its ``folder``, live pictures, and refusals."""
    with WebServer(tmp_path) as server:
        yield server


@pytest.fixture(scope="session")
def _rtsp_available() -> None:
    if not rtsp.is_available():
        missing("the GStreamer RTSP server is not installed: packaging/test.sh installs it")


@pytest.fixture(autouse=True)
def _patient_with_servers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is a program on this very machine takes its time when that is busy."""
    if request.node.get_closest_marker("rtsp"):
        monkeypatch.setattr("livevision.sources.stream.TIMEOUT", 30.0)


@pytest.fixture
def start_rtsp(_rtsp_available: None) -> Iterator[Callable[..., rtsp.RtspServer]]:
    """Start an RTSP server with the arguments of ``rtsp_server.py``; ended after the test."""
    servers: list[rtsp.RtspServer] = []

    def start(*arguments: str) -> rtsp.RtspServer:
        server = rtsp.RtspServer(*arguments)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def rtsp_url(_rtsp_available: None) -> Iterator[str]:
    """The address of a 1280x720 H.264 stream with 25 pictures a second."""
    with rtsp.RtspServer() as server:
        yield server.url


@pytest.fixture(scope="session")
def rtsp_clock_url(_rtsp_available: None) -> Iterator[str]:
    """The same with the sender's clock in each picture, as a bar code."""
    with rtsp.RtspServer("--clock") as server:
        yield server.url
