#!/bin/sh
# Makes .venv from requirements.lock, and again only when the lock has changed.
# Works without a terminal; installs python3-venv by apt when it is missing (not with HUIYIN_INSTALL=0).
set -eu
cd "$(dirname "$0")/../.."

refuse() {
    echo "$1" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

can_make_venvs() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

# A distribution builds its own with what a profile of it showed; one compiled without (pyenv's default)
# takes a fifth to a half longer for the same work, and with it every test.
find_python() {
    if new_enough /usr/bin/python3 && can_make_venvs /usr/bin/python3; then
        echo /usr/bin/python3
        return
    fi
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    refuse "Huiyin needs Python 3.11 or newer, and none is on PATH: install one (Debian 12+ and Ubuntu 24.04+ have it)."
}

# Debian keeps the parts that make a venv in a package of their own.
require_venv() {
    can_make_venvs "$1" && return
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    [ "${HUIYIN_INSTALL:-1}" != 0 ] || refuse "The package $package is missing and HUIYIN_INSTALL=0 forbids to install it: install it."
    command -v apt-get >/dev/null || refuse "This Python has no ensurepip: install what your system calls $package."
    echo "Installing from this system's Debian packages: $package"
    as_root sh deploy/local/apt-install.sh "$package"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        refuse "Installing needs root, and there is no sudo: run the same command as root once."
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo --non-interactive "$@"
    fi
}

pip() {
    .venv/bin/python -m pip --quiet --disable-pip-version-check --no-input "$@" </dev/null
}

# The folder is part of it: a venv that was moved or copied still points to its old place.
locked=$({ pwd; cat requirements.lock; } | sha256sum)
if [ "$(cat .venv/.locked 2>/dev/null)" != "$locked" ] || ! .venv/bin/python -c '' 2>/dev/null; then
    python=$(find_python)
    require_venv "$python"
    echo "Setting up .venv from requirements.lock"
    "$python" -m venv --clear .venv
    pip install --no-deps -r requirements.lock
    echo "$locked" >.venv/.locked
fi

# The project itself is linked, not copied; only its commands and its list of packages can go stale.
project=$(sha256sum <pyproject.toml)
if [ "$(cat .venv/.project 2>/dev/null)" != "$project" ]; then
    pip install --no-deps --no-build-isolation --editable .
    echo "$project" >.venv/.project
fi
