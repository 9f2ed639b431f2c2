"""What a family of inference servers has in common: a picture into a request, an answer into detections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    import supervision as sv
    from yarl import URL

    from livevision.frame import Image
    from livevision.inference.filter import DetectionFilter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FormPart:
    """One field of a multipart form."""

    name: str
    content: bytes
    content_type: str = "text/plain"
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent for one picture, always by POST."""

    url: URL = field(repr=False)
    """May have a key in it."""
    body: bytes | tuple[FormPart, ...] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    context: Any = None
    """What the same wire format needs to understand the answer: the size that was sent, where the picture went."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent back with a status of 200 to 299, bounded in size."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Server(Protocol):
    """What a wire format may ask of a server while it is set up, within the endpoint's limits and timeouts."""

    async def get(self, url: URL, headers: Mapping[str, str] | None = None) -> Answer:
        """Read a small document.  Raises DetectorUnavailable."""

    async def post(self, request: Request) -> Answer:
        """Send a picture, to see what comes of it.  Raises DetectorUnavailable."""

    async def work(self, job: Callable[[], T]) -> T:
        """Run what takes longer than a millisecond off the loop: making such a request, reading its answer."""


class WireFormat(Protocol):
    """One family of servers, in one small file."""

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names that it can answer, where they are known by now."""

    async def prepare(self, server: Server, image: Image) -> None:
        """Learn what is to be known before the first picture; called again after a server was away.

        ``image`` is the picture that waits, for what is only known by trying.  Raises DetectorUnavailable when the
        server does not answer, and ModelError when it answers what cannot be used.
        """

    def encode(self, image: Image, keep: DetectionFilter) -> Request:
        """Make the request for a ``(h, w, 3)`` BGR picture.  Blocking, for an executor; any thread."""

    def decode(self, answer: Answer, request: Request, keep: DetectionFilter) -> sv.Detections:
        """Read an answer: boxes in pixels of the picture given to ``encode``, names and confidences set.

        Blocking, for an executor; any thread.  One object that cannot be read becomes an empty box, which is dropped
        and counted later (:func:`livevision.inference.soundness.storable`).  Raises DetectorError, whose message says
        what came instead, for an answer that is no answer.
        """
