import pytest

from livevision.errors import SourceError, SourceRefused, SourceUnavailable
from livevision.recording.wording import clock, size
from livevision.sources.reader import SourceInfo
from livevision.sources.status import CameraState, CameraStatus
from livevision.ui.notice import Notice
from livevision.ui.words import duration, frozen, notice

GONE = SourceUnavailable("The camera closed the connection.")


def status(
    state: CameraState, error: SourceError | None = None, retry_at: float | None = None, fps: float = 25
) -> CameraStatus:
    return CameraStatus(state, 99.0, error, retry_at, SourceInfo(640, 360, fps, "h264"))


def test_a_live_picture_has_nothing_over_it() -> None:
    assert notice(status(CameraState.LIVE), 0.04, 100) is None


def test_a_picture_that_stands_still_does_not_look_live() -> None:
    assert notice(status(CameraState.LIVE), 1.3, 100) == Notice("No picture for 1 s")


def test_a_slow_camera_is_not_called_frozen() -> None:
    assert notice(status(CameraState.LIVE, fps=0.5), 4.0, 100) is None
    assert notice(status(CameraState.LIVE, fps=0.5), 7.0, 100) is not None


@pytest.mark.parametrize("interval", [4.0, 8.0, 10.0, 20.0])
def test_a_camera_in_the_dark_is_not_without_a_picture_whatever_it_declares(interval):
    dark = status(CameraState.LIVE, fps=25)
    assert notice(dark, interval + 0.5, 100, interval) is None
    assert notice(dark, 3 * interval + 1, 100, interval) is not None


def test_reconnecting_says_since_when_why_and_when() -> None:
    said = notice(status(CameraState.BACKING_OFF, GONE, retry_at=102), 4.0, 100)
    assert said == Notice("No picture for 4 s, reconnecting in 2 s", GONE.args[0], "Retry now")


def test_a_camera_that_never_came_has_no_last_picture() -> None:
    said = notice(status(CameraState.BACKING_OFF, GONE, retry_at=104), None, 100)
    assert said == Notice("Reconnecting in 4 s", GONE.args[0], "Retry now")


def test_a_wait_that_is_nearly_over_is_not_counted_down_to_nothing() -> None:
    said = notice(status(CameraState.BACKING_OFF, GONE, retry_at=100.4), 12.0, 100)
    assert said is not None
    assert said.headline == "No picture for 12 s, reconnecting…"


def test_an_attempt_still_says_what_went_wrong_before() -> None:
    said = notice(status(CameraState.CONNECTING, GONE), 12.0, 100)
    assert said == Notice("Connecting…", "The camera closed the connection.\nLast picture 12 s ago")


def test_a_refused_password_is_called_by_its_name_and_left_to_the_operator() -> None:
    said = notice(status(CameraState.AUTH_FAILED, SourceRefused("door refused the password. Check it.")), None, 100)
    assert said == Notice("Access refused", "door refused the password. Check it.", "Retry now")


@pytest.mark.parametrize(
    ("state", "retry_at", "action"),
    [
        (CameraState.CONNECTING, None, ""),
        (CameraState.STALLED, None, ""),
        (CameraState.BACKING_OFF, 99.5, ""),  # over before anybody presses it
        (CameraState.BACKING_OFF, 101, "Retry now"),
        (CameraState.AUTH_FAILED, None, "Retry now"),
        (CameraState.FAILED, None, "Retry now"),
        (CameraState.ENDED, None, "Play again"),
        (CameraState.STOPPED, None, ""),
    ],
)
def test_there_is_a_button_where_it_makes_sense(state: CameraState, retry_at: float | None, action: str) -> None:
    said = notice(status(state, retry_at=retry_at), None, 99.2)
    assert said is not None
    assert said.action == action


@pytest.mark.parametrize("state", [each for each in CameraState if each is not CameraState.LIVE])
def test_every_other_state_covers_the_picture_and_tells_its_age(state: CameraState) -> None:
    said = notice(status(state, SourceError("Because.")), 200.0, 100)
    assert said is not None
    assert said.headline
    assert "Because." in said.detail
    assert "picture" in said.headline + said.detail
    assert "3 min" in said.headline + said.detail


def test_spans_and_sizes() -> None:
    assert [duration(8), duration(190), duration(7500)] == ["8 s", "3 min", "2 h 5 min"]
    # Only what has passed counts, as on a clock.
    assert [duration(7.9), duration(59.9), duration(60)] == ["7 s", "59 s", "1 min"]
    assert [clock(67), clock(3727)] == ["01:07", "1:02:07"]
    assert [size(640_000), size(12_300_000), size(1_440_000_000)] == ["640 KB", "12.3 MB", "1.4 GB"]


def test_a_frozen_picture_says_how_far_behind_it_is() -> None:
    assert frozen(12.3) == "frozen · 12 s behind"
    assert frozen(190) == "frozen · 3 min behind"
