"""What is said to an operator: English here, and in another language where a window shows it.

Nothing outside of the ui knows other languages.  A text that may reach a window is said by :func:`say`, whose template
``packaging/wordings.py`` collects for translators, and the ui looks it up when it shows it.
"""

from __future__ import annotations

from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Wording(str):
    """An English text that remembers what it was made of, so that it may be told in another language.

    A ``str`` in every other regard: whatever is made of it, by ``+`` or an f-string, is plain English text.
    """

    __slots__ = ("template", "values")

    template: str
    """As for :meth:`str.format`, with names only: ``{name} ended the stream.``"""
    values: Mapping[str, str | Real]
    """What the names stand for: numbers, texts, and wordings, which are told in turn."""

    def __new__(cls, template: str, values: Mapping[str, object]) -> Wording:
        """Keep of each value what a text needs, and write the English text."""
        kept = {name: _kept(value) for name, value in values.items()}
        self = super().__new__(cls, template.format_map(kept))
        self.template, self.values = template, MappingProxyType(kept)
        return self

    def __reduce__(self) -> tuple[type[Wording], tuple[str, dict[str, str | Real]]]:
        return Wording, (self.template, dict(self.values))


def say(template: str, /, **values: object) -> Wording:
    """Return ``template``, a literal, with ``values`` in it; an error among them is what it says.

    Raises KeyError, IndexError or ValueError where they do not fit, which is a bug that a test finds.
    """
    return Wording(template, values)


def joined(separator: str, parts: Iterable[str]) -> Wording:
    """Return ``parts`` one after the other, each of which is told in turn; there is nothing in it to translate."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Wording(separator.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in values), values)


def text_of(error: BaseException) -> str:
    """Return what ``error`` says, as a :class:`Wording` where it was raised with one."""
    return error.args[0] if error.args and isinstance(error.args[0], Wording) else str(error)


def _kept(value: object) -> str | Real:
    """Return what is kept of ``value``: no error, path or array, which would keep more alive than a text needs."""
    if isinstance(value, BaseException):
        return text_of(value)
    return value if isinstance(value, str | Real) else str(value)
