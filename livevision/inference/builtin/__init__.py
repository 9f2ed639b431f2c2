"""Detectors that need no download: what moves, people, faces.  Classic OpenCV, on the CPU."""
