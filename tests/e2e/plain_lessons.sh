#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2034 # cli.inc sets out, err, work, top
# Whole lessons in plain mode, as a learner does them: plain/NAME.in holds what is typed, a line a
# prompt (# comments; the first names the lesson), plain/NAME.txt what the terminal then shows, to
# be read as a screen reader reads it. LOCKSTEP_GOLDEN=1 writes the latter anew: read the diff.
# `sh plain_lessons.sh NAME` does one of them.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool pty
LC_ALL=C.UTF-8
export LC_ALL

# What is different on each machine has a name in its place.
normal() {
    tr -d '\r' <"$out" | sed -e "s|$work|WORK|g" -e "s|$top|TOP|g" \
        -e 's/\(T[0-9][^ ]* *=\|^  [a-z]* =\) [0-9]\{10,\}$/\1 ADDRESS/'
}

# what_is_ours FILE: neither a line of a program nor what was typed
what_is_ours() {
    sed -e 's/? or q > .*/? or q > /' -e '/^Program .*:$/,/^End of program/d' -e '/^Code:$/,/^End of code/d' \
        -e '/^Lines:$/,/^End of lines/d' "$1"
}

# What holds of any text of plain mode.
check_text() {
    if grep -q "$(printf '\033')" "$1"; then fail "$1: an escape sequence"; fi
    what_is_ours "$1" >ours
    if grep -nP '\t' ours; then fail "$1: a tab"; fi
    if grep -n '[─│┌┐└┘├┤┬┴┼░▒█■▲▼▶◀●]' ours; then fail "$1: a drawing"; fi
    if grep -nE '^.{81,}' ours | grep -v 'lockstep replay ls1'; then fail "$1: a long line"; fi
    if [ -n "$(tail -c 1 "$1")" ]; then fail "$1: no newline at the end"; fi
}

for script in "$top"/tests/e2e/plain/${1:-*}.in; do
    name=$(basename "$script" .in)
    lesson=$(sed -n '1s/^# lesson //p' "$script")
    grep -v '^#' "$script" | while IFS= read -r line; do
        printf 'expect ? or q > \nsend %s\\n\n' "$line"
    done >typed
    LOCKSTEP_DATA=$work/$name # a new learner
    export LOCKSTEP_DATA
    cp "$top/lessons/$lesson"/*.c . # what `edit` puts in the place of the learner's copy
    run 0 "$work/pty" typed "$work/alone" lockstep learn --plain "$lesson"
    normal >"$name.txt"
    check_text "$name.txt"
    if [ -n "${LOCKSTEP_GOLDEN:-}" ]; then
        cp "$name.txt" "$top/tests/e2e/plain/$name.txt"
    elif ! diff "$top/tests/e2e/plain/$name.txt" "$name.txt" >"$name.diff"; then
        fail "$name: the transcript differs: $(head -n 40 "$name.diff")"
    fi
    run 0 lockstep lessons --json
    grep -o "\"id\":\"$lesson\"[^}]*" "$out" | grep -q '"status":"done"' ||
        fail "$lesson is not marked as done"
done

done_testing
