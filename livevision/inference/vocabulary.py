"""Which classes a detector can find: those that it names, or else those that it has found by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import supervision as sv

    from livevision.inference.detector import Detector


class Vocabulary:
    """Belongs to one detector.  Servers and functions often do not say beforehand what they know.

    Somebody whom nothing can find is never found: who asks for a class gets to know whether that means anything.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._named: tuple[str, ...] | None = None
        self._known: frozenset[str] = frozenset()

    def among(self, wanted: frozenset[str] | None, found: sv.Detections) -> frozenset[str] | None:
        """Return those of ``wanted``, case-folded, that the detector knows, ``found`` included; None, for all, is None.

        Only what was asked for is remembered, however many names a server makes up.
        """
        if wanted is None:
            return None
        named = self._detector.classes
        if named is None:
            self._known |= wanted & {str(name).casefold() for name in found.data.get("class_name", ())}
        elif named is not self._named:
            self._named, self._known = named, frozenset(name.casefold() for name in named)
        return wanted & self._known
