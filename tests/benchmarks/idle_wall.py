"""Many cameras that nobody shows: what reading and decoding cost alone.  Started by :mod:`tests.benchmarks.cameras`."""

from __future__ import annotations

import threading
import time

from livevision.sources.file import AtEnd
from livevision.sources.registry import SourceRegistry
from tests.benchmarks.wall import SETTLE, Meter, hand_over, wall_options


def main() -> None:
    """Read every clip in a thread of its own; "shown" is decoded."""
    options = wall_options((__doc__ or "").partition("\n")[0]).parse_args()
    meter = Meter(len(options.clips))
    readers = [SourceRegistry().opener(clip, AtEnd.LOOP)(0) for clip in options.clips]

    def read(number: int) -> None:
        readers[number].open()
        while (frame := readers[number].read()) is not None:
            meter.painted(number, frame.due)
        readers[number].close()

    threads = [threading.Thread(target=read, args=(number,)) for number in range(len(readers))]
    for thread in threads:
        thread.start()
    time.sleep(SETTLE)
    meter.begin()
    time.sleep(options.seconds)
    hand_over(meter.figures())
    for reader in readers:
        reader.interrupt()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
