"""Detections onto pixels: boxes, labels, masks, traces and more, and what must not be seen."""

from livevision.overlay.colours import class_colour
from livevision.overlay.drawing import Drawing
from livevision.overlay.painter import Overlay
from livevision.overlay.placed import FADE
from livevision.overlay.privacy import EVERYTHING, Concealment, Privacy, Reach, WhenUnknown
from livevision.overlay.privacy_mask import PrivacyMask
from livevision.overlay.style import Annotator, ColourBy, OverlayStyle, parse_annotators, parse_colour
from livevision.overlay.text import label_texts

__all__ = [
    "EVERYTHING",
    "FADE",
    "Annotator",
    "ColourBy",
    "Concealment",
    "Drawing",
    "Overlay",
    "OverlayStyle",
    "Privacy",
    "PrivacyMask",
    "Reach",
    "WhenUnknown",
    "class_colour",
    "label_texts",
    "parse_annotators",
    "parse_colour",
]
