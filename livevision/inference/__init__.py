"""Finding objects: a picture in, detections out, awaited."""
