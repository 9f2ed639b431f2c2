import pytest

from livevision.metrics import CameraMetrics, LatencyWindow, RateMeter


class FakeClock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_steady_events_read_as_their_rate() -> None:
    clock = FakeClock()
    meter = RateMeter(clock)
    for _ in range(100):
        clock.now += 0.04
        meter.mark()
    assert abs(meter.rate - 25) < 1e-6


def test_a_stalled_camera_reads_zero() -> None:
    clock = FakeClock()
    meter = RateMeter(clock)
    for _ in range(50):
        clock.now += 0.04
        meter.mark()
    rates = []
    for _ in range(6):
        clock.now += 0.5
        rates.append(meter.rate)
    assert rates == sorted(rates, reverse=True)
    assert rates[0] < 20
    assert rates[-1] == 0


def test_nothing_marked_is_zero() -> None:
    assert RateMeter(FakeClock()).rate == 0


def test_one_event_every_two_seconds_is_not_zero() -> None:
    clock = FakeClock()
    meter = RateMeter(clock)
    for _ in range(5):
        clock.now += 1.9
        meter.mark()
    assert abs(meter.rate - 0.5) < 0.05


@pytest.mark.parametrize("interval", [4.0, 8.0, 20.0])
def test_pictures_that_come_rarely_have_an_honest_rate(interval: float) -> None:
    clock = FakeClock()
    meter = RateMeter(clock)
    meter.mark()
    assert meter.rate == 0, "one picture is no rate"
    for _ in range(3):
        clock.now += interval
        meter.mark()
        for passed in (0.0, 0.5 * interval, 0.99 * interval):
            clock.now += passed
            assert meter.rate == pytest.approx(1 / interval)
            clock.now -= passed
    assert meter.interval == pytest.approx(interval)
    clock.now += 2.1 * interval
    assert meter.rate == 0


def test_a_slow_camera_that_gets_quick_reads_as_quick() -> None:
    clock = FakeClock()
    meter = RateMeter(clock)
    for _ in range(3):
        clock.now += 8
        meter.mark()
    for _ in range(75):
        clock.now += 0.04
        meter.mark()
    assert meter.rate == pytest.approx(25)


def test_a_meter_stays_bounded() -> None:
    meter = RateMeter(FakeClock())
    for _ in range(100_000):
        meter.mark()
    assert len(meter._times) <= 1024


def test_percentiles_forget_what_is_old() -> None:
    clock = FakeClock()
    window = LatencyWindow(clock)
    assert window.percentiles(0.5, 0.95) == (None, None)
    window.add(9.0)
    clock.now += 6
    for milliseconds in range(100):
        window.add(milliseconds / 1000)
    assert window.percentiles(0.5, 0.95) == (0.05, 0.095)
    clock.now += 6
    assert window.percentiles(0.5) == (None,)


def test_the_age_of_a_picture_is_measured_when_it_is_painted() -> None:
    clock = FakeClock()
    metrics = CameraMetrics(clock)
    captured = clock.now
    clock.now += 0.012
    metrics.painted(captured)
    now = metrics.snapshot()
    assert now.age_p50 is not None
    assert abs(now.age_p50 - 0.012) < 1e-9
    assert now.since_picture is None


def test_drops_are_counted_by_cause() -> None:
    metrics = CameraMetrics(FakeClock())
    metrics.drop("display")
    metrics.drop("display", 2)
    metrics.drop("recording", 3)
    assert metrics.snapshot().dropped == {"display": 3, "recording": 3}
