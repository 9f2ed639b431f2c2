"""Where settings are, unless somebody says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_config_path

if TYPE_CHECKING:
    from pathlib import Path


def preferences_path() -> Path:
    """Return the path of the preferences in the platform's folder for such; creates nothing."""
    return _folder() / "preferences.toml"


def workspace_path() -> Path:
    """Return the path of the workspace that is opened when none is named; creates nothing."""
    return _folder() / "workspace.toml"


def _folder() -> Path:
    return user_config_path("livevision", appauthor=False)
