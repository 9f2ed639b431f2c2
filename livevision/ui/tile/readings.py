"""The figures of an FPS monitor: what is measured, in which words, and how it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from livevision.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from livevision.metrics import MetricsSnapshot

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of the monitor: a caption, a value with its unit, and the colour that judges it."""

    caption: str
    value: str
    unit: str
    colour: QColor
    hint: str
    note: str = ""
    """A word beside the caption: what runs the model."""

    @property
    def name(self) -> str:
        """The caption in the operator's language."""
        return translate("FPSMonitor", self.caption)


PLAIN = frozenset({"shown"})
"""Captions that a unit makes plain."""
_LONG = 10.0
"""Seconds from which on they are not written as milliseconds, which nobody could read at a glance."""
_CAPTIONS = (
    QT_TRANSLATE_NOOP("FPSMonitor", "shown"),
    QT_TRANSLATE_NOOP("FPSMonitor", "age"),
    QT_TRANSLATE_NOOP("FPSMonitor", "captured"),
    QT_TRANSLATE_NOOP("FPSMonitor", "inferred"),
    QT_TRANSLATE_NOOP("FPSMonitor", "model"),
    QT_TRANSLATE_NOOP("FPSMonitor", "boxes"),
    QT_TRANSLATE_NOOP("FPSMonitor", "dropped"),
)
_CAUSES = (
    QT_TRANSLATE_NOOP("drops", "capture"),
    QT_TRANSLATE_NOOP("drops", "backlog"),
    QT_TRANSLATE_NOOP("drops", "display"),
    QT_TRANSLATE_NOOP("drops", "late"),
    QT_TRANSLATE_NOOP("drops", "unsound boxes"),
    QT_TRANSLATE_NOOP("drops", "recording"),
    QT_TRANSLATE_NOOP("drops", "failed"),
)
"""Told to those who translate."""


def readings(
    now: MetricsSnapshot, expected_fps: float | None, runs_on: str | None, box_age: float | None, behind: float | None
) -> tuple[Reading, ...]:
    """Return the figures in the order of their importance: a narrow tile shows the first ones.

    ``behind`` is by how many seconds a picture that stands on purpose is behind the live one, else None.  For the rest
    see :meth:`FPSMonitor.update_figures`.
    """
    expected = expected_fps or now.captured_fps
    dropped = sum(now.dropped.values())
    causes = ", ".join(
        translate("FPSMonitor", "{count} by {cause}").format(count=count, cause=translate("drops", cause))
        for cause, count in now.dropped.items()
        if count
    ) or translate("FPSMonitor", "none")
    model_colour = theme.MUTED if runs_on is None else theme.TEXT
    return (
        _shown(now.shown_fps, expected) if behind is None else _standing(behind),
        Reading(
            "age",
            # Of pictures that came before the last one nobody wants to know how fresh they were.
            *_ms(now.age_p50 if now.shown_fps else None),
            theme.TEXT,
            translate("FPSMonitor", "From its arrival, as the camera's clock has it, to the screen, median; {}").format(
                _p95(now)
            ),
        ),
        Reading(
            "captured",
            f"{now.captured_fps:.1f}",
            "fps",
            theme.TEXT,
            translate("FPSMonitor", "Pictures received a second"),
        ),
        Reading(
            "inferred",
            f"{now.inferred_fps:.1f}",
            "fps",
            model_colour,
            translate("FPSMonitor", "Pictures the model answered a second"),
        ),
        Reading(
            "model",
            *_ms(now.inference_p50),
            model_colour,
            _time_for_one(runs_on),
            runs_on or "",
        ),
        Reading(
            "boxes",
            *_ms(box_age),
            model_colour,
            translate(
                "FPSMonitor",
                "Found so long before the picture that they stand on, median; live timing moves them to where objects "
                "are",
            ),
        ),
        Reading(
            "dropped",
            str(dropped),
            "",
            theme.WARNING if dropped else theme.TEXT,
            translate("FPSMonitor", "Lost pictures: {}").format(causes),
        ),
    )


def _shown(fps: float, expected: float) -> Reading:
    hint = translate("FPSMonitor", "Pictures painted a second")
    return Reading("shown", f"{fps:.1f}", "fps", _judge(fps, expected), hint)


def _standing(behind: float) -> Reading:
    # Nothing has failed: no picture is painted because nobody wants another one.
    hint = translate("FPSMonitor", "The picture stands on purpose, {} s behind the live one").format(f"{behind:.0f}")
    return Reading("shown", translate("FPSMonitor", "frozen"), "", theme.ACCENT, hint)


def _judge(shown: float, expected: float) -> QColor:
    if shown >= 0.9 * expected and shown > 0:
        return theme.GOOD
    return theme.WARNING if shown >= 0.5 * expected and shown > 0 else theme.BAD


def _ms(seconds: float | None) -> tuple[str, str]:
    if seconds is None:
        return "–", ""
    return (f"{seconds * 1000:.0f}", "ms") if seconds < _LONG else (f"{seconds:.0f}", "s")


def _p95(now: MetricsSnapshot) -> str:
    if now.age_p95 is None:
        return translate("FPSMonitor", "no picture")
    return translate("FPSMonitor", "95 % within {} ms").format(f"{now.age_p95 * 1000:.0f}")


def _time_for_one(runs_on: str | None) -> str:
    if runs_on:
        return translate("FPSMonitor", "Time for one picture, median; runs on {}").format(runs_on)
    return translate("FPSMonitor", "Time for one picture, median")
