"""The dialog in an app that keeps its passwords to itself."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit
from shiboken6 import isValid

from livevision.app import App
from livevision.ui.add_camera.dialog import AddCameraDialog
from livevision.ui.background import Background

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from livevision.sources.devices import LocalCamera

    OpenDialog = Callable[..., AbstractAsyncContextManager["AddCameraDialog"]]


@pytest.fixture
def dialog(tmp_path: Path) -> OpenDialog:
    """Open the dialog, with these webcams plugged in; everything is ended afterwards."""

    @asynccontextmanager
    async def opened(
        webcams: Sequence[LocalCamera] = (), prepare: Callable[[App], None] = lambda _app: None
    ) -> AsyncIterator[AddCameraDialog]:
        async with App(tmp_path) as app:
            prepare(app)
            background = Background(pytest.fail)
            dialog = AddCameraDialog(app, background, ["/models/nano.onnx"], lambda: webcams)
            try:
                yield dialog
            finally:
                if isValid(dialog):
                    dialog.close()
                await background.aclose()

    return opened


def said(widget: QWidget) -> str:
    """Return all that can be read or heard: texts, names, descriptions, tips, the title."""
    texts = [widget.windowTitle()]
    for each in (widget, *widget.findChildren(QLabel), *widget.findChildren(QAbstractButton)):
        texts += [each.accessibleName(), each.accessibleDescription(), each.toolTip()]
        texts += [each.text()] if isinstance(each, QLabel | QAbstractButton) else []
    for line in widget.findChildren(QLineEdit):
        texts += [line.displayText(), line.accessibleName(), line.placeholderText(), line.toolTip()]
    texts += [box.currentText() for box in widget.findChildren(QComboBox)]
    return "\n".join(texts)
