"""Finding a connection among this process's own, and ending it."""

import socket
import sys
from pathlib import Path

import pytest

from livevision.sources.sockets import Connection

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sockets can be found on Linux only")


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def connect(listener):
    end = socket.create_connection(listener.getsockname())
    end.settimeout(0.1)
    return end


def is_open(end):
    try:
        return bool(end.recv(1))
    except TimeoutError:
        return True


def test_only_the_claimed_connection_ends(listener):
    with connect(listener) as earlier:
        connection = Connection(*listener.getsockname())
        with connect(listener) as mine:
            connection.claim()
            with connect(listener) as later:
                connection.shut_down()
                assert [is_open(end) for end in (earlier, mine, later)] == [True, False, True]
        connection.forget()


def test_one_that_is_still_being_opened_is_found_when_it_is_the_only_one(listener):
    connection = Connection(*listener.getsockname())
    with connect(listener) as mine:
        connection.shut_down()
        assert not is_open(mine)
    connection.forget()


def test_in_doubt_nothing_ends(listener):
    first, second = Connection(*listener.getsockname()), Connection(*listener.getsockname())
    with connect(listener) as a:
        # It could be the other's.
        first.shut_down()
        assert is_open(a)
        with connect(listener) as b:
            first.claim()
            first.shut_down()
            assert is_open(a)
            assert is_open(b)
    first.forget()
    second.forget()


def test_each_finds_its_own_one_after_the_other(listener):
    first = Connection("localhost", listener.getsockname()[1])
    with connect(listener) as a:
        first.claim()
        second = Connection(*listener.getsockname())
        with connect(listener) as b:
            second.claim()
            second.shut_down()
            assert [is_open(a), is_open(b)] == [True, False]
            first.shut_down()
            assert not is_open(a)
    first.forget()
    second.forget()


def test_elsewhere_it_does_nothing(listener, monkeypatch):
    monkeypatch.setattr("livevision.sources.sockets._DESCRIPTORS", Path("/nowhere"))
    connection = Connection(*listener.getsockname())
    with connect(listener) as mine:
        connection.claim()
        connection.shut_down()
        assert is_open(mine)
    connection.forget()
    connection.forget()


def test_what_is_forgotten_is_left_alone(listener):
    connection = Connection(*listener.getsockname())
    with connect(listener) as mine:
        connection.claim()
        connection.forget()
        connection.shut_down()
        assert is_open(mine)
