"""Asking an address whether anybody is there: real sockets, no camera needed."""

import socket
import threading
from contextlib import contextmanager

from livevision.sources import answering as module
from livevision.sources.answering import Answering, answering


@contextmanager
def server(answer=None):
    """Listen; with ``answer``, take one connection, read a line and send it.  Yields the port and what was read."""
    heard = []

    def serve():
        connection, _ = listening.accept()
        with connection:
            heard.append(connection.recv(200))
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve) if answer is not None else None
        if thread:
            thread.start()
        yield listening.getsockname()[1], heard
        if thread:
            thread.join(60)


def test_a_port_that_accepts_answers():
    with server() as (port, _heard):
        assert Answering("127.0.0.1", port)()


def test_a_port_that_nobody_listens_on_does_not():
    with server() as (port, _heard):
        pass
    assert not Answering("127.0.0.1", port)()


def test_a_camera_that_hangs_accepts_and_does_not_answer(monkeypatch):
    monkeypatch.setattr(module, "_TIMEOUT", 0.05)
    with server() as (port, _heard):
        assert not answering(f"rtsp://127.0.0.1:{port}/live", ("127.0.0.1", port))()


def test_whatever_a_camera_says_is_an_answer_and_it_is_told_no_secret():
    with server(b"RTSP/1.0 401 Unauthorized\r\n\r\n") as (port, heard):
        assert answering(f"rtsp://anna:secret@127.0.0.1:{port}/live", ("127.0.0.1", port))()
    assert heard == [b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"]


def test_a_name_that_cannot_be_one_is_no_answer():
    assert not Answering("a..b", 554)()


def test_what_has_no_address_cannot_be_asked():
    assert answering("clip.mp4", None) is None
