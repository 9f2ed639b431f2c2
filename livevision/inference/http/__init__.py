"""Inference servers over HTTP."""
