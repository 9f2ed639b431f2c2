"""Which model a new camera gets: none, a built-in one, or one that was used before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 24


class ModelChoice(QComboBox):
    """A closed list: models on servers and in files are chosen once a picture is there."""

    def __init__(self, built_in: Iterable[str], used: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Model"))
        self.addItem(self.tr("None"), None)
        for model in list(dict.fromkeys((*built_in, *used)))[:_MOST]:
            name = model.replace("\\", "/")
            self.addItem(name if "://" in name else name.rpartition("/")[2], model)

    @property
    def chosen(self) -> str | None:
        """What is chosen; None for no model."""
        model: str | None = self.currentData()
        return model

    def choose(self, model: str | None) -> None:
        """Choose ``model``; none where it is not in the list."""
        self.setCurrentIndex(max(0, self.findData(model)))
