#!/bin/sh
# Installs the named Debian packages without a question and without starting what they bring:
# the stack runs servers of its own, on ports of its own. Needs root.
set -eu

policy=/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive

# An existing policy is the machine owner's and stays; ours goes again, however this ends.
if [ ! -e "$policy" ] && [ ! -L "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

apt-get -o DPkg::Lock::Timeout=120 update --quiet=2 </dev/null
apt-get -o DPkg::Lock::Timeout=120 install --quiet=2 --yes --no-install-recommends "$@" </dev/null
