"""Between settings, as they are kept, and what models are run with.

Imported by who opens cameras: reading settings needs none of it.
"""

from __future__ import annotations

from livevision.inference.filter import DetectionFilter
from livevision.inference.options import Jpeg, ModelOptions, Tiles
from livevision.workspace.camera_settings import FilterSettings, ModelSettings, TileSettings


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
