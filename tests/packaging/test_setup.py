"""The set-up scripts, with stubs in place of the system's tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None or sys.platform != "linux", reason="the scripts are for Linux")

INSTALLED = """
installed libgl1, libgl1-mesa-glx
installed libglib2.0-0t64, libglib2.0-0 (= 2.80.0-6), libglib2.0-bin-compat
config-files xvfb,
installed git,
"""


class Checkout:
    """A checkout in a path with a space, whose system tools are stubs that note how they were called."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "my checkout"
        self.calls = folder / "calls"
        self._tools = folder / "tools"
        self._tools.mkdir()
        shutil.copytree(ROOT / "packaging", self.root / "packaging")
        for name in ("pyproject.toml", "requirements.txt"):
            shutil.copy(ROOT / name, self.root)
        # The scripts see these tools of the system and no others.
        for name in ("bash", "cat", "date", "dirname", "env", "find", "grep", "mkdir", "mktemp", "rm", "sed", "sort"):
            self.tool(name, f'exec {shutil.which(name)} "$@"')
        for name in ("tail", "tr", "uname"):
            self.tool(name, f'exec {shutil.which(name)} "$@"')
        self.tool("id", "echo 0")

    def tool(self, name: str, script: str, *, noted: bool = False, folder: Path | None = None) -> None:
        """Put a stub on the PATH, or in ``folder``."""
        path = (folder or self._tools) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        note = f'printf "%s\\n" "{name} $*" >>"{self.calls}"\n' if noted else ""
        path.write_text(f"#!{BASH}\n{note}{script}\n")
        path.chmod(0o755)

    def virtual_environment(self, pip: str = "exit 0") -> None:
        """Put a .venv there whose Python is this one, but for its pip and for what it calls livevision."""
        binaries = self.root / ".venv" / "bin"
        self.tool(
            "python", f'[ "$1" != -m ] || {{ {pip}; }}\nexec "{sys.executable}" "$@"', noted=True, folder=binaries
        )
        self.tool("livevision", "", noted=True, folder=binaries)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a script, from somewhere else and with nobody at the keyboard."""
        assert BASH is not None
        return subprocess.run(
            [BASH, "-euo", "pipefail", "-c", script],
            cwd="/",
            env={"PATH": str(self._tools), "HOME": str(self.root), "ROOT": str(self.root), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def call(self, function: str) -> subprocess.CompletedProcess[str]:
        """Call one of the functions that the scripts share."""
        return self.run(f'. "$ROOT/packaging/setup.sh"; {function}')

    def called(self, beginning: str) -> list[str]:
        """Return how the noted stubs were called, as far as it begins like this."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        return [line for line in lines if line.startswith(beginning)]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_python_that_is_new_enough_is_taken(checkout: Checkout) -> None:
    checkout.tool("python3", "exit 1")
    checkout.tool("python3.11", "exit 0")
    checkout.tool("python3.12", "exit 0")
    assert Path(checkout.call("find_python").stdout.strip()).name == "python3.12"


def test_without_a_python_one_line_says_what_to_install(checkout: Checkout) -> None:
    checkout.tool("python3", "exit 1")
    for script in ("find_python", "set_up requirements.txt window"):
        ended = checkout.call(script)
        assert ended.returncode == 1
        assert ended.stderr.startswith("livevision: no Python 3.11 or newer found")
        assert ended.stderr.count("\n") == 1


def test_installed_and_provided_packages_are_not_missing(checkout: Checkout) -> None:
    checkout.tool("dpkg-query", f"cat <<'END'{INSTALLED}END")
    ended = checkout.call("missing_packages git libgl1 libglib2.0-0 libgl xvfb fonts-inter")
    assert ended.stdout.split() == ["libgl", "xvfb", "fonts-inter"]


def test_apt_is_left_alone_when_nothing_is_missing(checkout: Checkout) -> None:
    checkout.tool("dpkg-query", f"cat <<'END'{INSTALLED}END")
    checkout.tool("apt-get", "", noted=True)
    ended = checkout.call("need_packages a-window libgl1 git")
    assert (ended.returncode, ended.stderr, checkout.called("apt-get")) == (0, "", [])


def test_only_what_is_missing_is_installed_and_said_before(checkout: Checkout) -> None:
    checkout.tool("dpkg-query", f'cat <<END{INSTALLED}$([ ! -e "{checkout.calls}" ] || echo installed xvfb,)\nEND')
    checkout.tool("apt-get", "", noted=True)
    ended = checkout.call("need_packages 'a window' libgl1 xvfb")
    assert ended.stderr == "livevision: installing Debian packages for a window: xvfb\n"
    update, install = checkout.called("apt-get")
    assert update.endswith(" update")
    assert install.endswith(" install --no-install-recommends xvfb")


def test_a_failing_apt_is_told_and_does_not_stop_the_rest(checkout: Checkout) -> None:
    checkout.tool("dpkg-query", f"cat <<'END'{INSTALLED}END")
    checkout.tool("apt-get", "echo 'Could not resolve the mirror' >&2; exit 100")
    ended = checkout.call("need_packages 'a window' xvfb; echo went on")
    assert ended.stdout == "went on\n"
    assert "Could not resolve the mirror" in ended.stderr
    assert ended.stderr.endswith("to try by hand: apt-get install xvfb\n")


def test_without_root_and_sudo_packages_are_named(checkout: Checkout) -> None:
    checkout.tool("dpkg-query", f"cat <<'END'{INSTALLED}END")
    checkout.tool("apt-get", "", noted=True)
    checkout.tool("id", "echo 1000")
    ended = checkout.call("need_packages 'a window' xvfb")
    assert "not root, and there is no sudo" in ended.stderr
    assert "apt-get install xvfb" in ended.stderr
    assert checkout.called("apt-get") == []


