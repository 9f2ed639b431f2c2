"""The tiles, in the layout that the operator wants: cells, pages, dragging, windows of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from livevision.ui.layouts.arrangement import Arrangement
from livevision.ui.layouts.cycle import PageCycle
from livevision.ui.layouts.direction import Direction
from livevision.ui.layouts.kind import LayoutKind
from livevision.ui.layouts.tile_cells import TileCells
from livevision.ui.layouts.tile_drag import TileDrag
from livevision.ui.layouts.tile_windows import TileWindows

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.ui.camera_tile import CameraTile
    from livevision.ui.layouts.state import LayoutState
    from livevision.ui.layouts.tile_window import TileWindow

_ARROWS = {
    Qt.Key.Key_Left: Direction.LEFT,
    Qt.Key.Key_Right: Direction.RIGHT,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
}


def camera_name(tile: CameraTile) -> str:
    """Return what a :class:`LayoutState` calls a tile where nothing else is said."""
    return tile.camera.name


class CameraGrid(QWidget):
    """Arranges tiles and knows which one is chosen.

    Tiles on other pages, or behind a maximised one, are hidden: nothing is converted for them.
    """

    choice_changed = Signal()
    arrangement_changed = Signal()
    """:meth:`state` is another."""
    add_wanted = Signal()
    """An empty cell was pressed."""
    detached_changed = Signal()
    """A tile got a window of its own, or came back."""

    def __init__(self, parent: QWidget | None = None, identify: Callable[[CameraTile], str] = camera_name) -> None:
        super().__init__(parent)
        self._arrangement = Arrangement(identify)
        self._cells = TileCells(self, self._arrangement, self.add_wanted.emit)
        self._cells.bar.turn_wanted.connect(self.turn_page)
        self._cells.bar.page_wanted.connect(self.show_page)
        self._windows = TileWindows(self)
        self._windows.closed.connect(self.reattach)
        self._cycle = PageCycle(self)
        self._cycle.turn_wanted.connect(self._cycle_on)
        self._cycle.changed.connect(self._tell_cycle)
        self._drag = TileDrag(self, self._cells.target_at)
        self._told = self.state()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Cameras"))
        self._cells.place()

    @property
    def tiles(self) -> list[CameraTile]:
        """Every tile in order, on whatever page and in whatever window."""
        return self._arrangement.items

    @property
    def chosen(self) -> CameraTile | None:
        """The tile that keys and menus mean."""
        return self._arrangement.chosen

    @property
    def shown(self) -> list[CameraTile]:
        """The tiles on the page that is shown, in the order of its cells."""
        return self._arrangement.shown

    @property
    def maximised(self) -> CameraTile | None:
        """The tile that fills the grid."""
        return self._arrangement.maximised

    @property
    def detached(self) -> tuple[CameraTile, ...]:
        """The tiles in windows of their own."""
        return self._windows.tiles

    @property
    def kind(self) -> LayoutKind:
        """The layout."""
        return self._arrangement.kind

    # What is in it.

    def show_video_only(self) -> None:
        """Leave no gaps between tiles, and nothing but tiles."""
        self._cells.is_video_only = True
        self._cycle.release()
        self._cells.place()

    def add(self, tile: CameraTile) -> None:
        """Add a tile and choose it; one that :meth:`restore` was told of goes to its place instead."""
        tile.setParent(self)
        tile.chosen.connect(self.choose)
        tile.shape_changed.connect(self._place_again)
        self._change(lambda: self._arrangement.add(tile))

    def take(self, tile: CameraTile) -> None:
        """Remove a tile; if it was chosen, the one before it is now."""
        self.reattach(tile)
        tile.chosen.disconnect(self.choose)
        tile.shape_changed.disconnect(self._place_again)
        tile.hide()
        tile.deleteLater()
        self._change(lambda: self._arrangement.remove(tile))

    def choose(self, tile: CameraTile | None) -> None:
        """Let keys and menus mean this tile, and show the page that it is on."""
        self._change(lambda: self._arrangement.choose(tile))

    def choose_towards(self, direction: Direction) -> None:
        """Choose the tile beside the chosen one."""
        self._change(lambda: self._arrangement.choose_towards(direction))

    # How it is arranged.

    def set_kind(self, kind: LayoutKind) -> None:
        """Arrange the tiles in this layout."""
        self._change(lambda: self._arrangement.set_kind(kind))

    def toggle_maximised(self) -> None:
        """Let the chosen tile fill the grid, or give every tile its cell again."""
        tile = self.chosen if self.maximised is None else None
        self._change(lambda: self._arrangement.maximise(tile))

    def escape(self) -> bool:
        """Leave what Esc leaves here: a drag, then a maximised tile.  Returns whether there was anything to leave."""
        if self._drag.is_under_way:
            self._drag.cancel()
            return True
        if self.maximised is None:
            return False
        self.toggle_maximised()
        return True

    def turn_page(self, step: int) -> None:
        """Turn to the next page (+1) or the one before (−1), round and round; maximised: to the next camera."""
        self._change(lambda: self._arrangement.turn(step))

    def show_page(self, page: int) -> None:
        """Show page ``page``, from 0 on."""
        self._change(lambda: self._arrangement.turn_to(page))

    def set_cycle(self, seconds: float) -> None:
        """Turn to the next page every ``seconds``, while the mouse is elsewhere; 0: never."""
        self._cycle.set_seconds(seconds)
        self._tell()

    def move_chosen(self, step: int) -> None:
        """Exchange the chosen tile with the one before it (−1) or after it (+1)."""
        self._change(lambda: self._arrangement.move_chosen(step))

    def state(self) -> LayoutState:
        """Return how everything is arranged, for :meth:`restore`."""
        return self._arrangement.state(self._cycle.seconds)

    def restore(self, state: LayoutState) -> None:
        """Arrange everything as it was; tiles that are yet to come go to their places when they are added."""
        self._cycle.set_seconds(state.cycle_s)
        self._change(lambda: self._arrangement.restore(state))

    # Windows of their own.

    def detach(self, tile: CameraTile) -> TileWindow:
        """Give ``tile`` a window of its own, on another screen if that can be chosen; closing it gives it back."""
        window = self._windows.window_of(tile)
        if window is None:
            self._change(lambda: self._arrangement.send_away(tile))
            window = self._windows.open(tile, self.screen())
            self._cells.mark_chosen()
            self.detached_changed.emit()
        return window

    def reattach(self, tile: CameraTile) -> None:
        """Bring ``tile`` back into its cell."""
        if tile in self.detached:
            tile.setParent(self)
            self._windows.close(tile)
            self._change(lambda: self._arrangement.fetch_back(tile))
            self.detached_changed.emit()

    def reattach_all(self) -> None:
        """Close every tile's window, before the grid goes."""
        for tile in self.detached:
            self.reattach(tile)

    def update_names(self) -> None:
        """Say the cameras' names anew, after one was renamed."""
        self._windows.update_titles()

    # Events.

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size for a few tiles."""
        return QSize(960, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give every tile its share of the new size."""
        super().resizeEvent(event)
        self._place_again()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of a tile by its header.  What tiles do not take comes here."""
        position = event.position().toPoint()
        tile = self._cells.header_at(position)
        if tile is not None and event.button() is Qt.MouseButton.LeftButton and self.maximised is None:
            self._drag.press(tile, position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag the tile."""
        self._drag.move(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drop the tile."""
        tile, target = self._drag.tile, self._drag.release()
        if tile is not None and target is not None:
            self._change(lambda: self._arrangement.move(tile, target.tile, target.drop))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Maximise the tile, or give every tile its cell again."""
        if event.button() is Qt.MouseButton.LeftButton and self._cells.tile_at(event.position().toPoint()):
            self.toggle_maximised()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go from tile to tile and from page to page."""
        key = event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self.choose_towards(_ARROWS[Qt.Key(key)])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.toggle_maximised()
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.turn_page(1 if key == Qt.Key.Key_PageDown else -1)
        elif not (key == Qt.Key.Key_Escape and self.escape()):
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Keep the page while the mouse is here; in a kiosk it lies wherever it was left."""
        if not self._cells.is_video_only:
            self._cycle.hold()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Let pages turn again."""
        self._cycle.release()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Let go of everything."""
        super().hideEvent(event)
        self._drag.cancel()

    # Inside.

    def _change(self, change: Callable[[], None]) -> None:
        chosen = self.chosen
        self._drag.cancel()
        self._cells.fit()
        change()
        self._cells.place()
        if self.chosen is not chosen:
            self.choice_changed.emit()
        self._tell()
        self._cycle.restart()

    def _place_again(self) -> None:
        self._cells.fit()
        self._arrangement.keep_chosen_in_sight()
        self._cells.place()

    def _tell_cycle(self) -> None:
        self._cells.bar.tell_cycle(self._cycle.seconds, self._cycle.is_held)

    def _tell(self) -> None:
        if (state := self.state()) != self._told:
            self._told = state
            self.arrangement_changed.emit()

    def _cycle_on(self) -> None:
        # With a maximised tile there is one page.
        if self.isVisible() and self._drag.tile is None and self._arrangement.plan.pages > 1:
            self.turn_page(+1)
