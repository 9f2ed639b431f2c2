#!/usr/bin/env bash
# Writes requirements.txt and requirements-test.txt anew from pyproject.toml, for every platform and Python >= 3.11.
# Versions stay as they are where they still fit; `bash packaging/lock.sh --upgrade` takes the newest.
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

cd "$root"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if ! command -v uv >/dev/null; then
    say "installing uv into a virtual environment of its own"
    "$(find_python)" -m venv "$scratch/uv"
    "$scratch/uv/bin/python" -m pip install --quiet uv
    PATH=$scratch/uv/bin:$PATH
fi

# lock FILE WHAT OPTIONS...: hatchling and editables are there so that installing the project itself downloads nothing.
lock() {
    local file=$1 what=$2
    shift 2
    if [ -e "$file" ]; then
        cp "$file" "$scratch/$file"
    fi
    printf 'hatchling\neditables\n' | uv pip compile pyproject.toml - --no-config --quiet --universal \
        --python-version 3.11 --fork-strategy fewest --only-binary :all: --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --output-file "$scratch/$file" "$@" >/dev/null
    {
        printf '# %s  Made from pyproject.toml by packaging/lock.sh: change it there.\n' "$what"
        cat "$scratch/$file"
    } >"$scratch/new"
    mv "$scratch/new" "$file"
    say "$file pins $(grep -c '==' "$file") packages"
}

lock requirements.txt "What livevision runs with." --extra onnx "$@"
lock requirements-test.txt "The same, and what its tests need." --extra onnx --extra test --constraint requirements.txt "$@"
