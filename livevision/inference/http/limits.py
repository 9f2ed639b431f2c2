"""How long a server is waited for, and how much of it is taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one endpoint.  The values are for live pictures: what comes later is of no use to anybody."""

    turn: float = 3.0
    """Seconds that a picture waits while as many as may be are on their way; it is too old then."""
    connect: float = 3.0
    """Seconds for a connection: one lost SYN is sent again after 1 s, a second one after 3."""
    read: float = 10.0
    """Seconds without a byte.  A model on a CPU may take seconds; a minute is a server that hangs."""
    total: float = 15.0
    """Seconds for a request and its answer in full, however steadily they drip."""
    answer: int = 16 << 20
    """Bytes of an answer, unpacked.  300 instance masks as polygons are 2 MB of JSON; a prototype mask of a
    segmentation model is 3 MB in binary and 8 in JSON."""
    in_flight: int = 16
    """Requests at once, all cameras together; as many connections."""
    keep_alive: float = 4.0
    """Seconds that an idle connection is kept.  Many servers close theirs after 5 (uvicorn's default): one that is
    closed in the very moment in which it is used costs a picture."""
