"""Passwords out of everything that is said: log lines, errors, tracebacks."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote

from livevision.credentials import Credentials, possible_passwords, split
from livevision.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

logger = logging.getLogger(__name__)

MASK = "•••"
"""What is shown in place of a secret."""
SHORTEST = 3
"""A secret shorter than this is not looked for by its value: its letters are in every other word.  It is hidden only
where the text around it shows what it is, as in ``rtsp://user:pw@camera``."""
MOST_SECRETS = 256
"""Past this the ones learned first are no longer looked for by their value."""

_ACCOUNT = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:?#]*:)\S{0,1000}(?=@)", re.ASCII | re.IGNORECASE)
"""User name and password in an address, up to the last @: a raw password may have any other character in it."""
NAMED_SECRET = re.compile(
    r"((?:\b|(?<=_))(?:pass(?:word|wd|phrase)?|pwd|secret|auth|sig(?:nature)?|(?:\w+[_-])?token|(?:api|access|secret)[_-]?key)=)"
    r"([^\s&;#/\"']+)",
    re.ASCII | re.IGNORECASE,
)
"""``password=…`` and its like in a query or, as some cameras want it, in a path: the name, and the secret."""
_HEADER = re.compile(r"(\bauthorization\W{1,4}(?:basic|digest|bearer)\s+)[^\r\n]+", re.ASCII | re.IGNORECASE)


class Redactor:
    """Replaces what it knows as secret, and what looks like it, by ``•••`` in any text.  User names stay.

    A secret is found however its characters are written: as they are, percent-encoded, or escaped as in a ``repr`` or
    in JSON.  All methods may be called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: dict[str, None] = {}
        self._known: re.Pattern[str] | None = None

    def __repr__(self) -> str:
        return f"<Redactor {len(self._secrets)} secrets>"

    def learn(self, address: str, credentials: Credentials | None = None) -> None:
        """Learn every password and token in ``address``, and in ``credentials`` where they are kept apart from it."""
        account = split(address)[1]
        readings = [*possible_passwords(address), *(match[2] for match in NAMED_SECRET.finditer(address))]
        readings += [known.password for known in (account, credentials) if known is not None]
        self.learn_secret(*readings, *(unquote(reading) for reading in readings))

    def learn_secret(self, *secrets: str) -> None:
        """Learn passwords by their value."""
        # What is masks only is no secret, and replacing it would never come to an end.
        worth = [secret for secret in secrets if len(secret) >= SHORTEST and secret.strip(MASK)]
        with self._lock:
            if all(secret in self._secrets for secret in worth):
                return
            for secret in worth:
                self._secrets.pop(secret, None)
                self._secrets[secret] = None
            while len(self._secrets) > MOST_SECRETS:
                del self._secrets[next(iter(self._secrets))]
            # The longest first: of two that begin in the same place, all must go.
            ordered = sorted(self._secrets, key=len, reverse=True)
            self._known = re.compile("|".join("".join(map(_any_notation, secret)) for secret in ordered))

    def redact(self, text: str) -> str:
        """Return ``text`` without secrets; of a :class:`~livevision.wording.Wording` what it is made of, too."""
        clean = self._redacted(str(text))
        if not isinstance(text, Wording):
            return clean
        values = {name: self.redact(value) if isinstance(value, str) else value for name, value in text.values.items()}
        again = Wording(text.template, values)
        # A secret may be one only by what stands around it: then it is told in English, as that has been looked at.
        return again if again == clean else clean

    def _redacted(self, text: str) -> str:
        text = self._without_known(text)
        text = _ACCOUNT.sub(rf"\g<1>{MASK}", text)
        text = NAMED_SECRET.sub(rf"\g<1>{MASK}", text)
        text = _HEADER.sub(rf"\g<1>{MASK}", text)
        return self._without_known(text)

    def redact_record(self, record: logging.LogRecord) -> None:
        """Change a log record in place: message, arguments, traceback and stack are one redacted text each."""
        record.msg, record.args = self.redact(_message(record)), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        # Formatters use the text; the exception itself would still have it all.
        record.exc_info = None
        if record.exc_text:
            record.exc_text = self.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)

    def traceback(self, error: BaseException) -> str:
        """Return ``error`` as Python prints it when nobody catches it, without secrets."""
        return self.redact("".join(traceback.format_exception(error)))

    def _without_known(self, text: str) -> str:
        known = self._known
        while known is not None:
            # Again, for what stood left and right of a secret may make another; each turn leaves fewer letters.
            text, found = known.subn(MASK, text)
            if not found:
                break
        return text


@contextmanager
def redacted_logging(redactor: Redactor) -> Iterator[None]:
    """Redact all that is logged, by whichever logger and handler, and what nobody catches, in any thread.

    For a program, not for a library: it changes how the process makes log records.  Values handed to a logger as
    ``extra`` are not looked at.
    """
    make_record = logging.getLogRecordFactory()
    before = sys.excepthook, threading.excepthook

    def make_redacted(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make_record(*args, **kwargs)
        redactor.redact_record(record)
        return record

    logging.setLogRecordFactory(make_redacted)
    sys.excepthook, threading.excepthook = _log_uncaught, _log_uncaught_in_thread
    try:
        yield
    finally:
        logging.setLogRecordFactory(make_record)
        sys.excepthook, threading.excepthook = before


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logger.critical("An error that nobody expected: %s", kind.__name__, exc_info=(kind, error, trace))


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is SystemExit:  # a thread that ends itself, which is no error
        return
    name = args.thread.name if args.thread else "a thread"
    error = args.exc_value
    logger.critical("An error that nobody expected in %s: %s", name, args.exc_type.__name__, exc_info=error)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # arguments that do not fit: logging would print them all, secrets too
        return f"{record.msg} (not formatted: {type(error).__name__})"


def _any_notation(character: str) -> str:
    """Return a pattern for ``character`` as it is, percent-encoded, or escaped by ``repr`` or JSON, even twice."""
    number = ord(character)
    percent = "".join(f"%{byte:02x}" for byte in _bytes(character))
    notations = {re.escape(character), rf"(?i:{percent})"}
    if character == " ":
        notations.add(r"\+")
    if character in "\\'\"/":
        notations.add(rf"\\+{re.escape(character)}")
    elif not character.isalnum() or number > 126:
        codes = [number] if number < 0x10000 else _surrogates(number)
        notations.add("".join(rf"\\+u{code:04x}" for code in codes).join(("(?i:", ")")))
        notations.add(rf"(?i:\\+U{number:08x})")
        if number < 0x100:
            notations.add(rf"(?i:\\+x{number:02x})")
        if character in _SHORT_ESCAPES:
            notations.add(rf"\\+{_SHORT_ESCAPES[character]}")
    return f"(?:{'|'.join(sorted(notations))})"


_SHORT_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}


def _bytes(character: str) -> bytes:
    is_a_byte = 0xDC80 <= ord(character) <= 0xDCFF  # which is no UTF-8, kept as Python keeps it
    return character.encode("utf-8", "surrogateescape" if is_a_byte else "surrogatepass")


def _surrogates(number: int) -> list[int]:
    number -= 0x10000
    return [0xD800 + (number >> 10), 0xDC00 + (number & 0x3FF)]
