"""Recorded pictures come when they are due, late ones at once and without a bunch behind them."""

import pytest

from livevision.sources.pacing import Pacer


class Waiting:
    """An event whose waits are noted and pass at once."""

    def __init__(self):
        self.now = 100.0
        self.waits = []

    def wait(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def event():
    return Waiting()


def test_holds_until_due(event):
    pacer = Pacer(lambda: event.now)
    for pts in (7.0, 7.04, 7.08):
        pacer.hold(pts, event)
    assert event.waits == pytest.approx([0.04, 0.04])


def test_a_late_picture_moves_the_schedule(event):
    pacer = Pacer(lambda: event.now)
    pacer.hold(0.0, event)
    event.now += 0.5
    pacer.hold(0.04, event)
    assert event.waits == []
    pacer.hold(0.08, event)
    assert event.waits == pytest.approx([0.04])


def test_a_long_gap_is_cut_short(event):
    pacer = Pacer(lambda: event.now)
    for pts in (0.0, 3600.0, 3600.04):
        pacer.hold(pts, event)
    assert event.waits == pytest.approx([2.0, 0.04])
