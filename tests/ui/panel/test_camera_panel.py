"""The panel of a camera, used with mouse and keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from livevision.overlay import Annotator, ColourBy
from livevision.timing import BoxTiming
from livevision.ui.address_dialog import AddressDialog
from livevision.ui.panel.camera_panel import CameraPanel
from livevision.ui.panel.class_list import ClassList
from livevision.ui.panel.facts import CameraFacts
from livevision.ui.panel.part import Part
from livevision.ui.theme import apply_theme
from livevision.workspace.camera_settings import CameraSettings, FilterSettings, PrivacySettings
from livevision.workspace.history import History
from livevision.workspace.preferences import Preferences

CLASSES = ("person", "bicycle", "car", "motorcycle", "bus", "train", "truck")
MANY = (*CLASSES, "bench", "bird", "cat", "dog", "horse", "sheep", "cow")
SETTINGS = CameraSettings(id="a1", source="rtsp://cam/1", name="Front door", model="motion")
FACTS = CameraFacts(CLASSES, frozenset(), "CPU", 0.0143)


class Operator:
    """A panel, and the one who keeps the settings: with a history, as the window does."""

    def __init__(self, panel: CameraPanel) -> None:
        self.panel = panel
        self.history = History(SETTINGS)
        self.facts = FACTS
        self.told: list[tuple[CameraSettings, str]] = []
        panel.changed.connect(self._changed)
        self.show()

    @property
    def now(self) -> CameraSettings:
        return self.history.now

    @property
    def filter(self) -> FilterSettings:
        return self.history.now.filter

    def show(self) -> None:
        self.panel.show_camera(self.now, self.facts)

    def undo(self) -> None:
        self.history = self.history.undone()
        self.show()

    def open(self, part: Part) -> None:
        header = self.panel.sections[part].header
        if not header.isChecked():
            QTest.mouseClick(header, Qt.MouseButton.LeftButton)
        assert part.isVisible()

    def _changed(self, settings: CameraSettings, what: str, gesture: object) -> None:
        self.told.append((settings, what))
        self.history = self.history.adjusted(settings, what, gesture)
        self.show()


@pytest.fixture(scope="module", autouse=True)
def theme(qapp: QApplication) -> None:
    apply_theme(qapp)


@pytest.fixture
def operator(qtbot: QtBot) -> Operator:
    panel = CameraPanel(("motion", "people", "faces"))
    qtbot.addWidget(panel)
    panel.resize(320, 800)
    panel.set_preferences(Preferences(recent_models=("/models/yolox_nano.onnx",)))
    operator = Operator(panel)
    panel.show()
    qtbot.waitExposed(panel)
    return operator


def listed(classes: ClassList) -> list[str]:
    return [classes.order.index(row, 0).data() for row in range(classes.order.rowCount())]


def cell(classes: ClassList, name: str, column: int) -> QPoint:
    index = classes.order.index(listed(classes).index(name), column)
    classes.view.scrollTo(index)
    room = classes.view.visualRect(index)
    return QPoint(room.left() + 11, room.center().y()) if column == 0 else room.center()


def click(classes: ClassList, name: str, column: int = 0) -> None:
    QTest.mouseClick(classes.view.viewport(), Qt.MouseButton.LeftButton, pos=cell(classes, name, column))


def drag(widget: QWidget, start: QPoint, end: QPoint, steps: int) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, steps + 1):
        QTest.mouseMove(widget, start + (end - start) * step / steps)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def grabbed(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].copy()


def test_nothing_chosen_says_what_to_do(qtbot: QtBot) -> None:
    panel = CameraPanel(("motion",))
    qtbot.addWidget(panel)
    panel.show()
    assert panel.empty.isVisible()
    assert "Choose a camera" in panel.empty.text()
    assert panel.settings is None


def test_showing_tells_nothing(operator: Operator) -> None:
    everything = SETTINGS.but(
        model="people",
        filter={"confidence": 0.5, "classes": ("car",), "iou": 0.4, "least_side_px": 12.5, "most": 7},
        timing="aligned",
        tracker="sort",
        overlay={"annotators": ("dot",), "thickness": 2.0, "colour": "#112233"},
        privacy={"classes": ("person",), "style": "pixelate"},
        recording={"kind": "both", "folder": "/videos", "preroll_s": 3, "segment_s": 600},
        view={"rotate": 90, "mirror": True, "fit": "fill", "boxes": False, "monitor": "full"},
    )
    for settings in (everything, SETTINGS, SETTINGS.but(id="b2"), everything):
        operator.panel.show_camera(settings, FACTS)
        operator.panel.flush()
        assert operator.panel.settings == settings
    assert operator.told == []


def test_dragging_the_confidence_is_seen_at_once_and_one_undo_takes_it_back(operator: Operator, qtbot: QtBot) -> None:
    level = operator.panel.detections.confidence
    slider = level.slider
    handle = QPoint(round(slider.width() * 0.25), slider.height() // 2)
    drag(slider, handle, QPoint(round(slider.width() * 0.8), slider.height() // 2), steps=40)
    qtbot.waitUntil(lambda: operator.filter.confidence == level.value / 100)
    assert 0.7 < operator.filter.confidence < 0.9
    assert level.number.value() == level.value
    assert 1 < len(operator.told) < 20  # at once, but not for every pixel
    assert {what for _, what in operator.told} == {"Confidence"}
    assert operator.panel.sections[operator.panel.detections].header.summary == f"{level.value} %"
    operator.undo()
    assert level.value == 25
    assert operator.now == SETTINGS


def test_a_refill_with_what_was_told_before_does_not_pull_a_slider_back(operator: Operator) -> None:
    level = operator.panel.detections.confidence
    level.slider.setValue(40)
    told = operator.now
    level.slider.setValue(60)
    assert operator.now is told  # the second step waits
    operator.facts = replace(FACTS, inference_s=0.02)
    operator.show()
    assert level.value == 60
    operator.panel.flush()
    assert operator.filter.confidence == 0.6


def test_the_last_step_of_a_drag_belongs_to_its_own_camera(operator: Operator) -> None:
    level = operator.panel.detections.confidence
    level.slider.setValue(40)
    level.slider.setValue(60)
    operator.panel.show_camera(SETTINGS.but(id="b2"), FACTS)
    assert [(settings.id, settings.filter.confidence) for settings, _ in operator.told] == [("a1", 0.4), ("a1", 0.6)]


def test_a_confidence_is_typed(operator: Operator) -> None:
    number = operator.panel.detections.confidence.number
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "73")
    assert operator.told == []  # 7 % was not meant
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert operator.filter.confidence == 0.73


def test_what_is_being_typed_survives_another_change(operator: Operator) -> None:
    operator.open(operator.panel.recording)
    number, folder = operator.panel.detections.confidence.number, operator.panel.recording.folder
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "7")
    QTest.keyClicks(folder, "/vid")
    operator.history = operator.history.changed(operator.now.but(timing="aligned"), "Timing")
    operator.show()
    assert number.text() == "7 %"
    assert folder.text() == "/vid"
    assert folder.cursorPosition() == 4


def test_a_class_is_unticked_and_the_rest_stay(operator: Operator) -> None:
    classes = operator.panel.detections.classes
    click(classes, "bicycle")
    assert operator.filter.classes == ("person", "car", "motorcycle", "bus", "train", "truck")
    click(classes, "bicycle")
    assert operator.filter.classes is None  # all, those that another model knows too
    QTest.mouseClick(classes.none, Qt.MouseButton.LeftButton)
    assert operator.filter.classes == ()
    click(classes, "car")
    assert operator.filter.classes == ("car",)
    QTest.mouseClick(classes.all, Qt.MouseButton.LeftButton)
    assert operator.filter.classes is None


def test_space_ticks_the_class_that_has_the_focus(operator: Operator) -> None:
    view = operator.panel.detections.classes.view
    view.setFocus()
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert operator.filter.classes is not None
    assert "bicycle" not in operator.filter.classes


def test_classes_that_are_seen_come_first_and_what_is_chosen_stays_chosen(operator: Operator) -> None:
    classes = operator.panel.detections.classes
    classes.view.setCurrentIndex(classes.order.index(1, 0))
    operator.facts = replace(FACTS, seen=frozenset({"Truck"}))
    operator.show()
    assert listed(classes)[:3] == ["truck", "person", "bicycle"]
    assert classes.view.currentIndex().data() == "bicycle"


def test_a_long_list_is_searched(operator: Operator) -> None:
    classes = operator.panel.detections.classes
    assert not classes.search.isVisible()
    operator.facts = replace(FACTS, classes=MANY)
    operator.show()
    assert classes.search.isVisible()
    QTest.keyClicks(classes.search, "bi")
    assert listed(classes) == ["bicycle", "bird"]
    click(classes, "bird")
    assert operator.filter.classes == tuple(name for name in MANY if name != "bird")
    classes.search.clear()
    assert listed(classes) == list(MANY)


def test_a_class_gets_a_threshold_of_its_own_and_loses_it(operator: Operator, qtbot: QtBot) -> None:
    classes = operator.panel.detections.classes
    click(classes, "car", column=1)
    editor = classes.view.findChild(QSpinBox)
    QTest.keyClicks(editor, "60")
    operator.facts = replace(FACTS, seen=frozenset({"truck"}))  # meanwhile
    operator.show()
    operator.history = operator.history.changed(operator.now.but(filter={"most": 9, "classes": ("car",)}), "Other")
    operator.show()
    assert editor.text() == "60 %"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: operator.filter.class_confidences == {"car": 0.6})
    assert classes.order.index(listed(classes).index("car"), 1).data() == "60 %"
    operator.panel.detections.classes.model.setData(classes.model.index(2, 1), None)
    operator.panel.flush()
    assert operator.filter.class_confidences == {}


def test_a_model_that_does_not_say_its_classes_lists_those_seen(operator: Operator) -> None:
    classes = operator.panel.detections.classes
    operator.facts = CameraFacts(None, frozenset())
    operator.show()
    assert classes.empty.isVisible()
    operator.facts = CameraFacts(None, frozenset({"cat"}))
    operator.show()
    assert listed(classes) == ["cat"]
    assert not classes.empty.isVisible()


def test_the_swatch_has_the_colour_of_the_boxes(operator: Operator) -> None:
    pixels = grabbed(operator.panel.detections.classes.view.viewport()).reshape(-1, 3)
    assert (pixels == (0x00, 0x9F, 0xE6)).all(axis=1).sum() > 60  # person: orange, as BGR


def test_a_model_is_chosen_from_the_list(operator: Operator) -> None:
    models = operator.panel.model.models
    assert [models.itemText(row) for row in range(models.count())] == [
        "None",
        "motion",
        "people",
        "faces",
        "yolox_nano.onnx",
    ]
    models.setFocus()
    QTest.keyClick(models, Qt.Key.Key_End)
    assert operator.now.model == "/models/yolox_nano.onnx"
    QTest.keyClick(models, Qt.Key.Key_Home)
    assert operator.now.model is None


def test_an_address_is_typed_and_its_key_not_shown(operator: Operator) -> None:
    QTest.mouseClick(operator.panel.model.server, Qt.MouseButton.LeftButton)
    dialog = operator.panel.window().findChild(AddressDialog)
    QTest.keyClicks(dialog.address, "roboflow+http://gpu1:9001/street/3?api_key=secret77")
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    assert operator.now.model == "roboflow+http://gpu1:9001/street/3?api_key=secret77"
    models = operator.panel.model.models
    assert "gpu1:9001" in models.currentText()
    assert "secret77" not in models.currentText() + models.toolTip() + repr(operator.panel)


def test_loading_is_shown_and_can_be_cancelled(operator: Operator, qtbot: QtBot) -> None:
    model = operator.panel.model
    assert model.runs.text() == "Runs on CPU · 14 ms"
    assert not model.busy.isVisible()
    operator.facts = CameraFacts(loading="/models/yolo11n.onnx", trouble="gpu1 does not answer", notice="on the CPU")
    operator.show()
    assert model.busy.isVisible()
    assert model.loading.text() == "Loading yolo11n.onnx…"
    assert "gpu1 does not answer" in model.trouble.text()
    assert "on the CPU" in model.notice.text()
    assert not model.goes_on.isVisible()
    with qtbot.waitSignal(operator.panel.cancel_wanted):
        QTest.mouseClick(model.cancel, Qt.MouseButton.LeftButton)


def test_what_is_loaded_says_for_how_long_and_what_goes_on(operator: Operator) -> None:
    model = operator.panel.model
    operator.facts = CameraFacts(loading="/models/yolo11n.onnx", loading_s=75, running="people", runs_on="CPU")
    operator.show()
    assert model.loading.text() == "Loading yolo11n.onnx… 1 min"
    assert model.goes_on.text() == "people goes on meanwhile."
    QApplication.processEvents()
    # It is people that runs there.
    assert model.goes_on.geometry().bottom() < model.runs.geometry().top()
    assert not model.keep.isVisible()


def test_a_model_that_failed_can_be_tried_again_or_left(operator: Operator, qtbot: QtBot) -> None:
    model = operator.panel.model
    # The model that is set works, and has some trouble now and then: nothing to be tried again.
    operator.facts = CameraFacts(running="motion", trouble="motion: too dark")
    operator.show()
    assert model.trouble.isVisible()
    assert not model.retry.isVisible()
    operator.facts = CameraFacts(running="people", trouble="motion cannot be loaded")
    operator.show()
    assert model.goes_on.text() == "people goes on meanwhile."
    with qtbot.waitSignal(operator.panel.retry_wanted):
        QTest.mouseClick(model.retry, Qt.MouseButton.LeftButton)
    assert model.keep.accessibleName() == "Keep people"
    with qtbot.waitSignal(operator.panel.cancel_wanted):
        QTest.mouseClick(model.keep, Qt.MouseButton.LeftButton)
    operator.facts = CameraFacts(trouble="motion cannot be loaded")
    operator.show()
    assert (model.retry.isVisible(), model.keep.isVisible(), model.goes_on.isVisible()) == (True, False, False)


def test_each_tick_is_undone_by_itself(operator: Operator) -> None:
    classes = operator.panel.detections.classes
    for name in ("person", "car"):
        click(classes, name)
    left = operator.filter.classes
    assert left is not None
    assert "person" not in left
    assert "car" not in left
    operator.undo()
    assert operator.filter.classes is not None
    assert "car" in operator.filter.classes
    assert "person" not in operator.filter.classes
    operator.undo()
    assert operator.filter.classes is None


def test_two_drags_are_two_steps(operator: Operator, qtbot: QtBot) -> None:
    slider = operator.panel.detections.confidence.slider
    middle = slider.rect().center()
    before = operator.filter.confidence
    levels = [before]
    for across in (40, -60):
        drag(slider, middle, middle + QPoint(across, 0), 8)
        operator.panel.flush()
        levels.append(operator.filter.confidence)
        operator.panel.editing._rest.timeout.emit()  # a second later
    assert len(set(levels)) == 3
    operator.undo()
    assert operator.filter.confidence == levels[1]
    operator.undo()
    assert operator.filter.confidence == before


def test_a_rest_with_the_button_held_is_no_end(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    level = operator.panel.detections.confidence
    before = operator.filter.confidence
    level.slider.setValue(40)
    monkeypatch.setattr("livevision.ui.panel.editing.QGuiApplication.mouseButtons", lambda: Qt.MouseButton.LeftButton)
    operator.panel.editing._rest.timeout.emit()
    level.slider.setValue(60)
    operator.panel.flush()
    operator.undo()
    assert operator.filter.confidence == before


def test_a_threshold_works_with_every_press_of_an_arrow(operator: Operator, qtbot: QtBot) -> None:
    classes = operator.panel.detections.classes
    click(classes, "car", 1)
    box = classes.view.findChild(QSpinBox)
    assert box is not None
    QTest.keyClicks(box, "40")
    assert operator.filter.class_confidences == {}, "not every digit is meant"
    QTest.keyClick(box, Qt.Key.Key_Up)
    operator.panel.flush()
    assert operator.filter.class_confidences == {"car": 0.41}
    QTest.keyClick(box, Qt.Key.Key_Up)
    operator.panel.flush()
    assert operator.filter.class_confidences == {"car": 0.42}
    assert box.isVisible()
    QTest.keyClick(box, Qt.Key.Key_Return)
    operator.undo()
    assert operator.filter.class_confidences == {}


def test_limits_are_set(operator: Operator) -> None:
    limits = operator.panel.limits
    operator.open(limits)
    assert limits.overlap.text() == "as the model has it"
    for box, typed in ((limits.least_side, "12"), (limits.overlap, "45"), (limits.most, "20")):
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, typed)
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert (operator.filter.least_side_px, operator.filter.iou, operator.filter.most) == (12, 0.45, 20)


def test_timing_is_chosen_with_the_mouse_and_with_arrows(operator: Operator) -> None:
    timing = operator.panel.timing
    operator.open(timing)
    QTest.mouseClick(timing.timing.segment(BoxTiming.ALIGNED), Qt.MouseButton.LeftButton)
    assert operator.now.timing == "aligned"
    assert "waits for its own boxes" in timing.meaning.text()
    QTest.keyClick(timing.timing.segment(BoxTiming.ALIGNED), Qt.Key.Key_Right)
    assert operator.now.timing == "as-they-come"
    operator.undo()
    assert timing.timing.value is BoxTiming.ALIGNED
    operator.undo()
    assert timing.timing.value is BoxTiming.LIVE
    timing.tracker.setFocus()
    QTest.keyClick(timing.tracker, Qt.Key.Key_Down)
    assert operator.now.tracker == "off"


def test_looks_are_chosen(operator: Operator) -> None:
    looks = operator.panel.looks
    operator.open(looks)
    QTest.mouseClick(looks.annotators[Annotator.TRACE], Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    QTest.mouseClick(looks.annotators[Annotator.BOX], Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert operator.now.overlay == {"annotators": ("keypoints", "label", "mask", "oriented-box", "trace")}
    looks.thickness.slider.setValue(150)
    assert operator.now.overlay["thickness"] == 1.5
    assert not looks.colour.isVisible()
    QTest.mouseClick(looks.colour_by.segment(ColourBy.ONE), Qt.MouseButton.LeftButton)
    assert operator.now.overlay["colour"] == "#E69F00"
    assert looks.colour.isVisible()


def test_all_annotators_can_be_chosen_and_none(operator: Operator) -> None:
    assert set(operator.panel.looks.annotators) == set(Annotator)
    for box in operator.panel.looks.annotators.values():
        box.setChecked(False)
    assert operator.now.overlay == {"annotators": ("none",)}
    operator.panel.show_camera(SETTINGS, FACTS)
    operator.show()
    assert not any(box.isChecked() for box in operator.panel.looks.annotators.values())


def test_looks_that_nobody_understands_are_said_and_shown_as_usual(operator: Operator) -> None:
    operator.open(operator.panel.looks)
    operator.panel.show_camera(SETTINGS.but(overlay={"annotators": ("bocks",)}), FACTS)
    assert "bocks" in operator.panel.looks.trouble.text()
    assert operator.panel.looks.trouble.isVisible()
    assert operator.panel.looks.annotators[Annotator.BOX].isChecked()


def test_privacy_follows_the_preferences_until_it_is_changed(operator: Operator) -> None:
    privacy = operator.panel.privacy
    operator.open(privacy)
    operator.panel.set_preferences(Preferences(privacy=PrivacySettings(classes=("face",), style="pixelate")))
    assert privacy.style_choice.value == "pixelate"
    assert listed(privacy.classes)[0] == "face"
    assert operator.told == []
    click(privacy.classes, "person")
    assert operator.now.privacy == PrivacySettings(classes=("face", "person"), style="pixelate")
    QTest.mouseClick(privacy.usual, Qt.MouseButton.LeftButton)
    assert operator.now.privacy is None


def test_whatever_moves_is_hidden_at_a_tick(operator: Operator) -> None:
    privacy, timing = operator.panel.privacy, operator.panel.timing
    operator.open(privacy)
    assert "waits" not in timing.meaning.text()
    privacy.picker.whatever_moves.click()
    assert operator.now.privacy is not None
    assert operator.now.privacy.classes == ("whatever moves",)
    assert privacy.picker.whatever_moves.isChecked()
    assert "whatever moves" not in listed(privacy.classes), "it is no class"
    click(privacy.classes, "person")
    assert operator.now.privacy.classes == ("person", "whatever moves")
    assert "whatever is chosen here" in timing.meaning.text()
    assert "is seen" in privacy.picker.promise.text()
    assert privacy.picker.unknown.text() == ""
    privacy.picker.whatever_moves.click()
    assert operator.now.privacy.classes == ("person",)


def test_recording_differs_from_the_preferences_only_where_it_is_said(operator: Operator) -> None:
    recording = operator.panel.recording
    operator.open(recording)
    assert recording.kind.currentText() == "Usual (with boxes)"
    assert recording.preroll.text() == "Usual (10 s)"
    recording.kind.setFocus()
    QTest.keyClick(recording.kind, Qt.Key.Key_End)
    recording.segment.setFocus()
    recording.segment.selectAll()
    QTest.keyClicks(recording.segment, "10")
    QTest.keyClick(recording.segment, Qt.Key.Key_Return)
    QTest.keyClicks(recording.folder, "/videos/door")
    QTest.keyClick(recording.folder, Qt.Key.Key_Return)
    assert operator.now.recording.model_dump(exclude_defaults=True) == {
        "kind": "soft",
        "segment_s": 600.0,
        "folder": "/videos/door",
    }


def test_the_picture_is_turned_and_mirrored(operator: Operator) -> None:
    view = operator.panel.view
    operator.open(view)
    QTest.mouseClick(view.rotate.segment(180), Qt.MouseButton.LeftButton)
    QTest.mouseClick(view.mirror, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    QTest.mouseClick(view.fit.segment("fill"), Qt.MouseButton.LeftButton)
    assert (operator.now.view.rotate, operator.now.view.mirror, operator.now.view.fit) == (180, True, "fill")
    assert operator.panel.sections[view].header.summary == "180°, mirrored"


def test_what_the_settings_refuse_is_said_and_shown_as_it_was(operator: Operator) -> None:
    recording = operator.panel.recording
    operator.open(recording)
    recording.folder.setText("/" + "x" * 5000)
    QTest.keyClick(recording.folder, Qt.Key.Key_Return)
    assert operator.told == []
    assert operator.panel.refused.isVisible()
    assert operator.panel.refused.text()


def test_a_wheel_that_passes_by_changes_nothing(operator: Operator) -> None:
    slider = operator.panel.detections.confidence.slider
    operator.panel.setFocus()

    def turn() -> None:
        centre = QPointF(slider.rect().center())
        turned = QWheelEvent(
            centre,
            slider.mapToGlobal(centre),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(slider, turned)

    turn()
    assert slider.value() == 25
    slider.setFocus()
    turn()
    assert slider.value() > 25


def test_sections_fold_with_the_keyboard(operator: Operator) -> None:
    header = operator.panel.sections[operator.panel.view].header
    header.setFocus()
    QTest.keyClick(header, Qt.Key.Key_Space)
    assert operator.panel.view.isVisible()
    QTest.keyClick(header, Qt.Key.Key_Space)
    assert not operator.panel.view.isVisible()


def test_tab_reaches_the_controls_in_their_order(operator: Operator) -> None:
    panel = operator.panel
    panel.sections[panel.model].header.setFocus()
    reached = []
    for _ in range(8):
        QTest.keyClick(panel.focusWidget() or panel, Qt.Key.Key_Tab)
        reached.append(panel.focusWidget())
    assert reached[:3] == [panel.model.models, panel.model.browse, panel.model.server]
    assert panel.detections.confidence.slider in reached


def test_nothing_is_cut_at_the_narrowest(operator: Operator) -> None:
    panel = operator.panel
    for section in panel.sections.values():
        section.set_open(True)
    operator.facts = CameraFacts(MANY, frozenset(), "CUDA", 0.005, "", "A long trouble " * 8, "A long notice " * 8)
    operator.show()
    panel.resize(320, 800)
    QApplication.processEvents()
    for part in panel.sections:
        assert part.minimumSizeHint().width() <= part.width(), type(part).__name__


class Longer(QTranslator):
    """A language whose words are half as long again."""

    def translate(self, _context: str, text: str, _comment: str = "", _number: int = -1) -> str:
        return text + "en" * (len(text) // 4)

    def isEmpty(self) -> bool:  # noqa: N802
        return False


def test_nothing_is_cut_where_words_are_longer(qtbot: QtBot, qapp: QApplication) -> None:
    longer = Longer()
    qapp.installTranslator(longer)
    try:
        panel = CameraPanel(("motion", "people"))
    finally:
        qapp.removeTranslator(longer)
    qtbot.addWidget(panel)
    operator = Operator(panel)
    operator.facts = CameraFacts(MANY, trouble="It does not work", running="people")
    operator.show()
    panel.show()
    for section in panel.sections.values():
        section.set_open(True)
    panel.resize(100, 600)
    # It is as wide as it has to be.
    qtbot.waitUntil(lambda: panel.width() > 300)
    for part in panel.sections:
        assert part.mapTo(panel, part.rect().topRight()).x() <= panel.width(), type(part).__name__
        assert part.minimumSizeHint().width() <= part.width(), type(part).__name__


def test_everything_has_a_name_for_screen_readers(operator: Operator) -> None:
    for part in operator.panel.sections:
        for control in part.findChildren(QWidget):
            is_inner = control.parent().inherits("QAbstractSpinBox") or control.window() is not operator.panel
            if control.focusPolicy() & Qt.FocusPolicy.TabFocus and not is_inner:
                words = control.text() if isinstance(control, QAbstractButton) else ""
                assert control.accessibleName() or words, f"{type(part).__name__}: {control}"
