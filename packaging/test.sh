#!/usr/bin/env bash
# Sets up what is missing and runs every check and every test; options go to pytest.
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

set_up requirements-test.txt "windows, a virtual screen and a test camera" \
    "${window_packages[@]}" "${virtual_screen_packages[@]}" "${test_camera_packages[@]}"

cd "$root"
say "ruff check"
"$python" -m ruff check
say "ruff format --check"
"$python" -m ruff format --check
say "mypy"
"$python" -m mypy
say "pytest"
"$python" -m pytest "$@"
