"""What scripts get: answers that can be true and are wanted."""

import numpy as np

from livevision.inference.builtin.motion import MotionDetector
from livevision.inference.detector import Tunable
from livevision.inference.filter import DetectionFilter
from livevision.inference.filtered import FilteredDetector
from tests.fakes.cameras import ScriptedDetector, grey, things


class TunedDetector(ScriptedDetector, Tunable):
    runs_on, notice = "CPU", "slow"
    keep: DetectionFilter | None = None

    def tune(self, keep: DetectionFilter) -> None:
        self.keep = keep


async def test_answers_what_is_wanted_and_can_be_true():
    found = things((10, 10, 50, 50), (0, 0, 1, 1), (5, 5, 20, 20))
    found.xyxy[1] = np.nan
    found.confidence[2] = 0.3
    inner = TunedDetector(found)
    closed: list[bool] = []

    async def end() -> None:
        closed.append(inner.closed)

    detector = FilteredDetector(inner, DetectionFilter(0.5), end)
    assert (await detector.detect(grey((64, 48)))).xyxy.tolist() == [[10, 10, 50, 48]]
    assert detector.unsound == 1
    detector.keep = DetectionFilter(0.1)
    assert len(await detector.detect(grey((64, 48)))) == 2
    assert inner.keep is detector.keep
    assert (detector.name, detector.max_in_flight, detector.classes) == ("scripted", 1, ("thing",))
    assert (detector.runs_on, detector.notice, detector.remembers) == ("CPU", "slow", False)
    await detector.aclose()
    assert closed == [True]


async def test_what_was_asked_for_cannot_be_loosened_from_outside():
    assert not isinstance(FilteredDetector(TunedDetector(things()), DetectionFilter()), Tunable)


async def test_remembers_where_the_inner_one_does():
    detector = FilteredDetector(MotionDetector(), DetectionFilter())
    assert detector.remembers
    assert (detector.runs_on, detector.notice) == ("CPU", "")
    await detector.aclose()
