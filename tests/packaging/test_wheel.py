"""What users get from a wheel."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    wheels = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed: packaging/test.sh")
    (path,) = wheels.WheelBuilder(str(ROOT)).build(
        directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"]
    )
    return zipfile.ZipFile(path)


def test_the_wheel_has_the_package_its_types_icons_and_translations(wheel: zipfile.ZipFile) -> None:
    package = ROOT / "livevision"
    expected = {
        f"livevision/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.suffix in {".py", ".svg", ".typed", ".ts", ".qm"}
    }
    assert {"livevision/py.typed", "livevision/ui/icons/app.svg", "livevision/cli.py"} <= expected
    assert {name for name in wheel.namelist() if name.startswith("livevision/")} == expected


def test_the_wheel_has_nothing_else_but_the_licence(wheel: zipfile.ZipFile) -> None:
    others = [name for name in wheel.namelist() if not name.startswith("livevision/")]
    assert all(".dist-info/" in name for name in others), others
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in others)
