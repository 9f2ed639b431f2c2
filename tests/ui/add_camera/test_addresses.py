"""From typed fields to an address, and back."""

import pytest

from livevision.errors import UsageError
from livevision.sources.address import Transport
from livevision.sources.registry import SourceRegistry
from livevision.ui.add_camera.addresses import Typed


def test_a_whole_address_is_taken_apart() -> None:
    typed = Typed("rtsp://anna:p%40ss@cam.local:8554/main?channel=1&transport=udp").taken_apart()
    assert typed == Typed("rtsp://cam.local:8554/main?channel=1", "anna", "p@ss", Transport.UDP)


def test_an_address_without_account_leaves_what_was_typed() -> None:
    typed = Typed("rtsp://cam.local/main", "anna", "s3cret", Transport.TCP)
    assert typed.taken_apart() == typed


@pytest.mark.parametrize("password", ["s3cret", "p@ss:w/o?r#d%", "a b", "pässwörd", ""])
def test_there_and_back_whatever_the_password_is(password: str) -> None:
    source = Typed("rtsp://cam.local/main", "anna", password).source()
    again = Typed(source).taken_apart()
    assert (again.address, again.user, again.password) == ("rtsp://cam.local/main", "anna", password)
    assert SourceRegistry().address(source) == ("cam.local", 554)


@pytest.mark.parametrize(
    ("address", "transport", "source"),
    [
        ("rtsp://cam/1", Transport.UDP, "rtsp://cam/1?transport=udp"),
        ("rtsp://cam/1?a=b", Transport.TCP, "rtsp://cam/1?a=b&transport=tcp"),
        ("rtsp://cam/1?transport=udp", Transport.TCP, "rtsp://cam/1?transport=udp"),
        ("rtsp://cam/1", None, "rtsp://cam/1"),
        ("http://cam/video", Transport.UDP, "http://cam/video"),
        ("192.168.1.20/stream1", None, "rtsp://192.168.1.20/stream1"),
        (" cam.local ", None, "rtsp://cam.local"),
        ("", None, ""),
        ("rtsp://", None, ""),
    ],
)
def test_address_and_transport_become_a_source(address: str, transport: Transport | None, source: str) -> None:
    assert Typed(address, transport=transport).source() == source


def test_without_a_scheme_an_account_is_understood_too() -> None:
    assert Typed("anna:s3cret@192.168.1.20/stream1").source() == "rtsp://anna:s3cret@192.168.1.20/stream1"


def test_an_address_that_can_be_read_in_two_ways_is_left_to_be_refused() -> None:
    typed = Typed("rtsp://anna:se/cret@evil.example@cam.local/main")
    assert typed.taken_apart() == typed
    with pytest.raises(UsageError, match="two ways"):
        SourceRegistry().opener(typed.source())


def test_a_transport_that_does_not_exist_is_left_to_be_refused() -> None:
    with pytest.raises(UsageError, match="unknown transport"):
        SourceRegistry().opener(Typed("rtsp://cam/1?transport=pigeon").source())


def test_no_password_is_in_the_repr() -> None:
    typed = Typed("rtsp://anna:s3cret@cam/1", "anna", "s3cret")
    assert "s3cret" not in repr(typed)
