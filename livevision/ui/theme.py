"""Colours, palettes and the style sheet of the windows: dark, light, or as the system is."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

# These objects stay the same and change their values with the theme: who paints with them is always right.  Around
# video it is dark in both: light beside a picture changes how the picture looks.
BACKGROUND = QColor()
SURFACE = QColor()
RAISED = QColor()
BORDER = QColor()
TEXT = QColor()
MUTED = QColor()
FAINT = QColor()
"""For what is disabled."""
ACCENT = QColor()
ON_ACCENT = QColor()
GOOD = QColor()
WARNING = QColor()
BAD = QColor()
VIDEO = QColor("#101216")
"""Around pictures."""
ON_VIDEO = QColor("#e9ecf1")
"""Words over pictures, which are dimmed then."""
ON_VIDEO_MUTED = QColor("#b6bfcc")


class Theme(Enum):
    """What the windows look like."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


# Words have a contrast of 4.5:1 and more on every ground that they stand on (WCAG 2.2, 1.4.3); a test computes it.
_COLOURS = {
    Theme.DARK: {
        "BACKGROUND": "#101216",
        "SURFACE": "#181b21",
        "RAISED": "#22262f",
        "BORDER": "#313743",
        "TEXT": "#e9ecf1",
        "MUTED": "#9aa4b5",
        "FAINT": "#6b7482",
        "ACCENT": "#5ab0ff",
        "ON_ACCENT": "#08121c",
        "GOOD": "#4fd08a",
        "WARNING": "#ffb454",
        "BAD": "#ff6b6b",
    },
    Theme.LIGHT: {
        "BACKGROUND": "#f2f4f7",
        "SURFACE": "#ffffff",
        "RAISED": "#e9edf2",
        "BORDER": "#c8d0db",
        "TEXT": "#161b22",
        "MUTED": "#4e5868",
        "FAINT": "#8a94a3",
        "ACCENT": "#0a5cb8",
        "ON_ACCENT": "#ffffff",
        "GOOD": "#0b6b38",
        "WARNING": "#8a4b00",
        "BAD": "#b3202a",
    },
}
NAMES = tuple(_COLOURS[Theme.DARK])
_LETTERS = 13
"""Logical pixels."""


class _Changes(QObject):
    """Tells those who keep pictures in the theme's colours."""

    changed = Signal()


changes = _Changes()


def apply_theme(app: QApplication, theme: Theme = Theme.DARK) -> None:
    """Dress the whole application; again whenever it is to look different."""
    for name, value in _COLOURS[_meant(app, theme)].items():
        globals()[name].setRgba(QColor(value).rgba())
    if not app.styleSheet():
        _dress_once(app)
    app.setPalette(_palette())
    if (sheet := _style()) != app.styleSheet():
        app.setStyleSheet(sheet)
    changes.changed.emit()


def _dress_once(app: QApplication) -> None:
    # With a style sheet Qt's own style stands before this one and hides its name; both take 100 ms for nine cameras.
    app.setStyle("Fusion")
    # Where it is installed: its figures all have one width, so that numbers do not jump.
    font = QFont(["Inter", *app.font().families()])
    # Not by the style sheet, which would make a font for each widget anew: half as long again.
    font.setPixelSize(_LETTERS)
    app.setFont(font)


def _meant(app: QApplication, theme: Theme) -> Theme:
    if theme is not Theme.SYSTEM:
        return theme
    return Theme.LIGHT if app.styleHints().colorScheme() is Qt.ColorScheme.Light else Theme.DARK


def _palette() -> QPalette:
    palette = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: BACKGROUND,
        QPalette.ColorRole.WindowText: TEXT,
        QPalette.ColorRole.Base: SURFACE,
        QPalette.ColorRole.AlternateBase: RAISED,
        QPalette.ColorRole.Text: TEXT,
        QPalette.ColorRole.PlaceholderText: MUTED,
        QPalette.ColorRole.Button: RAISED,
        QPalette.ColorRole.ButtonText: TEXT,
        QPalette.ColorRole.Highlight: ACCENT,
        QPalette.ColorRole.HighlightedText: ON_ACCENT,
        QPalette.ColorRole.ToolTipBase: RAISED,
        QPalette.ColorRole.ToolTipText: TEXT,
        QPalette.ColorRole.Link: ACCENT,
    }.items():
        palette.setColor(role, colour)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, FAINT)
    # A slider that cannot be moved does not look as if it could.
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, FAINT)
    return palette


def _style() -> str:
    """Return the style sheet: plain widgets, and roles that widgets say with ``setProperty("role", …)``."""
    colours = {name: globals()[name].name() for name in NAMES}
    sheet = _SHEET
    for name, value in colours.items():
        sheet = sheet.replace(f"@{name};", f"{value};").replace(f"@{name} ", f"{value} ")
    tick = "check-light" if ON_ACCENT.lightness() > 128 else "check-dark"
    for name, file in {"DOWN": "down", "UP": "up", "CLOSE": "close", "CHECK": tick}.items():
        sheet = sheet.replace(f"@{name};", f'url("{(_CONTROLS / f"{file}.svg").as_posix()}");')
    return sheet


_CONTROLS = Path(__file__).parent / "icons" / "controls"
"""Parts of plain controls.  A style sheet wants files, and cannot colour them."""


