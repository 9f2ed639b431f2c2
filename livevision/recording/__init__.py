"""Keeping what was seen: bounded queues, one writer thread a file."""
