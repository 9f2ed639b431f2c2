"""Options that several commands share: said once, and handed to each command as one object."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer

from livevision.errors import UsageError
from livevision.inference.options import Device, Jpeg, ModelOptions
from livevision.recording.kind import Kind
from livevision.recording.quality import Quality
from livevision.recording.template import DEFAULT_TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.inference.filter import DetectionFilter
    from livevision.overlay import OverlayStyle
    from livevision.recording.plan import RecordingPlan
    from livevision.timing import BoxTiming
    from livevision.tracking.identities import TrackerChoice

R = TypeVar("R")
E = TypeVar("E", bound=Enum)

_IN_FLIGHT_FOR_FILES = 16

Sources = Annotated[
    list[str],
    typer.Argument(help="0 or a webcam's name, rtsp://…, http(s)://…, a file or folder, screen:, synthetic:street"),
]
Recording = Annotated[
    Kind | None, typer.Option("--record", help="Record from the start; this is what Ctrl+R does, too")
]
Output = Annotated[Path | None, typer.Option(help="Folder for recordings and snapshots  [default: your videos]")]
Kiosk = Annotated[bool, typer.Option("--kiosk", help="Nothing but video, filling the screen")]
Loop = Annotated[bool, typer.Option("--loop", help="Play files again and again")]
Duration = Annotated[float | None, typer.Option(help="Quit after so many seconds", min=0.1)]
Stats = Annotated[
    Path | None, typer.Option(help="Write every camera's figures here, one JSON object a line and second")
]
WorkspaceFile = Annotated[
    Path | None, typer.Option(help="Open this workspace, and keep in it what is changed  [default: the usual one]")
]
Draw = Annotated[str, typer.Option(help="How: default, box, label, trace, mask, halo, heat-map, keypoints, blur …")]
Colour = Annotated[str, typer.Option(help="By class, by identity, or one colour like #E69F00")]
Hide = Annotated[
    str,
    typer.Option(help="Nobody may recognise these classes: person,face, or everything. Whom the model misses is seen"),
]
HideUnknown = Annotated[
    bool, typer.Option("--hide-unknown", help="And whatever moves that is no object of another class")
]
MODELS = "motion, people, faces, a FILE.onnx, a server (roboflow+http://…, kserve+http://…), or package.module:factory"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What was said about the model and what it finds."""

    model: str | None
    options: ModelOptions
    keep: DetectionFilter
    in_flight: int | None
    """As typed; else as many as are good for live video."""

    def for_files(self) -> ModelOptions:
        """Return the options for a whole file, where answers need not be fresh: more pictures on their way at once."""
        return self.options if self.in_flight else replace(self.options, in_flight=_IN_FLIGHT_FOR_FILES)


@dataclass(frozen=True, slots=True)
class RecordingChoice:
    """What was said about recording, besides the kind."""

    preroll: float
    segment: str | None
    name: str
    quality: Quality
    encoder: str
    csv: bool

    def plan(self, folder: Path, kind: Kind = Kind.ANNOTATED, duration: float | None = None) -> RecordingPlan:
        """Make the plan.  Raises UsageError."""
        # Heavy, and not needed for --help.
        from livevision.recording.encoders import Encoding, parse_encoder
        from livevision.recording.plan import DetectionFiles, RecordingPlan, parse_segmenting
        from livevision.recording.segments import Segmenting
        from livevision.recording.template import parse_template

        return RecordingPlan(
            folder,
            kind,
            parse_template(self.name),
            Encoding(parse_encoder(self.encoder), self.quality),
            self.preroll,
            parse_segmenting(self.segment) if self.segment else Segmenting(),
            duration,
            DetectionFiles.WITH_CSV if self.csv else DetectionFiles.JSON_LINES,
        )


@dataclass(frozen=True, slots=True)
class Look:
    """What was said about how detections are shown, and who is not."""

    timing: BoxTiming
    tracker: TrackerChoice
    style: OverlayStyle


def takes_model(command: Callable[..., R]) -> Callable[..., R]:
    """Give a Typer command all options on models; it gets them as its keyword argument ``choice``, a ModelChoice."""
    return _takes(model_choice, "choice", command)


def takes_recording(command: Callable[..., R]) -> Callable[..., R]:
    """Give a Typer command the options on recording; it gets them as its argument ``recording``, a RecordingChoice."""
    return _takes(recording_choice, "recording", command)


def takes_look(command: Callable[..., R]) -> Callable[..., R]:
    """Give a Typer command the options on drawing; it gets them as its argument ``look``, a Look."""
    return _takes(look, "look", command)


def _takes(choose: Callable[..., object], name: str, command: Callable[..., R]) -> Callable[..., R]:
    """Replace the parameter ``name`` of ``command`` by those of ``choose``, which is what Typer then sees."""
    own = [each for each in inspect.signature(command).parameters.values() if each.name != name]
    shared = list(inspect.signature(choose).parameters.values())

    @functools.wraps(command)
    def with_options(**given: Any) -> R:
        choice = choose(**{each.name: given.pop(each.name) for each in shared})
        return command(**given, **{name: choice})

    # Typer asks for evaluated ones.
    hints = get_type_hints(choose, include_extras=True) | get_type_hints(command, include_extras=True)
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [each.replace(kind=keyword, annotation=hints[each.name]) for each in own + shared]
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options


