import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from livevision.ui import theme
from livevision.ui.notice import Notice
from livevision.ui.tile.viewport import Room
from livevision.ui.video_view import VideoView


def grabbed(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].copy()


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, (height, width, 4), dtype=np.uint8)


@pytest.fixture
def view(qtbot: QtBot) -> VideoView:
    view = VideoView()
    view.resize(320, 180)
    qtbot.addWidget(view)
    view.show()
    return view


def test_a_picture_is_painted_pixel_for_pixel(view: VideoView) -> None:
    pixels = noise(320, 180)
    view.show_picture(pixels, 1.0)
    assert np.array_equal(grabbed(view), pixels[..., :3])


def test_a_narrower_picture_stands_in_the_middle(view: VideoView) -> None:
    assert view.fit((100, 100)) == (180, 180)
    pixels = noise(180, 180)
    view.show_picture(pixels, 1.0)
    shown = grabbed(view)
    assert np.array_equal(shown[:, 70:250], pixels[..., :3])
    assert np.ptp(shown[:, :70]) <= 8  # background only


def test_it_says_how_sharp_its_screen_is(view: VideoView, monkeypatch: pytest.MonkeyPatch) -> None:
    assert view.room == Room((320, 180), 1.0)
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: 1.5)
    assert view.room == Room((480, 270), 1.5)


def test_a_notice_dims_the_picture(view: VideoView) -> None:
    view.show_picture(np.full((180, 320, 4), 200, np.uint8), 1.0)
    view.set_notice(Notice("No picture for 3 s"))
    dimmed = grabbed(view)
    assert dimmed[5, 5].max() < 80
    assert dimmed.max() > 200  # the words
    view.set_notice(None)
    assert grabbed(view)[5, 5].tolist() == [200, 200, 200]


def test_a_picture_counts_once_however_often_it_is_painted(view: VideoView, qtbot: QtBot) -> None:
    painted: list[float] = []
    view.painted.connect(painted.append)
    view.show_picture(noise(320, 180), 1.0)
    for _ in range(3):
        grabbed(view)
    assert painted == [1.0]
    view.show_picture(noise(320, 180), 2.0)
    grabbed(view)
    assert painted == [1.0, 2.0]


def test_a_covered_picture_does_not_count_as_shown(view: VideoView) -> None:
    painted: list[float] = []
    view.painted.connect(painted.append)
    view.set_notice(Notice("Reconnecting…", "The camera closed the connection."))
    view.show_picture(noise(320, 180), 1.0)
    grabbed(view)
    assert painted == []


def test_without_a_picture_there_is_a_plain_background(view: VideoView) -> None:
    assert np.ptp(grabbed(view).reshape(-1, 3), axis=0).tolist() == [0, 0, 0]


def test_whoever_is_hidden_says_so(view: VideoView, qtbot: QtBot) -> None:
    seen: list[bool] = []
    view.seen_changed.connect(lambda: seen.append(view.can_be_seen))
    view.hide()
    view.show()
    assert seen == [False, True]


def test_beside_a_picture_there_is_nothing_else_also_after_the_view_has_changed(view: VideoView) -> None:
    ground = [theme.VIDEO.blue(), theme.VIDEO.green(), theme.VIDEO.red()]
    view.show_picture(np.full((180, 180, 4), 200, np.uint8), 1.0)
    for size, inside in (
        ((320, 180), (70, 250, 0, 180)),
        ((300, 240), (30, 270, 0, 240)),
        ((200, 300), (0, 200, 50, 250)),
    ):
        view.resize(*size)
        shown = grabbed(view)
        left, right, top, bottom = inside
        assert (shown[top + 1 : bottom - 1, left + 1 : right - 1] == 200).all()
        shown[top:bottom, left:right] = ground
        assert (shown == ground).all()
    view.show_picture(np.full((112, 200, 4), 90, np.uint8), 2.0)
    shown = grabbed(view)
    assert (shown[95:204] == 90).all()
    assert (shown[:93] == ground).all()
    assert (shown[207:] == ground).all()


def test_whoever_watches_hears_of_the_mouse_and_not_of_each_picture(qtbot: QtBot) -> None:
    heard: list[QEvent.Type] = []

    def take(event: QEvent) -> bool:
        heard.append(event.type())
        return event.type() == QEvent.Type.MouseMove

    parent = Parent()
    qtbot.addWidget(parent)
    view = VideoView(parent)
    view.resize(320, 180)
    view.setMouseTracking(True)
    parent.show()
    view.watch(take)
    heard.clear()
    view.show_picture(noise(320, 180), 1.0)
    grabbed(view)
    assert heard == []
    qtbot.mouseMove(view, QPoint(20, 20))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton)
    qtbot.mouseMove(view, QPoint(30, 30))
    assert {QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove} <= set(heard)
    assert parent.heard == ["press"], "what was taken goes no further"


class Parent(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def mousePressEvent(self, event: QEvent) -> None:  # noqa: N802
        self.heard.append("press")

    def mouseMoveEvent(self, event: QEvent) -> None:  # noqa: N802
        self.heard.append("move")
