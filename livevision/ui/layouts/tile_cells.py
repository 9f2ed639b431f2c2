"""Puts an arrangement on a widget: tiles into their cells, buttons into empty ones, the page bar below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.ui.layouts import page_bar
from livevision.ui.layouts.empty_cells import EmptyCells
from livevision.ui.layouts.geometry import Spacing
from livevision.ui.layouts.order import Drop
from livevision.ui.layouts.page_bar import PageBar
from livevision.ui.layouts.tile_drag import Target, drop_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from livevision.ui.camera_tile import CameraTile
    from livevision.ui.layouts.arrangement import Arrangement

_GAP = 4


class TileCells:
    """Shows one page of ``arrangement`` on ``widget`` and hides every other tile."""

    def __init__(self, widget: QWidget, arrangement: Arrangement[CameraTile], add: Callable[[], None]) -> None:
        self._widget = widget
        self._arrangement = arrangement
        self._empty = EmptyCells(widget, add)
        self.bar = PageBar(widget)
        self.is_video_only = False
        """No gaps, no empty cells, no page bar."""

    def fit(self) -> None:
        """Tell the arrangement how much room there is."""
        tiles = self._arrangement.seated
        around = max((tile.surround for tile in tiles), default=0)
        bare = self.is_video_only
        self._arrangement.aspects = tuple(tile.aspect for tile in tiles)
        self._arrangement.area = self._widget.rect()
        self._arrangement.spacing = Spacing(0 if bare else _GAP, around, 0 if bare else page_bar.HEIGHT)

    def place(self) -> None:
        """Bring everything to where it belongs."""
        self.fit()
        self._arrangement.keep_grid()
        plan, shown = self._arrangement.plan, self._arrangement.shown
        for tile, cell in zip(shown, plan.cells, strict=False):
            tile.setGeometry(cell)
            tile.show()
        for tile in self._arrangement.seated:
            if tile not in shown:
                tile.hide()
        self._empty.fill(() if self.is_video_only else plan.cells[len(shown) :])
        self.bar.setGeometry(plan.page_bar)
        self.bar.setVisible(not plan.page_bar.isEmpty())
        self.bar.tell(plan.page, plan.pages)
        self.mark_chosen()

    def mark_chosen(self) -> None:
        """Mark the chosen tile; where a single one can be seen there is nothing to choose between."""
        several = len(self._arrangement.shown) + len(self._arrangement.away) > 1
        for tile in self._arrangement.items:
            tile.set_chosen(tile is self._arrangement.chosen and several)

    def tile_at(self, position: QPoint) -> CameraTile | None:
        """Return the tile at ``position``."""
        return next((tile for tile in self._arrangement.shown if tile.geometry().contains(position)), None)

    def header_at(self, position: QPoint) -> CameraTile | None:
        """Return the tile that can be taken hold of at ``position``."""
        tile = self.tile_at(position)
        if tile is None or not tile.header.isVisible():
            return None
        return tile if tile.header.geometry().translated(tile.pos()).contains(position) else None

    def target_at(self, position: QPoint) -> Target | None:
        """Return where a tile goes that is dropped at ``position``."""
        tile = self.tile_at(position)
        if tile is not None:
            return Target(tile, drop_at(tile.geometry(), position), tile.geometry())
        cell = self._empty.cell_at(position)
        return Target(self._arrangement.seated[-1], Drop.AFTER, cell) if cell is not None else None
