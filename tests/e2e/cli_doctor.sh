#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# doctor: a line a check, what to do, the status.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json

run 0 lockstep doctor
for check in machine compiler probe engine terminal store lessons live; do
    grep -qE "^(ok|warn)  +$check " "$out" || fail "no line on $check"
done
run 0 lockstep doctor --json
is schema "$(json schema)" lockstep.doctor/1
json checks.0.name checks.0.status checks.0.detail checks.0.advice >fields || fail 'a field is missing'

run 69 env LOCKSTEP_CC=/nowhere/cc lockstep doctor
grep -q '^fail  compiler' "$out" || fail 'a missing compiler is no failure'
has "$out" 'install gcc or clang'
: >file
run 69 env LOCKSTEP_DATA="$work/file/data" lockstep doctor
grep -q '^fail  store' "$out" || fail 'a store that cannot be is no failure'
run 0 taskset -c 0 lockstep doctor
grep -q '^warn  live ' "$out" || fail 'one processor is no warning'
done_testing
