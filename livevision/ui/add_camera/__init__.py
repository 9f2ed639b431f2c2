"""Adding a camera: a dialog with a page for each kind of source, a live preview, and a test of an address."""
