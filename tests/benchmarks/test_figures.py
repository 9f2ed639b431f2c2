"""The arithmetic of the benchmarks: what they print is believed."""

from __future__ import annotations

import pytest

from tests.benchmarks import latency, soak


def row(viewer: str, age: float, first: float = 1.1) -> latency.Row:
    return latency.Row(viewer, connect=1.0, first=first, shown=25.0, ages=[age] * 100, seen=[age], cpu=10)


def test_percentiles() -> None:
    ages = [float(age) for age in range(100, 0, -1)]
    assert [latency.at(ages, share) for share in (0.0, 0.5, 0.95, 1.0)] == [1, 51, 96, 100]


def test_recovery_counts_from_when_the_age_stays_normal() -> None:
    ages = [(0.1, 900.0), (0.2, 40.0), (0.3, 900.0), (0.4, 40.0), (0.8, 40.0), (1.0, 40.0), (5.0, 900.0)]
    assert latency._until_calm(ages, usual=50) == 0.4
    assert latency._until_calm(ages[:5], usual=50) is None


def test_verdicts_take_the_best_that_mpv_can_do() -> None:
    rows = [row("livevision", 20), row("mpv --vo=x11", 90), row("mpv --vo=gpu", 50, first=1.05)]
    assert [verdict.split()[0] for verdict in latency.verdicts(rows)] == ["reached", "reached", "MISSED"]
    rows = [row("livevision", 26), row("livevision + 300 ms model", 60), row("mpv --vo=gpu", 50)]
    assert [verdict.split()[0] for verdict in latency.verdicts(rows)] == ["MISSED", "reached", "reached", "MISSED"]


def second(at: float, rss: float = 200.0, age: float = 30.0, state: str = "live") -> soak.Second:
    return soak.Second(at, [{"state": state, "shown_fps": 25.0}] * soak.CAMERAS, [age], rss, 12, 16)


def test_growth_is_per_hour() -> None:
    seconds = [second(float(at), rss=200 + at / 360) for at in range(600)]
    assert soak.slope(seconds, [each.rss for each in seconds]) == pytest.approx(10)


def judge(seconds: list[soak.Second]) -> list[str]:
    observed = soak.Soak(process=None, stats=None, screen=None, seconds=seconds)
    return [verdict.split()[0] for verdict in observed.verdicts()]


def test_a_soak_is_judged_after_its_warm_up() -> None:
    steady = [second(float(at), rss=100 if at < soak.WARM_UP else 200) for at in range(600)]
    assert judge(steady) == ["reached"] * 5
    assert judge([*steady, second(600, state="stalled")])[0] == "MISSED"
    assert judge([second(float(at), rss=200 + at / 360) for at in range(600)])[1] == "MISSED"
    assert judge([second(float(at), age=30 if at < 400 else 90) for at in range(600)])[4] == "MISSED"
    assert judge(steady[:200]) == ["too", "reached"]
