# shellcheck shell=bash disable=SC2034
# What demo.sh and test.sh share: Debian packages, a virtual environment, the locked dependencies.
# To be sourced.  Each function says what it is about to do, and does nothing where that is done already.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
python=$venv/bin/python

# What PySide6 and OpenCV load from the system, for a window under X11 or Wayland.  Found with ldd on Qt's core
# libraries and its xcb, wayland and offscreen plugins; what one of these packages depends on is not repeated.
window_packages=(libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libwayland-cursor0 libwayland-egl1)
# A screen for machines without one, and a font that looks well on it.
virtual_screen_packages=(xvfb fonts-inter)
# A camera to read from: GStreamer's RTSP server with an H.264 encoder, and ffmpeg to look at recordings with.
test_camera_packages=(gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good
    gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly python3-gi ffmpeg)
# A desktop's bus to ask for a screen that stays on, the part of X that keeps it on without one, a Wayland compositor, and
# countries that write a decimal comma.
test_desktop_packages=(dbus-daemon libxss1 weston locales)

say() {
    printf 'livevision: %s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

# need_packages WHY NAME...: installs those Debian packages that are missing; without them it says so and goes on.
need_packages() {
    local why=$1 missing=() log
    shift
    [ "$(uname -s)" = Linux ] || return 0
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "this is no Debian or Ubuntu. For $why please install what Debian calls: $*"
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing Debian packages for $why: ${missing[*]}"
    log=$(mktemp)
    # Failing to refresh the lists matters only if installing fails, too.
    apt_get update >"$log" 2>&1 || true
    apt_get install --no-install-recommends "${missing[@]}" >"$log" 2>&1 || tail -n 5 "$log" >&2
    rm -f "$log"
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] ||
        say "going on without what could not be installed; to try by hand: apt-get install ${missing[*]}"
}

# missing_packages NAME...: those that dpkg knows neither by name nor as something that another one provides, as
# libglib2.0-0t64 provides libglib2.0-0.
missing_packages() {
    local present name
    present=$(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' |
        sed -n -e 's/([^)]*)//g' -e 's/^installed //p' | tr -s ', ' '\n')
    for name in "$@"; do
        grep -qxF -- "$name" <<<"$present" || printf '%s\n' "$name"
    done
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes -o DPkg::Lock::Timeout=300 "$@"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        say "not root, and there is no sudo"
        return 1
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo --non-interactive "$@" # nobody is there to type a password
    fi
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "no Python 3.11 or newer found; on Debian 12, Ubuntu 24.04 or newer: apt-get install python3"
}

venv_works() {
    "$python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# venv_package BASE: the Debian package without which that Python makes no virtual environments; nothing if it can.
venv_package() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null ||
        "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

make_venv() {
    say "making a virtual environment in .venv with $("$1" --version)"
    "$1" -m venv --clear "$venv" || fail "$1 could not make a virtual environment; it says why above"
}

# install_project LOCK: what the lock file pins, and the project itself, unless nothing has changed since last time.
install_project() {
    local lock=$root/$1 stamp=$venv/.installed-$1 state
    state=$("$python" -c 'if True:
        import hashlib, pathlib, sys
        files = [pathlib.Path(name).read_bytes() for name in sys.argv[1:]]
        print(sys.prefix, hashlib.sha256(b"\0".join(files)).hexdigest())' "$lock" "$root/pyproject.toml")
    if [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then
        return
    fi
    say "installing into .venv what $1 pins; the first time, this downloads about 270 MB"
    pip install --require-hashes --only-binary :all: --no-deps --requirement "$lock" ||
        fail "could not install the dependencies; pip says why above. Is the network there?"
    # The lock file has what builds the project, too, so nothing is downloaded here.
    pip install --no-index --no-build-isolation --no-deps --editable "$root" ||
        fail "could not install the project itself; pip says why above"
    printf '%s\n' "$state" >"$stamp"
}

pip() {
    "$python" -m pip --quiet --disable-pip-version-check --no-input "$@"
}

# set_up LOCK WHY PACKAGE...: all of the above.
set_up() {
    local lock=$1 why=$2 base for_venv
    shift 2
    if venv_works; then
        need_packages "$why" "$@"
    else
        # None yet, or one that broke when the system's Python was updated.
        base=$(find_python)
        for_venv=$(venv_package "$base")
        need_packages "$why" "$@" ${for_venv:+"$for_venv"}
        make_venv "$base"
    fi
    install_project "$lock"
}
