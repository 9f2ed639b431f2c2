"""Live cameras with live detections."""
