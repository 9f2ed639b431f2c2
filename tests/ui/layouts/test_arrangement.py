import pytest
from PySide6.QtCore import QRect

from livevision.ui.layouts.arrangement import Arrangement
from livevision.ui.layouts.direction import Direction
from livevision.ui.layouts.geometry import Spacing
from livevision.ui.layouts.kind import LayoutKind
from livevision.ui.layouts.order import Drop, dropped
from livevision.ui.layouts.state import LayoutState


def filled(letters: str, kind: LayoutKind = LayoutKind.AUTO) -> Arrangement[str]:
    arrangement: Arrangement[str] = Arrangement(str.upper)
    arrangement.area = QRect(0, 0, 1280, 720)
    arrangement.spacing = Spacing(4, 60, 30)
    arrangement.kind = kind
    for letter in letters:
        arrangement.add(letter)
    return arrangement


def seen(arrangement: Arrangement[str]) -> str:
    return "".join(arrangement.shown)


@pytest.fixture
def six() -> Arrangement[str]:
    """Two pages: abcd and ef; f is chosen."""
    return filled("abcdef", LayoutKind.TWO)


def test_dropping_swaps_or_puts_in() -> None:
    assert dropped("abcd", "a", "c", Drop.SWAP) == list("cbad")
    assert dropped("abcd", "a", "c", Drop.BEFORE) == list("bacd")
    assert dropped("abcd", "a", "c", Drop.AFTER) == list("bcad")
    assert dropped("abcd", "d", "a", Drop.BEFORE) == list("dabc")
    assert dropped("abcd", "b", "b", Drop.AFTER) == list("abcd")


def test_a_new_one_is_chosen_and_its_page_shown(six: Arrangement[str]) -> None:
    assert (seen(six), six.chosen) == ("ef", "f")


def test_pages_turn_round_and_choose_what_they_show(six: Arrangement[str]) -> None:
    six.turn(1)
    assert (seen(six), six.chosen) == ("abcd", "a")
    six.choose("c")
    six.turn(-1)
    assert (seen(six), six.chosen) == ("ef", "e")
    six.turn_to(0)
    assert seen(six) == "abcd"
    six.turn_to(99)
    assert seen(six) == "ef"


def test_choosing_shows_the_page(six: Arrangement[str]) -> None:
    six.choose("b")
    assert (seen(six), six.chosen) == ("abcd", "b")


def test_arrows_go_over_the_edge_to_the_next_page_and_no_further(six: Arrangement[str]) -> None:
    six.choose("d")
    six.choose_towards(Direction.RIGHT)
    assert (seen(six), six.chosen) == ("ef", "e")
    six.choose_towards(Direction.DOWN)
    assert six.chosen == "e"
    six.choose_towards(Direction.LEFT)
    assert (seen(six), six.chosen) == ("abcd", "d")
    six.choose("a")
    six.choose_towards(Direction.LEFT)
    assert six.chosen == "a"


def test_maximised_everything_goes_from_one_to_the_next(six: Arrangement[str]) -> None:
    six.choose("d")
    six.maximise("d")
    assert seen(six) == "d"
    six.choose_towards(Direction.RIGHT)
    assert seen(six) == "e"
    six.turn(1)
    six.turn(1)
    assert (seen(six), six.chosen) == ("a", "a")
    six.choose("f")
    assert seen(six) == "f"
    six.maximise(None)
    assert (seen(six), six.chosen) == ("ef", "f")


def test_a_new_camera_is_not_hidden_behind_a_maximised_one(six: Arrangement[str]) -> None:
    six.maximise("a")
    six.add("g")
    assert (seen(six), six.chosen) == ("efg", "g")


def test_another_layout_keeps_the_chosen_one_in_sight(six: Arrangement[str]) -> None:
    six.set_kind(LayoutKind.ONE)
    assert seen(six) == "f"
    six.set_kind(LayoutKind.THREE)
    assert seen(six) == "abcdef"
    six.choose("e")
    six.set_kind(LayoutKind.TWO)
    assert seen(six) == "ef"


