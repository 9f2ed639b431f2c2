"""Where a KServe v2 server has a model, and what the user says about it in the address (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.inference.layouts.interpretation import Hints
from livevision.sources.options import read_size
from livevision.wording import say

if TYPE_CHECKING:
    from yarl import URL

_HINTS = ("layout", "names", "imgsz")


@dataclass(frozen=True, slots=True)
class KServeAddress:
    """The documents of one model.  All have the query that is left when the hints are taken out."""

    root: URL
    model: str
    version: str | None
    hints: Hints

    @classmethod
    def parse(cls, url: URL) -> KServeAddress:
        """Understand ``/MODEL``, ``/MODEL/VERSION`` and ``[/PREFIX]/v2/models/MODEL[/versions/VERSION][/infer]``.

        ``?layout=``, ``?names=a,b`` and ``?imgsz=640x480`` are hints.  Raises UsageError.
        """
        parts = [part for part in url.raw_parts if part not in {"", "/"}]
        prefix: list[str] = []
        if parts[-1:] == ["infer"]:
            del parts[-1]
        for at in range(len(parts) - 1):
            if parts[at : at + 2] == ["v2", "models"]:
                prefix, parts = parts[:at], parts[at + 2 :]
                break
        match parts:
            case [model] | [model, "versions"]:
                version = None
            case [model, "versions", version] | [model, version]:
                pass
            case _:
                raise UsageError(say("which model? Say it in the address, as in kserve+http://host:8000/MODEL"))
        root = url.origin().joinpath(*prefix, encoded=True) if prefix else url.origin()
        query = {name: value for name, value in url.query.items() if name not in _HINTS}
        return cls(root.with_query(query), model, version, _hints(url))

    @property
    def server(self) -> URL:
        """What the server says about itself."""
        return self._at("v2")

    @property
    def metadata(self) -> URL:
        """What the model takes and gives."""
        return self._at(*self._path())

    @property
    def configuration(self) -> URL:
        """What was configured for the model, an extension of Triton's."""
        return self._at(*self._path(), "config")

    @property
    def infer(self) -> URL:
        """Where tensors go."""
        return self._at(*self._path(), "infer")

    def _path(self) -> tuple[str, ...]:
        version = ("versions", self.version) if self.version else ()
        return ("v2", "models", self.model, *version)

    def _at(self, *path: str) -> URL:
        return self.root.joinpath(*path, encoded=True).with_query(self.root.query)


def _hints(url: URL) -> Hints:
    names = tuple(name.strip() for name in url.query.get("names", "").split(",") if name.strip())
    size = url.query.get("imgsz")
    if size is not None and "x" not in size:
        size = f"{size}x{size}"
    return Hints(url.query.get("layout") or None, names or None, read_size(size) if size else None)
