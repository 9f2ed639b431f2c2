"""Watching a recording again: any place of a file, at any speed, picture by picture.  No Qt, no asyncio."""
