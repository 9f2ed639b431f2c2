"""Which boxes stand on which picture on the screen, and when it is shown."""

from livevision.timing.aligned import AlignedTiming
from livevision.timing.choice import BoxTiming, Timing, timing_for
from livevision.timing.live import LiveTiming
from livevision.timing.newest import NewestTiming, fresh_detections

__all__ = ["AlignedTiming", "BoxTiming", "LiveTiming", "NewestTiming", "Timing", "fresh_detections", "timing_for"]
