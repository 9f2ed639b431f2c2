"""A frame of a file is tried again; that a server was never there is known at once."""

import pytest

from livevision.errors import DetectorError, DetectorUnavailable
from livevision.inference import patient
from livevision.inference.patient import PatientDetector
from tests.fakes.cameras import ScriptedDetector, grey, things

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
