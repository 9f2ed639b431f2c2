"""Which language the windows speak."""

from __future__ import annotations

import logging
from importlib.resources import files
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from livevision.wording import Wording

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

logger = logging.getLogger(__name__)

SYSTEM = "system"
_SOURCE = "en"
"""What the texts in the code are written in.  Only its singulars and plurals are in a file."""


class _Installed(QObject):
    """The translators of the application.  Qt reads the texts where they lie, so these are kept, too."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._app = app
        self.kept: list[tuple[QTranslator, bytes]] = []

    def clear(self) -> None:
        """Speak as the code is written."""
        while self.kept:
            translator, _ = self.kept.pop()
            self._app.removeTranslator(translator)

    def add(self, language: str) -> None:
        """Speak ``language``; Qt's own dialogs, too, where Qt knows it."""
        qt = QTranslator()
        if qt.load(QLocale(language), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            self._app.installTranslator(qt)
            self.kept.append((qt, b""))
        data = (_folder() / f"livevision_{language}.qm").read_bytes()
        ours = QTranslator()
        if not ours.load(data):
            logger.warning("The texts in %s cannot be read; install livevision again", language)
            return
        self._app.installTranslator(ours)
        self.kept.append((ours, data))


def languages() -> tuple[str, ...]:
    """Return the languages that there are, as in ``de``, English first."""
    names = (each.name for each in _folder().iterdir() if each.name.endswith(".qm"))
    found = {name.removeprefix("livevision_").removesuffix(".qm") for name in names}
    return (_SOURCE, *sorted(found - {_SOURCE}))


def own_name(language: str) -> str:
    """Return what speakers of a language call it: ``Deutsch``."""
    if language == _SOURCE:  # without the country that Qt adds
        return "English"
    name = QLocale(language).nativeLanguageName()
    return name[:1].upper() + name[1:]


def meant(language: str) -> str:
    """Return the language, among those that there are, for ``de``, ``de_AT``, or ``system`` or nothing: the system's.

    English where there is no better one.
    """
    wanted = QLocale.system().uiLanguages() if language in {"", SYSTEM} else [language]
    there = languages()
    bases = (each.replace("-", "_").partition("_")[0].casefold() for each in wanted)
    # A C locale says so; whoever prefers English to German has said that, too.
    return next((base for base in bases if base in there), _SOURCE)


def install_translation(app: QCoreApplication, language: str = SYSTEM) -> str:
    """Let ``app`` speak a language from now on, and return which.

    Before there is a window: what is there already does not change.
    """
    installed = app.findChild(_Installed) or _Installed(app)
    chosen = meant(language)
    installed.clear()
    installed.add(chosen)
    return chosen


def told(text: str) -> str:
    """Return a text from outside of the windows in their language; one that is no Wording as it is.

    A translation whose fields are not those of the text is no translation: then it is told in English.
    """
    if not isinstance(text, Wording):
        return text
    values = {name: told(value) if isinstance(value, str) else value for name, value in text.values.items()}
    try:
        return QCoreApplication.translate("core", text.template).format_map(values)
    except (LookupError, ValueError, AttributeError, TypeError):
        return str(text)


def _folder() -> Traversable:
    return files("livevision.ui") / "translations"
