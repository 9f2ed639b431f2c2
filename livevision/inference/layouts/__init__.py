"""What models take and give: pictures into tensors, tensors into detections.  Pure; knows no runtime and no server."""
