"""Two windows change one workspace."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from livevision.workspace.merge import merged


def camera(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "source": key} | more


def ids(data: dict[str, Any]) -> str:
    return "".join(each["id"] for each in data.get("cameras", []))


def of(letters: str) -> dict[str, Any]:
    return {"cameras": [camera(letter) for letter in letters]} if letters else {}


def test_both_changes_are_kept() -> None:
    base = {"layouts": {"current": {"kind": "auto"}}, "cameras": [camera("a"), camera("b")]}
    mine = {"layouts": {"current": {"kind": "2x2"}}, "cameras": [camera("a", name="A"), camera("b")]}
    theirs = {
        "layouts": {"current": {"kind": "auto", "page": 1}},
        "cameras": [camera("a", model="m"), camera("b", name="B")],
    }
    assert merged(base, mine, theirs) == {
        "layouts": {"current": {"kind": "2x2", "page": 1}},
        "cameras": [camera("a", model="m", name="A"), camera("b", name="B")],
    }


def test_of_two_changes_of_one_field_the_later_counts() -> None:
    assert merged({"theme": "system"}, {"theme": "dark"}, {"theme": "light"}) == {"theme": "dark"}


def test_what_was_set_back_to_its_default_stays_so() -> None:
    assert merged({"theme": "dark"}, {}, {"theme": "dark", "language": "de"}) == {"language": "de"}


def test_cameras_come_and_go() -> None:
    assert ids(merged(of("ab"), of("abc"), of("abd"))) == "abcd"
    assert ids(merged(of("ab"), of("a"), of("abd"))) == "ad"
    assert ids(merged(of("ab"), of("abc"), of("b"))) == "bc"
    assert ids(merged(of("ab"), of(""), of("abd"))) == "d"
    assert ids(merged(of(""), of("a"), of("b"))) == "ab"


def test_who_changes_a_camera_keeps_it_and_who_removes_it_later_does_not() -> None:
    changed = {"cameras": [camera("a", name="A")]}
    assert merged(of("a"), changed, {}) == changed
    assert ids(merged(of("a"), {}, changed)) == ""


def test_who_moves_cameras_says_their_order() -> None:
    assert ids(merged(of("abc"), of("cab"), of("abcd"))) == "cdab"
    assert ids(merged(of("abc"), of("abcx"), of("cba"))) == "cxba"


def test_lists_without_ids_are_one_value() -> None:
    assert merged({"order": ["a"]}, {"order": ["b"]}, {"order": ["c"]}) == {"order": ["b"]}
    assert merged({"order": ["a"]}, {}, {"order": ["c"]}) == {}


LETTERS = st.permutations("abcdef").flatmap(lambda all_: st.integers(0, 6).map(lambda n: "".join(all_[:n])))


@given(LETTERS, LETTERS, LETTERS)
def test_nothing_is_lost_that_nobody_removed(base: str, mine: str, theirs: str) -> None:
    result = ids(merged(of(base), of(mine), of(theirs)))
    assert set(result) == (set(base) & set(mine) & set(theirs)) | (set(mine) - set(base)) | (set(theirs) - set(base))
    assert len(set(result)) == len(result)
    assert ids(merged(of(base), of(base), of(theirs))) == theirs
    assert ids(merged(of(base), of(mine), of(base))) == mine
