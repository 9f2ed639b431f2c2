"""Between settings, as they are kept, and what cameras, models and recordings are run with.

Imported by who opens cameras: reading settings needs none of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from livevision.cameras import CameraRequest
from livevision.inference.filter import DetectionFilter
from livevision.inference.options import Jpeg, ModelOptions, Tiles
from livevision.overlay import Concealment, OverlayStyle, Privacy
from livevision.recording.encoders import Encoding, parse_encoder
from livevision.recording.kind import Kind
from livevision.recording.plan import DetectionFiles, RecordingPlan
from livevision.recording.segments import Segmenting
from livevision.recording.template import parse_template
from livevision.sources.registry import AtEnd
from livevision.timing import BoxTiming
from livevision.tracking.identities import TrackerChoice
from livevision.workspace.camera_settings import (
    CameraSettings,
    FilterSettings,
    ModelSettings,
    PrivacySettings,
    TileSettings,
    new_id,
)
from livevision.workspace.overlay_words import overlay_style, overlay_words
from livevision.workspace.preferences import Preferences


def camera_request(settings: CameraSettings, preferences: Preferences) -> CameraRequest:
    """Return what is to be opened.  Raises SettingsError where a word of the overlay is not known."""
    return CameraRequest(
        settings.source,
        settings.model,
        detection_filter(settings.filter),
        model_options(settings.model_options),
        AtEnd.LOOP if settings.at_end == "loop" else AtEnd.STOP,
        tracker(settings),
        BoxTiming(settings.timing),
        style(settings, preferences),
        settings.id,
        settings.name,
    )


def camera_settings(request: CameraRequest) -> CameraSettings:
    """Return what is kept of a camera that was asked for otherwise: on the command line, in a dialog."""
    return CameraSettings(
        id=request.id or new_id(),
        source=request.source,
        name=request.name,
        at_end="loop" if request.at_end is AtEnd.LOOP else "stop",
        model=request.model,
        model_options=model_settings(request.options),
        filter=filter_settings(request.keep),
        tracker="" if request.tracker is TrackerChoice.BYTETRACK else request.tracker.value,
        timing=request.timing.value,
        overlay=overlay_words(request.style),
        privacy=_privacy_settings(request.style.privacy),
    )


def _privacy_settings(privacy: Privacy) -> PrivacySettings | None:
    if not privacy:
        return None
    way: Literal["blur", "pixelate"] = "blur" if privacy.how is Concealment.BLUR else "pixelate"
    return PrivacySettings(classes=tuple(sorted(privacy.classes)), style=way)


def style(settings: CameraSettings, preferences: Preferences) -> OverlayStyle:
    """Return how a camera's pictures are drawn on, and who is hidden.  Raises SettingsError."""
    return overlay_style(settings.overlay, settings.privacy or preferences.privacy)


def tracker(settings: CameraSettings) -> TrackerChoice:
    """Return how a camera's objects get their identities; a word that is not known means the usual way."""
    known = {each.value: each for each in TrackerChoice}
    return known.get(settings.tracker, TrackerChoice.BYTETRACK)


def recording_plan(settings: CameraSettings, preferences: Preferences, output: Path) -> RecordingPlan:
    """Return how a camera is recorded; ``output`` is the folder where neither says one."""
    said = settings.recording.over(preferences.recording)
    folder = settings.recording.folder or preferences.output_folder
    return RecordingPlan(
        Path(folder) if folder else output,
        Kind(said.kind),
        parse_template(said.template),
        Encoding(parse_encoder(said.encoder), said.quality),
        said.preroll_s,
        Segmenting(said.segment_s, said.segment_bytes),
        None,
        DetectionFiles.WITH_CSV if said.csv else DetectionFiles.JSON_LINES,
    )


def detection_filter(settings: FilterSettings) -> DetectionFilter:
    """Return what keeps the wanted detections."""
    return DetectionFilter(
        settings.confidence,
        None if settings.classes is None else frozenset(settings.classes),
        {name.casefold(): least for name, least in settings.class_confidences.items()},
        settings.iou,
        settings.most,
        settings.least_side_px,
    )


def filter_settings(keep: DetectionFilter) -> FilterSettings:
    """Return what :func:`detection_filter` makes ``keep`` of."""
    return FilterSettings(
        confidence=keep.confidence,
        class_confidences=dict(sorted(keep.class_confidences.items())),
        classes=None if keep.classes is None else tuple(sorted(keep.classes)),
        iou=keep.iou,
        most=keep.most,
        least_side_px=keep.least_side,
    )


def model_options(settings: ModelSettings) -> ModelOptions:
    """Return how a model is to be run."""
    tiles = settings.tiles
    return ModelOptions(
        settings.device,
        settings.image_size,
        settings.layout,
        None if tiles is None else Tiles(tiles.width, tiles.height, tiles.overlap),
        Jpeg(settings.jpeg_quality, settings.longest_side or None),
        settings.in_flight,
    )


def model_settings(options: ModelOptions) -> ModelSettings:
    """Return what :func:`model_options` makes ``options`` of."""
    tiles = options.tiles
    return ModelSettings(
        device=options.device,
        image_size=options.image_size,
        layout=options.layout,
        tiles=None if tiles is None else TileSettings(width=tiles.width, height=tiles.height, overlap=tiles.overlap),
        jpeg_quality=options.jpeg.quality,
        longest_side=options.jpeg.longest_side or 0,
        in_flight=options.in_flight,
    )
