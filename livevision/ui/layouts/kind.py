"""The kinds of layout that there are, and what they are called."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


class LayoutKind(StrEnum):
    """A grid as large as needed, or that many cells; ``1+5``: one big cell and five small ones.

    The values are the words that a workspace file has for them.
    """

    AUTO = "auto"
    ONE = "1"
    TWO = "2x2"
    THREE = "3x3"
    FOUR = "4x4"
    BIG_AND_5 = "1+5"
    BIG_AND_7 = "1+7"

    @classmethod
    def of(cls, word: str) -> LayoutKind:
        """Return the kind that a file means; the automatic one for a word that nobody knows."""
        return next((kind for kind in cls if kind == word), cls.AUTO)

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return f"layout-{self.value.replace('+', '-')}"

    @property
    def label(self) -> str:
        """What menus call it."""
        return QCoreApplication.translate("LayoutKind", str(_LABELS[self]))


_LABELS = {
    LayoutKind.AUTO: QT_TRANSLATE_NOOP("LayoutKind", "Automatic"),
    LayoutKind.ONE: QT_TRANSLATE_NOOP("LayoutKind", "One camera"),
    LayoutKind.TWO: QT_TRANSLATE_NOOP("LayoutKind", "2 × 2"),
    LayoutKind.THREE: QT_TRANSLATE_NOOP("LayoutKind", "3 × 3"),
    LayoutKind.FOUR: QT_TRANSLATE_NOOP("LayoutKind", "4 × 4"),
    LayoutKind.BIG_AND_5: QT_TRANSLATE_NOOP("LayoutKind", "One big, five small"),
    LayoutKind.BIG_AND_7: QT_TRANSLATE_NOOP("LayoutKind", "One big, seven small"),
}
