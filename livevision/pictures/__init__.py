"""The forms in which pictures arrive, and how each becomes an upright 8-bit BGR picture with square pixels."""

from livevision.pictures.forms import ArrayPicture, DecodedPicture, NoPicture
from livevision.pictures.geometry import AS_STORED, DisplayGeometry
from livevision.pictures.traits import PictureTraits, traits_of

__all__ = ["AS_STORED", "ArrayPicture", "DecodedPicture", "DisplayGeometry", "NoPicture", "PictureTraits", "traits_of"]
