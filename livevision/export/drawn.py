"""What is drawn into a file that is written anew, and who is hidden in it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.cameras import sought_for
from livevision.errors import UsageError
from livevision.inference.vocabulary import Vocabulary
from livevision.overlay import Overlay, PrivacyMask
from livevision.playback.recorded_mask import RecordedMask, is_hidden_already, untold
from livevision.wording import say

if TYPE_CHECKING:
    from pathlib import Path

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.detector import Detector
    from livevision.inference.filter import DetectionFilter
    from livevision.overlay import OverlayStyle
    from livevision.overlay.placed import Size
    from livevision.overlay.traces import Moment
    from livevision.recording.recorded import Recorded


class DrawnByModel:
    """Hides whoever ``detector`` finds and then draws what is wanted, in a file of which it looks at each picture.

    :meth:`draw` is called in the writer's thread.  Raises UsageError where somebody is to be hidden whom the detector
    cannot find; where it does not say what it can find, pictures are hidden as a whole until it has found one.
    """

    def __init__(self, wanted: DetectionFilter, style: OverlayStyle, detector: Detector) -> None:
        hidden = style.hidden.for_files
        self._sought = sought_for(hidden)
        self.asked_for = wanted if self._sought is None else self._sought.also(wanted)
        """What the model has to answer."""
        if self._sought is not None:
            self._sought.check(detector.classes)
        self._wanted = wanted
        self._vocabulary = Vocabulary(detector)
        self._mask = PrivacyMask(hidden)
        self._overlay = Overlay(style)

    def keep(self, detections: sv.Detections) -> sv.Detections:
        """Keep those that are shown or hidden."""
        return self.asked_for.apply(detections)

    def draw(self, image: Image, detections: sv.Detections, frame_size: Size, moment: Moment) -> Image:
        """Draw, as :class:`livevision.recording.annotated.Draw` does."""
        if self._sought is not None:
            unseen, looked_for = self._sought.look(image, moment[1], detections, self._vocabulary)
            if not self._mask.privacy.missing(looked_for):
                self._mask.learn(moment, frame_size, unseen)
            image = self._mask.hide(image, frame_size, moment)
            detections = self._wanted.apply(detections)
        return self._overlay.draw(image, detections, frame_size, moment)


class DrawnFromRecording:
    """Hides and draws from the detections beside a recording, which is ``recorded`` for the writer's thread alone.

    Raises UsageError where they do not tell who is to be hidden.
    """

    def __init__(self, wanted: DetectionFilter, style: OverlayStyle, recorded: Recorded, recording: Path) -> None:
        hidden = style.hidden.for_files
        self._mask: RecordedMask | None = None
        if hidden and not is_hidden_already(hidden, recorded, recording.name):
            if missing := untold(hidden, recorded):
                raise UsageError(
                    say(
                        "{recording}: its detections say nothing of {classes}, who would be seen; "
                        "annotate it with a model that knows them",
                        recording=recording.name,
                        classes=", ".join(missing),
                    )
                )
            self._mask = RecordedMask(hidden, recorded)
        self._wanted = wanted
        self._overlay = Overlay(style)

    def keep(self, detections: sv.Detections) -> sv.Detections:
        """Keep what is wanted."""
        return self._wanted.apply(detections)

    def draw(self, image: Image, detections: sv.Detections, frame_size: Size, moment: Moment) -> Image:
        """Draw, as :class:`livevision.recording.annotated.Draw` does; ``moment`` is the time in the recording."""
        if self._mask is not None:
            image = self._mask.hide(image, frame_size, moment[1])
        return self._overlay.draw(image, detections, frame_size, moment)
