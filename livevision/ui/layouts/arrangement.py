"""Which things are where, on which page, and which one is chosen; knows nothing of widgets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QRect

from livevision.ui.layouts.automatic import Grid, Wish
from livevision.ui.layouts.direction import Direction, neighbour
from livevision.ui.layouts.geometry import Plan, Spacing, plan
from livevision.ui.layouts.kind import LayoutKind
from livevision.ui.layouts.order import Drop, dropped, named_first
from livevision.ui.layouts.state import LayoutState

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Arrangement(Generic[T]):
    """Items in order, those of them that have a cell, and the page that is shown.

    The chosen item is on the page that is shown, unless it is away: whoever turns the page chooses anew, and whoever
    chooses turns the page.
    """

    def __init__(self, name: Callable[[T], str]) -> None:
        self.items: list[T] = []
        self.away: list[T] = []
        """Those that keep their place in the order, but have no cell."""
        self.kind = LayoutKind.AUTO
        self.chosen: T | None = None
        self.maximised: T | None = None
        self.area = QRect()
        self.spacing = Spacing(0, 0, 0)
        self.aspects: tuple[float, ...] = ()
        """Of the pictures of those that are seated; empty for the usual one."""
        self._grid: Grid | None = None
        self._page = 0
        self._name = name
        self._wanted: LayoutState | None = None
        self._places: dict[str, int] = {}
        """Where removed items were, for the undo."""

    @property
    def seated(self) -> list[T]:
        """Those that have a cell, on whatever page."""
        return [item for item in self.items if item not in self.away]

    @property
    def plan(self) -> Plan:
        """The cells of the page that is shown."""
        if self.maximised is not None:
            return Plan((self.area,), 0, 1, QRect())
        wish = Wish(self.aspects, self._grid)
        return plan(self.kind, len(self.seated), self._page, self.area, self.spacing, wish)

    def keep_grid(self) -> None:
        """Let the automatic layout stay as it is until another one is notably better."""
        if self.maximised is None:
            self._grid = self.plan.grid

    @property
    def shown(self) -> list[T]:
        """Those on the page that is shown, in the order of its cells."""
        if self.maximised is not None:
            return [self.maximised]
        page = self.plan
        return self.seated[page.first : page.first + len(page.cells)]

    def add(self, item: T) -> None:
        """Put ``item`` where the restored order has it; else where it was before, or at the end, and choose it."""
        self.items.insert(self._places.pop(self._name(item), len(self.items)), item)
        if self._wanted is not None and self._name(item) in self._wanted.order:
            self._follow(self._wanted)
            return
        self.maximised = None
        self.choose(item)

    def remove(self, item: T) -> None:
        """Take ``item`` out; if it was the chosen one, the one before it is now."""
        index = self.items.index(item)
        self.items.remove(item)
        self._places[self._name(item)] = index
        if item in self.away:
            self.away.remove(item)
        self._settle()
        if self.maximised == item:
            self.maximised = None
        if self.chosen == item:
            self.choose(self.items[max(0, index - 1)] if self.items else None)

    def choose(self, item: T | None) -> None:
        """Choose ``item`` and show its page; where one is maximised, it is that one from now on."""
        self.chosen = item
        if item is None or item in self.away:
            return
        if self.maximised is not None:
            self.maximised = item
        self._page = self.seated.index(item) // self._per_page()

    def keep_chosen_in_sight(self) -> None:
        """Show the page of the chosen item, after pages have got other sizes."""
        if self.chosen in self.seated and self.chosen not in self.shown:
            self.choose(self.chosen)

    def choose_towards(self, direction: Direction) -> None:
        """Choose the neighbour of the chosen one; beyond the edge lies the next page."""
        shown = self.shown
        if self.maximised is not None:
            self.turn(direction.step)
        elif self.chosen not in shown:
            self.choose(shown[0] if shown else self.chosen)
        else:
            cells = self.plan.cells[: len(shown)]
            found = neighbour(cells, shown.index(self.chosen), direction)
            if found is not None:
                self.choose(shown[found])
            elif direction in {Direction.LEFT, Direction.RIGHT}:
                self._cross_edge(direction.step)

    def turn(self, step: int) -> None:
        """Turn that many pages on, round and round; where one is maximised, to the next one."""
        seated = self.seated
        if self.maximised is not None:
            self.choose(seated[(seated.index(self.maximised) + step) % len(seated)])
        else:
            page = self.plan
            self.turn_to((page.page + step) % page.pages)

    def turn_to(self, page: int) -> None:
        """Show page ``page``, from 0 on, or the nearest that there is."""
        self._settle()
        self._page = page
        self._page = self.plan.page
        self._choose_something_shown()

    def set_kind(self, kind: LayoutKind) -> None:
        """Arrange anew; the chosen item stays in sight."""
        self._settle()
        self.kind = kind
        self.maximised = None
        self.choose(self.chosen)

    def maximise(self, item: T | None) -> None:
        """Give ``item`` all the room, or every item its cell again."""
        self._settle()
        self.maximised = item if item not in self.away else None
        self.choose(item or self.chosen)

    def move(self, item: T, target: T, drop: Drop) -> None:
        """Drop ``item`` on ``target``."""
        self._settle()
        self.items[:] = dropped(self.items, item, target, drop)
        self.choose(item)

    def move_chosen(self, step: int) -> None:
        """Exchange the chosen item with the one that many cells on; nothing happens beyond the ends."""
        seated = self.seated
        if self.chosen in seated and 0 <= (there := seated.index(self.chosen) + step) < len(seated):
            self.move(self.chosen, seated[there], Drop.SWAP)

    def send_away(self, item: T) -> None:
        """Leave ``item`` its place in the order, but no cell."""
        self._settle()
        self.away.append(item)
        if self.maximised == item:
            self.maximised = None

    def fetch_back(self, item: T) -> None:
        """Give ``item`` its cell again."""
        self.away.remove(item)
        self.choose(item)

    def state(self, cycle_s: float) -> LayoutState:
        """Return what :meth:`restore` takes.  While restored items are still to come, their places are kept."""
        order = tuple(map(self._name, self.items))
        if self._wanted is not None:
            others = tuple(name for name in order if name not in self._wanted.order)
            return replace(self._wanted, order=self._wanted.order + others, cycle_s=cycle_s)
        maximised = None if self.maximised is None else self._name(self.maximised)
        return LayoutState(
            self.kind.value, order, self.plan.page if maximised is None else self._page, cycle_s, maximised
        )

    def restore(self, state: LayoutState) -> None:
        """Arrange everything as ``state`` has it, now and as its items come."""
        self._wanted = state
        self._follow(state)

    def _follow(self, state: LayoutState) -> None:
        self.items[:] = named_first(self.items, state.order, self._name)
        self.kind = LayoutKind.of(state.kind)
        self._page = max(0, state.page)
        self.maximised = next((each for each in self.seated if self._name(each) == state.maximised), None)
        if not set(state.order) - set(map(self._name, self.items)):
            self._settle()
        self._choose_something_shown()

    def _settle(self) -> None:
        # From here on the arrangement is the operator's, not the restored one.
        self._wanted = None

    def _choose_something_shown(self) -> None:
        shown = self.shown
        if shown and self.chosen not in shown:
            self.chosen = shown[0]

    def _cross_edge(self, step: int) -> None:
        page = self.plan
        if 0 <= page.page + step < page.pages:
            self.turn_to(page.page + step)
            self.chosen = self.shown[0 if step > 0 else -1]

    def _per_page(self) -> int:
        wish = Wish(self.aspects, self._grid)
        return len(plan(self.kind, len(self.seated), 0, self.area, self.spacing, wish).cells)
