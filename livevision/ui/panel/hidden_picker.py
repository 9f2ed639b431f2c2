"""Whom nobody may recognise: classes, and whatever moves that is nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from livevision.inference.sought import WHATEVER_MOVES
from livevision.ui.panel.class_picker import ClassPicker
from livevision.ui.panel.controls import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QVBoxLayout, QWidget


class HiddenPicker(ClassPicker):
    """``chosen`` gives a tuple with all that is hidden from now on, :data:`WHATEVER_MOVES` among it where it is."""

    chosen = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        self.whatever_moves = QCheckBox()
        super().__init__(title, parent)
        self.whatever_moves.setText(self.tr("And whatever moves that is no other object"))
        self.promise = words("muted")
        self.promise.setText(
            self.tr(
                "Pictures wait for the model's answer, and are hidden as a whole without one. "
                "Somebody whom the model does not find is seen."
            )
        )
        layout: QVBoxLayout = self.layout()  # type: ignore[assignment]
        layout.addWidget(self.whatever_moves)
        layout.addWidget(self.promise)
        self.picked.connect(lambda names: self._tell(names, self.whatever_moves.isChecked()))
        self.whatever_moves.clicked.connect(lambda checked: self._tell(self._picked, checked))

    def show_classes(self, picked: Iterable[str], known: Iterable[str] | None, seen: Iterable[str]) -> None:
        """Show what is hidden; ``known`` and ``seen`` as for the :class:`ClassPicker`.  Tells nothing."""
        hidden = tuple(picked)
        self.whatever_moves.setChecked(WHATEVER_MOVES in hidden)
        super().show_classes([name for name in hidden if name != WHATEVER_MOVES], known, seen)

    def _tell(self, names: tuple[str, ...], moves: bool) -> None:
        self.chosen.emit((*names, WHATEVER_MOVES) if moves else names)
