"""The loop that everybody writes first: read, show, again.  `python tests/benchmarks/opencv_viewer.py URL`"""

from __future__ import annotations

import os
import sys

# As quick as this way gets: without these, FFmpeg fills a buffer first.
os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp|fflags;nobuffer|flags;low_delay")

import cv2  # reads the variable when it opens a camera


def main() -> None:
    """Show the camera until ended."""
    capture = cv2.VideoCapture(sys.argv[1], cv2.CAP_FFMPEG)
    # As large as its picture, which fills the screen: OpenCV's full screen needs a window manager.
    cv2.namedWindow("camera", cv2.WINDOW_AUTOSIZE | cv2.WINDOW_GUI_NORMAL)
    cv2.moveWindow("camera", 0, 0)
    while True:
        there, picture = capture.read()
        if not there:
            break
        cv2.imshow("camera", picture)
        cv2.waitKey(1)


if __name__ == "__main__":
    main()
