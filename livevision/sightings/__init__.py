"""What was detected of late, of all cameras: one entry for each object, with a small picture; knows nothing of Qt."""

from livevision.sightings.book import Sighting, Sightings
from livevision.sightings.watcher import CameraWatcher

__all__ = ["CameraWatcher", "Sighting", "Sightings"]