def recording_choice(
    preroll: Annotated[float, typer.Option(help="Begin so many seconds before (RTSP, streams)", min=0, max=600)] = 10.0,
    segment: Annotated[str | None, typer.Option(help="Begin a new file after so much: 10m, 500MB")] = None,
    name: Annotated[
        str, typer.Option(help="What files are called; fields: camera, date, time, kind, number")
    ] = DEFAULT_TEMPLATE,
    quality: Annotated[Quality, typer.Option(help="Of what is encoded here")] = Quality.GOOD,
    encoder: Annotated[
        str, typer.Option(help="libx264, automatic, nvenc, qsv, vaapi, videotoolbox; libx264 where it does not work")
    ] = "libx264",
    csv: Annotated[bool, typer.Option("--csv", help="Write detections as CSV, too")] = False,
) -> RecordingChoice:
    """Make one object of what was typed."""
    return RecordingChoice(preroll, segment, name, quality, encoder, csv)


def look(
    timing: Annotated[
        str, typer.Option(help="live: boxes moved to where objects are; aligned: the picture waits; as-they-come")
    ] = "live",
    tracker: Annotated[str, typer.Option(help="bytetrack, sort, oc-sort, bot-sort or off")] = "bytetrack",
    draw: Draw = "default",
    colour: Colour = "class",
    hide: Hide = "",
    hide_unknown: HideUnknown = False,
) -> Look:
    """Make one object of what was typed.  Raises UsageError."""
    # Heavy, and not needed for --help.
    from livevision.timing import BoxTiming
    from livevision.tracking.identities import TrackerChoice

    return Look(
        _one_of(BoxTiming, "--timing", timing),
        _one_of(TrackerChoice, "--tracker", tracker),
        style_of(draw, colour, hidden(hide, hide_unknown)),
    )


def style_of(draw: str, colour: str, hidden: frozenset[str]) -> OverlayStyle:
    """Make a style of what was typed.  Raises UsageError."""
    from livevision.overlay import OverlayStyle, Privacy, parse_annotators, parse_colour

    return replace(OverlayStyle(parse_annotators(draw), *parse_colour(colour)), privacy=Privacy(hidden))


def hidden(hide: str, hide_unknown: bool) -> frozenset[str]:
    """Return the classes that are to be hidden, by what was typed."""
    from livevision.inference.sought import WHATEVER_MOVES

    return frozenset(hide.split(",")) | ({WHATEVER_MOVES} if hide_unknown else set())


def model_choice(  # noqa: PLR0913, PLR0917  an option is an argument to Typer
    model: Annotated[str | None, typer.Option(help=MODELS)] = None,
    conf: Annotated[str, typer.Option(help="Show detections from this confidence on: .4, or person=.5,car=.3")] = "",
    classes: Annotated[str | None, typer.Option(help="Show only these classes, separated by commas")] = None,
    iou: Annotated[float | None, typer.Option(help="Leave out boxes of a class that overlap more than this")] = None,
    max_det: Annotated[int, typer.Option(help="Show the surest so many", min=1)] = 300,
    min_size: Annotated[float, typer.Option(help="Leave out boxes with a side shorter than so many pixels")] = 0.0,
    device: Annotated[Device, typer.Option(help="What runs an ONNX file")] = Device.AUTO,
    imgsz: Annotated[str | None, typer.Option(help="Size of an ONNX model's picture: 640, or 1280x736")] = None,
    layout: Annotated[str | None, typer.Option(help="What a model's outputs mean, if it is not recognised")] = None,
    slice_: Annotated[str | None, typer.Option("--slice", help="Look at tiles of this size: 640x640")] = None,
    overlap: Annotated[float, typer.Option(help="Share of a tile that its neighbour has, too")] = 0.2,
    jpeg_quality: Annotated[int, typer.Option(help="Of pictures sent to a server", min=1, max=100)] = 85,
    send_size: Annotated[int, typer.Option(help="Longest side of pictures sent to a server; 0: as they are")] = 1280,
    in_flight: Annotated[
        int | None, typer.Option(help="Pictures on their way to a server at once  [default: 4, whole files 16]", min=1)
    ] = None,
) -> ModelChoice:
    """Make one object of what was typed.  Raises UsageError."""
    # Heavy, and not needed for --help.
    from livevision.inference.filter import DetectionFilter
    from livevision.inference.slicing import parse_tiles

    return ModelChoice(
        model,
        ModelOptions(
            device=device,
            image_size=_size(imgsz),
            layout=layout,
            tiles=None if slice_ is None else parse_tiles(slice_, overlap),
            jpeg=Jpeg(jpeg_quality, send_size or None),
            in_flight=in_flight or ModelOptions().in_flight,
        ),
        DetectionFilter.parse(conf or 0.25, classes, iou=iou, most=max_det, least_side=min_size),
        in_flight,
    )


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and (height.isdecimal() or not height) and 32 <= int(width) <= 8192):
        raise UsageError(f"--imgsz {text}: a size is one number or two, from 32 on, as in 640 or 1280x736")
    return int(width), int(height or width)


def _one_of(choices: type[E], option: str, word: str) -> E:
    for each in choices:
        if each.value == word.strip().casefold():
            return each
    raise UsageError(f"{option} {word}: it is one of {', '.join(each.value for each in choices)}")
