"""What can go wrong, as one tree.

::

    LivevisionError
    ├── UsageError             the user asked for something that cannot be (exit code 2)
    ├── SourceError            a camera, stream or file could not be read
    │   ├── SourceRefused      the camera wants another user name or password; tried again only by the operator
    │   ├── SourceUnavailable  not now: a camera that reboots, a network that is down; tried again
    │   └── SourceUnusable     not ever: no such file, not a video; never tried again
    ├── DetectorError          a model failed on a picture
    │   ├── DetectorUnavailable  a server does not answer; it is known when to ask again
    │   └── ModelError         a model could not be loaded
    │       └── ModelNotAllowed  it is Python code that nobody said yes to
    ├── RecordingError         a recording could not be opened, written or closed
    └── SettingsError          a workspace or the preferences could not be read or written

Library exceptions are mapped to these where the library is called.  A message is one line that says what failed and
what to try, fit to be shown to an operator, and without secrets.  It is said by :func:`livevision.wording.say`, so that
a window can tell it in another language.
"""

from livevision.wording import say, text_of


class LivevisionError(Exception):
    """Base of all errors that livevision raises on purpose."""

    @property
    def text(self) -> str:
        """What ``str`` says of it, as a :class:`livevision.wording.Wording` where it was raised with one."""
        return text_of(self)


class UsageError(LivevisionError):
    """What was asked for makes no sense: an unknown option, class or scheme."""


class SourceError(LivevisionError):
    """A camera, stream or file could not be opened or read."""


class SourceRefused(SourceError):
    """User name or password were refused: trying again by itself would lock the account."""


class SourceUnavailable(SourceError):
    """It may work later: unknown host, connection refused, camera restarting."""


class SourceUnusable(SourceError):
    """It will not work by waiting: no such file, a folder, not a video."""


class DetectorError(LivevisionError):
    """A detector failed on one picture; the next one may be fine."""

    retry_in = 1.0
    """Seconds before it makes sense to ask again."""


class DetectorUnavailable(DetectorError):
    """A server did not answer, or not usefully; asked again after ``retry_in`` seconds, at once when it is 0."""

    def __init__(self, message: str, retry_in: float) -> None:
        super().__init__(message)
        self.retry_in = retry_in


class ModelError(DetectorError):
    """A detector could not be found or loaded."""


class ModelNotAllowed(ModelError):
    """``model`` is Python code, and the operator was not asked yet, or said no."""

    def __init__(self, model: str) -> None:
        super().__init__(
            say("{model} is Python code and was not allowed to run; choose it as a model to allow it", model=model)
        )
        self.model = model


class RecordingError(LivevisionError):
    """A recording could not be opened, written or closed."""


class SettingsError(LivevisionError):
    """A workspace or the preferences could not be read, understood or written.

    The only message that may have more than one line: what to do, and then what is wrong in the file, a line each.
    """
