"""Results from before a recording: as many as are of use, and nothing large."""

import dataclasses

import numpy as np
import pytest

from livevision.recording.recent_results import RecentResults
from tests.fakes.cameras import things
from tests.recording.material import frame, result


def test_the_newest_are_kept_without_pictures_and_masks():
    recent = RecentResults(1.0)
    masked = dataclasses.replace(things((0, 0, 9, 9)), mask=np.ones((1, 120, 160), bool))
    for index in range(30):
        recent.on_result(result(frame(index * 0.1), masked))
    kept = recent.recent()
    assert [one.frame.pts for one in kept] == pytest.approx([1.9 + 0.1 * index for index in range(11)])
    assert all(one.detections.mask is None for one in kept)
    assert kept[0].frame.size == (160, 120)
    with pytest.raises(RuntimeError):
        kept[0].frame.bgr()
    assert masked.mask is not None


def test_there_is_a_limit_to_them():
    recent = RecentResults(1000.0)
    for index in range(1700):
        recent.on_result(result(frame(index * 0.001), things()))
    assert len(recent.recent()) == 1500
