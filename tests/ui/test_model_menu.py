"""The menu of models."""

from PySide6.QtWidgets import QFileDialog, QMainWindow
from pytestqt.qtbot import QtBot

from livevision.ui.address_dialog import AddressDialog
from livevision.ui.model_menu import ModelMenu


def opened(qtbot: QtBot) -> tuple[QMainWindow, ModelMenu, list[object]]:
    window = QMainWindow()
    qtbot.addWidget(window)
    menu = ModelMenu(window, ("motion", "people"))
    chosen: list[object] = []
    menu.chosen.connect(chosen.append)
    return window, menu, chosen


def ticked(menu: ModelMenu) -> list[str]:
    return [action.text() for action in menu.menu.actions() if action.isChecked()]


def act(menu: ModelMenu, text: str) -> None:
    next(each for each in menu.menu.actions() if each.text() == text).trigger()


def test_a_name_is_chosen_and_none_takes_it_away(qtbot: QtBot) -> None:
    _, menu, chosen = opened(qtbot)
    act(menu, "people")
    assert ticked(menu) == ["people"]
    act(menu, "none")
    assert chosen == ["people", None]
    assert ticked(menu) == ["none"]


def test_what_a_camera_uses_is_ticked_and_kept_for_others(qtbot: QtBot) -> None:
    _, menu, _ = opened(qtbot)
    menu.tick("/models/yolo11n.onnx")
    assert ticked(menu) == ["yolo11n.onnx"]
    menu.tick("motion")
    menu.tick("/models/yolo11n.onnx")
    assert menu.models == [None, "motion", "people", "/models/yolo11n.onnx"]
    assert ticked(menu) == ["yolo11n.onnx"]


def test_only_the_last_few_are_kept(qtbot: QtBot) -> None:
    _, menu, _ = opened(qtbot)
    for number in range(20):
        menu.tick(f"kserve+http://gpu1/{number}")
    assert menu.models[3:] == [f"kserve+http://gpu1/{number}" for number in range(12, 20)]


def test_a_file_is_asked_for_and_chosen(qtbot: QtBot) -> None:
    window, menu, chosen = opened(qtbot)
    act(menu, "Model &file…")
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit("/models/yolo11n.onnx")
    assert chosen == ["/models/yolo11n.onnx"]
    dialog.close()


def test_an_address_is_typed_and_chosen(qtbot: QtBot) -> None:
    window, menu, chosen = opened(qtbot)
    act(menu, "Model on a &server…")
    (dialog,) = window.findChildren(AddressDialog)
    qtbot.keyClicks(dialog.address, "deepstack+http://nas:5000")
    dialog.accept()
    assert chosen == ["deepstack+http://nas:5000"]
