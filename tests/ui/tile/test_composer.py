"""What is painted of a shot."""

import numpy as np
import pytest
import supervision as sv

from livevision.frame import Result
from livevision.overlay import OverlayStyle, Privacy
from livevision.ui.tile.composer import Composer, Shot
from livevision.ui.tile.viewport import Room, Viewport
from tests.fakes.cameras import make_frame, things


def test_who_is_not_shown_is_hidden_all_the_same() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), np.uint8)
    frame = make_frame(noise, pts=1.0)
    # The operator wants to see cars only; the model has found a person, too.
    found = things((100, 40, 200, 140))
    composer = Composer()
    composer.style = OverlayStyle(privacy=Privacy(frozenset({"thing"})))
    composer.mask.observe(Result(frame, sv.Detections.empty(), 0.0, 0.1, found, frozenset({"thing"})))
    shot = Shot(frame, sv.Detections.empty(), Viewport(), Room((320, 180)))
    painted = composer.compose(shot).pixels[:, :, :3].astype(int)
    assert np.abs(painted[50:130, 110:190] - noise[50:130, 110:190]).mean() > 30
    assert (painted[:, :40] == noise[:, :40]).all()


def test_a_picture_that_stands_stays_as_it_was_hidden() -> None:
    """Its results are forgotten some time; the operator resizes the window, and looks at another picture."""
    noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), np.uint8)
    frame, other = make_frame(noise, pts=1.0), make_frame(noise, pts=2.0)
    composer = Composer()
    composer.style = OverlayStyle(privacy=Privacy(frozenset({"thing"})))
    composer.mask.observe(Result(frame, sv.Detections.empty(), 0.0, 0.1, things((100, 40, 200, 140)), None))
    shot = Shot(frame, None, Viewport(), Room((320, 180)))
    before = composer.compose(shot).pixels
    for generation in range(1, 9):
        composer.mask.learn((generation, 1.0), (320, 180), sv.Detections.empty())
    assert (composer.compose(shot).pixels == before).all()
    assert composer.reason == ""
    unknown = composer.compose(Shot(other, None, Viewport(), Room((320, 180)))).pixels
    assert (unknown[:, :40, :3] != noise[:, :40]).any(axis=2).mean() > 0.9
    assert composer.reason == "hidden until the model has answered"


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_labels_are_as_large_to_the_eye_on_a_sharper_screen(ratio: float) -> None:
    frame = make_frame(np.zeros((720, 1280, 3), np.uint8))
    found = things((0, 360, 700, 719))

    def heights(ratio: float) -> tuple[int, int]:
        """Of the label, and of the line at the bottom of its box, which is all that is seen farther right."""
        room = Room((round(420 * ratio), round(236 * ratio)), ratio)
        painted = Composer().compose(Shot(frame, found, Viewport(), room)).pixels[:, :, :3].any(axis=2)
        return int(painted[: painted.shape[0] // 2, 5].sum()), int(painted[-10:, painted.shape[1] // 3].sum())

    label, line = heights(1.0)
    sharp_label, sharp_line = heights(ratio)
    assert sharp_label == pytest.approx(ratio * label, rel=0.1)
    assert sharp_line >= line


@pytest.mark.parametrize("zoom", [1.0, 4.0])
def test_what_is_painted_is_solid(zoom: float) -> None:
    frame = make_frame(np.zeros((720, 1280, 3), np.uint8))
    for found in (things((500, 300, 700, 420)), sv.Detections.empty()):
        painted = Composer().compose(Shot(frame, found, Viewport(zoom=zoom), Room((421, 237)))).pixels
        assert (painted[:, :, 3] == 255).all(), "Qt would mix it with what it is painted on"
        assert painted[:, :, :3].any() == (len(found) > 0)
