"""Telling what became of cameras: on the desktop where that is possible, and in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from livevision.ui.icon import pixmap
from livevision.ui.lost_watch import News, Turn
from livevision.ui.words import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.ui.message_bar import MessageBar

_SHOWN_MS = 10_000
_NAMES_AT_ONCE = 5


class Notifier(QObject):
    """Says news of cameras in one message each time, however many cameras a switch takes with it.

    ``opened`` is told when the operator presses the notification: the window is to come to the front.
    """

    opened = Signal()

    def __init__(self, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._tray: QSystemTrayIcon | None = None

    def tell(self, news: Sequence[News]) -> None:
        """Say what :meth:`LostWatch.look` returned; nothing is said of nothing."""
        if lost := [each for each in news if each.turn is Turn.LOST]:
            text = self._lost(lost)
            self._messages.warn(text)
            self._notify(self.tr("Camera lost"), text, QSystemTrayIcon.MessageIcon.Warning)
        if unstable := [each for each in news if each.turn is Turn.UNSTABLE]:
            text = self._unstable(unstable)
            self._messages.warn(text)
            self._notify(self.tr("Camera unstable"), text, QSystemTrayIcon.MessageIcon.Warning)
        if back := [each for each in news if each.turn is Turn.BACK]:
            text = self._back(back)
            self._messages.inform(text)
            self._notify(self.tr("Camera back"), text, QSystemTrayIcon.MessageIcon.Information)

    def close(self) -> None:
        """Leave the desktop.  May be called twice."""
        if self._tray is not None:
            self._tray.hide()
            self._tray.deleteLater()
            self._tray = None

    def _open(self) -> None:
        self.opened.emit()

    def _lost(self, news: Sequence[News]) -> str:
        if len(news) == 1:
            return self.tr("{name}: no picture for {time}").format(name=news[0].name, time=duration(news[0].seconds))
        return self.tr("{count} cameras without a picture: {names}").format(count=len(news), names=_names(news))

    def _unstable(self, news: Sequence[News]) -> str:
        if len(news) == 1:
            words = self.tr("{name} keeps coming and going for {time}: check its network and power")
            return words.format(name=news[0].name, time=duration(news[0].seconds))
        return self.tr("{count} cameras keep coming and going: {names}").format(count=len(news), names=_names(news))

    def _back(self, news: Sequence[News]) -> str:
        if len(news) == 1:
            return self.tr("{name} is back after {time}").format(name=news[0].name, time=duration(news[0].seconds))
        return self.tr("{count} cameras are back: {names}").format(count=len(news), names=_names(news))

    def _notify(self, title: str, text: str, sign: QSystemTrayIcon.MessageIcon) -> None:
        # The desktop may have got its tray since the last time, or lost it.
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(QIcon(pixmap("app", 64)), self)
            self._tray.setToolTip("livevision")
            self._tray.messageClicked.connect(self.opened)
            self._tray.activated.connect(self._open)
        self._tray.show()
        self._tray.showMessage(title, text, sign, _SHOWN_MS)


def _names(news: Sequence[News]) -> str:
    names = [each.name for each in news]
    return ", ".join(names[:_NAMES_AT_ONCE]) + (" …" if len(names) > _NAMES_AT_ONCE else "")
