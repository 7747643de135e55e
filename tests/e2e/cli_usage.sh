#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# The command line itself: help, version, wrong usage, output that cannot be written.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"

run 0 lockstep --help
has "$out" 'Usage: lockstep'
has "$out" 'explore'
run 0 lockstep -h
run 0 lockstep --version
grep -Eq '^lockstep [0-9]+\.[0-9]+' "$out" || fail 'no version'
for command in learn run explore replay lessons check progress cc c++ doctor; do
    run 0 lockstep "$command" --help
    has "$out" "Usage: lockstep $command"
    run 0 lockstep help "$command"
    has "$out" "Usage: lockstep $command"
done
run 0 lockstep run --help --plain nothing.c

run 2 lockstep exlpore x.c
has "$err" "did you mean 'explore'"
run 2 lockstep watch x.c
has "$err" "'watch' is no command"
hasnot "$err" 'did you mean'
run 2 lockstep export x.rec
run 2 lockstep run
has "$err" 'lockstep run --help'
run 2 lockstep run --plian x.c
has "$err" "did you mean '--plain'"
run 2 lockstep explore --strategy=bfs x.c
has "$err" 'dpor|dfs|random'
run 2 lockstep explore --executions=0 x.c
run 2 lockstep explore --jobs=2 x.c
run 2 lockstep progress exprot
has "$err" "did you mean 'export'"
run 2 lockstep progress --json --csv
run 2 lockstep help nothing
run 2 lockstep cc

[ -s "$out" ] && fail 'errors belong on standard error'

# a full disk is an error; a reader that has left is none worth words
if [ -w /dev/full ]; then
    "$work/alone" lockstep --help >/dev/full 2>"$err"
    is status $? 74
    has "$err" 'standard output'
fi
run 141 "$work/alone" -p lockstep --help
is 'standard error' "$(cat "$err")" ''

done_testing
