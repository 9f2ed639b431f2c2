"""The log, as it is kept and as it is looked at."""

import logging
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from livevision.redaction import Redactor, redacted_logging
from livevision.ui.log_lines import LogLines
from livevision.ui.log_view import LogView
from livevision.ui.theme import apply_theme
from livevision.ui.translation import install_translation


@pytest.fixture
def lines() -> LogLines:
    return LogLines(most=50)


@pytest.fixture
def logger(lines: LogLines) -> Iterator[logging.Logger]:
    logger = logging.getLogger("livevision.test_log_view")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(lines)
    yield logger
    logger.removeHandler(lines)
    logger.propagate = True


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot, lines: LogLines, logger: logging.Logger) -> Iterator[LogView]:
    install_translation(qapp, "en")
    view = LogView(lines)
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(view)
    view.show()
    yield view
    view.close()


def shown(view: LogView) -> list[str]:
    return [line.text for line in view.model.shown]


def test_no_password_is_kept(lines: LogLines, logger: logging.Logger) -> None:
    with redacted_logging(Redactor()):
        logger.warning("%s refuses connections", "rtsp://anna:s3cret@door.local/1")
    (line,) = lines.since(0)
    assert line.text == "rtsp://anna:•••@door.local/1 refuses connections"
    assert str(line).endswith("WARNING livevision.test_log_view: " + line.text)


def test_only_the_latest_are_kept_and_long_ones_are_cut(lines: LogLines, logger: logging.Logger) -> None:
    for number in range(120):
        logger.info("line %d", number)
    assert [line.text for line in lines.since(0)] == [f"line {number}" for number in range(70, 120)]
    assert [line.text for line in lines.since(118)] == ["line 118", "line 119"]
    assert lines.since(120) == ()
    logger.info("x" * 100_000)
    assert len(lines.since(120)[0].text) < 10_000


def test_lines_of_many_threads_are_all_there(logger: logging.Logger) -> None:
    many = LogLines(most=1000)
    logger.addHandler(many)
    threads = [
        threading.Thread(target=lambda: [logger.info("from a thread") for _ in range(100)], name=f"logs {number}")
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logger.removeHandler(many)
    assert [line.number for line in many.since(0)] == list(range(400))
    assert many.count == 400


def test_a_traceback_is_below_its_line(logger: logging.Logger, view: LogView) -> None:
    try:
        int("no such thing")
    except ValueError:
        logger.exception("It failed")
    view.fetch()
    assert view.model.index(0, 3).data() == "It failed"
    view.table.setCurrentIndex(view.model.index(0, 0))
    assert "ValueError: invalid literal" in view.details.toPlainText()


def test_lines_stand_apart(logger: logging.Logger, lines: LogLines, view: LogView, qapp: QApplication) -> None:
    apply_theme(qapp)
    logger.info("first")
    other = LogView(lines)
    other.show()
    qapp.processEvents()
    assert other.table.rowHeight(other.model.index(0, 0)) >= other.fontMetrics().height() + 6
    other.close()


def test_it_says_that_there_is_nothing_yet(view: LogView) -> None:
    assert view.count.text() == "0 lines"
    assert not view.copy_all.isEnabled()


def test_new_lines_come_by_themselves(logger: logging.Logger, view: LogView, qtbot: QtBot) -> None:
    logger.info("first")
    assert shown(view) == []
    qtbot.waitUntil(lambda: shown(view) == ["first"])
    assert view.count.text() == "1 line"


def test_old_lines_leave_the_view_too(logger: logging.Logger, lines: LogLines, view: LogView) -> None:
    for number in range(30):
        logger.info("line %d", number)
    view.fetch()
    for number in range(30, 3000):
        logger.info("line %d", number)
        if number % 40 == 0:
            view.fetch()
    view.fetch()
    assert view.model.total <= 2000
    assert view.model.rowCount() == view.model.total
    assert shown(view)[-1] == "line 2999"


def test_level_and_words_choose(logger: logging.Logger, view: LogView, qtbot: QtBot) -> None:
    logger.debug("Door opens")
    logger.warning("door refuses")
    logger.error("disk is full")
    view.fetch()
    qtbot.keyClicks(view.search, "DOOR")
    assert shown(view) == ["Door opens", "door refuses"]
    view.level.setFocus()
    qtbot.keyClick(view.level, Qt.Key.Key_Down)
    qtbot.keyClick(view.level, Qt.Key.Key_Down)
    assert shown(view) == ["door refuses"]
    assert view.count.text() == "1 of 3 lines"
    logger.warning("the door again")
    logger.info("the door, quietly")
    view.fetch()
    assert shown(view) == ["door refuses", "the door again"]
    view.search.setText("garden")
    assert view.count.text() == "None of 5 lines is like that"
    assert not view.copy_all.isEnabled()


def test_level_has_a_word_and_a_sign(logger: logging.Logger, view: LogView) -> None:
    logger.info("fine")
    logger.error("not fine")
    view.fetch()
    assert [view.model.index(row, 1).data() for row in range(2)] == ["Information", "Error"]
    signs = [view.model.index(row, 1).data(Qt.ItemDataRole.DecorationRole) for row in range(2)]
    assert signs[0] is None
    assert not signs[1].isNull()


def test_copying(logger: logging.Logger, view: LogView) -> None:
    for number in range(3):
        logger.info("line %d", number)
    view.fetch()
    assert not view.copy_selected.isEnabled()
    view.copy_all.click()
    assert [line[-6:] for line in QGuiApplication.clipboard().text().split("\n")] == ["line 0", "line 1", "line 2"]
    view.table.setCurrentIndex(view.model.index(1, 0))
    view.copy_selected.click()
    assert QGuiApplication.clipboard().text().endswith("line 1")
    assert "\n" not in QGuiApplication.clipboard().text()


def test_follow_stays_at_the_newest_until_a_line_is_read(logger: logging.Logger, view: LogView) -> None:
    bar = view.table.verticalScrollBar()
    for number in range(40):
        logger.info("line %d", number)
    view.fetch()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    view.table.setCurrentIndex(view.model.index(2, 0))
    assert not view.follow.isChecked()
    here = bar.value()
    for number in range(5):
        logger.info("more %d", number)
    view.fetch()
    assert bar.value() == here < bar.maximum()
    view.follow.setChecked(True)
    assert bar.value() == bar.maximum()
