#!/usr/bin/env bash
# Sets up what is missing and runs `livevision demo` with the options given.
# Without a display: the same window for ten seconds on a virtual screen, leaving a recording and a screenshot.
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

if [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    set_up requirements.txt "the window" "${window_packages[@]}"
    exec "$venv/bin/livevision" demo "$@"
fi

say "no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): running for 10 s on a virtual screen instead"
set_up requirements.txt "a window on a virtual screen" "${window_packages[@]}" "${virtual_screen_packages[@]}"
output=$root/recordings/demo-$(date +%Y%m%d-%H%M%S)
mkdir -p "$output"
"$python" "$root/packaging/virtual_screen.py" "$output/screenshot.png" \
    "$venv/bin/livevision" demo --duration 10 --record annotated --output "$output" "$@"
say "the window as it was, and what it recorded:"
find "$output" -type f | sort
