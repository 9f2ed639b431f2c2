"""Who must not be seen in a recording, from the detections that were written beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from livevision.overlay import EVERYTHING, PrivacyMask
from livevision.overlay.privacy_mask import conceal_regions
from livevision.playback.video import SAME
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.frame import Image
    from livevision.overlay import Privacy
    from livevision.overlay.placed import Size
    from livevision.recording.recorded import Recorded


_MOST_TOLD = 1000
"""Results that the mask certainly remembers."""


class RecordedMask:
    """Hides ``privacy`` in the pictures of one recording, in any order; in one thread at a time.

    ``recorded`` is this mask's own, or None where there are no detections.  A picture of which they do not tell is
    hidden as a whole, as :class:`PrivacyMask` does.
    """

    def __init__(self, privacy: Privacy, recorded: Recorded | None) -> None:
        self._privacy = privacy
        self._recorded = recorded
        self._untold = untold(privacy, recorded)
        self._mask = PrivacyMask(privacy)
        self._told = range(0)
        """Which results the mask knows."""

    @property
    def reason(self) -> str:
        """Why the newest picture is hidden as a whole, for the operator; empty where it is not."""
        if self._recorded is None:
            return say("hidden, as nothing was written beside it that tells who is to be seen")
        if self._untold:
            return say("hidden, as the detections beside it say nothing of {classes}", classes=", ".join(self._untold))
        return self._mask.reason

    def hide(self, image: Image, frame_size: Size, seconds: float) -> Image:
        """Conceal in ``image``, a writable BGR array of any size, in place, and return it.

        It is the picture at ``seconds`` in the file, of ``frame_size`` before it was scaled.
        """
        if not self._privacy:
            return image
        if self._recorded is None or self._untold:
            conceal_regions(image, None, frame_size, self._privacy)
            return image
        moment = self._tell(self._recorded, seconds), seconds
        return self._mask.hide(image, frame_size, moment)

    def _tell(self, recorded: Recorded, seconds: float) -> int:
        """Tell the mask all that bears on this moment, and return the moment's generation."""
        reach = 2 * self._privacy.hold
        around = recorded.between(seconds - reach, seconds + reach)
        told = self._told
        if not told.start <= around.start <= told.stop or told.stop - around.start > _MOST_TOLD:
            # A jump, or so far back that the mask may have forgotten it.
            self._mask, told = PrivacyMask(self._privacy), range(around.start, around.start)
        for number in range(told.stop, around.stop):
            self._mask.learn(recorded.moment(number), recorded.header.size, recorded.result(number))
        self._told = range(told.start, max(told.stop, around.stop))
        until = recorded.between(-math.inf, seconds + SAME).stop
        return recorded.moment(max(0, until - 1))[0] if len(recorded) else 0


def untold(privacy: Privacy, recorded: Recorded | None) -> tuple[str, ...]:
    """Return the classes of which the detections of a recording do not tell whether there were any."""
    if recorded is None:
        return tuple(sorted(privacy.classes))
    header = recorded.header
    wanted = None if header.classes is None else {name.casefold() for name in header.classes}
    if EVERYTHING in privacy.classes:
        return () if wanted is None else (EVERYTHING,)
    known = {name.casefold() for name in (header.knows if header.knows is not None else recorded.classes)}
    return tuple(sorted(privacy.classes - (known if wanted is None else known & wanted)))


def is_hidden_already(privacy: Privacy, recorded: Recorded | None, recording: str) -> bool:
    """Tell whether all of these were hidden in the pictures of the file ``recording`` when it was made."""
    if recorded is None:
        return False
    header = recorded.header
    return recording in header.drawn_in and privacy.classes <= {name.casefold() for name in header.hidden}
