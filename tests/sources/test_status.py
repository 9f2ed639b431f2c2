"""The states of a camera: what may follow what, and why it is so."""

import pytest

from livevision.errors import SourceUnavailable
from livevision.sources.reader import SourceInfo
from livevision.sources.status import RETRIED_ON_DEMAND, TRANSITIONS, CameraState, CameraStatus

CONNECTING, LIVE, STALLED, BACKING_OFF, AUTH_FAILED, ENDED, FAILED, STOPPED = CameraState


def test_nobody_is_let_in_twice_with_a_refused_password():
    assert TRANSITIONS[AUTH_FAILED] == {CONNECTING, STOPPED}
    assert AUTH_FAILED in RETRIED_ON_DEMAND


def test_there_is_no_way_to_a_picture_but_by_connecting():
    assert {state for state in CameraState if LIVE in TRANSITIONS[state]} == {CONNECTING}


def test_every_camera_can_be_stopped_and_every_state_be_left():
    assert TRANSITIONS.keys() == set(CameraState)
    assert all(STOPPED in TRANSITIONS[state] for state in CameraState if state is not STOPPED)
    assert all(state not in TRANSITIONS[state] for state in CameraState)


@pytest.mark.parametrize(
    ("state", "following", "said"),
    [
        (AUTH_FAILED, BACKING_OFF, "a camera that is refused cannot become reconnecting"),
        (STOPPED, LIVE, "a camera that is stopped cannot become live"),
        (BACKING_OFF, LIVE, "a camera that is reconnecting cannot become live"),
    ],
)
def test_an_impossible_change_is_a_bug(state, following, said):
    with pytest.raises(RuntimeError, match=said):
        CameraStatus(state, 0.0).then(following, 1.0)


def test_what_is_known_is_kept_and_what_is_over_is_not():
    info = SourceInfo(640, 360, 25.0, "h264")
    gone = SourceUnavailable("The camera closed the connection.")
    live = CameraStatus(CONNECTING, 1.0).then(LIVE, 2.0, info=info, generation=3)
    waiting = live.then(BACKING_OFF, 5.0, gone, retry_at=9.0)
    assert (waiting.info, waiting.generation, waiting.since) == (info, 3, 5.0)
    assert waiting.reason == "The camera closed the connection."
    again = waiting.then(CONNECTING, 9.0)
    assert (again.reason, again.retry_at) == ("", None)
