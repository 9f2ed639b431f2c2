"""How cameras are arranged, and where windows were."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from livevision.workspace.settings import MOST_CAMERAS, Id, Name, Settings, Word

LayoutKind = Literal["auto", "1", "2x2", "3x3", "4x4", "1+5", "1+7"]
Slot = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"]
"""The digit of Ctrl+1 to Ctrl+9."""
WindowState = Literal["normal", "maximised", "full_screen"]
Side = Literal["left", "right", "bottom"]
_Coordinate = Annotated[int, Field(ge=-100_000, le=100_000)]
_Length = Annotated[int, Field(ge=1, le=100_000)]


class Layout(Settings):
    """One arrangement.  Ids that no camera has any more are to be passed over."""

    kind: LayoutKind = "auto"
    """A grid as large as needed, or that many cells; 1+5: one big, five small ones; 1+7: seven."""
    name: Name = ""
    """What the operator calls it."""
    order: tuple[Id, ...] = Field(default=(), max_length=MOST_CAMERAS)
    """Ids of cameras, from the first cell on; those not named follow in the order of the workspace."""
    page: int = Field(default=0, ge=0, lt=MOST_CAMERAS)
    """From 0 on, where there are more cameras than cells."""
    cycle_s: float = Field(default=0, ge=0, le=3600)
    """Seconds until the next page; 0: pages stay."""
    maximised: Id | None = None
    """The camera that fills the window."""


class Layouts(Settings):
    """The arrangement on the screen, and those on the digits."""

    current: Layout = Layout()
    saved: dict[Slot, Layout] = Field(default={})
    """By the digit of their key."""


class Geometry(Settings):
    """Where a window was, in logical pixels of the desktop.  A screen may be gone since: check before using it."""

    x: _Coordinate
    y: _Coordinate
    width: _Length
    height: _Length
    screen: Word = ""
    """What the desktop calls the screen that it was on; left out: nobody knows."""
    state: WindowState = "normal"
    """The place is the one that it has when it is normal."""


class Dock(Settings):
    """A panel beside the tiles."""

    visible: bool = True
    side: Side = "right"
    extent_px: _Length | None = None
    """Width, at the bottom height, in logical pixels; left out: as wide as it wants."""


class Windows(Settings):
    """All windows of the app."""

    main: Geometry | None = None
    """Left out: where the desktop puts it."""
    docks: dict[Word, Dock] = Field(default={}, max_length=32)
    """By the name that the window gives them."""
    tiles: dict[Id, Geometry] = Field(default={}, max_length=MOST_CAMERAS)
    """Tiles in windows of their own, by their camera's id."""
