"""Colours, palette and style sheet of the window."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

BACKGROUND = QColor("#101216")
SURFACE = QColor("#181b21")
RAISED = QColor("#22262f")
BORDER = QColor("#313743")
TEXT = QColor("#e9ecf1")
MUTED = QColor("#9aa4b5")
ACCENT = QColor("#5ab0ff")
GOOD = QColor("#4fd08a")
WARNING = QColor("#ffb454")
BAD = QColor("#ff6b6b")

_STYLE = f"""
QWidget {{ font-size: 13px; }}
QMainWindow, QStackedWidget {{ background: {BACKGROUND.name()}; }}
QDialog {{ background: {SURFACE.name()}; border: 1px solid {BORDER.name()}; }}
QMenuBar {{ background: {SURFACE.name()}; padding: 2px 6px; }}
QMenuBar::item {{ padding: 5px 10px; border-radius: 5px; background: transparent; }}
QMenuBar::item:selected {{ background: {RAISED.name()}; }}
QMenu {{ background: {RAISED.name()}; border: 1px solid {BORDER.name()}; padding: 5px; }}
QMenu::item {{ padding: 6px 26px 6px 14px; border-radius: 4px; }}
QMenu::item:selected {{ background: {BORDER.name()}; }}
QMenu::item:disabled {{ color: #6b7482; }}
QMenu::separator {{ height: 1px; background: {BORDER.name()}; margin: 5px 8px; }}
QLineEdit {{ background: {BACKGROUND.name()}; border: 1px solid {BORDER.name()}; border-radius: 7px;
             padding: 9px 12px; selection-background-color: {ACCENT.name()}; selection-color: #08121c; }}
QLineEdit:focus {{ border-color: {ACCENT.name()}; }}
QPushButton {{ background: {RAISED.name()}; border: 1px solid {BORDER.name()}; border-radius: 7px; padding: 9px 18px; }}
QPushButton:hover {{ border-color: {ACCENT.name()}; }}
QPushButton:focus {{ border-color: {ACCENT.name()}; }}
QPushButton:disabled {{ color: #6b7482; }}
QPushButton#primary {{ background: {ACCENT.name()}; color: #08121c; border-color: {ACCENT.name()}; font-weight: 600; }}
QPushButton#primary:disabled {{ background: {RAISED.name()}; color: #6b7482; border-color: {BORDER.name()}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QToolTip {{ background: {RAISED.name()}; color: {TEXT.name()}; border: 1px solid {BORDER.name()}; padding: 4px; }}
"""


def apply_theme(app: QApplication) -> None:
    """Dress the whole application."""
    app.setStyle("Fusion")
    # Where it is installed: its figures all have one width, so that numbers do not jump.
    app.setFont(QFont(["Inter", *app.font().families()], app.font().pointSize()))
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
        QPalette.ColorRole.HighlightedText: BACKGROUND,
        QPalette.ColorRole.ToolTipBase: RAISED,
        QPalette.ColorRole.ToolTipText: TEXT,
    }.items():
        palette.setColor(role, colour)
    app.setPalette(palette)
    app.setStyleSheet(_STYLE)
