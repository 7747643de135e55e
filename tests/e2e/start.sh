#!/bin/sh
# shellcheck disable=SC2016 # the fakes expand their own arguments
# ./start where things are missing: a PATH of its own, in which package managers only say what they
# are told. Nothing is installed and nothing is built.
set -u
start=$LOCKSTEP_TOP/start
dir=$(mktemp -d "$TMPDIR/start-XXXXXX") || exit 2
failures=0

for tool in sh mktemp rm cat env; do
    ln -s "$(command -v "$tool")" "$dir/$tool"
done

# fake NAME LINE...: a command of that name
fake() {
    name=$1
    shift
    printf '%s\n' '#!/bin/sh' "$@" >"$dir/$name"
    chmod +x "$dir/$name"
}

# expect NAME STATUS TEXT ARGUMENTS...: how ./start ends and what it says
expect() {
    case_name=$1 wanted=$2 text=$3
    shift 3
    env -i PATH="$dir" TMPDIR="$dir" sh "$start" "$@" >"$dir/out" 2>&1 </dev/null
    status=$?
    if [ "$status" != "$wanted" ] || ! grep -qF -e "$text" "$dir/out"; then
        echo "FAIL: $case_name: status $status, wanted $wanted with \"$text\":"
        cat "$dir/out"
        failures=$((failures + 1))
    fi
}

fake id 'echo 0'
expect "help needs nothing" 0 "Usage: ./start" --help
expect "no package manager" 1 "No package manager I know"
expect "no package manager, what is missing" 1 "elfutils (libdw), MD4C"

# manager, its command, what it is told
while IFS='|' read -r name command words; do
    fake "$command" 'echo "told: ${0##*/} $*"'
    expect "$name installs" 1 "told: $command $words"
    expect "$name names what is still missing" 1 "still not found: C compiler"
    rm "$dir/$command"
done <<'END'
apt|apt-get|-q -y --no-install-recommends install gcc libc6-dev make pkg-config libncurses-dev
dnf|dnf|-y install gcc make pkgconf-pkg-config ncurses-devel
pacman|pacman|-S --needed --noconfirm gcc make pkgconf ncurses
apk|apk|add gcc musl-dev make pkgconf ncurses-dev
zypper|zypper|--non-interactive install gcc make pkg-config ncurses-devel
END

fake dnf 'echo "told: dnf $*"; exit 1'
expect "a failed installation names the packages" 1 "dnf could not install: gcc make"
expect "it is tried again with fresh lists" 1 "told: dnf -q makecache"
expect "the packages of the tests" 1 "libcmocka-devel" check
fake id 'echo 1000'
expect "no root, no sudo" 1 "As root, install: gcc make"
fake sudo 'echo "by sudo: $*"; exit 1'
expect "sudo is used, without a question" 1 "by sudo: -n dnf -y install gcc"
fake dnf 'exit 0'
fake sudo 'shift; exec "$@"'
expect "sudo succeeds" 1 "still not found"

[ "$failures" = 0 ]
