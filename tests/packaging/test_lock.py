"""The lock files: complete, consistent, and the same for everyone."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
APP, TEST = "requirements.txt", "requirements-test.txt"


def pins(name: str) -> list[Requirement]:
    """Return what a lock file pins."""
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if re.match(r"\w", line)]


def wanted(*extras: str) -> list[Requirement]:
    """Return what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    optional = project["project"]["optional-dependencies"]
    lists = [project["project"]["dependencies"], project["build-system"]["requires"], *(optional[e] for e in extras)]
    return [Requirement(line) for group in lists for line in group]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(("lock", "extras"), [(APP, ()), (TEST, ("test",))])
def test_everything_wanted_is_pinned_once_for(python: str, platform: str, lock: str, extras: tuple[str, ...]) -> None:
    there = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform}
    pinned = [pin for pin in pins(lock) if pin.marker is None or pin.marker.evaluate(there)]
    for requirement in wanted(*extras):
        if requirement.marker is not None and not requirement.marker.evaluate(there):
            continue
        (pin,) = [pin for pin in pinned if canonical(pin.name) == canonical(requirement.name)]
        (version,) = [specifier.version for specifier in pin.specifier if specifier.operator == "=="]
        assert version in requirement.specifier, f"{lock} pins {pin}, but wanted is {requirement}: packaging/lock.sh"


def test_the_tests_run_with_what_users_get() -> None:
    assert {str(pin) for pin in pins(APP)} <= {str(pin) for pin in pins(TEST)}


@pytest.mark.parametrize("lock", [APP, TEST])
def test_each_pin_has_hashes_and_no_place_to_come_from(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    for entry in re.split(r"\n(?=\w)", text)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
