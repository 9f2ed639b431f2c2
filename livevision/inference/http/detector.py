"""A detector that is somewhere else: a picture is sent, and boxes come back."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from livevision.errors import DetectorError, DetectorUnavailable
from livevision.inference.detector import Tunable
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.breaker import Breaker, Failure
from livevision.inference.http.concurrency import Concurrency
from livevision.inference.http.trouble import Cause, ServerTrouble
from livevision.wording import joined, say

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.http.endpoints import Lease
    from livevision.inference.http.wire import Answer, Request, WireFormat

logger = logging.getLogger(__name__)


class HttpDetector(Tunable):
    """Sends pictures to a server and reads its answers.  On one event loop.

    A picture is sent once or not at all: while it would be sent again, it would grow old.  Only the first one may be
    sent before, to learn what the server does not say of itself (:meth:`WireFormat.prepare`).  After failures in a row
    nothing is sent for a while, see :class:`Breaker`.  ``key_hint`` says what to do about a key that is not accepted.
    """

    def __init__(
        self,
        name: str,
        wire: WireFormat,
        lease: Lease,
        in_flight: int,
        key_hint: str = "",
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self.notice = ""
        self._wire = wire
        self._lease = lease
        self._endpoint = lease.endpoint
        self._key_hint = key_hint
        self._breaker = breaker or Breaker()
        self._concurrency = Concurrency(in_flight, self._endpoint.patience)
        self._keep = DetectionFilter()
        self._preparing = asyncio.Lock()
        self._attempts = 0  # to prepare, in vain
        self._missing: ServerTrouble | None = None  # how the last of them ended
        self._prepared = False
        self._has_answered = False
        self._trouble: str = say("server {place} does not answer", place=self._endpoint.place)

    def __repr__(self) -> str:
        return f"<HttpDetector {self.name} {self._breaker!r}>"

    @property
    def max_in_flight(self) -> int:
        """How many pictures may be with it at once: as many as was said, or fewer while it is too slow for that."""
        return self._concurrency.allowed

    @property
    def runs_on(self) -> str:
        """Host and port."""
        return self._endpoint.place

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names that the server can answer, where they are known by now."""
        return self._wire.classes

    def tune(self, keep: DetectionFilter) -> None:
        """Ask for nothing that would be thrown away, from the next picture on."""
        self._keep = keep

    async def detect(self, image: Image) -> sv.Detections:
        """Send a ``(h, w, 3)`` BGR picture and return what the server found in it.

        Raises DetectorUnavailable, also without having sent anything, while the server is away, busy or answers
        nonsense; its ``retry_in`` is 0 as long as the next picture would be sent.
        """
        number = self._breaker.admit()
        if number is None:
            raise DetectorUnavailable(self._trouble, self._breaker.retry_in)
        at = self._concurrency.begin()
        began = time.monotonic()
        try:
            detections = await self._ask(image, self._keep)
        except ServerTrouble as trouble:
            if trouble.cause is Cause.SLOW:
                self._concurrency.too_slow(at)
            hint = self._key_hint if trouble.cause is Cause.KEY else ""
            raise self._failed(
                number, joined("", (trouble.text, hint)), self._failure(trouble), trouble.wish
            ) from trouble
        except DetectorError as error:
            raise self._failed(number, error.text, Failure.SERVER) from error
        except BaseException:
            # Cancelled, or a defect of ours: the server has no part in it.
            self._breaker.abandon(number)
            raise
        finally:
            self._concurrency.end()
        self._concurrency.answered(time.monotonic() - began)
        self._breaker.succeed(number)
        self._has_answered = True
        return detections

    async def aclose(self) -> None:
        """Give the connections back; the last detector of an endpoint closes them.  May be called twice."""
        await self._lease.give_back()

    async def _ask(self, image: Image, keep: DetectionFilter) -> sv.Detections:
        if not self._prepared:
            await self._prepare(image)
        request = await self._lease.work(lambda: self._wire.encode(image, keep))
        answer = await self._lease.post(request)
        return await self._lease.work(lambda: self._decode(answer, request, keep))

    async def _prepare(self, image: Image) -> None:
        """Let one picture find out what is to be known; others wait and share its luck."""
        attempt = self._attempts
        async with self._preparing:
            if self._prepared:
                return
            if self._attempts != attempt and self._missing is not None:
                raise self._missing.again()
            try:
                await self._wire.prepare(self._lease, image)
                self._prepared = True
            except ServerTrouble as trouble:
                self._missed(trouble)
                raise
            except DetectorError as error:
                raise self._missed(self._of_server(error, Cause.REQUEST)) from error
            except Exception as error:
                raise self._missed(self._nonsense(error, Cause.REQUEST)) from error

    def _decode(self, answer: Answer, request: Request, keep: DetectionFilter) -> sv.Detections:
        try:
            return self._wire.decode(answer, request, keep)
        except DetectorError as error:
            raise self._of_server(error, Cause.PICTURE) from error
        except Exception as error:
            raise self._nonsense(error, Cause.PICTURE) from error

    def _of_server(self, error: DetectorError, cause: Cause) -> ServerTrouble:
        return ServerTrouble(say("server {place}: {error}", place=self.runs_on, error=error), cause)

    def _nonsense(self, error: Exception, cause: Cause) -> ServerTrouble:
        # What comes from a server may be anything, a million brackets, too.
        logger.warning("%s: an answer could not be read", self.name, exc_info=error)
        return ServerTrouble(
            say("server {place} sent nonsense ({kind})", place=self.runs_on, kind=type(error).__name__), cause
        )

    def _missed(self, trouble: ServerTrouble) -> ServerTrouble:
        self._attempts += 1
        self._missing = trouble.again()  # not itself: it holds on to the picture
        return trouble

    def _failure(self, trouble: ServerTrouble) -> Failure:
        """Say whether another picture may fare better, which is then sent soon."""
        suits = trouble.cause is Cause.PICTURE or (trouble.cause is Cause.REQUEST and self._has_answered)
        return Failure.PICTURE if suits else Failure.SERVER

    def _failed(self, number: int, message: str, failure: Failure, wish: float | None = None) -> DetectorUnavailable:
        self._breaker.fail(number, wish, failure)
        message = self._endpoint.redact(message)  # formats, too, may say what a server said
        self._trouble = message
        self._prepared = False  # it may come back as another: with another model, for one
        return DetectorUnavailable(message, self._breaker.retry_in)
