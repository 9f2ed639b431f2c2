"""Grabs the screen in a process of its own and hands it over through a pipe; run by file name, imports PyAV only.

PyAV's and OpenCV's wheels bring parts of libxcb under one name but bound to different copies of the rest: grabbing in
a process that has loaded OpenCV first ends in a segmentation fault.
"""

import json
import sys
from fractions import Fraction

import av
import av.error
import av.logging


def main() -> None:
    """Copy pictures from the device to standard output, as NUT, until nobody reads them any more."""
    device, target, options = sys.argv[1:]
    av.logging.set_level(None)
    try:
        with (
            av.open(target, "r", format=device, options=json.loads(options)) as grabbed,
            av.open("pipe:1", "w", format="nut", options={"flush_packets": "1"}) as pipe,
        ):
            stream = grabbed.streams.video[0]
            # Raw to raw, but not packet by packet: a template loses the tag that says how the pixels are laid out.
            copy = pipe.add_stream("rawvideo", rate=stream.average_rate)
            copy.width, copy.height = stream.codec_context.width, stream.codec_context.height
            copy.pix_fmt = stream.codec_context.pix_fmt
            copy.codec_context.time_base = stream.time_base or Fraction(1, av.time_base)
            for picture in grabbed.decode(stream):
                pipe.mux(copy.encode(picture))
    except av.error.FFmpegError as error:  # some of which are ValueErrors, too
        sys.exit(error.strerror or "failed")
    except ValueError:
        sys.exit(f"no {device}")


if __name__ == "__main__":
    main()
