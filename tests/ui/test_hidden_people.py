"""Whoever is hidden cannot be recognised in anything that leaves the program: from a real camera to pixels of files."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from livevision.inference.sought import WHATEVER_MOVES
from livevision.overlay import Privacy
from tests.benchmarks.privacy import NOBODY, PEOPLE, export, originals_of, watch
from tests.fakes import textured_street as textured
from tests.fakes.rtsp import is_available
from tests.fakes.textured_street import Judge, Model

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]
pytestmark = [pytest.mark.rtsp, pytest.mark.alone, pytest.mark.timeout(180)]
SECONDS = 6
MEAN, MOST = 0.01, 0.05
"""Shares of a hidden person's pixels that may be recognisable: of all pictures, and in any one."""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not is_available():
        from tests.fakes.fixtures import missing

        missing("the GStreamer RTSP server is not installed: packaging/test.sh installs it")
    return textured.write(tmp_path_factory.mktemp("street") / "street.mkv", SECONDS * textured.FPS)


def hidden(judge: Judge) -> bool:
    return judge.pictures > 0 and judge.mean <= MEAN and judge.worst <= MOST


def test_the_judge_sees_people_who_are_not_hidden(clip: Path) -> None:
    judge = textured.Judge(originals_of(clip))
    for index in range(0, 150, 10):
        judge.look(textured.picture(index))
    assert judge.mean > 0.95


@pytest.mark.parametrize("model", [Model(0.4), Model(0.2, dies_at=100)], ids=["that is late", "that dies"])
def test_nobody_is_recognisable_in_any_output(on_qt: OnQt, tmp_path: Path, clip: Path, model: Model) -> None:
    seen = on_qt(watch(clip, tmp_path, model, PEOPLE))
    assert {name: str(judge) for name, judge in seen.judges.items() if not hidden(judge)} == {}
    shown = seen.judges["annotated file"]
    assert {"live view", "annotated file", "pre-roll", "snapshots"} <= set(seen.judges)
    if model.dies_at is None:
        assert shown.whole < shown.pictures / 2, "most of the file can be seen"
        assert seen.judges["live view"].pictures > 20, "and so can the street"
    else:
        assert shown.whole > 20, "of after its last answer nothing is seen"


def test_who_is_missed_now_and_then_stays_hidden_but_for_an_edge(on_qt: OnQt, tmp_path: Path, clip: Path) -> None:
    """The model misses two of five, every time: where somebody is by now can only be guessed."""
    seen = on_qt(watch(clip, tmp_path, Model(0.4, misses=0.4), PEOPLE))
    assert {name: str(judge) for name, judge in seen.judges.items() if judge.mean > 3 * MEAN} == {}
    assert seen.judges["annotated file"].whole < seen.judges["annotated file"].pictures / 2


def test_whatever_moves_is_hidden_though_the_model_finds_nobody(on_qt: OnQt, tmp_path: Path, clip: Path) -> None:
    hidden_too = Privacy(frozenset({"person", WHATEVER_MOVES}))
    seen = on_qt(watch(clip, tmp_path, Model(0.1, blind="person"), hidden_too))
    # Somebody before a car is taken for a part of it.
    assert {name: str(judge) for name, judge in seen.judges.items() if judge.mean > 3 * MEAN} == {}


@pytest.mark.parametrize("classes", [None, ("car", "bicycle")], ids=["that does not say", "that says so"])
def test_with_a_model_that_lacks_the_class_nothing_is_seen_at_all(
    on_qt: OnQt, tmp_path: Path, clip: Path, classes: tuple[str, ...] | None
) -> None:
    model = Model(0.1)
    model.classes = classes
    seen = on_qt(watch(clip, tmp_path, model, Privacy(frozenset({"ghost"})), may_refuse=True))
    assert seen.judges["live view"].pictures > 0
    for name, judge in seen.judges.items():
        if name != "thumbnails":
            assert (name, judge.whole) == (name, judge.pictures)


def test_an_export_hides_who_was_not_hidden_when_it_was_recorded(on_qt: OnQt, tmp_path: Path, clip: Path) -> None:
    judge = on_qt(export(clip, tmp_path, Model(0.4), PEOPLE))
    assert hidden(judge), str(judge)
    assert judge.whole < judge.pictures / 2


def test_without_privacy_they_are_recognisable(on_qt: OnQt, tmp_path: Path, clip: Path) -> None:
    """So that the others can fail."""
    seen = on_qt(watch(clip, tmp_path, Model(0.1), NOBODY))
    for name in ("live view", "annotated file", "snapshots"):
        assert seen.judges[name].mean > 0.9, name
