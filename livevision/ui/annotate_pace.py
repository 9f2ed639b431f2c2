"""How far the annotating of a file is, how fast it goes, and how long it still takes (pure but for the words)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from livevision.ui.words import duration

if TYPE_CHECKING:
    from livevision.processing import ProcessProgress

translate = QCoreApplication.translate
_WORTH_A_GUESS_S = 1.0
"""Seconds of work after which what is left can be told from what was done."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``progress`` after ``seconds`` of work, counted from the first picture."""

    progress: ProcessProgress
    seconds: float

    @property
    def share(self) -> float | None:
        """How much is done, 0 to 1; None where the file does not say how long it is."""
        now = self.progress
        if now.total:
            return min(1.0, now.frames / now.total)
        return min(1.0, now.time / now.duration) if now.duration else None

    @property
    def fps(self) -> float | None:
        """Pictures a second; None before it can be told."""
        return self.progress.frames / self.seconds if self.seconds >= _WORTH_A_GUESS_S else None

    @property
    def left(self) -> float | None:
        """Seconds that it still takes, if it goes on so; None where nobody knows."""
        if self.fps is None or not self.share:
            return None
        return self.seconds * (1 - self.share) / self.share

    def words(self) -> str:
        """Say it: ``120 of 900 pictures · 41.3 a second · 19 s left``."""
        now = self.progress
        if now.total:
            parts = [translate("annotating", "{done} of {all} pictures").format(done=now.frames, all=now.total)]
        else:
            parts = [translate("annotating", "{done} pictures").format(done=now.frames)]
        if self.fps is not None:
            parts.append(translate("annotating", "{fps:.1f} a second").format(fps=self.fps))
        if self.left is not None:
            parts.append(translate("annotating", "{time} left").format(time=duration(self.left)))
        return " · ".join(parts)
