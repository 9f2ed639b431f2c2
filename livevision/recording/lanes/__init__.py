"""The kinds of files that a recording consists of, each on its own way from the camera to the disk."""
