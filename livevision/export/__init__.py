"""A section of a recording as a file of its own, with its detections beside it."""
