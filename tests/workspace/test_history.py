"""Undo and redo."""

from __future__ import annotations

from livevision.workspace.history import MOST_STEPS, History


def test_changes_are_taken_back_and_done_again_in_order() -> None:
    history = History("").changed("a", "Add a").changed("ab", "Add b")
    assert history.undoes == "Add b"
    back = history.undone()
    assert (back.now, back.undoes, back.redoes) == ("a", "Add a", "Add b")
    assert back.undone().now == ""
    assert back.undone().redone().redone() == history


def test_at_its_ends_nothing_happens() -> None:
    history = History(1)
    assert (history.undone(), history.redone(), history.undoes, history.redoes) == (history, history, None, None)


def test_after_a_new_change_nothing_can_be_done_again() -> None:
    history = History("").changed("a", "Add a").undone().changed("b", "Add b")
    assert (history.now, history.redoes) == ("b", None)


def test_what_changes_nothing_is_no_step() -> None:
    assert History(1).changed(1, "Nothing") == History(1)


def test_a_slider_is_one_step() -> None:
    drag, another = object(), object()
    history = History(0.2).adjusted(0.3, "Confidence", drag).adjusted(0.4, "Confidence", drag)
    assert history.undone().now == 0.2
    assert history.adjusted(0.5, "Confidence", another).undone().now == 0.4
    assert history.adjusted(0.5, "Confidence", None).adjusted(0.6, "Confidence", None).undone().now == 0.5
    assert history.undone().redone().adjusted(0.9, "Confidence", drag).undone().now == 0.4
    assert history.adjusted(0.2, "Confidence", drag) == History(0.2)


def test_it_is_bounded() -> None:
    history = History(0)
    for number in range(1, 2 * MOST_STEPS):
        history = history.changed(number, "One more")
    assert len(history.past) == MOST_STEPS
