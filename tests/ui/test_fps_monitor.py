from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from livevision.metrics import MetricsSnapshot
from livevision.ui import theme
from livevision.ui.fps_monitor import FPSMonitor, MonitorStyle
from tests.ui.test_video_view import grabbed

LIVE = MetricsSnapshot(25.0, 24.9, 11.2, 250, 0.0124, 0.031, 0.0432, 1, {"capture": 0, "display": 2}, 0.02)
STOPPED = MetricsSnapshot(0.0, 0.0, 0.0, 250, None, None, None, 0, {"capture": 0, "display": 2}, 9.0)


@pytest.fixture
def monitor(qtbot: QtBot) -> FPSMonitor:
    monitor = FPSMonitor()
    monitor.resize(900, monitor.height())
    qtbot.addWidget(monitor)
    return monitor


def test_it_says_how_fast_and_how_fresh(monitor: FPSMonitor) -> None:
    monitor.update_figures(LIVE, 25.0, runs_on="CPU")
    assert monitor.readings == {
        "shown": "24.9 fps",
        "age": "12 ms",
        "captured": "25.0 fps",
        "inferred": "11.2 fps",
        "model": "43 ms",
        "boxes": "–",
        "dropped": "2",
    }
    assert "2 by display" in monitor.toolTip()
    assert "95 % within 31 ms" in monitor.toolTip()
    assert "runs on CPU" in monitor.toolTip()


def test_when_pictures_stop_everything_falls_to_zero(monitor: FPSMonitor) -> None:
    monitor.update_figures(LIVE, 25.0, runs_on="CPU")
    monitor.update_figures(STOPPED, 25.0, runs_on="CPU")
    assert monitor.readings["shown"] == "0.0 fps"
    assert monitor.readings["captured"] == "0.0 fps"
    assert monitor.readings["age"] == "–"
    assert monitor.curve[-1] == 0


def test_nothing_is_said_of_how_fresh_pictures_were_that_do_not_come_any_more(monitor: FPSMonitor) -> None:
    monitor.update_figures(replace(LIVE, shown_fps=0.0), 25.0, runs_on="CPU")
    assert monitor.readings["age"] == "–"


def test_the_curve_holds_one_minute(monitor: FPSMonitor) -> None:
    for _ in range(1000):
        monitor.update_figures(LIVE, 25.0, runs_on=None)
    assert len(monitor.curve) == 240
    assert set(monitor.curve) == {24.9}


def test_the_curve_is_painted(monitor: FPSMonitor) -> None:
    before = grabbed(monitor)[:, -90:]
    for _ in range(120):
        monitor.update_figures(LIVE, 25.0, runs_on="CPU")
    assert np.abs(before.astype(int) - grabbed(monitor)[:, -90:]).max() > 60


def test_shown_turns_from_green_to_red_when_it_lags(monitor: FPSMonitor) -> None:
    def colour_of_shown() -> np.ndarray:
        left = grabbed(monitor)[22:38, 8:40].reshape(-1, 3).astype(int)
        return left[np.argmax(np.ptp(left, axis=1))]

    monitor.update_figures(LIVE, 25.0, runs_on="CPU")
    blue, green, red = colour_of_shown()
    assert green > red
    monitor.update_figures(STOPPED, 25.0, runs_on="CPU")
    blue, green, red = colour_of_shown()
    assert red > green > 0
    assert blue > 0


def test_a_frozen_picture_is_said_to_be_frozen_and_not_painted_red(monitor: FPSMonitor) -> None:
    monitor.update_figures(STOPPED, 25.0, runs_on=None, behind=12.4)
    assert monitor.readings["shown"] == "frozen"
    assert "12 s behind" in monitor.toolTip()
    blue, _, red = grabbed(monitor)[22:40, 8:80].reshape(-1, 3).astype(int).max(axis=0)
    assert blue > 200
    assert red < 160
    lit = grabbed(monitor).max(axis=2) > 120
    assert not lit[:, 82:86].any(), "it ends before the next figure"


@pytest.mark.parametrize("width", [86, 160, 182, 230, 256, 300])
def test_the_curve_gives_way_before_it_lies_on_figures(monitor: FPSMonitor, width: int) -> None:
    monitor.resize(width, monitor.height())
    for _ in range(240):
        monitor.update_figures(LIVE, 25.0, runs_on="CPU")
    accent = np.array([theme.ACCENT.blue(), theme.ACCENT.green(), theme.ACCENT.red()])
    curve = np.flatnonzero((np.abs(grabbed(monitor).astype(int) - accent).max(axis=2) < 40).any(axis=0))
    figures = 12 + 2 * 74
    assert (len(curve) > 0) == (width >= figures + 96)
    assert not (curve < figures).any()


def test_a_narrow_tile_keeps_what_matters_most(monitor: FPSMonitor) -> None:
    monitor.resize(260, monitor.height())
    monitor.update_figures(LIVE, 25.0, runs_on="CPU")
    assert grabbed(monitor).max() > 150


def test_it_says_how_old_boxes_are(monitor: FPSMonitor) -> None:
    monitor.update_figures(LIVE, 25.0, runs_on="CPU", box_age=0.123)
    assert monitor.readings["boxes"] == "123 ms"


def test_compact_it_is_one_slim_line_and_off_nothing(monitor: FPSMonitor, qtbot: QtBot) -> None:
    monitor.show()
    tall = monitor.height()
    monitor.look = MonitorStyle.COMPACT
    monitor.update_figures(LIVE, 25.0, runs_on="CPU")
    assert monitor.height() < tall / 2
    lit = grabbed(monitor).max(axis=2) > 150
    assert lit.any()
    assert not lit[:2].any()
    assert not lit[-2:].any()
    monitor.look = MonitorStyle.OFF
    assert not monitor.isVisible()
    monitor.look = MonitorStyle.FULL
    assert monitor.isVisible()
    assert monitor.height() == tall


def test_a_compact_line_ends_before_its_end(monitor: FPSMonitor) -> None:
    monitor.look = MonitorStyle.COMPACT
    monitor.resize(200, monitor.height())
    monitor.update_figures(LIVE, 25.0, runs_on="CPU")
    lit = grabbed(monitor).max(axis=2) > 100
    assert lit[:, :100].any()
    assert not lit[:, -6:].any()
