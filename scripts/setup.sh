#!/bin/sh
# Prepares this folder: system libraries, virtual environment, pinned packages, starter model.
#
#   sh scripts/setup.sh run     what the program needs
#   sh scripts/setup.sh test    the same, and what its checks and tests need
#   sh scripts/setup.sh exports the same, and the programs that read exports in make test-exports
#   sh scripts/setup.sh build   what tests need, and the tools that make build takes libraries apart with
#
# A second call does only what is missing. Needs git, make and Python 3.11 or newer.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:?"usage: sh scripts/setup.sh run|test|exports|build"}
venv=.venv

say() { printf '%s\n' "$*"; }
fail() { printf 'Set-up stopped: %s\n' "$*" >&2; exit 1; }

find_python() {
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# --- System libraries -------------------------------------------------------------------------

# What Qt needs to open a window and PortAudio to record; for the tests also a virtual
# microphone and a virtual screen.
run_packages="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 \
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-randr0 libxcb-render-util0 \
libxcb-image0 libxcb-xinerama0 libportaudio2 libasound2-plugins libpulse0 fonts-dejavu-core"
export_packages="libreoffice-writer-nogui poppler-utils chromium fonts-droid-fallback fonts-noto-core"
build_packages="binutils xz-utils desktop-file-utils appstream"
test_packages="pulseaudio pulseaudio-utils xvfb xauth"

# The library of Debian's own Python, which its programs do without and the application does not.
python_library() {
    found=$(find_python) || return 0
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    case $found in
    /usr/bin/*) /sbin/ldconfig -p | grep -q "libpython$version\.so\.1" || printf 'libpython%s' "$version" ;;
    esac
}

missing_packages() {
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 &&
        { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }; }
}

apt_refreshed=no
install_packages() {
    if [ "$apt_refreshed" = no ]; then
        as_root apt-get update -qq || return 1
        apt_refreshed=yes
    fi
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        >/dev/null
}

system_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    if ! command -v dpkg-query >/dev/null 2>&1; then
        [ -d "$venv" ] || say "Note: Qt and PortAudio need system libraries; if the window or the microphone fails, install your system's equivalents of: $run_packages"
        return 0
    fi
    wanted=$run_packages
    [ "$purpose" != run ] && wanted="$wanted $test_packages"
    [ "$purpose" = exports ] && wanted="$wanted $export_packages"
    [ "$purpose" = build ] && wanted="$wanted $build_packages $(python_library)"
    # shellcheck disable=SC2086
    missing=$(missing_packages $wanted)
    [ -z "$missing" ] && return 0
    if may_install; then
        say "Installing system libraries: $missing"
        # shellcheck disable=SC2086
        install_packages $missing || say "Some could not be installed; the window or the microphone may not work. By hand: sudo apt-get install $missing"
    else
        say "System libraries are missing; install them with: sudo apt-get install $missing"
    fi
}

# --- Virtual environment ----------------------------------------------------------------------

make_environment() {
    python=$(find_python) || fail "Python 3.11 or newer is needed; install it, or name it: make run PYTHON=/path/to/python3"
    if [ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    rm -rf "$venv"
    say "Creating the virtual environment"
    # Debian's own Python comes without ensurepip until python3-venv is installed.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        if may_install; then
            say "Installing $version-venv"
            install_packages "$version-venv" || true
        fi
    fi
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv "$venv"
    elif "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv -q "$venv"
    elif command -v uv >/dev/null 2>&1; then
        uv venv -q --seed --python "$python" "$venv"
    else
        fail "this Python cannot make virtual environments; install its venv package: sudo apt-get install $version-venv"
    fi
}

# Installs one lock file when it, or pyproject.toml, changed since the last time.
install_lock() {
    lock=$1
    if [ -f "$venv/$lock.installed" ] && [ "$(cat "$venv/$lock.installed")" = "$(state_of "$lock")" ]; then
        return 0
    fi
    say "Installing the packages of $lock (the first time takes a few minutes)"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-virtualenv --no-deps -r "$lock" ||
        fail "the packages could not be installed; check the network and try again"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-virtualenv --no-deps -e . ||
        fail "the program itself could not be installed into $venv"
    stamp "$lock"
}

state_of() { cat "$1" pyproject.toml scripts/setup.sh | cksum; }
stamp() { state_of "$1" >"$venv/$1.installed"; }

system_libraries
make_environment
case $purpose in
run) install_lock requirements.lock ;;
test | exports | build)
    install_lock requirements-dev.lock
    stamp requirements.lock # the other one is a part of it
    ;;
*) fail "usage: sh scripts/setup.sh run|test|exports|build" ;;
esac
