"""Which detections are wanted: how sure, of which classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QVBoxLayout

from livevision.ui.panel.class_list import ClassList
from livevision.ui.panel.class_model import ClassRows
from livevision.ui.panel.controls import Level
from livevision.ui.panel.facts import CameraFacts
from livevision.ui.panel.part import Part

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences


class DetectionPart(Part):
    """Confidence, and the list of classes."""

    def __init__(self, editing: Editing) -> None:
        super().__init__(editing)
        self.confidence = Level(self.tr("Least confidence"), 0, 100)
        self.classes = ClassList(self.tr("Classes"))
        self._facts = CameraFacts()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.setSpacing(8)
        title = QLabel(self.tr("Confidence"))
        title.setBuddy(self.confidence)
        layout.addWidget(title)
        layout.addWidget(self.confidence)
        layout.addSpacing(4)
        layout.addWidget(self.classes)
        self.confidence.moved.connect(self._move)
        self.classes.ticked.connect(self._tick)
        self.classes.all_ticked.connect(self._tick_all)
        self.classes.threshold_wanted.connect(self._set_threshold)

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Show what is wanted."""
        self.confidence.put(round(settings.filter.confidence * 100))
        self._show_classes(settings)

    def tell(self, settings: CameraSettings, facts: CameraFacts) -> None:
        """Take the model's classes, and those seen."""
        if (facts.classes, facts.seen) != (self._facts.classes, self._facts.seen):
            self._facts = facts
            self._show_classes(settings)

    def summary(self, settings: CameraSettings) -> str:
        """Return the confidence, and how many classes there are."""
        parts = [f"{settings.filter.confidence * 100:.0f} %"]
        if settings.filter.classes is not None:
            count = len(settings.filter.classes)
            parts.append(self.tr("%n class(es)", "", count) if count != 1 else settings.filter.classes[0])
        return " · ".join(parts)

    def _show_classes(self, settings: CameraSettings) -> None:
        keep = settings.filter
        names = self._listed(settings)
        wanted = names if keep.classes is None else keep.classes
        thresholds = {name.casefold(): round(least * 100) for name, least in keep.class_confidences.items()}
        self.classes.show_rows(ClassRows(names, _folded(wanted), thresholds, _folded(self._facts.seen)))

    def _listed(self, settings: CameraSettings) -> tuple[str, ...]:
        """Return the classes that there are, as far as is known, each once whatever its case."""
        keep, facts = settings.filter, self._facts
        if facts.classes is not None:
            return tuple({name.casefold(): name for name in reversed(facts.classes)}.values())[::-1]
        known = (*(keep.classes or ()), *keep.class_confidences, *sorted(facts.seen))
        return tuple({name.casefold(): name for name in reversed(known)}.values())[::-1]

    def _move(self, percent: int) -> None:
        if self._editing.settings is not None:
            keep = {**dict(self.settings.filter), "confidence": percent / 100}
            self.drag(self.tr("Confidence"), filter=keep)

    def _tick(self, name: str, is_on: bool) -> None:
        rows = self.classes.model.rows
        wanted = rows.wanted | {name.casefold()} if is_on else rows.wanted - {name.casefold()}
        self._want(tuple(each for each in rows.names if each.casefold() in wanted))

    def _tick_all(self, is_on: bool) -> None:
        self._want(self.classes.model.rows.names if is_on else ())

    def _want(self, names: tuple[str, ...]) -> None:
        everything = len(names) == len(self.classes.model.rows.names)
        self._filter(self.tr("Classes"), classes=None if everything else names)

    def _set_threshold(self, name: str, percent: int | None) -> None:
        least = {key: value for key, value in self.settings.filter.class_confidences.items() if not _same(key, name)}
        if percent is not None:
            least[name] = percent / 100
        # With every press of an arrow: the effect is to be seen at once.
        keep = {**dict(self.settings.filter), "class_confidences": least}
        self.drag(self.tr("Confidence of {name}").format(name=name), filter=keep)

    def _filter(self, what: str, **parts: Any) -> None:
        if self._editing.settings is not None:
            self.change(what, filter={**dict(self.settings.filter), **parts})


def _folded(names: tuple[str, ...] | frozenset[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