def test_nobody_is_asked_for_a_password_without_a_terminal(checkout: Checkout) -> None:
    checkout.tool("dpkg-query", f"cat <<'END'{INSTALLED}END")
    checkout.tool("apt-get", "")
    checkout.tool("id", "echo 1000")
    checkout.tool("sudo", "exit 1", noted=True)
    assert checkout.call("need_packages 'a window' xvfb").returncode == 0
    assert all(call.startswith("sudo --non-interactive env DEBIAN_FRONTEND=") for call in checkout.called("sudo"))
    assert checkout.called("sudo")


def test_another_kind_of_linux_is_told_what_it_needs(checkout: Checkout) -> None:
    ended = checkout.call("need_packages 'a window' libgl1 xvfb")
    assert ended.returncode == 0
    assert ended.stderr.endswith("For a window please install what Debian calls: libgl1 xvfb\n")


def test_debians_python_gets_its_missing_package(checkout: Checkout) -> None:
    checkout.tool("python3", f'case "$2" in *ensurepip*) exit 1;; *) exec "{sys.executable}" "$@";; esac')
    expected = "python{}.{}-venv".format(*sys.version_info)
    assert checkout.call('venv_package "$(find_python)"').stdout.strip() == expected
    checkout.tool("python3", "exit 0")
    assert checkout.call('venv_package "$(find_python)"').stdout.strip() == ""


def test_the_second_time_nothing_is_installed(checkout: Checkout) -> None:
    checkout.virtual_environment(pip="exit 0")
    for _ in range(2):
        assert checkout.call("install_project requirements.txt").returncode == 0
    requirements, project = checkout.called("python -m pip")
    assert "--require-hashes" in requirements
    assert project.endswith(f"--no-index --no-build-isolation --no-deps --editable {checkout.root}")


@pytest.mark.parametrize("changed", ["requirements.txt", "pyproject.toml"])
def test_a_change_installs_again(checkout: Checkout, changed: str) -> None:
    checkout.virtual_environment()
    checkout.call("install_project requirements.txt")
    with (checkout.root / changed).open("a") as file:
        file.write("# changed\n")
    checkout.call("install_project requirements.txt")
    assert len(checkout.called("python -m pip")) == 4


def test_a_failed_installation_is_told_and_tried_again(checkout: Checkout) -> None:
    checkout.virtual_environment(pip="exit 1")
    for _ in range(2):
        ended = checkout.call("install_project requirements.txt")
        assert ended.returncode == 1
        assert ended.stderr.splitlines()[-1].startswith("livevision: could not install the dependencies")
    assert len(checkout.called("python -m pip")) == 2


def test_the_demo_hands_its_options_on(checkout: Checkout) -> None:
    checkout.virtual_environment()
    ended = checkout.run('bash "$ROOT/packaging/demo.sh" --model people', DISPLAY=":7")
    assert ended.returncode == 0, ended.stderr
    assert checkout.called("livevision") == ["livevision demo --model people"]


def test_a_demo_without_a_display_says_so_and_where_its_files_are(checkout: Checkout) -> None:
    checkout.virtual_environment()
    # In place of the virtual screen: something that leaves the files.
    (checkout.root / "packaging" / "virtual_screen.py").write_text(
        "import pathlib, sys\nfolder = pathlib.Path(sys.argv[1])\nfolder.touch()\n"
        "folder.with_name('street.mp4').write_text(' '.join(sys.argv[2:]))\n"
    )
    ended = checkout.run('bash "$ROOT/packaging/demo.sh" --model people')
    assert "no display here" in ended.stderr
    screenshot, recording = (Path(line) for line in ended.stdout.splitlines())
    assert screenshot.name == "screenshot.png"
    command = f"demo --duration 10 --record annotated --output {recording.parent} --model people"
    assert recording.read_text() == f"{checkout.root}/.venv/bin/livevision {command}"


def test_ci_hands_over_real_data_only_where_it_is(checkout: Checkout) -> None:
    shutil.copytree(ROOT / ".ci", checkout.root / ".ci")
    (checkout.root / "packaging" / "test.sh").write_text('echo "${LIVEVISION_REAL_DATA-unset}"\n')
    assert checkout.run('bash "$ROOT/.ci/run"').stdout == "unset\n"
    data = checkout.root.parent / "shared" / "data"
    data.mkdir(parents=True)
    assert checkout.run('bash "$ROOT/.ci/run"').stdout == f"{data}\n"


@pytest.mark.xvfb
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed: packaging/test.sh installs it")
def test_the_virtual_screen_leaves_a_picture_of_the_window(tmp_path: Path) -> None:
    import cv2

    window = tmp_path / "window.py"
    window.write_text(
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication, QWidget\n"
        "app = QApplication([])\n"
        "window = QWidget()\n"
        "window.setStyleSheet('background: #123456')\n"
        "window.setGeometry(100, 50, 300, 200)\n"
        "window.show()\n"
        "QTimer.singleShot(1600, lambda: app.exit(3))\n"
        "raise SystemExit(app.exec())\n"
    )
    picture = tmp_path / "picture.png"
    ended = subprocess.run(
        [sys.executable, ROOT / "packaging" / "virtual_screen.py", picture, sys.executable, window],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert ended.returncode == 3, ended.stderr
    image = cv2.imread(str(picture))
    assert image is not None
    assert image[150, 250].tolist() == [0x56, 0x34, 0x12]
    assert image[20, 20].tolist() == [0, 0, 0]
