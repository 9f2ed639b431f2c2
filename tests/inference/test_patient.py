"""A frame of a file is tried again; that a server was never there is known at once."""

import asyncio

import pytest

from livevision.errors import DetectorError, DetectorUnavailable
from livevision.inference import patient
from livevision.inference.patient import PatientDetector
from tests.fakes.cameras import ScriptedDetector, grey, things, until

PICTURE = grey((64, 48))


class Moody(ScriptedDetector):
    def __init__(self, *moods: Exception | None) -> None:
        super().__init__(things((1, 1, 9, 9)))
        self.moods = list(moods)

    async def detect(self, image):
        if self.moods and (mood := self.moods.pop(0)) is not None:
            self.calls += 1
            raise mood
        return await super().detect(image)


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(patient, "_LEAST_PAUSE", 0.002)


def away(retry_in: float = 0.0) -> DetectorUnavailable:
    return DetectorUnavailable("the server does not answer", retry_in)


async def test_asks_again_until_there_is_an_answer():
    inner = Moody(None, away(), away(0.005), away())
    detector = PatientDetector(inner)
    for _ in range(2):
        assert len(await detector.detect(PICTURE)) == 1
    assert inner.calls == 5


async def test_does_not_wait_for_what_was_never_there():
    inner = Moody(away())
    with pytest.raises(DetectorUnavailable):
        await PatientDetector(inner).detect(PICTURE)
    assert inner.calls == 1


async def test_gives_up_in_the_end_and_at_once_where_waiting_would_not_help():
    inner = Moody(None, *(away() for _ in range(1000)))
    detector = PatientDetector(inner, patience=0.02)
    await detector.detect(PICTURE)
    with pytest.raises(DetectorUnavailable):
        await detector.detect(PICTURE)
    assert 2 < inner.calls < 20
    inner.moods = [away(retry_in=5.0)]
    calls = inner.calls
    with pytest.raises(DetectorUnavailable):
        await detector.detect(PICTURE)
    assert inner.calls == calls + 1


async def test_other_errors_are_final():
    inner = Moody(None, DetectorError("no such layer"))
    detector = PatientDetector(inner)
    await detector.detect(PICTURE)
    with pytest.raises(DetectorError, match="no such layer"):
        await detector.detect(PICTURE)
    assert inner.calls == 2


async def test_no_more_are_with_it_at_once_than_it_can_have_just_then():
    class Narrow(ScriptedDetector):
        max_in_flight = 3
        under_way = most = 0

        async def detect(self, image):
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await asyncio.sleep(0)
            self.under_way -= 1
            return await super().detect(image)

    inner = Narrow(things((1, 1, 9, 9)))
    detector = PatientDetector(inner)
    await asyncio.gather(*(detector.detect(PICTURE) for _ in range(9)))
    assert inner.most == 3
    inner.max_in_flight, inner.most = 1, 0
    await asyncio.gather(*(detector.detect(PICTURE) for _ in range(9)))
    assert inner.most == 1


async def test_one_that_waits_for_its_turn_and_is_cancelled_leaves_it_to_the_next():
    inner = ScriptedDetector(things((1, 1, 9, 9)))
    inner.gate.clear()
    detector = PatientDetector(inner)
    waiting = [asyncio.create_task(detector.detect(PICTURE)) for _ in range(3)]
    await until(lambda: inner.calls == 1)
    for task in waiting[:2]:
        task.cancel()
    inner.gate.set()
    assert len(await waiting[2]) == 1
