"""Logins, against the examples of RFC 7616 and RFC 2617, whose authors computed them."""

import pytest

from livevision.sources.digest import Account, parse_challenge, strongest

QUALITY = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
)
CLIENT = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm, response):
    challenge = parse_challenge(
        f'{QUALITY}, algorithm={algorithm}, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    answer = Account("Mufasa", "Circle of Life").answer(challenge, "GET", "/dir/index.html", 1, CLIENT)
    assert f'response="{response}"' in answer
    assert f"algorithm={algorithm}" in answer
    assert "nc=00000001" in answer
    assert "qop=auth," in answer


def test_basic():
    answer = Account("Aladdin", "open sesame").answer(parse_challenge('Basic realm="x"'), "GET", "/", 1, CLIENT)
    assert answer == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_the_strongest_that_is_known_is_answered_in_any_order():
    lines = ['Digest realm="a", nonce="1"', 'Digest realm="a", nonce="2", algorithm=SHA-256', 'Basic realm="a"']
    for order in (lines, lines[::-1]):
        assert strongest([parse_challenge(line) for line in order]).algorithm == "SHA-256"
    assert strongest([parse_challenge('Digest realm="a", nonce="1", algorithm=CRC-32')]) is None


def test_a_password_is_not_shown():
    assert "secret" not in repr(Account("anna", "secret"))
