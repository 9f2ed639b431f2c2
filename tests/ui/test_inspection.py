"""A look into a model file, from the window."""

from pathlib import Path

import cv2
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from livevision.ui.background import Background
from livevision.ui.inspecting import Inspecting
from tests.fakes.cameras import until
from tests.fakes.onnx_models import ultralytics
from tests.fakes.seeing_models import picture_with, ultralytics_rtdetr
from tests.ui.test_main_window import OnQt
from tests.ui.test_video_view import grabbed

NAMES = {"names": str({0: "ripe", 1: "green", 2: "leaf", 3: "soil"})}


def test_a_model_is_explained_and_tried_on_a_picture(on_qt: OnQt, tmp_path: Path, qtbot: QtBot) -> None:
    model = ultralytics_rtdetr(tmp_path / "m.onnx", [0.9, 0.1, 0.0, 0.0], (640, 640), metadata=ultralytics() | NAMES)
    picture = tmp_path / "yard.png"
    cv2.imwrite(str(picture), picture_with((300, 120, 700, 360), (1280, 720)))

    async def scenario() -> None:
        background = Background(pytest.fail)
        dialog = Inspecting(None, background, tmp_path / "out").open(str(model))  # type: ignore[arg-type]
        assert "takes some seconds" in dialog.words
        await until(lambda: "m.onnx can be used as it is." in dialog.words)
        for words in (
            "images float32[1,3,640,640]",
            "ultralytics-rtdetr",
            "ripe, green, leaf, soil",
            "of it the model",
        ):
            assert words in dialog.words
        assert not dialog.picture.isVisible()
        dialog.picture_chosen.emit(str(picture))
        await until(dialog.picture.isVisible)
        assert "ripe 90 %" in dialog.words
        labels = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
        assert {"Takes", "Layout", "Runs on", "Found"} <= set(labels)
        assert labels.count("Found") == labels.count("Says") == 1
        # The bright rectangle in the middle of the picture, seen in the dialog.
        seen = grabbed(dialog.picture)
        height, width = seen.shape[:2]
        assert seen[int(height * 240 / 720), int(width * 500 / 1280)].min() > 200
        dialog.close()
        await background.aclose()

    on_qt(scenario())


def test_a_file_that_is_no_model_is_said_in_the_dialog(on_qt: OnQt, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "broken.onnx"
    file.write_bytes(b"no model")

    async def scenario() -> None:
        background = Background(pytest.fail)
        dialog = Inspecting(None, background, tmp_path).open(str(file))  # type: ignore[arg-type]
        await until(lambda: "broken.onnx is no model" in dialog.words)
        dialog.close()
        await background.aclose()

    on_qt(scenario())


def test_closing_the_dialog_early_harms_nothing(on_qt: OnQt, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "broken.onnx"
    file.write_bytes(b"no model")

    async def scenario() -> None:
        background = Background(pytest.fail)
        Inspecting(None, background, tmp_path).open(str(file)).close()  # type: ignore[arg-type]
        await background.aclose()

    on_qt(scenario())
