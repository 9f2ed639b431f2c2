"""The line above a picture: what is more important stays readable."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from livevision.sources.status import CameraState
from livevision.ui import theme
from livevision.ui.tile_header import TileHeader
from tests.ui.test_video_view import grabbed

TROUBLE = "server gpu1:9001 does not answer, trying again in 4 s"


def columns_of_trouble(header: TileHeader) -> int:
    """Return over how many pixels the warning's colour reaches."""
    wanted = np.array([theme.WARNING.blue(), theme.WARNING.green(), theme.WARNING.red()])
    near = np.abs(grabbed(header)[:, :, :3].astype(int) - wanted).max(axis=2) < 12
    found = np.flatnonzero(near.any(axis=0))
    return 0 if not len(found) else int(found[-1] - found[0])


@pytest.mark.parametrize("width", [520, 900])
def test_trouble_is_read_whole_and_the_model_gives_way(qtbot: QtBot, width: int) -> None:
    header = TileHeader("Door")
    qtbot.addWidget(header)
    header.resize(width, header.height())
    header.tell(CameraState.LIVE, "roboflow+http://gpu1:9001/project/3", "", TROUBLE)
    assert columns_of_trouble(header) > 0.97 * header.fontMetrics().horizontalAdvance(TROUBLE) - 4
    assert TROUBLE in header.words
