from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livevision.errors import UsageError
from livevision.inference.http.address import parse_server_address

FORMATS = ("roboflow", "kserve", "deepstack", "torchserve", "huggingface", "json")


@pytest.mark.parametrize(
    ("typed", "kind", "url", "place", "name"),
    [
        (
            "roboflow+http://gpu1:9001/yard/3",
            "roboflow",
            "http://gpu1:9001/yard/3",
            "gpu1:9001",
            "roboflow+http://gpu1:9001/yard/3",
        ),
        (
            "KServe+HTTPS://Gpu1/yolo/versions/2",
            "kserve",
            "https://gpu1/yolo/versions/2",
            "gpu1",
            "kserve+https://gpu1/yolo/versions/2",
        ),
        ("codeproject+http://box:5000", "deepstack", "http://box:5000", "box:5000", "codeproject+http://box:5000"),
        ("triton+http://[::1]:8000/a", "kserve", "http://[::1]:8000/a", "[::1]:8000", "triton+http://[::1]:8000/a"),
        (" json+http://h/p?boxes=out.b ", "json", "http://h/p?boxes=out.b", "h", "json+http://h/p"),
    ],
)
def test_an_address_says_what_is_spoken_where(typed: str, kind: str, url: str, place: str, name: str) -> None:
    address = parse_server_address(typed, FORMATS)
    assert (address.format, str(address.url), address.place, address.name) == (kind, url, place, name)
    assert address.account is None
    assert address.key is None


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("kserve+http://anna:s3cret@gpu1:8000/m", "anna:s3cret"),
        ("kserve+http://anna:s3%40%2Fcret@gpu1:8000/m", "anna:s3@/cret"),
        ("kserve+http://anna:s3@cret@gpu1:8000/m", "anna:s3@cret"),
        ("kserve+http://anna:s3/cret@gpu1:8000/m", "anna:s3/cret"),
    ],
)
def test_an_account_is_taken_out_and_shown_nowhere(typed: str, account: str) -> None:
    address = parse_server_address(typed, FORMATS)
    assert address.account == account
    assert str(address.url) == "http://gpu1:8000/m"
    for shown in (repr(address), address.name, address.place):
        assert "cret" not in shown


def test_a_key_is_taken_out_and_the_rest_of_the_query_stays() -> None:
    address = parse_server_address("roboflow+http://gpu1/yard/3?size=640&api_key=s3cret&x=a%26b", FORMATS)
    assert address.key == "s3cret"
    assert dict(address.url.query) == {"size": "640", "x": "a&b"}
    assert "s3cret" not in repr(address) + str(address.url) + address.name


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://gpu1:9001/yard/3", "http:// does not say what the server speaks: it looks like deepstack+http://"),
        ("robotflow+http://gpu1/", "no server speaks 'robotflow', did you mean 'roboflow'?"),
        ("tritton+http://gpu1/", "did you mean 'triton'?"),
        ("kserve://gpu1/yolo", "kserve:// needs to say how to get there: kserve+http://… or kserve+https://…"),
        ("kserve+ftp://gpu1/yolo", "kserve+http://… or"),
        ("kserve+http://", "has no host and port that can be"),
        ("kserve+http:///yolo", "has no host and port that can be"),
        ("kserve+http://gpu1:99999/yolo", "has no host and port that can be"),
        ("kserve+http://gpu1:0/yolo", "has no host and port that can be"),
        ("kserve+http://gpu1:s3cret/yolo", "has no host and port that can be"),
        ("kserve+http://anna:80/s3cret@gpu1/yolo", "write : / @ # ? and % in a password as"),
        ("kserve+http://gpu1/my model", "write a blank as %20"),
        ("kserve+http://gpu1/a\nb", "control character"),
        ("nonsense", "this is no address of an inference server"),
    ],
)
def test_what_is_no_address_is_refused_with_a_hint(typed: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_server_address(typed, FORMATS)
    assert words in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(["", "kserve+http://", "kserve+https://gpu1", "kserve+http://a:b@"]))
def test_whatever_is_typed_is_an_address_or_a_mistake_of_the_user(text: str, start: str) -> None:
    try:
        address = parse_server_address(start + text, FORMATS)
    except UsageError:
        return
    assert address.url.user is None
    assert address.url.host
    assert address.place in address.name
