#!/usr/bin/env bash
# Sets up what is missing and runs every check and every test; options go to pytest.
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

set_up requirements-test.txt "windows, a virtual screen and a test camera" \
    "${window_packages[@]}" "${virtual_screen_packages[@]}" "${test_camera_packages[@]}" "${test_desktop_packages[@]}"

cd "$root"
say "ruff check"
"$python" -m ruff check
say "ruff format --check"
"$python" -m ruff format --check
say "mypy"
"$python" -m mypy
# run_tests WHICH OPTION...: no test of that kind among those that the options choose is fine.
run_tests() {
    local code=0
    "$python" -m pytest -m "$@" || code=$?
    [ "$code" = 5 ] || return "$code"
}

say "pytest, side by side"
# One more than there are cores: many tests wait for a moment.
run_tests "not alone" -n "$(($(nproc) + 1))" "$@"
say "pytest, one after the other: what is about time, and whole programs on a screen"
run_tests alone "$@"
