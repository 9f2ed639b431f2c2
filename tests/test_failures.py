"""What fails again and again is said for as long as it lasts, and logged once a minute."""

import pytest

from livevision.errors import RecordingError
from livevision.failures import Failures, reason_of


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_row_of_failures_is_logged_once_a_minute_with_its_number(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    failures = Failures(lambda: "door: drawing", clock)
    for _ in range(150):
        failures.add(IndexError("index 17 is out of bounds"))
        clock.now += 1
    assert failures.total == 150
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
    assert "door: drawing failed unexpectedly" in caplog.messages[0]
    assert caplog.records[0].exc_info is not None
    for line in caplog.messages[1:]:
        assert "door: drawing failed 60 more times, at last: IndexError: index 17" in line


def test_one_that_comes_and_goes_is_not_logged_anew_each_time(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    failures = Failures(lambda: "door: drawing", clock)
    for _ in range(10):
        failures.add(IndexError("17"))
        failures.worked()
        clock.now += 9
    assert len(caplog.records) == 2


def test_it_is_said_for_as_long_as_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    failures = Failures(lambda: "door: drawing", clock)
    assert not failures.reason
    failures.add(IndexError("index 17 is out of bounds"))
    clock.now += 3600
    assert failures.reason == "IndexError: index 17 is out of bounds"  # nothing has worked since
    failures.worked()
    assert not failures.reason
    failures.add(IndexError("17"))
    failures.worked()
    clock.now += 1
    assert failures.reason  # every other one fails
    clock.now += 60
    assert not failures.reason


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RecordingError("The disk is full."), "The disk is full."),
        (KeyError(), "KeyError"),
        (ValueError("two\n  lines"), "ValueError: two lines"),
        (ValueError("x" * 1000), f"ValueError: {'x' * 159}…"),
    ],
)
def test_a_reason_is_one_line(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason
