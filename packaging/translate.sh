#!/usr/bin/env bash
# Collects the texts of the windows, and those of the core that they show, into livevision/ui/translations/*.ts, and
# makes the .qm files that the app reads.
# `bash packaging/translate.sh` after a text has changed; then translate what says type="unfinished", and run it again.
# `bash packaging/translate.sh fr` begins another language.
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

cd "$root"
folder=livevision/ui/translations
bin=$venv/bin
[ -x "$bin/pyside6-lupdate" ] || fail "first run packaging/test.sh, which sets up .venv"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/python" packaging/wordings.py "$work/core.py"

mapfile -d '' sources < <(find livevision/ui -name '*.py' -print0 | LC_ALL=C sort -z)
languages=("$@")
for ts in "$folder"/livevision_*.ts; do
    [ ! -e "$ts" ] || languages+=("$(basename "${ts##*/livevision_}" .ts)")
done
for language in "${languages[@]}"; do
    ts=$folder/livevision_$language.ts
    # No line numbers: they change with every edit, and say nothing to a translator.
    # English is what the code says; only singulars and plurals are to be told apart.
    only=()
    [ "$language" != en ] || only=(-pluralonly)
    "$bin/pyside6-lupdate" "${only[@]}" -silent -no-obsolete -locations none -source-language en -target-language "$language" \
        "${sources[@]}" "$work/core.py" -ts "$ts"
    "$bin/pyside6-lrelease" -silent -nounfinished "$ts" -qm "${ts%.ts}.qm"
    say "$language: $(grep -c '<message' "$ts" || true) texts, $(grep -c 'type="unfinished"' "$ts" || true) not translated"
done
