"""What is painted of a shot."""

import numpy as np
import supervision as sv

from livevision.frame import Result
from livevision.overlay import OverlayStyle, Privacy
from livevision.ui.tile.composer import Composer, Shot
from livevision.ui.tile.news import News
from livevision.ui.tile.viewport import Viewport
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
    shot = Shot(frame, shown, Viewport(), (320, 180), news.up_to(frame), shown)
    painted = composer.compose(shot)[:, :, :3].astype(int)
    assert np.abs(painted[50:130, 110:190] - noise[50:130, 110:190]).mean() > 30
    assert (painted[:, :40] == noise[:, :40]).all()
