"""The player: a recording in a window of its own, with its detections."""
