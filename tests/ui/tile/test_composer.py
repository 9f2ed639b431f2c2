"""What is painted of a shot."""

import numpy as np
import pytest
import supervision as sv

from livevision.frame import Result
from livevision.overlay import OverlayStyle, Privacy
from livevision.ui.tile.composer import Composer, Shot
from livevision.ui.tile.news import News
from livevision.ui.tile.viewport import Room, Viewport
from tests.fakes.cameras import make_frame, things


def test_who_is_not_shown_is_hidden_all_the_same() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), np.uint8)
    frame = make_frame(noise, pts=1.0)
    # The operator wants to see cars only; the model has found a person, too.
    result = Result(frame, sv.Detections.empty(), 0.0, 0.1, unseen=things((100, 40, 200, 140)))
    news = News()
    news.add(result)
    composer = Composer()
    composer.style = OverlayStyle(privacy=Privacy(frozenset({"thing"})))
    shown = sv.Detections.empty()
    shot = Shot(frame, shown, Viewport(), Room((320, 180)), news.up_to(frame), shown)
    painted = composer.compose(shot).pixels[:, :, :3].astype(int)
    assert np.abs(painted[50:130, 110:190] - noise[50:130, 110:190]).mean() > 30
    assert (painted[:, :40] == noise[:, :40]).all()


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
