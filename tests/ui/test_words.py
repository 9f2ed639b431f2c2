import pytest

from livevision.sources.reader import SourceInfo
from livevision.sources.status import CameraState, CameraStatus
from livevision.ui.words import clock, duration, notice, size


def status(state: CameraState, reason: str = "", retry_at: float | None = None, fps: float = 25) -> CameraStatus:
    return CameraStatus(state, 0.0, reason, retry_at, SourceInfo(640, 360, fps, "h264"))


def test_a_live_picture_has_nothing_over_it() -> None:
    assert notice(status(CameraState.LIVE), 0.04, 100) is None


def test_a_picture_that_stands_still_does_not_look_live() -> None:
    assert notice(status(CameraState.LIVE), 1.3, 100) == ("No picture for 1 s", "")


def test_a_slow_camera_is_not_called_frozen() -> None:
    assert notice(status(CameraState.LIVE, fps=0.5), 4.0, 100) is None
    assert notice(status(CameraState.LIVE, fps=0.5), 7.0, 100) is not None


def test_reconnecting_says_why_and_when() -> None:
    said = notice(status(CameraState.RECONNECTING, "The camera refused the connection.", retry_at=104), 12.0, 100)
    assert said == ("Reconnecting in 4 s", "The camera refused the connection.\nLast picture 12 s ago")


@pytest.mark.parametrize("state", [each for each in CameraState if each is not CameraState.LIVE])
def test_every_other_state_covers_the_picture_and_tells_its_age(state: CameraState) -> None:
    said = notice(status(state, "Because."), 200.0, 100)
    assert said is not None
    assert said[0]
    assert "Because." in said[1]
    assert "Last picture 3 min ago" in said[1]


def test_spans_and_sizes() -> None:
    assert [duration(8), duration(190), duration(7500)] == ["8 s", "3 min", "2 h 5 min"]
    assert [clock(67), clock(3727)] == ["01:07", "1:02:07"]
    assert [size(640_000), size(12_300_000), size(1_440_000_000)] == ["640 KB", "12.3 MB", "1.4 GB"]
