"""The grid, used as a person would: keys, clicks, drags.  Tiles are light stand-ins."""

import gc
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from livevision.ui import theme
from livevision.ui.camera_grid import CameraGrid
from livevision.ui.layouts.cycle import PageCycle
from livevision.ui.layouts.direction import Direction
from livevision.ui.layouts.empty_cell import EmptyCell
from livevision.ui.layouts.kind import LayoutKind
from livevision.ui.layouts.page_bar import PageBar
from livevision.ui.layouts.state import LayoutState
from livevision.ui.layouts.tile_window import TileWindow
from livevision.ui.theme import apply_theme
from livevision.ui.video_view import VideoView
from tests.ui.test_video_view import grabbed


class Tile(QWidget):
    """What the grid knows of a CameraTile, and no camera."""

    chosen = Signal(object)
    shape_changed = Signal()
    surround = 32

    def __init__(self, name: str) -> None:
        super().__init__()
        self.camera = SimpleNamespace(name=name)
        self.header = QWidget()
        self.header.setFixedHeight(32)
        self.view = VideoView()
        self.view.setMinimumSize(160, 90)
        self.is_chosen = False
        self.aspect = 16 / 9
        self.moves = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.view)

    def __repr__(self) -> str:
        return self.camera.name

    def set_chosen(self, chosen: bool) -> None:
        self.is_chosen = chosen

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.chosen.emit(self)
        super().mousePressEvent(event)

    def moveEvent(self, event: QEvent) -> None:  # noqa: N802
        self.moves += 1

    def paintEvent(self, event: QEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(40, 90, 40))
        painter.end()


@pytest.fixture
def grid(qtbot: QtBot) -> CameraGrid:
    grid = CameraGrid()
    qtbot.addWidget(grid, before_close_func=lambda grid: grid.reattach_all())
    grid.resize(960, 640)
    grid.show()
    return grid


def fill(grid: CameraGrid, names: str, kind: LayoutKind = LayoutKind.AUTO) -> dict[str, Tile]:
    grid.set_kind(kind)
    tiles = {name: Tile(name) for name in names}
    for tile in tiles.values():
        grid.add(tile)
    return tiles


def order(grid: CameraGrid) -> str:
    return "".join(tile.camera.name for tile in grid.tiles)


def visible(grid: CameraGrid) -> str:
    return "".join(tile.camera.name for tile in grid.tiles if tile.view.can_be_seen)


def bar(grid: CameraGrid) -> PageBar:
    (found,) = grid.findChildren(PageBar)
    return found


def empty(grid: CameraGrid) -> list[EmptyCell]:
    return [cell for cell in grid.findChildren(EmptyCell) if cell.isVisible()]


def mouse(grid: CameraGrid, kind: QEvent.Type, at: QPoint, on: QWidget) -> None:
    """Send what the window system does to whoever has the mouse: the widget that was pressed."""
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    local = QPointF(on.mapFrom(grid, at))
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(on, QMouseEvent(kind, local, QPointF(grid.mapToGlobal(at)), button, held, none))


def drag(grid: CameraGrid, tile: Tile, *way: QPoint) -> None:
    """Press the header of ``tile`` and go ``way``, without letting go."""
    start = tile.header.mapTo(grid, QPoint(40, 16))
    mouse(grid, QEvent.Type.MouseButtonPress, start, tile.header)
    for at in (start + QPoint(30, 0), *way):
        mouse(grid, QEvent.Type.MouseMove, at, tile.header)


def let_go(grid: CameraGrid, tile: Tile, at: QPoint) -> None:
    mouse(grid, QEvent.Type.MouseButtonRelease, at, tile.header)


def inside(tile: Tile, share: float) -> QPoint:
    """Return the point at that share of the width, half way down."""
    cell = tile.geometry()
    return QPoint(cell.left() + round(cell.width() * share), cell.center().y())


