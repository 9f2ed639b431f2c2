"""G.711 as plain samples."""

import av
import numpy as np
import pytest

from livevision.recording.g711 import expand


@pytest.mark.parametrize("codec", ["pcm_alaw", "pcm_mulaw"])
def test_every_code_stands_for_what_ffmpeg_says(codec):
    codes = bytes(range(256))
    context = av.CodecContext.create(codec, "r")
    context.sample_rate, context.layout = 8000, "mono"
    (frame,) = context.decode(av.Packet(codes))
    assert np.frombuffer(expand(codec, codes), "<i2").tolist() == frame.to_ndarray()[0].tolist()
