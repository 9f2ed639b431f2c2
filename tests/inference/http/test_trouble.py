from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livevision.inference.http.trouble import read_retry_after

NOW = 1445412480.0  # Wed, 21 Oct 2015 07:28:00 GMT, the date in RFC 9110


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 400, 999999999.0),
        ("Wed, 21 Oct 2015 07:29:30 GMT", 90.0),
        ("Wed, 21 Oct 2015 07:00:00 GMT", 0.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Wed, 21 Oct 99999 07:28:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_retry_after_says_it_is_a_wait_or_nothing(value: str) -> None:
    wish = read_retry_after(value, NOW)
    assert wish is None or wish >= 0