def test_removing_chooses_the_one_before_it_and_leaves_no_empty_page(six: Arrangement[str]) -> None:
    six.remove("f")
    assert (seen(six), six.chosen) == ("e", "e")
    six.remove("a")
    assert (seen(six), six.chosen) == ("bcde", "e")
    for letter in "bcde":
        six.remove(letter)
    assert (seen(six), six.chosen) == ("", None)


def test_removing_the_maximised_one_gives_the_others_their_cells(six: Arrangement[str]) -> None:
    six.maximise("b")
    six.remove("b")
    assert (seen(six), six.chosen) == ("acde", "a")


def test_the_chosen_one_moves_by_keys_over_pages_and_stops_at_the_ends(six: Arrangement[str]) -> None:
    six.choose("d")
    six.move_chosen(1)
    assert (six.items, seen(six), six.chosen) == (list("abcedf"), "df", "d")
    six.move_chosen(1)
    six.move_chosen(1)
    assert six.items == list("abcefd")
    six.choose("a")
    six.move_chosen(-1)
    assert six.items == list("abcefd")


def test_one_that_is_away_has_no_cell_and_comes_back_to_its_own(six: Arrangement[str]) -> None:
    six.choose("b")
    six.send_away("b")
    assert (seen(six), six.chosen) == ("acde", "b")
    six.turn(1)
    assert (seen(six), six.chosen) == ("f", "f")
    six.fetch_back("b")
    assert (seen(six), six.chosen) == ("abcd", "b")


def test_moving_by_keys_passes_over_those_that_are_away(six: Arrangement[str]) -> None:
    six.send_away("b")
    six.choose("a")
    six.move_chosen(1)
    assert six.items == list("cbadef")


def test_what_was_saved_is_found_again(six: Arrangement[str]) -> None:
    six.choose("f")
    six.move("f", "a", Drop.BEFORE)
    six.turn_to(1)
    state = six.state(8.0)
    assert state == LayoutState("2x2", tuple("FABCDE"), 1, 8.0, None)
    other = filled("abcdef")
    other.restore(state)
    assert (other.items, seen(other), other.kind) == (list("fabcde"), "de", LayoutKind.TWO)
    assert other.state(8.0) == state


def test_cameras_that_come_later_go_to_their_places() -> None:
    state = LayoutState("2x2", tuple("FEDCBA"), 1, 0, None)
    arrangement = filled("")
    arrangement.restore(state)
    for letter in "abcdef":
        arrangement.add(letter)
        # Whoever saves in the meantime loses nothing.
        assert arrangement.state(0) == state
    assert (arrangement.items, seen(arrangement), arrangement.chosen) == (list("fedcba"), "ba", "a")


def test_the_maximised_one_is_maximised_when_it_comes() -> None:
    arrangement = filled("")
    arrangement.restore(LayoutState("auto", tuple("ABC"), 0, 0, "B"))
    arrangement.add("a")
    assert seen(arrangement) == "a"
    arrangement.add("b")
    arrangement.add("c")
    assert (seen(arrangement), arrangement.chosen) == ("b", "b")


def test_what_the_operator_does_outweighs_what_was_restored() -> None:
    arrangement = filled("abc")
    arrangement.restore(LayoutState("1", tuple("CBAX"), 0, 0, None))
    arrangement.turn(1)
    arrangement.add("x")
    assert (arrangement.items, seen(arrangement)) == (list("cbax"), "x")


def test_cameras_that_nobody_knows_and_words_that_nobody_knows_are_passed_over() -> None:
    arrangement = filled("ab")
    arrangement.restore(LayoutState("7x7", ("GONE", "B", "A"), 12, 0, "GONE"))
    assert (arrangement.items, seen(arrangement), arrangement.kind) == (list("ba"), "ba", LayoutKind.AUTO)
    arrangement.add("c")  # not in the restored order: a camera that was just opened
    assert (arrangement.items, arrangement.chosen) == (list("bac"), "c")
