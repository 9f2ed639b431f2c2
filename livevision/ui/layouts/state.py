"""An arrangement in plain words, as it is saved and found again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayoutState:
    """What :meth:`CameraGrid.state` tells and :meth:`CameraGrid.restore` takes; the fields of ``workspace.Layout``."""

    kind: str = "auto"
    """A value of :class:`LayoutKind`; any other word is taken as the automatic one."""
    order: tuple[str, ...] = ()
    """Cameras from the first cell on; those not named follow, those that are not there are passed over."""
    page: int = 0
    """From 0 on."""
    cycle_s: float = 0
    """Seconds until the next page; 0: pages stay."""
    maximised: str | None = None
    """The camera that fills the grid."""
