"""Settings that were changed in two places, as one (pure)."""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]
_MISSING = object()


def merged(base: Plain, mine: Plain, theirs: Plain) -> Plain:
    """Return ``theirs`` with what changed from ``base`` to ``mine``: what both changed is as in ``mine``.

    Tables are merged key by key, and lists of tables with an ``id``, such as cameras, entry by entry: whoever changes
    one camera leaves the others alone.  What I removed stays removed, and what I changed comes back if it was removed
    there.  Any other list is one value.
    """
    result = dict(theirs)
    for key in dict.fromkeys((*base, *mine)):
        value = _value(base.get(key, _MISSING), mine.get(key, _MISSING), theirs.get(key, _MISSING))
        if value is _MISSING:
            result.pop(key, None)
        else:
            result[key] = value
    return result


def _value(base: Any, mine: Any, theirs: Any) -> Any:
    if mine == base:
        return theirs
    if theirs == base:
        return mine
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return merged(base if isinstance(base, dict) else {}, mine, theirs)
    # A list that is left out is empty: what is as usual is not written.
    lists = [[] if each is _MISSING else each for each in (base, mine, theirs)]
    return _entries(*lists) if all(_has_ids(each) for each in lists) else mine


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) and "id" in entry for entry in value)


def _entries(base: list[Plain], mine: list[Plain], theirs: list[Plain]) -> list[Plain]:
    old, new, other = ({entry["id"]: entry for entry in entries} for entries in (base, mine, theirs))
    entries = merged(old, new, other)
    return [entries[each] for each in _order(list(old), list(new), list(other)) if each in entries]


def _order(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Return all ids in my order if I moved any, else in theirs; what only the other has comes after its neighbour."""
    moved = [each for each in mine if each in base] != [each for each in base if each in mine]
    first, second = (mine, theirs) if moved else (theirs, mine)
    order, place = list(first), 0
    for each in second:
        if each in order:
            place = order.index(each) + 1
        else:
            order.insert(place, each)
            place += 1
    return order
