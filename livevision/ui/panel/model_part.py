"""Which model looks at a camera, and how it is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from livevision.ui.address_dialog import MODEL, AddressDialog
from livevision.ui.panel.controls import Choice, words
from livevision.ui.panel.part import Part
from livevision.ui.words import duration, model_name
from livevision.url_secrets import concealed

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.ui.panel.facts import CameraFacts
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences


class ModelPart(Part):
    """A list of models, two ways to others, and below what really runs.

    ``cancel_wanted`` gives up a model that is being loaded, or failed; ``retry_wanted`` loads it once more.
    """

    cancel_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, editing: Editing, built_in: tuple[str, ...]) -> None:
        super().__init__(editing)
        self._built_in = built_in
        self.models = Choice(self.tr("Model"))
        self.browse = QPushButton(self.tr("Open file…"))
        self.server = QPushButton(self.tr("Server address…"))
        self.runs = words("muted")
        self.loading = words()
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(self.tr("The model is being loaded"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAccessibleName(self.tr("Stop loading the model"))
        self.goes_on = words("muted")
        self.retry = QPushButton(self.tr("Try again"))
        self.keep = QPushButton(self.tr("Keep old model"))
        self.notice = words("warning")
        self.trouble = words("bad")
        self._progress = QWidget()
        self._failed = QWidget()
        self._lay_out()
        self.models.chosen.connect(self._choose)
        self.browse.clicked.connect(self._ask_for_file)
        self.server.clicked.connect(self._ask_for_address)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.retry.clicked.connect(self.retry_wanted)
        self.keep.clicked.connect(self.cancel_wanted)

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Offer built-in models, recent ones, and the one that is set."""
        names: dict[str | None, None] = dict.fromkeys((None, *self._built_in, *preferences.recent_models))
        names.setdefault(settings.model)
        self.models.offer((name, self._name(name)) for name in names)
        self.models.put(settings.model)
        self.models.setToolTip(concealed(settings.model or ""))

    def tell(self, settings: CameraSettings, facts: CameraFacts) -> None:
        """Say how the model is doing."""
        self._tell_loading(settings, facts)
        took = "" if facts.inference_s is None else self.tr("{ms:.0f} ms").format(ms=1000 * facts.inference_s)
        parts = " · ".join(filter(None, (facts.runs_on, took)))
        _say(self.runs, self.tr("Runs on {where}").format(where=parts) if facts.runs_on else parts)
        _say(self.notice, facts.notice and f"⚠ {facts.notice}")
        _say(self.trouble, facts.trouble and f"✕ {facts.trouble}")

    def summary(self, settings: CameraSettings) -> str:
        """Return the model's name."""
        return self._name(settings.model)

    def _tell_loading(self, settings: CameraSettings, facts: CameraFacts) -> None:
        loading = self.tr("Loading {model}…").format(model=self._name(facts.loading or None))
        waited = f" {duration(facts.loading_s)}" if facts.loading_s else ""
        self.loading.setText(loading + waited)
        another_runs = bool(facts.running) and facts.running != (facts.loading or settings.model)
        has_failed = bool(facts.trouble) and not facts.loading and facts.running != settings.model
        waits = another_runs and (bool(facts.loading) or has_failed)
        running = self._name(facts.running or None)
        _say(self.goes_on, self.tr("{model} goes on meanwhile.").format(model=running) if waits else "")
        self.keep.setAccessibleName(self.tr("Keep {model}").format(model=running))
        self.keep.setVisible(another_runs)
        self._progress.setVisible(bool(facts.loading))
        self._failed.setVisible(has_failed)

    def _name(self, model: str | None) -> str:
        return self.tr("None") if model is None else model_name(model)

    def _choose(self, model: str | None) -> None:
        self.change(self.tr("Model"), model=model)

    def _ask_for_file(self) -> None:
        files = self.tr("ONNX models (*.onnx);;All files (*)")
        dialog = QFileDialog(self.window(), self.tr("Open a model"), "", files)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._choose)
        dialog.open()

    def _ask_for_address(self) -> None:
        dialog = AddressDialog(MODEL, self.window())
        dialog.address_wanted.connect(self._choose)
        dialog.show()
        dialog.activateWindow()

    def _lay_out(self) -> None:
        others = QHBoxLayout()
        others.setSpacing(8)
        others.addWidget(self.browse, 1)
        others.addWidget(self.server, 1)
        waiting = QHBoxLayout()
        waiting.setSpacing(10)
        waiting.addWidget(self.busy, 1)
        waiting.addWidget(self.cancel)
        progress = QVBoxLayout(self._progress)
        progress.setContentsMargins(0, 0, 0, 0)
        progress.addWidget(self.loading)
        progress.addLayout(waiting)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(self.models)
        layout.addLayout(others)
        after = QHBoxLayout(self._failed)
        after.setContentsMargins(0, 0, 0, 0)
        after.setSpacing(8)
        after.addWidget(self.retry, 1)
        after.addWidget(self.keep, 1)
        # What is said of the model that runs comes after its name, and not after that of the one that is wanted.
        for part in (self._progress, self.trouble, self._failed, self.goes_on, self.runs, self.notice):
            layout.addWidget(part)
        self._progress.hide()
        self._failed.hide()


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
