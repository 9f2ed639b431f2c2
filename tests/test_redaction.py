import io
import json
import logging
import re
import sys
import threading
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livevision.cameras import CameraRequest
from livevision.credentials import Credentials, join
from livevision.errors import LivevisionError, SourceUnavailable
from livevision.redaction import MASK, MOST_SECRETS, Redactor, redacted_logging
from livevision.sources.registry import SourceRegistry, display_name

ODD = "p@ss:w/rd#"
HOST = "camera.local:8554/live"

# What is shorter is in every other word; what is masks only cannot be told from a mask.
PASSWORDS = st.text(min_size=3, max_size=25).filter(lambda password: password.strip(MASK))


def notations(password: str) -> set[str]:
    """Return how a password may come to be written."""
    return {
        password,
        quote(password, safe=""),
        quote(password),
        quote_plus(password),
        re.sub("%..", lambda code: code[0].lower(), quote(password, safe="")),
        repr(password)[1:-1],
        ascii(password)[1:-1],
        repr(repr(password))[2:-2],
        json.dumps(password)[1:-1],
        json.dumps(password, ensure_ascii=False)[1:-1],
    }


@given(password=PASSWORDS)
@example(password=ODD)
@example(password="a••")
@example(password="aaa•••aaa")
@example(password="\x00\x7f\\'")
@example(password='😀\ud7ff"')
def test_whatever_the_password_no_notation_of_it_stays(password: str) -> None:
    redactor = Redactor()
    redactor.learn(join(f"rtsp://{HOST}", Credentials("anna", password)))
    for written in notations(password):
        redacted = redactor.redact(f"<{written}> [{written}{written}] '{written[:1]}{written}'")
        assert password not in redacted
        assert written not in redacted
        assert MASK in redacted


@given(password=PASSWORDS, raw=st.booleans())
@example(password=ODD, raw=True)
@example(password="12/3", raw=True)
@example(password="p@ss/word", raw=True)
def test_whatever_the_password_it_is_in_no_output(password: str, raw: bool) -> None:
    address = f"rtsp://anna:{password}@{HOST}" if raw else join(f"rtsp://{HOST}", Credentials("anna", password))
    # What is said is the same for every password.
    usual = {words for harmless in HARMLESS for words in words_about(f"rtsp://anna:{harmless}@{HOST}")}
    assert not [words for words in usual if "harm" in words]
    assert set(words_about(address)) <= usual
    # And what a careless programmer logs has nothing of it.
    log = io.StringIO()
    with logged_to(log) as redactor:
        redactor.learn(address)
        talk(address, password)
    assert log.getvalue().count("RuntimeError") >= 1
    assert password not in log.getvalue()
    assert quote(password, safe="") not in log.getvalue()


HARMLESS = (
    "harmless",
    "12/harm",
    "harm@less/x",
    "harm/less",
    "1\nharm",
    "harm:l@ss/#?@",
    "h?harm=x@y",
    "harm@less.org/",
)
"""One of each kind that is treated in its own way."""


def words_about(address: str) -> list[str]:
    """Return all that is said about an address without being logged."""
    said = [repr(CameraRequest(address)), display_name(address)]
    for written in (address, address.replace("rtsp", "gopher", 1), address.replace(":8554/", ":none/")):
        try:
            SourceRegistry().opener(written)
        except LivevisionError as error:
            said.append(str(error))
    return said


def talk(address: str, password: str) -> None:
    """Log all that a careless programmer may."""
    log = logging.getLogger("tests.careless")
    log.info("talk %s", address)
    log.info("talk %r %s", {"address": address}, password)
    log.info("%d", address)  # arguments that do not fit
    log.info(address)
    try:
        try:
            raise SourceUnavailable(f"cannot open {address}")  # noqa: TRY301
        except SourceUnavailable:
            raise RuntimeError(address, password.encode()) from None
    except RuntimeError:
        log.exception("Failed: %s", address, stack_info=True)


