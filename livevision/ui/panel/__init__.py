"""The panel of one camera: everything that is set for it, edited in place."""
