"""Addresses of network cameras: what is in them, and that nothing secret ever comes out."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.errors import UsageError
from livevision.sources.address import PORTS, Address, Transport, is_address, name_of, parse_address
from livevision.sources.protocols import SCHEMES, protocol_options
from livevision.sources.registry import SourceRegistry, display_name


def test_all_that_is_known_of_an_address():
    assert parse_address(" RTSP://anna:s3cret@Cam.local:8554/a/b?x=1 ") == Address(
        "rtsp", "Cam.local", 8554, "rtsp://anna:s3cret@Cam.local:8554/a/b?x=1", "Cam.local:8554/a/b", None
    )


@pytest.mark.parametrize(
    ("source", "host", "port"),
    [
        ("rtsp://cam", "cam", 554),
        ("rtsps://cam/x", "cam", 322),
        ("http://cam/x", "cam", 80),
        ("https://cam?x", "cam", 443),
        ("rtmp://cam/live/key", "cam", 1935),
        ("rtmps://cam/live/key", "cam", 443),
        ("http://u:p@cam:8080/x", "cam", 8080),
        ("rtsp://[fe80::1%eth0]:8554/x", "fe80::1%eth0", 8554),
        ("rtsp://[::1]/x", "::1", 554),
        ("rtsp://me@home.de:pw@10.0.0.7/x", "10.0.0.7", 554),
        ("http://cam:80/live?mail=a@b", "cam", 80),
        ("http://cam/@home/live", "cam", 80),
        ("udp://239.1.2.3:1234", "239.1.2.3", 1234),
        ("udp://@239.1.2.3:1234", "239.1.2.3", 1234),
        ("udp://:1234", "0.0.0.0", 1234),
        ("udp://@:1234?overrun_nonfatal=1", "0.0.0.0", 1234),
    ],
)
def test_host_and_port(source, host, port):
    address = parse_address(source)
    assert (address.host, address.port) == (host, port)


def test_the_registry_says_where_a_source_answers():
    registry = SourceRegistry()
    assert registry.address("rtsp://u:p@cam/x?transport=udp") == ("cam", 554)
    assert registry.address("https://cam:8443/x") == ("cam", 8443)
    # UDP is listened to, on this machine.
    for other in (
        "0",
        "clip.mp4",
        "synthetic:street",
        "screen:",
        "udp://:1234",
        "gopher://x",
        "rtsp://",
        "",
        "file:///a",
    ):
        assert registry.address(other) is None


@pytest.mark.parametrize("odd", ["p@ss:w/rd#", "a?b", "100%", "%zz", "ü€", "sp ace", "a@b", "@", "x:y", "#1", "?"])
def test_an_odd_password_reaches_the_camera_as_it_is(odd):
    encoded = quote(odd, safe="")
    for written in (odd, encoded):
        address = parse_address(f"rtsp://admin:{written}@cam.local/live?a=b&c")
        assert address.url == f"rtsp://admin:{encoded}@cam.local/live?a=b&c"
        assert address.name == "cam.local/live"
        assert odd not in repr(address)


def test_bytes_that_are_no_unicode_stay():
    assert parse_address("rtsp://a:%E9%ff@cam").url == "rtsp://a:%E9%FF@cam"


@pytest.mark.parametrize(
    "source",
    [
        "rtsp://admin:12/34@cam/live",  # host admin, port 12? or a password with a slash?
        "rtsp://admin:p@ss/w@cam/live",
        "rtsp://admin:12?x@cam/live",
        "rtsp://admin:12#x@cam/live",
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_back(source):
    with pytest.raises(UsageError, match=r"cam can be read in two ways.*write : / @ # \? and % in a password as %3A"):
        parse_address(source)
    assert name_of(source) == "cam/live"


@pytest.mark.parametrize(
    ("source", "transport", "url"),
    [
        ("rtsp://cam/x?transport=udp", Transport.UDP, "rtsp://cam/x"),
        ("rtsp://cam/x?transport=TCP", Transport.TCP, "rtsp://cam/x"),
        ("rtsps://u:p@cam/x?a=%20&transport=udp&b", Transport.UDP, "rtsps://u:p@cam/x?a=%20&b"),
        ("rtsp://cam?transport=udp", Transport.UDP, "rtsp://cam"),
        ("rtsp://cam/x?a=b", None, "rtsp://cam/x?a=b"),
        ("rtsp://cam/x?", None, "rtsp://cam/x"),
        # The parameter of a web camera is its own.
        ("http://cam/x?transport=udp", None, "http://cam/x?transport=udp"),
    ],
)
def test_our_option_is_taken_out_and_the_cameras_stay(source, transport, url):
    address = parse_address(source)
    assert (address.transport, address.url) == (transport, url)


def test_an_unknown_transport_names_the_nearest():
    with pytest.raises(UsageError, match=r"unknown transport, did you mean 'udp'\?; there are tcp, udp"):
        parse_address("rtsp://cam/x?transport=upd")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("rtps://cam", r"^rtps:// cannot be read, did you mean 'rtsps'\?; known are rtsp://"),
        ("rtsp:///x", "no valid host or port"),
        ("rtsp://cam:0/x", "no valid host or port"),
        ("rtsp://cam:70000/x", "no valid host or port"),
        ("rtsp://u:p@/x", "no valid host or port"),
        ("rtsp://my cam/x", "no valid host or port"),
        ("udp://239.1.2.3", r"has no port.*udp://239\.1\.2\.3:1234"),
        ("rtsp://cam/x\r\nEvil: yes", "control character"),
    ],
)
def test_a_broken_address_is_answered_with_words(source, said):
    with pytest.raises(UsageError, match=said) as caught:
        parse_address(source)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("source", ["file:///a.mp4", "0", "a://", "clip.mp4", "C:\\clip.mp4", "synthetic:street"])
def test_what_is_no_address(source):
    assert is_address(source) == (source == "a://")


TAIL = "Z9q"
"""What every password below ends with, and none of our own words has: not even this much may be said."""
secrets = st.builds(
    lambda head, middle: head + middle + TAIL,
    st.sampled_from(["", "1", "12/", "Q?", "p@", "@", ":", "%"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=16),
)


@given(secrets, st.sampled_from(["rtsp", "http", "rtmp", "gopher"]), st.booleans())
def test_whatever_the_password_it_is_never_said(secret, scheme, encoded):
    written = quote(secret, safe="") if encoded else secret
    source = f"{scheme}://admin:{written}@cam.local/live"
    said = [display_name(source)]
    try:
        reader = SourceRegistry().opener(source)(0)
        said.append(repr(reader))
    except UsageError as error:
        said.append(str(error))
    for words in said:
        assert TAIL not in words
        assert "\n" not in words


@given(secrets)
def test_an_encoded_password_always_works(secret):
    address = parse_address(f"rtsp://admin:{quote(secret, safe='')}@cam.local/live")
    assert address.url == f"rtsp://admin:{quote(secret, safe='')}@cam.local/live"
    assert (address.host, address.name) == ("cam.local", "cam.local/live")


def test_every_scheme_is_on_a_leash():
    assert set(SCHEMES) == set(PORTS)
    for scheme in SCHEMES:
        options = protocol_options(scheme, 5.0)
        allowed = options["protocol_whitelist"].split(",")
        assert scheme in allowed
        assert not {"file", "concat", "subfile", "pipe", "fd", "ftp"} & set(allowed)
        assert "5000000" in options.values()


@pytest.mark.parametrize("source", ["rtsp://anna:w/rd@camera.local/stream@1", "rtsp://anna:se@ret/@192.168.1.5/stream"])
def test_a_password_is_never_guessed_into_a_host_name(source):
    with pytest.raises(UsageError, match="can be read in two ways") as refused:
        parse_address(source)
    assert "w/rd" not in str(refused.value)
    assert "anna" not in str(refused.value)
