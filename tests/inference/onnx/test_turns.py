"""Whose turn it is."""

from hypothesis import given
from hypothesis import strategies as st

from livevision.inference.onnx.turns import Turns


def test_one_of_each_owner_before_a_second_of_any():
    turns = Turns()
    for number in range(4):
        turns.put("flood", f"flood {number}")
    turns.put("door", "door 0")
    turns.put("yard", "yard 0")
    assert len(turns) == 6
    assert [turns.take(1)[0] for _ in range(6)] == ["flood 0", "door 0", "yard 0", "flood 1", "flood 2", "flood 3"]
    assert turns.take(1) == []


def test_batches_go_round_too():
    turns = Turns()
    for owner in ("flood", "flood", "flood", "door"):
        turns.put(owner, owner)
    assert turns.take(3) == ["flood", "door", "flood"]
    assert turns.take(3) == ["flood"]


@given(st.lists(st.integers(0, 3)), st.integers(1, 4))
def test_all_are_served_each_owners_in_order(owners, most):
    turns = Turns()
    for number, owner in enumerate(owners):
        turns.put(owner, (owner, number))
    served = []
    while taken := turns.take(most):
        assert len(taken) <= most
        served += taken
    assert sorted(number for _, number in served) == list(range(len(owners)))
    for owner in set(owners):
        mine = [number for whose, number in served if whose == owner]
        assert mine == sorted(mine)