def test_only_tiles_on_the_page_can_be_seen_and_pages_turn_by_keys(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcdef", LayoutKind.TWO)
    assert (visible(grid), bar(grid).words.text()) == ("ef", "2 / 2")
    QTest.keyClick(grid, Qt.Key.Key_PageDown)
    assert (visible(grid), bar(grid).words.text(), grid.chosen) == ("abcd", "1 / 2", tiles["a"])
    QTest.keyClick(grid, Qt.Key.Key_PageUp)
    assert visible(grid) == "ef"
    assert bar(grid).words.accessibleName() == "Page 2 of 2"


def test_the_page_bar_turns_pages_and_is_there_only_where_there_are_some(grid: CameraGrid) -> None:
    fill(grid, "abcd", LayoutKind.TWO)
    assert not bar(grid).isVisible()
    grid.add(Tile("e"))
    assert bar(grid).isVisible()
    assert bar(grid).geometry().bottom() == grid.rect().bottom()
    QTest.mouseClick(bar(grid).next, Qt.MouseButton.LeftButton)
    assert visible(grid) == "abcd"
    QTest.mouseClick(bar(grid).previous, Qt.MouseButton.LeftButton)
    assert visible(grid) == "e"
    QTest.mouseClick(bar(grid).dots, Qt.MouseButton.LeftButton, pos=QPoint(5, 10))
    assert visible(grid) == "abcd"


def test_arrows_choose_the_tile_that_lies_there(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcd")
    assert grid.chosen is tiles["d"]
    for key, expected in ((Qt.Key.Key_Up, "b"), (Qt.Key.Key_Left, "a"), (Qt.Key.Key_Down, "c"), (Qt.Key.Key_Down, "c")):
        QTest.keyClick(grid, key)
        assert grid.chosen is tiles[expected]
        assert [name for name, tile in tiles.items() if tile.is_chosen] == [expected]


def test_a_double_click_maximises_and_another_one_brings_all_back(grid: CameraGrid) -> None:
    tiles = fill(grid, "abc")
    for expected in ("b", "abc"):
        QTest.mouseClick(tiles["b"].view, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(tiles["b"].view, Qt.MouseButton.LeftButton)
        assert visible(grid) == expected
    assert grid.chosen is tiles["b"]


def test_enter_maximises_esc_goes_back_and_is_left_to_others_then(grid: CameraGrid) -> None:
    tiles = fill(grid, "abc")
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert (visible(grid), tiles["c"].geometry()) == ("c", grid.rect())
    assert not tiles["c"].is_chosen  # nothing to choose between
    assert grid.escape()
    assert visible(grid) == "abc"
    assert not grid.escape()


def test_pictures_that_turn_get_cells_that_suit_them(grid: CameraGrid) -> None:
    grid.resize(800, 900)
    tiles = fill(grid, "ab")
    assert tiles["a"].x() == tiles["b"].x(), "one above the other"
    for tile in tiles.values():
        tile.aspect = 9 / 16
        tile.shape_changed.emit()
    assert tiles["a"].y() == tiles["b"].y(), "side by side"


def test_while_a_window_is_resized_tiles_do_not_jump_to_and_fro(grid: CameraGrid) -> None:
    tiles = fill(grid, "ab")

    def is_side_by_side() -> bool:
        return tiles["a"].y() == tiles["b"].y()

    seen = []
    for width in (*range(700, 1100, 4), *range(1100, 700, -4)):
        grid.resize(width, 640)
        seen.append(is_side_by_side())
    changes = [at for at in range(1, len(seen)) if seen[at] != seen[at - 1]]
    assert (len(changes), seen[0], seen[-1]) == (2, False, False)
    there, back = changes[0], len(seen) - changes[1]
    assert there - back > 5, "it takes more than a twitch of the hand to change it back"


def test_a_tile_that_was_taken_out_is_told_of_no_more(grid: CameraGrid) -> None:
    tiles = fill(grid, "ab")
    gone = weakref.ref(tiles["a"])
    grid.take(tiles["a"])
    tiles["a"].chosen.emit(tiles["a"])
    tiles["a"].shape_changed.emit()
    assert grid.chosen is tiles["b"]
    del tiles["a"]
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None


def test_taking_the_chosen_tile_chooses_the_one_before(grid: CameraGrid) -> None:
    tiles = fill(grid, "abc")
    grid.take(tiles["a"])
    assert (visible(grid), grid.chosen) == ("bc", tiles["c"])
    grid.take(tiles["c"])
    assert grid.chosen is tiles["b"]
    grid.take(tiles["b"])
    assert grid.chosen is None


def test_empty_cells_of_a_fixed_layout_offer_to_add_a_camera(grid: CameraGrid, qtbot: QtBot) -> None:
    fill(grid, "ab", LayoutKind.TWO)
    assert len(empty(grid)) == 2
    with qtbot.waitSignal(grid.add_wanted):
        QTest.mouseClick(empty(grid)[1], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(grid.add_wanted):
        QTest.keyClick(empty(grid)[0], Qt.Key.Key_Space)
    assert [cell.focusPolicy() for cell in empty(grid)] == [Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.NoFocus]
    grid.set_kind(LayoutKind.AUTO)
    assert empty(grid) == []


def slice_of(widget: QWidget) -> tuple[slice, slice]:
    cell = widget.geometry()
    return slice(cell.top(), cell.bottom() + 1), slice(cell.left(), cell.right() + 1)


def test_an_empty_cell_says_so_quietly_and_in_the_themes_colours(grid: CameraGrid) -> None:
    # The window that a test opens lies under the mouse.
    fill(grid, "a", LayoutKind.TWO)
    apply_theme(QApplication.instance())
    pixels = grabbed(grid)[slice_of(empty(grid)[-1])].astype(int)
    muted = [theme.MUTED.blue(), theme.MUTED.green(), theme.MUTED.red()]
    rows, columns = np.nonzero(abs(pixels - muted).max(axis=2) < 25)
    assert len(rows) > 40
    # A plus and words in the middle, and nothing else but the frame.
    assert abs(rows.mean() - pixels.shape[0] / 2) < 15
    assert abs(columns.mean() - pixels.shape[1] / 2) < 15


def test_a_tile_is_dragged_by_its_header_and_swaps_with_another(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcd")
    before = grabbed(grid)
    at = inside(tiles["d"], 0.5)
    drag(grid, tiles["a"], at)
    marked = grabbed(grid)
    # The other cell carries a mark, and a picture of the tile follows the pointer.
    corner = tiles["d"].geometry().topLeft() + QPoint(1, 1)
    accent = [theme.ACCENT.blue(), theme.ACCENT.green(), theme.ACCENT.red()]
    assert before[corner.y(), corner.x()].tolist() != accent
    assert marked[corner.y(), corner.x()].tolist() == accent
    assert order(grid) == "abcd"
    let_go(grid, tiles["a"], at)
    assert (order(grid), grid.chosen) == ("dbca", tiles["a"])
    corner = tiles["a"].geometry().topLeft() + QPoint(1, 1)
    assert grabbed(grid)[corner.y(), corner.x()].tolist() != accent


@pytest.mark.parametrize(("share", "expected"), [(0.1, "bcad"), (0.9, "bcda")])
def test_dropped_at_a_side_a_tile_is_put_in_there(grid: CameraGrid, share: float, expected: str) -> None:
    tiles = fill(grid, "abcd")
    at = inside(tiles["d"], share)
    drag(grid, tiles["a"], at)
    let_go(grid, tiles["a"], at)
    assert order(grid) == expected


def test_dropped_on_an_empty_cell_a_tile_goes_to_the_end(grid: CameraGrid) -> None:
    tiles = fill(grid, "abc", LayoutKind.TWO)
    at = empty(grid)[0].geometry().center()
    drag(grid, tiles["a"], at)
    let_go(grid, tiles["a"], at)
    assert order(grid) == "bca"


def test_esc_or_a_drop_outside_leaves_everything_as_it_was(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcd")
    at = inside(tiles["d"], 0.5)
    drag(grid, tiles["a"], at)
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    let_go(grid, tiles["a"], at)
    assert order(grid) == "abcd"
    drag(grid, tiles["a"], at, QPoint(-50, -50))
    let_go(grid, tiles["a"], QPoint(-50, -50))
    assert order(grid) == "abcd"


def test_pressing_the_picture_or_a_small_twitch_drags_nothing(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcd")
    start = tiles["a"].view.mapTo(grid, QPoint(40, 40))
    mouse(grid, QEvent.Type.MouseButtonPress, start, tiles["a"].view)
    mouse(grid, QEvent.Type.MouseMove, inside(tiles["d"], 0.5), tiles["a"].view)
    mouse(grid, QEvent.Type.MouseButtonRelease, inside(tiles["d"], 0.5), tiles["a"].view)
    assert order(grid) == "abcd"
    start = tiles["c"].header.mapTo(grid, QPoint(40, 1))
    above = start - QPoint(0, 7)
    assert tiles["a"].geometry().contains(above)
    mouse(grid, QEvent.Type.MouseButtonPress, start, tiles["c"].header)
    mouse(grid, QEvent.Type.MouseMove, above, tiles["c"].header)
    mouse(grid, QEvent.Type.MouseButtonRelease, above, tiles["c"].header)
    assert order(grid) == "abcd"


def test_a_tile_that_goes_while_it_is_dragged_is_let_go(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcd")
    drag(grid, tiles["a"], inside(tiles["d"], 0.5))
    grid.take(tiles["d"])
    let_go(grid, tiles["a"], QPoint(10, 10))
    assert order(grid) == "abc"


def test_the_chosen_tile_is_moved_by_keys(grid: CameraGrid) -> None:
    fill(grid, "abc")
    grid.move_chosen(-1)
    assert order(grid) == "acb"


def test_pages_turn_by_themselves_but_not_under_the_mouse(grid: CameraGrid) -> None:
    fill(grid, "abcdef", LayoutKind.TWO)
    cycle = grid.findChild(PageCycle)
    timer = cycle.findChild(QTimer)
    QApplication.sendEvent(grid, QEvent(QEvent.Type.Leave))
    assert not cycle.is_running
    grid.set_cycle(8.0)
    assert grid.state().cycle_s == 8.0
    assert bar(grid).cycle_words.text() == "Every 8 s"
    assert (cycle.is_running, timer.interval()) == (True, 8000)
    timer.timeout.emit()
    assert visible(grid) == "abcd"
    QTest.keyClick(grid, Qt.Key.Key_Return)
    timer.timeout.emit()
    assert visible(grid) == "a"  # whoever maximises one wants to see that one
    grid.escape()
    QApplication.sendEvent(grid, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert "held" in bar(grid).cycle_words.text()
    assert not cycle.is_running
    QApplication.sendEvent(grid, QEvent(QEvent.Type.Leave))
    assert cycle.is_running
    grid.set_cycle(0)
    assert (bar(grid).cycle_words.text(), cycle.is_running) == ("", False)


def test_in_a_kiosk_a_mouse_that_lies_there_keeps_no_page(grid: CameraGrid) -> None:
    fill(grid, "abcdef", LayoutKind.TWO)
    grid.show_video_only()
    grid.set_cycle(8.0)
    QApplication.sendEvent(grid, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert grid.findChild(PageCycle).is_running


def test_everything_is_found_as_it_was(grid: CameraGrid, qtbot: QtBot) -> None:
    tiles = fill(grid, "abcdef", LayoutKind.BIG_AND_5)
    grid.choose(tiles["f"])
    grid.move_chosen(-1)
    grid.toggle_maximised()
    state = grid.state()
    assert state == LayoutState("1+5", tuple("abcdfe"), 0, 0, "f")
    with qtbot.waitSignal(grid.arrangement_changed):
        grid.set_kind(LayoutKind.TWO)
    assert visible(grid) == "fe"
    grid.restore(state)
    assert (visible(grid), grid.kind) == ("f", LayoutKind.BIG_AND_5)
    grid.escape()
    assert visible(grid) == "abcdfe"


def test_a_tile_gets_a_window_of_its_own_and_closing_it_brings_it_back(grid: CameraGrid) -> None:
    tiles = fill(grid, "abc")
    changes: list[int] = []
    grid.detached_changed.connect(lambda: changes.append(len(grid.detached)))
    window = grid.detach(tiles["b"])
    assert isinstance(window, TileWindow)
    assert window.isVisible()
    assert window.windowTitle() == "b"
    assert tiles["b"].window() is window
    assert visible(grid) == "abc"  # one of them there
    assert (grid.shown, grid.detached) == ([tiles["a"], tiles["c"]], (tiles["b"],))
    assert grid.detach(tiles["b"]) is window
    tiles["b"].camera.name = "door"
    grid.update_names()
    assert window.windowTitle() == "door"
    window.close()
    assert tiles["b"].window() is grid
    assert tiles["b"].view.can_be_seen
    assert (grid.shown, grid.detached) == ([tiles["a"], tiles["b"], tiles["c"]], ())
    assert changes == [1, 0]


def test_f11_lets_a_tiles_window_fill_its_screen_and_esc_leaves_that(grid: CameraGrid) -> None:
    tiles = fill(grid, "ab")
    window = grid.detach(tiles["a"])
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    place = window.geometry()
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert (window.geometry(), window.place) == (window.screen().geometry(), place)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.geometry() == place


def test_a_tile_can_be_taken_out_of_its_own_window(grid: CameraGrid) -> None:
    tiles = fill(grid, "ab")
    window = grid.detach(tiles["a"])
    grid.take(tiles["a"])
    assert not window.isVisible()
    assert (order(grid), grid.detached) == ("b", ())


def test_with_every_tile_in_a_window_the_grid_offers_a_cell(grid: CameraGrid) -> None:
    tiles = fill(grid, "a")
    grid.detach(tiles["a"])
    assert len(empty(grid)) == 1
    assert grid.chosen is tiles["a"]


def test_video_only_goes_from_edge_to_edge(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcde", LayoutKind.TWO)
    grid.show_video_only()
    assert not bar(grid).isVisible()
    assert empty(grid) == []
    grid.choose_towards(Direction.LEFT)
    assert tiles["a"].geometry().topLeft() == QPoint(0, 0)
    assert tiles["d"].geometry().bottomRight() == grid.rect().bottomRight()


def test_a_new_size_moves_each_tile_once(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcdefghi")
    for tile in tiles.values():
        tile.moves = 0
    grid.resize(1280, 800)
    assert all(tile.moves <= 1 for tile in tiles.values())
    assert tiles["i"].geometry().bottomRight() == grid.rect().bottomRight() - QPoint(4, 4)


def test_the_chosen_tile_stays_in_sight_when_the_window_gets_too_small_for_all(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcdefghijklmnop")
    assert visible(grid) == "abcdefghijklmnop"
    grid.resize(500, 400)
    assert "p" in visible(grid)
    assert "a" not in visible(grid)
    assert grid.chosen is tiles["p"]
    grid.resize(960, 700)
    assert visible(grid) == "abcdefghijklmnop"


def test_keys_with_modifiers_are_left_to_the_window(grid: CameraGrid) -> None:
    tiles = fill(grid, "abc")
    QTest.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert grid.chosen is tiles["c"]
    QTest.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.KeypadModifier)
    assert grid.chosen is tiles["a"]


def test_a_page_that_turns_ends_a_drag(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcdef", LayoutKind.TWO)
    grid.show_page(0)
    at = inside(tiles["d"], 0.5)
    drag(grid, tiles["a"], at)
    QTest.keyClick(grid, Qt.Key.Key_PageDown)
    let_go(grid, tiles["a"], at)
    assert order(grid) == "abcdef"


def test_no_page_turns_by_itself_while_a_tile_is_dragged(grid: CameraGrid) -> None:
    tiles = fill(grid, "abcdef", LayoutKind.TWO)
    grid.show_page(0)
    grid.set_cycle(8.0)
    at = inside(tiles["d"], 0.5)
    drag(grid, tiles["a"], at)
    grid.findChild(PageCycle).turn_wanted.emit()
    let_go(grid, tiles["a"], at)
    assert order(grid) == "dbcaef"
    assert visible(grid) == "dbca"
