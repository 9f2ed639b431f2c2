"""A small web server with videos, live pictures, and every kind of refusal."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import cv2

from tests.fakes.clips import numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

_BOUNDARY = "picture"


class WebServer:
    """Serves the files of a folder, ``/mjpeg`` (numbered pictures, one each ``picture_every`` s) and ``/status/503``.

    ``paths`` lists what was asked for, and ``targets`` with the query as it was sent.  ``pages`` are made anew each
    time that one is asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: list[str] = []
        self.pages: dict[str, Callable[[], str]] = {}
        self.picture_every = 0.05
        self.targets: list[str] = []
        self.stopped = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="web server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str, account: str = "") -> str:
        """The address of ``path``, with ``user:password`` in it if given."""
        return f"http://{account + '@' if account else ''}127.0.0.1:{self._server.server_port}/{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # waited for, in server_close

    def __init__(self, owner: WebServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner = owner


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        owner = self.server.owner
        path = self.path.partition("?")[0].lstrip("/")
        owner.paths.append(path)
        owner.targets.append(self.path)
        try:
            if path.startswith("status/"):
                self.send_error(int(path.removeprefix("status/")))
            elif path in owner.pages:
                self._send_file(owner.pages[path]().encode())
            elif path == "mjpeg":
                self._send_pictures()
            elif (owner.folder / path).is_file():
                self._send_file((owner.folder / path).read_bytes())
            else:
                self.send_error(404)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the reader has had enough

    def _send_file(self, content: bytes) -> None:
        start = int(self.headers.get("Range", "bytes=0-")[6:].partition("-")[0] or 0)
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("Accept-Ranges", "bytes")
        if "Range" in self.headers:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:])

    def _send_pictures(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        self.end_headers()
        for number in range(1 << 30):
            jpeg = cv2.imencode(".jpg", numbered(number % 256))[1].tobytes()
            head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            self.wfile.write(head.encode() + jpeg + b"\r\n")
            if self.server.owner.stopped.wait(self.server.owner.picture_every):
                return
