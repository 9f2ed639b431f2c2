"""How old is the picture on the screen, beside other players?  `python -m tests.benchmarks.latency`

A real RTSP server draws the wall clock into every picture.  Each viewer in turn shows it on a private virtual screen
of the same size, and the clock is read back from the screen's pixels, every 4 ms.  Rounds are interleaved, so that a
busy minute is busy for all.  Prints a row a viewer and round, then what it comes to.

"age" is a picture's age when it appears on the screen; "at any time" is how old what an operator sees is at any moment,
until the next one.  "connect" and "first" are seconds from the start of the program.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from dataclasses import dataclass

from tests.benchmarks.screen_clock import EVERY, Watch, watching
from tests.benchmarks.viewers import SIZE, VIEWERS, installed, livevision
from tests.fakes.rtsp import RtspServer
from tests.fakes.throttle import Proxy

SETTLE = 3.0
"""Seconds after the first picture that do not count."""
PATIENCE = 20.0
"""Seconds for the first picture."""
THROTTLED = "livevision throttled"
NARROW = 24_000 / 8
"""Bytes a second that the throttled network lets through: a third of what the clock's plain pictures need."""
NARROW_SECONDS = 10.0
RECOVERY_PATIENCE = 15.0
CALM = 0.5
"""Seconds that the age must stay normal to count as back to normal."""
HEAD = (
    f"{'viewer':<26}{'connect':>8}{'first':>7}{'opening':>9}{'shown/s':>9}{'age p50':>9}{'p95':>7}{'max':>7}"
    f"{'at any time p50':>17}{'max ms':>8}{'cpu %':>7}{'load':>6}"
)


@dataclass(frozen=True)
class Row:
    """One viewer in one round; ages in milliseconds."""

    viewer: str
    connect: float
    first: float
    shown: float
    ages: list[float]
    seen: list[float]
    cpu: float

    @property
    def opening(self) -> float:
        """Seconds from connecting to the camera until its picture is on the screen."""
        return self.first - self.connect

    def words(self) -> str:
        return (
            f"{self.viewer:<26}{self.connect:>8.2f}{self.first:>7.2f}{self.opening:>9.2f}{self.shown:>9.1f}"
            f"{at(self.ages, 0.5):>9.0f}{at(self.ages, 0.95):>7.0f}{max(self.ages):>7.0f}"
            f"{at(self.seen, 0.5):>17.0f}{max(self.seen):>8.0f}{self.cpu:>7.0f}{os.getloadavg()[0]:>6.1f}"
        )


def at(values: list[float], share: float) -> float:
    """Return a percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def settled(watch: Watch, viewer: str) -> float:
    """Watch until the first picture is old enough for the figures to count; return when that was."""
    while watch.first is None and time.monotonic() < watch.started + PATIENCE and watch.process.poll() is None:
        watch.run(0.1)
    if watch.first is None:
        raise SystemExit(f"{viewer}: no picture came on the screen")
    watch.run(SETTLE)
    return time.monotonic()


def measure(viewer: str, server: RtspServer, seconds: float) -> Row:
    """Run one viewer and read its window for ``seconds``."""
    with watching(VIEWERS[viewer](server.url), SIZE, server.port) as watch:
        began = settled(watch, viewer)
        used = watch.cpu_seconds()
        watch.run(seconds)
        took = time.monotonic() - began
        used = watch.cpu_seconds() - used
    counted = [look for look in watch.looks if look.at >= began]
    ages = [look.age for look in counted if look.is_new]
    if not ages or watch.first is None:
        raise SystemExit(f"{viewer}: its picture stands still")
    connect = (watch.opened or watch.started) - watch.started
    seen = [look.age for look in counted]
    return Row(viewer, connect, watch.first - watch.started, len(ages) / took, ages, seen, 100 * used / took)


def recover(server: RtspServer) -> str:
    """Narrow the network for a while and say how long the picture takes to be as young as before."""
    with (
        Proxy(server.port) as proxy,
        watching(livevision(f"rtsp://127.0.0.1:{proxy.port}/live"), SIZE, proxy.port) as watch,
    ):
        began = settled(watch, THROTTLED)
        watch.run(3)
        usual = at([look.age for look in watch.looks if look.at >= began], 0.95)
        proxy.throttle(NARROW)
        watch.run(NARROW_SECONDS)
        released = time.monotonic()
        worst = max((look.age for look in watch.looks if look.at > released - 2), default=0.0)
        proxy.throttle(None)
        watch.run(RECOVERY_PATIENCE)
        seconds = _until_calm([(look.at - released, look.age) for look in watch.looks if look.at > released], usual)
    back = f"back below {1.5 * usual:.0f} ms after {seconds:.2f} s" if seconds is not None else "NOT back to normal"
    return f"{THROTTLED:<26}{NARROW_SECONDS:.0f} s at {NARROW * 8e-3:.0f} kbit/s: up to {worst:.0f} ms old; {back}"


def _until_calm(ages: list[tuple[float, float]], usual: float) -> float | None:
    calm_since = None
    for when, age in ages:
        if age > 1.5 * usual:
            calm_since = None
        elif calm_since is None:
            calm_since = when
        elif when - calm_since >= CALM:
            return calm_since
    return None


def verdicts(rows: list[Row]) -> list[str]:
    """Compare the medians of all rounds with the goals; the best of what mpv can do counts."""
    by_viewer = {viewer: [row for row in rows if row.viewer == viewer] for viewer in VIEWERS}
    ours, slow = by_viewer["livevision"], by_viewer["livevision + 300 ms model"]
    others = [of for viewer, of in by_viewer.items() if viewer.startswith("mpv") and of]

    def age(of: list[Row], share: float) -> float:
        return statistics.median(at(row.ages, share) for row in of)

    def opening(of: list[Row]) -> float:
        return statistics.median(row.opening * 1000 for row in of)

    said = []
    if ours and others:
        said.append(_verdict("age p50 at most half of mpv's", age(ours, 0.5), min(age(of, 0.5) for of in others) / 2))
        said.append(_verdict("age p95 not above mpv's", age(ours, 0.95), min(age(of, 0.95) for of in others)))
        said.append(_verdict("camera opened no later than by mpv", opening(ours), min(map(opening, others))))
    if ours and slow:
        said.append(
            _verdict("age p50 unchanged by a 300 ms model", age(slow, 0.5), 1.2 * age(ours, 0.5) + EVERY * 1000)
        )
    return said


def _verdict(goal: str, value: float, limit: float) -> str:
    return f"{'reached' if value <= limit else 'MISSED':<9}{goal}: {value:.0f} ms, limit {limit:.0f}"


def main() -> None:
    """Measure every viewer, several rounds one after the other, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=15, help="that each viewer is measured for in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--viewers", help=f"separated by commas; all of: {', '.join([*VIEWERS, THROTTLED])}", default="all"
    )
    options = parser.parse_args()
    wanted = [*VIEWERS, THROTTLED] if options.viewers == "all" else options.viewers.split(",")
    if unknown := set(wanted) - {*VIEWERS, THROTTLED}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    viewers = installed([name for name in wanted if name in VIEWERS])
    rows = []
    print(HEAD, flush=True)
    with RtspServer("--size", f"{SIZE[0]}x{SIZE[1]}", "--fps", "25", "--clock") as server:
        for _ in range(options.rounds):
            for viewer in viewers:
                rows.append(measure(viewer, server, options.seconds))
                print(rows[-1].words(), flush=True)
            if THROTTLED in wanted:
                print(recover(server), flush=True)
    print(*verdicts(rows), sep="\n")


if __name__ == "__main__":
    main()
