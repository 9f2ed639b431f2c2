"""The parts of a tile: what of a picture is seen, how it gets there, and what can be done about it."""