_SHEET = """
QMainWindow, QStackedWidget { background: @BACKGROUND; }
QMainWindow::separator { background: @BORDER; width: 1px; height: 1px; }
QDialog { background: @SURFACE; border: 1px solid @BORDER; }
QScrollArea { background: transparent; border: none; }
QFrame#picture { border: 1px solid @BORDER; }
QMenuBar { background: @SURFACE; padding: 2px 6px; }
QMenuBar::item { padding: 5px 10px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { background: @RAISED; }
QMenu { background: @RAISED; border: 1px solid @BORDER; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 14px; border-radius: 4px; }
QMenu::item:selected { background: @BORDER; }
QMenu::item:disabled { color: @FAINT; }
QMenu::separator { height: 1px; background: @BORDER; margin: 5px 8px; }
QDockWidget { color: @TEXT; titlebar-close-icon: @CLOSE; }
QDockWidget::title { background: @SURFACE; padding: 8px 12px; border-bottom: 1px solid @BORDER; }
QDockWidget::close-button { subcontrol-position: right center; subcontrol-origin: padding; border: none;
    border-radius: 4px; right: 8px; width: 20px; height: 20px; }
QDockWidget::close-button:hover { background: @BORDER; }
QLineEdit, QPlainTextEdit, QTextEdit { background: @BACKGROUND; border: 1px solid @BORDER; border-radius: 7px;
    padding: 8px; selection-background-color: @ACCENT; selection-color: @ON_ACCENT; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: @ACCENT; }
QComboBox, QSpinBox, QDoubleSpinBox { background: @RAISED; border: 1px solid @BORDER; border-radius: 7px;
    padding: 6px 10px; min-height: 20px; }
QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus { border-color: @ACCENT; }
QAbstractSpinBox QLineEdit { background: transparent; border: none; padding: 0 0 0 9px; }
QComboBox:disabled, QAbstractSpinBox:disabled { color: @FAINT; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: @DOWN; width: 14px; height: 14px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; background: transparent;
    border: none; width: 22px; margin: 2px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: @BORDER; border-radius: 4px; }
QAbstractSpinBox::up-arrow { image: @UP; width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: @DOWN; width: 12px; height: 12px; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator, QAbstractItemView::indicator { width: 15px; height: 15px; border: 1px solid @MUTED;
    border-radius: 4px; background: @BACKGROUND; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: @ACCENT; border-color: @ACCENT;
    image: @CHECK; }
QCheckBox::indicator:disabled, QAbstractItemView::indicator:disabled { border-color: @FAINT; background: @RAISED; }
QCheckBox::indicator:focus { border: 2px solid @TEXT; width: 13px; height: 13px; }
QDialog QStackedWidget, QDialog QScrollArea > QWidget > QWidget { background: transparent; }
QTreeView::item, QTableView::item { padding: 3px 6px; }
QHeaderView { background: transparent; }
QHeaderView::section { background: transparent; color: @MUTED; border: none; border-bottom: 1px solid @BORDER;
    padding: 6px 8px; }
QComboBox QAbstractItemView { background: @RAISED; border: 1px solid @BORDER; selection-background-color: @BORDER;
    selection-color: @TEXT; }
QListView, QTreeView, QTableView { background: @SURFACE; border: 1px solid @BORDER; border-radius: 7px; }
QListWidget::item { padding: 4px 7px; }
QListWidget#contents { background: transparent; border: none; outline: none; }
QListWidget#contents::item { padding: 8px 10px; border: 1px solid transparent; border-radius: 6px; }
QListWidget#contents::item:selected { background: @RAISED; color: @TEXT; }
QListWidget#contents::item:selected:focus { border-color: @ACCENT; }
QPushButton { background: @RAISED; border: 1px solid @BORDER; border-radius: 7px; padding: 8px 17px; }
QPushButton:hover { border-color: @ACCENT; }
QPushButton:focus { border-color: @ACCENT; }
QPushButton:checked { background: @ACCENT; color: @ON_ACCENT; border-color: @ACCENT; }
QPushButton:disabled { color: @FAINT; }
QPushButton#primary { background: @ACCENT; color: @ON_ACCENT; border-color: @ACCENT; font-weight: 600; }
QPushButton#primary:focus { border: 2px solid @TEXT; padding: 7px 16px; }
QPushButton#primary:disabled { background: @RAISED; color: @FAINT; border-color: @BORDER; }
QPushButton[role="tool"], QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px;
    padding: 4px; }
QPushButton[role="tool"]:hover, QToolButton:hover { background: @RAISED; }
QPushButton[role="tool"]:focus, QToolButton:focus { border-color: @ACCENT; }
QPushButton[role="tool"]:checked, QToolButton:checked { background: @BORDER; }
QLabel[role="muted"], QCheckBox[role="muted"] { color: @MUTED; }
QLabel[role="heading"] { font-size: 15px; font-weight: 600; }
QLabel[role="key"] { background: @RAISED; border: 1px solid @BORDER; border-bottom-width: 2px; border-radius: 5px;
    padding: 2px 7px; }
QLabel[role="good"] { color: @GOOD; }
QLabel[role="warning"] { color: @WARNING; }
QLabel[role="bad"] { color: @BAD; }
QProgressBar { background: @RAISED; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: @ACCENT; border-radius: 3px; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: @BORDER; border-radius: 4px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @FAINT; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; height: 0;
    width: 0; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolTip { background: @RAISED; color: @TEXT; border: 1px solid @BORDER; padding: 4px; }
"""

# Something to paint with before there is an application: icons are made at import time here and there.
for _name, _value in _COLOURS[Theme.DARK].items():
    globals()[_name].setRgba(QColor(_value).rgba())
