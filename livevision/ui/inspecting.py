"""Looking into model files from the window: a dialog, and the work behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from shiboken6 import isValid

from livevision.errors import LivevisionError
from livevision.inference.one_thread import OneThread
from livevision.inference.options import ModelOptions
from livevision.inspection import inspect
from livevision.ui.inspection_dialog import InspectionDialog
from livevision.ui.translation import told
from livevision.wording import text_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from livevision.inspection import ModelReport
    from livevision.ui.background import Background


class Inspecting:
    """Opens a dialog for a file and fills it.  Pictures with boxes go into the folder ``output``."""

    def __init__(self, window: QWidget, background: Background, output: Path) -> None:
        self._window = window
        self._background = background
        self._output = output

    def open(self, file: str) -> InspectionDialog:
        """Show a dialog that says what the model is like, once that is known."""
        dialog = InspectionDialog(Path(file), self._window)
        dialog.picture_chosen.connect(lambda picture: self._start(dialog, Path(file), Path(picture)))
        dialog.show()
        self._start(dialog, Path(file), None)
        return dialog

    def _start(self, dialog: InspectionDialog, file: Path, picture: Path | None) -> None:
        dialog.show_working(file.name)
        name = QCoreApplication.translate("InspectionDialog", "Inspecting the model")
        self._background.start(self._look(dialog, file, picture), name)

    async def _look(self, dialog: InspectionDialog, file: Path, picture: Path | None) -> None:
        # Loading and measuring take seconds, and a thread that nobody else waits for.
        thread = OneThread(f"inspect {file.name}")
        try:
            report = await thread.run(lambda: self._inspect(file, picture))
        except (LivevisionError, OSError) as error:
            if isValid(dialog):
                dialog.show_failure(told(text_of(error)))
        else:
            if isValid(dialog):
                dialog.show_report(report)
        finally:
            await thread.aclose()

    def _inspect(self, file: Path, picture: Path | None) -> ModelReport:
        if picture is not None:
            self._output.mkdir(parents=True, exist_ok=True)
        return inspect(file, picture, ModelOptions(), self._output)
