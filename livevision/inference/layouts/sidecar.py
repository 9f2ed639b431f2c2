"""What the user says about a model in a file beside it: ``model.json``, or ``model.names`` with one name a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from livevision.errors import ModelError
from livevision.inference.layouts.interpretation import NO_HINTS, Hints
from livevision.inference.layouts.names import MOST, from_numbered
from livevision.inference.layouts.preparation import Channels, Fit
from livevision.inference.layouts.text import clean
from livevision.wording import say

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 2_000_000
_FITS = {"letterbox": Fit.LETTERBOX, "top-left": Fit.TOP_LEFT, "stretch": Fit.STRETCH}
_Three = tuple[float, float, float]
_Positive = Annotated[float, Field(gt=0)]
_Side = Annotated[int, Field(ge=1, le=8192)]


class _Sidecar(BaseModel):
    """``{"layout": "yolox", "names": ["ripe", "green"], "size": [416, 416]}``; all of it may be left out."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    layout: str | None = None
    names: list[str] | dict[str, str] | None = None
    size: tuple[_Side, _Side] | _Side | None = None
    fit: Literal["letterbox", "top-left", "stretch"] | None = None
    channels: Literal["RGB", "BGR"] | None = None
    scale: float | None = None
    mean: _Three | None = None
    std: tuple[_Positive, _Positive, _Positive] | None = None
    fill: int | None = Field(default=None, ge=0, le=255)

    def hints(self) -> Hints:
        """Return what it says.  Raises ValueError where the names make no sense."""
        preparation: dict[str, Any] = {
            key: what for key in ("scale", "mean", "std", "fill") if (what := getattr(self, key)) is not None
        }
        if self.fit is not None:
            preparation["fit"] = _FITS[self.fit]
        if self.channels is not None:
            preparation["channels"] = Channels(self.channels)
        size = (self.size, self.size) if isinstance(self.size, int) else self.size
        return Hints(self.layout, self._names(), size, preparation)

    def _names(self) -> tuple[str, ...] | None:
        if self.names is None:
            return None
        if isinstance(self.names, dict):
            names = from_numbered(self.names)
        else:
            names = tuple(clean(name) for name in self.names) if 0 < len(self.names) <= MOST else None
        if names is None:
            raise ValueError('names are a list, or {"0": "person", …}')
        return names


def read_sidecar(model_file: Path) -> Hints:
    """Read ``FILE.json`` or, where there is none, ``FILE.names`` for ``FILE.onnx``; nothing there gives no hints.

    Reads from the disk.  Raises ModelError, in one line, where such a file makes no sense.
    """
    described, listed = model_file.with_suffix(".json"), model_file.with_suffix(".names")
    if (text := _text(described)) is not None:
        return _described(described, text)
    if (text := _text(listed)) is not None:
        return _listed(listed, text)
    return NO_HINTS


def _text(path: Path) -> str | None:
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > _LARGEST:
            raise ModelError(
                say("{path} is larger than the 2 MB that describe any model: correct or remove it", path=path.name)
            )
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = say("it is not UTF-8 text") if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ModelError(
            say("{path} cannot be read ({reason}): correct or remove it", path=path.name, reason=reason)
        ) from error


def _described(path: Path, text: str) -> Hints:
    try:
        return _Sidecar.model_validate(json.loads(text)).hints()
    except ValidationError as error:
        first = error.errors()[0]
        where = clean(".".join(map(str, first["loc"])) or "all of it")
        reason = f"{where}: {clean(first['msg'])}"
    except RecursionError:
        reason = say("too deeply nested")
    except ValueError as error:  # json.JSONDecodeError is one
        reason = clean(str(error))
    raise ModelError(
        say(
            "{path}, which describes the model, is wrong ({reason}): correct or remove it",
            path=path.name,
            reason=reason,
        )
    )


def _listed(path: Path, text: str) -> Hints:
    names = tuple(clean(line) for line in text.splitlines() if line.strip())
    if not 0 < len(names) <= MOST:
        raise ModelError(
            say(
                "{path} has {count} class names: one a line is wanted; correct or remove it",
                path=path.name,
                count=len(names),
            )
        )
    return Hints(names=names)
