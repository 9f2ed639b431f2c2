"""How one model is to be used: its layout, names, size and preparation, found out once when it is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from livevision.errors import DetectorError, ModelError
from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.fitting import fitted_into, prepare
from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.layout import Adjustable, Finishing
from livevision.inference.layouts.names import COCO, in_metadata, named, usual
from livevision.inference.layouts.recognition import by_name, check_names, recognise
from livevision.inference.layouts.rectangle import rectangle
from livevision.inference.layouts.registry import LAYOUTS
from livevision.inference.layouts.text import brief, clean
from livevision.wording import joined, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.layouts.layout import Array, Layout
    from livevision.inference.layouts.preparation import Fitted, Preparation
    from livevision.inference.layouts.signature import Signature

UNREADABLE = (ValueError, IndexError, KeyError, TypeError, AttributeError, ArithmeticError)
"""What decoding an output of another shape than expected may raise."""
_EVERYTHING = 10_000
_SAMPLE = 4096
_MOSTLY = 0.5
"""Less than this share of numbers is no answer."""
_LARGEST_REHEARSAL = 20_000_000


@dataclass(frozen=True, slots=True)
class Hints:
    """What a user or a sidecar says, instead of what would be guessed."""

    layout: str | None = None
    names: tuple[str, ...] | None = None
    image_size: tuple[int, int] | None = None
    """Width and height."""
    preparation: Mapping[str, Any] = field(default_factory=dict)
    """Single fields of :class:`Preparation` that are otherwise than the family's."""


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Immutable; of use to any thread."""

    signature: Signature
    layout: Layout
    names: tuple[str, ...]
    size: tuple[int, int]
    """Width and height of the model's rectangle."""
    preparation: Preparation
    evidence: tuple[str, ...]
    """Why it is taken for this layout, line by line, for the operator."""

    @property
    def is_batchable(self) -> bool:
        """Whether one run can take any number of pictures: every input's and output's first axis is free."""
        tensors = self.signature.inputs + self.signature.outputs
        return all(tensor.shape and tensor.shape[0] is None for tensor in tensors)

    def feeds(self, images: Sequence[Image]) -> tuple[dict[str, Array], list[Fitted]]:
        """Make the inputs of one run over BGR pictures of any sizes, and say where each of them went."""
        pictures, fitted = prepare(images, image_input(self.signature), self.size, self.preparation)
        return self.layout.feeds(self.signature, pictures, fitted), fitted

    def split(self, outputs: Sequence[Array], count: int) -> list[list[Array]]:
        """Part the outputs of a run over ``count`` pictures, each with a batch axis of 1 as if it had run alone."""
        if count == 1 and image_input(self.signature).batch in (None, 1):
            return [list(outputs)]
        return [[output[number : number + 1] for output in outputs] for number in range(count)]

    def detections(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn one picture's outputs into detections in its pixels, only those that ``keep`` wants, the surest first.

        Boxes that are none (NaN, inverted) may be among them: see :mod:`livevision.inference.soundness`.
        Raises DetectorError where the outputs are not what the layout reads.
        """
        # Layouts know no names, and overlaps are their work: what is not wanted may take no one's place there.
        by_name = keep.classes is not None or keep.class_confidences or keep.least_side
        wide = replace(keep, most=max(keep.most, _EVERYTHING)) if by_name else keep
        try:
            found = self.layout.decode(outputs, fitted, wide)
            if not len(found):
                _check_numbers(outputs)
            found.data["class_name"] = named(np.asarray(found.class_id), self.names)
            found = replace(keep, iou=None).apply(found)
            if isinstance(self.layout, Finishing):
                found = self.layout.finish(found, outputs, fitted)
        except UNREADABLE as error:
            gave = ", ".join(f"{output.dtype}{list(output.shape)}" for output in outputs[:4])
            raise DetectorError(
                say(
                    "the model's answer cannot be read as {layout}: it gave {gave} ({reason}); "
                    "if it is of another family, say which with --layout",
                    layout=self.layout.name,
                    gave=gave,
                    reason=clean(str(error)),
                )
            ) from error
        return found


def _check_numbers(outputs: Sequence[Array]) -> None:
    """Raise DetectorError where an answer without any object is one without numbers."""
    for output in outputs:
        if output.dtype.kind != "f" or not output.size:
            continue
        # A few thousand of them tell as much as all, which would take milliseconds in half precision.
        if np.isfinite(output.ravel()[:: max(1, output.size // _SAMPLE)]).mean() < _MOSTLY:
            raise DetectorError(
                say(
                    "the model's answer has no numbers, but NaN or infinity; does it overflow in half precision? "
                    "Export it with float32"
                )
            )


def interpret(signature: Signature, hints: Hints = NO_HINTS) -> Interpretation:
    """Find out how a model is to be used.

    Raises ModelError, which says what was seen, which layouts it could be, and how to say which one it is.
    """
    source = image_input(signature)
    size = rectangle(signature, source, hints.image_size)
    own = in_metadata(signature)
    names = hints.names or own
    if hints.layout is None:
        is_prepared = not hints.preparation.keys().isdisjoint(("mean", "std"))
        layout, why = recognise(signature, LAYOUTS, None if names is None else len(names), is_prepared)
        if hints.names is None and own is not None:
            check_names(signature, layout, len(own))
    else:
        layout, why = by_name(hints.layout, LAYOUTS), say("{layout} was asked for", layout=hints.layout)
    if isinstance(layout, Adjustable):
        layout = layout.adjusted(signature)
    preparation = replace(layout.preparation(signature), **hints.preparation)
    nameless = Interpretation(signature, layout, (), size, preparation, ())
    if hints.layout is not None:
        _rehearse(nameless)
    names, origin = _names(layout.class_count(signature), hints.names, own)
    placed = say(
        "pictures of {width}x{height}, {fit}, {channels}",
        width=size[0],
        height=size[1],
        fit=preparation.fit.value,
        channels=say("grey") if source.channels == 1 else preparation.channels.value,
    )
    return replace(nameless, names=names, evidence=(why, origin, placed))


def _names(room: int | None, given: tuple[str, ...] | None, own: tuple[str, ...] | None) -> tuple[tuple[str, ...], str]:
    """Return the names and where they are from, as a line for the operator."""
    if given is not None:
        if room is not None and len(given) != room:
            raise ModelError(
                say(
                    "{count} class names are given, but the model has {room} classes: correct the names",
                    count=len(given),
                    room=room,
                )
            )
        return given, say("{count} class names from beside the model", count=len(given))
    if own is not None and room in (None, len(own)):
        return own, say("{count} class names from the metadata", count=len(own))
    unused = "" if own is None else say("; the {count} names in the metadata are of no use", count=len(own))
    names = usual(room)
    origin = (
        say("the class names are those of COCO")
        if names[:1] == COCO[:1] or room == 91
        else say("the classes have no names")
    )
    return names, joined("", (origin, unused))


def _rehearse(found: Interpretation) -> None:
    """Decode an answer of nothing, where its shape is known: a layout that was asked for may not fit.

    Raises ModelError, so that it is known before the first picture.
    """
    outputs = []
    for tensor in found.signature.outputs:
        shape = [size or 1 for size in tensor.shape[:1]] + list(tensor.shape[1:])
        if not shape or None in shape or prod(cast("list[int]", shape)) > _LARGEST_REHEARSAL:
            return
        outputs.append(np.zeros(cast("list[int]", shape), tensor.dtype))
    fitted = fitted_into(found.size, found.size, found.preparation.fit)
    try:
        found.detections(outputs, fitted, DetectionFilter())
    except DetectorError as error:
        raise ModelError(
            say(
                "layout {layout} does not fit: the model gives {outputs} ({reason})",
                layout=found.layout.name,
                outputs=brief(found.signature.outputs),
                reason=clean(str(error.__cause__)),
            )
        ) from error
