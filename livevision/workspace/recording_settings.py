"""How recordings are made: what is usual, and where a camera differs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from livevision.errors import UsageError
from livevision.recording.quality import Quality
from livevision.recording.template import DEFAULT_TEMPLATE, parse_template
from livevision.workspace.settings import FolderPath, Name, Settings

RecordingKind = Literal["annotated", "clean", "both", "soft"]
EncoderName = Literal["libx264", "automatic", "nvenc", "qsv", "vaapi", "videotoolbox"]
LONGEST_PREROLL_S = 60
_SHORTEST_SEGMENT_S = 1
_SMALLEST_SEGMENT = 1_000_000


def _checked(template: str | None) -> str | None:
    if template is not None:
        try:
            parse_template(template)
        except UsageError as error:
            raise ValueError(error.text) from None
    return template


class RecordingDefaults(Settings):
    """How every camera records that says nothing else."""

    kind: RecordingKind = "annotated"
    """Boxes burned in; the camera's own pictures; both; or these with boxes as a track that can be switched off."""
    template: Name = DEFAULT_TEMPLATE
    """What files are called: {camera}, {date}, {time}, {kind}, {number}."""
    quality: Quality = Quality.GOOD
    """Where pictures are encoded."""
    encoder: EncoderName = "libx264"
    """Who encodes."""
    preroll_s: float = Field(default=10, ge=0, le=LONGEST_PREROLL_S)
    """Seconds before the key was pressed that are recorded, too; 0 for none."""
    segment_s: float | None = Field(default=None, ge=_SHORTEST_SEGMENT_S, le=7 * 86_400)
    """A new file after so many seconds; left out: never."""
    segment_bytes: int | None = Field(default=None, ge=_SMALLEST_SEGMENT, le=10**15)
    """A new file after so many bytes; left out: never."""
    csv: bool = False
    """Detections as CSV, too, beside the JSON Lines."""

    _template = field_validator("template")(_checked)


class RecordingSettings(Settings):
    """Where a camera differs from the defaults; what is left out is as there."""

    kind: RecordingKind | None = None
    folder: FolderPath | None = None
    """Left out: the output folder of the preferences."""
    template: Name | None = None
    quality: Quality | None = None
    encoder: EncoderName | None = None
    preroll_s: float | None = Field(default=None, ge=0, le=LONGEST_PREROLL_S)
    segment_s: float | None = Field(default=None, ge=0, le=7 * 86_400)
    """0: never a new file, whatever the default is."""
    segment_bytes: int | None = Field(default=None, ge=0, le=10**15)
    """0: as above."""
    csv: bool | None = None

    _template = field_validator("template")(_checked)

    def over(self, defaults: RecordingDefaults) -> RecordingDefaults:
        """Return ``defaults`` with what this camera says put over them."""
        said = {name: getattr(self, name) for name in RecordingDefaults.model_fields if getattr(self, name) is not None}
        for name in ("segment_s", "segment_bytes"):
            if said.get(name) == 0:
                said[name] = None
        return defaults.but(**said)
