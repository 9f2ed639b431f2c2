"""A generated street: people, cars and cyclists whose true boxes are known, and a clock that can be read back."""

from livevision.sources.street.scene import Street

__all__ = ["Street"]
