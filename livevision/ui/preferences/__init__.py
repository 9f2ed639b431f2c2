"""The window in which an operator says what is usual."""