class logged_to:  # noqa: N801
    """Everything that is logged inside goes to ``stream``, redacted."""

    def __init__(self, stream: io.StringIO) -> None:
        self._handler = logging.StreamHandler(stream)
        self._redactor = Redactor()
        self._logging = redacted_logging(self._redactor)

    def __enter__(self) -> Redactor:
        self._root = logging.getLogger()
        self._level = self._root.level
        self._root.setLevel(logging.DEBUG)
        self._root.addHandler(self._handler)
        self._logging.__enter__()
        return self._redactor

    def __exit__(self, *exc: object) -> None:
        self._logging.__exit__(*exc)
        self._root.removeHandler(self._handler)
        self._root.setLevel(self._level)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("open rtsp://anna:secret@cam/x failed", "open rtsp://anna:•••@cam/x failed"),
        (f"open rtsp://anna:{ODD}@cam/x failed", "open rtsp://anna:•••@cam/x failed"),
        ("a http://u:1@h/ b rtsp://v:2@i/", "a http://u:•••@h/ b rtsp://v:•••@i/"),
        ("rtsp://anna@cam:554/x and b@c", "rtsp://anna@cam:554/x and b@c"),
        ("http://cam:80/x is fine", "http://cam:80/x is fine"),
        ("http://cam/x?user=anna&password=a1&channel=2", "http://cam/x?user=anna&password=•••&channel=2"),
        ("/user=admin&password=tlJw&stream=0.sdp", "/user=admin&password=•••&stream=0.sdp"),
        ("https://h/x?api_key=K1&token=T2 now", "https://h/x?api_key=•••&token=••• now"),
        ("Authorization: Basic YW5uYTpzZWNyZXQ=", "Authorization: Basic •••"),
        ("{'Authorization': 'Digest username=x'", "{'Authorization': 'Digest •••"),
        ("nothing to hide: 5 % of 12:30", "nothing to hide: 5 % of 12:30"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_unseen(text: str, shown: str) -> None:
    assert Redactor().redact(text) == shown


def test_users_and_hosts_stay() -> None:
    redactor = Redactor()
    redactor.learn("rtsp://anna:secret@camera.local:8554/live?token=abcdef")
    text = "anna logs in to camera.local:8554/live with secret and abcdef"
    assert redactor.redact(text) == "anna logs in to camera.local:8554/live with ••• and •••"


def test_credentials_kept_apart_are_learned_too() -> None:
    redactor = Redactor()
    redactor.learn("rtsp://camera.local/live", Credentials("anna", ODD))
    assert redactor.redact(f"<{ODD}>") == "<•••>"


def test_a_very_short_password_makes_no_nonsense() -> None:
    redactor = Redactor()
    redactor.learn("rtsp://anna:a@cam/x")
    redactor.learn_secret("", "b", "••••")
    assert redactor.redact("a bad camera •••• rtsp://anna:a@cam/x") == "a bad camera •••• rtsp://anna:•••@cam/x"


def test_the_longest_secret_goes_as_a_whole() -> None:
    redactor = Redactor()
    redactor.learn_secret("pass", "password1")
    assert redactor.redact("password1 pass") == "••• •••"


def test_the_number_of_secrets_is_bounded() -> None:
    redactor = Redactor()
    redactor.learn_secret(*(f"secret-{number:04}" for number in range(MOST_SECRETS + 1)))
    assert repr(redactor) == f"<Redactor {MOST_SECRETS} secrets>"
    assert redactor.redact("secret-0000 secret-0001") == "secret-0000 •••"


def test_it_learns_and_redacts_in_many_threads() -> None:
    redactor = Redactor()
    shown: list[str] = []

    def work(number: int) -> None:
        redactor.learn_secret(f"secret-{number}-")
        shown.append(redactor.redact(f"<secret-{number}->"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shown == ["<•••>"] * 20


def test_what_nobody_catches_is_redacted_too() -> None:
    log = io.StringIO()

    def fail() -> None:
        raise RuntimeError("rtsp://anna:secret@cam/x")

    with logged_to(log):
        thread = threading.Thread(target=fail, name="careless")
        thread.start()
        thread.join()
        try:
            fail()
        except RuntimeError:
            sys.excepthook(*sys.exc_info())
    assert log.getvalue().count("RuntimeError: rtsp://anna:•••@cam/x") == 2
    assert "careless" in log.getvalue()
    assert "secret" not in log.getvalue()


def test_a_traceback_without_secrets() -> None:
    redactor = Redactor()
    redactor.learn_secret(ODD)
    try:
        raise ValueError(ODD)  # noqa: TRY301
    except ValueError as error:
        text = redactor.traceback(error)
    assert text.endswith("ValueError: •••\n")
    assert ODD not in text


def test_logging_is_as_before_afterwards() -> None:
    before = logging.getLogRecordFactory(), sys.excepthook, threading.excepthook
    with redacted_logging(Redactor()):
        assert logging.getLogRecordFactory() is not before[0]
    assert (logging.getLogRecordFactory(), sys.excepthook, threading.excepthook) == before
