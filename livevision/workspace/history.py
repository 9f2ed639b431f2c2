"""Undo and redo (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """One change that can be taken back."""

    what: str
    """In words, for the menu: ``Remove Front door``."""
    other: T
    """What it was before, or in the redo list, what it is to be again."""
    gesture: object = None
    """What stands for the one movement that it was, such as the drag of a slider; None for what is done at once."""


@dataclass(frozen=True, slots=True)
class History(Generic[T]):
    """What something is now, was, and can be again.  Immutable, as what it holds must be: every change is a new one.

    For what an operator decides, such as a workspace's cameras, and not for where windows are or which page is shown.
    """

    now: T
    past: tuple[Step[T], ...] = ()
    """The latest last."""
    future: tuple[Step[T], ...] = ()
    """The next one last."""

    def changed(self, now: T, what: str) -> History[T]:
        """Return the history after a change.  The oldest of more than :data:`MOST_STEPS` is forgotten."""
        if now == self.now:
            return self
        return History(now, (*self.past, Step(what, self.now))[-MOST_STEPS:])

    def adjusted(self, now: T, what: str, gesture: object) -> History[T]:
        """Return the history after a change that belongs to the one before if that was of the same ``gesture``.

        As a slider's do: one undo takes back both.  What ends where it began is no change.  None is no gesture.
        """
        if gesture is not None and self.past and self.past[-1].gesture is gesture and not self.future:
            return History(now, self.past[:-1] if now == self.past[-1].other else self.past)
        if now == self.now:
            return self
        return History(now, (*self.past, Step(what, self.now, gesture))[-MOST_STEPS:])

    def withdrawn(self, now: T, what: str) -> History[T]:
        """Return the history after something was given up: as if never begun, where only that is between."""
        if self.past and self.past[-1].other == now and not self.future:
            return History(now, self.past[:-1])
        return self.changed(now, what)

    def mapped(self, change: Callable[[T], T]) -> History[T]:
        """Return the history as if ``change`` had always been so; steps that change nothing any more are gone."""
        now = change(self.now)
        return History(now, _mapped(self.past, now, change), _mapped(self.future, now, change))

    @property
    def undoes(self) -> str | None:
        """What :meth:`undone` takes back, in words; None for nothing."""
        return self.past[-1].what if self.past else None

    @property
    def redoes(self) -> str | None:
        """What :meth:`redone` does again, in words; None for nothing."""
        return self.future[-1].what if self.future else None

    def undone(self) -> History[T]:
        """Return the history with the last change taken back; the same where there is none."""
        if not self.past:
            return self
        *past, step = self.past
        return History(step.other, tuple(past), (*self.future, Step(step.what, self.now)))

    def redone(self) -> History[T]:
        """Return the history with the last change that was taken back done again; the same where there is none."""
        if not self.future:
            return self
        *future, step = self.future
        return History(step.other, (*self.past, Step(step.what, self.now)), tuple(future))


def _mapped(steps: tuple[Step[T], ...], now: T, change: Callable[[T], T]) -> tuple[Step[T], ...]:
    kept: list[Step[T]] = []
    for step in reversed(steps):
        other = change(step.other)
        if other != now:
            kept.append(Step(step.what, other))
        now = other
    return tuple(reversed(kept))
