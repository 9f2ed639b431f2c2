"""What an operator may say about recordings."""

import pytest

from livevision.errors import UsageError
from livevision.recording.encoders import EncoderChoice, parse_encoder
from livevision.recording.plan import parse_segmenting
from livevision.recording.segments import Segmenting


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10m", Segmenting(seconds=600)),
        ("90s", Segmenting(seconds=90)),
        ("1.5 h", Segmenting(seconds=5400)),
        ("1,5 h", Segmenting(seconds=5400)),
        ("5min", Segmenting(seconds=300)),
        ("500MB", Segmenting(bytes=500_000_000)),
        ("2 gb", Segmenting(bytes=2_000_000_000)),
    ],
)
def test_lengths_and_sizes_are_understood(text, meant):
    assert parse_segmenting(text) == meant


@pytest.mark.parametrize("text", ["", "10", "m", "0s", "0.5s", "-5m", "1 kB", "10 parsecs", "1e9h", "10m 5s"])
def test_what_makes_no_sense_is_refused(text):
    with pytest.raises(UsageError, match="10m or 500MB"):
        parse_segmenting(text)


def test_encoders_have_names():
    assert [parse_encoder(name) for name in ("libx264", " NVENC")] == [EncoderChoice.SOFTWARE, EncoderChoice.NVENC]
    with pytest.raises(UsageError, match="no encoder x265; there are libx264, automatic"):
        parse_encoder("x265")
