"""A network camera for the pictures: the generated street as Motion JPEG over HTTP; it can fall silent."""

from __future__ import annotations

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import cv2

from livevision.sources.street.scene import Street

_FPS = 15
_SECONDS = 4
_BOUNDARY = "picture"


class WebCamera:
    """Serves from threads of its own while its context is entered; sends nothing more once it is :meth:`silenced`."""

    def __init__(self, seed: int, size: tuple[int, int] = (1280, 720)) -> None:
        street = Street(size, _FPS, seed)
        drawn = (cv2.imencode(".jpg", street.draw(200 + number))[1] for number in range(_FPS * _SECONDS))
        self._pictures = [picture.tobytes() for picture in drawn]
        self._sends = threading.Event()
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="web camera")

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}/entrance.mjpg"

    def speak(self) -> None:
        """Send pictures from now on."""
        self._sends.set()

    def silence(self) -> None:
        """Send none, and keep connections open."""
        self._sends.clear()

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop, and let everybody go."""
        self._over.set()
        self._sends.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
                self.end_headers()
                with contextlib.suppress(OSError):
                    self._send_pictures()

            def _send_pictures(self) -> None:
                number = 0
                while not camera._over.wait(1 / _FPS):
                    camera._sends.wait()
                    picture = camera._pictures[number % len(camera._pictures)]
                    head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                    self.wfile.write(head.encode() + picture + b"\r\n")
                    number += 1

            def log_message(self, *_anything: object) -> None:
                pass

        return Handler
