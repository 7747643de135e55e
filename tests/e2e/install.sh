#!/bin/sh
# make install into a folder, a run from there with nothing of the source in reach, make uninstall.
set -u
dir=$(mktemp -d "$TMPDIR/install-XXXXXX") || exit 2
failures=0
fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}
make_it() {
    make -s --no-print-directory -C "$LOCKSTEP_TOP" B="${LOCKSTEP_BUILD#"$LOCKSTEP_TOP"/}" DESTDIR="$dir/dest" "$@" >"$dir/log" 2>&1 || {
        fail "make $* failed:"
        cat "$dir/log"
    }
}

make_it install
at=$dir/dest/usr/local
for file in bin/lockstep bin/lockstep-cc bin/lockstep-c++ include/lockstep/lockstep.h lib/lockstep/liblockstep-probe.so lib/lockstep/liblockstep-recorder.so share/man/man1/lockstep.1 \
    share/locale/zh_CN/LC_MESSAGES/lockstep.mo share/lockstep/lessons/units share/lockstep/lessons/race/lost-update/lesson.md; do
    [ -f "$at/$file" ] || fail "not installed: $file"
done

unset LOCKSTEP_LESSONS LOCKSTEP_PROBE
# Moved elsewhere as a whole it finds its parts: beside itself, not at a path that was built in.
mv "$at" "$dir/moved here"
cd / || exit 2
cp "$LOCKSTEP_TOP/tests/programs/counter_mutex.c" "$dir/c.c"
"$dir/moved here/bin/lockstep" explore "$dir/c.c" >"$dir/out" 2>&1 || {
    fail "explore from the installed place ends with $?:"
    cat "$dir/out"
}
"$dir/moved here/bin/lockstep" lessons >"$dir/out" 2>&1 || fail "lessons ends with $?"
grep -q race/lost-update "$dir/out" || {
    fail "the installed lessons are not found:"
    cat "$dir/out"
}
LC_ALL=zh_CN.UTF-8 "$dir/moved here/bin/lockstep" --help >"$dir/out" 2>&1
grep -q 用法 "$dir/out" || {
    fail "the installed catalogue is not found:"
    cat "$dir/out"
}
if grep -qF "$LOCKSTEP_TOP" "$dir/moved here/bin/lockstep"; then
    fail "the program holds the path of its source"
fi

mv "$dir/moved here" "$at"
make_it uninstall
left=$(find "$dir/dest" -type f)
[ -z "$left" ] || fail "uninstall left: $left"
[ "$failures" = 0 ]
