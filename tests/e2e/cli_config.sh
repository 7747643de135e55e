#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# The configuration file and the commands: what it changes, what comes before it, what is wrong in
# it; and lessons that a teacher has locked.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"

config=$HOME/.config/lockstep
mkdir -p "$config"
leaves=$top/tests/programs/main_leaves_first.c

# a setting, and what comes before it: the environment, then the option
run 0 lockstep run --plain "$leaves" </dev/null
hasnot "$out" 'join'
before=$(wc -l <"$out")
echo 'main_exit = wait' >"$config/config"
run 0 lockstep run --plain "$leaves" </dev/null
after=$(wc -l <"$out")
[ "$after" -gt "$before" ] || fail "main_exit = wait: $after lines, as many as before"
run 0 env LOCKSTEP_MAIN_EXIT=real lockstep run --plain "$leaves" </dev/null
is 'lines with the environment' "$(wc -l <"$out")" "$before"
run 0 env LOCKSTEP_MAIN_EXIT=real lockstep run --plain --main-exit=wait "$leaves" </dev/null
is 'lines with the option' "$(wc -l <"$out")" "$after"
run 0 lockstep run --plain --main-exit=real "$leaves" </dev/null
is 'lines with the other option' "$(wc -l <"$out")" "$before"
run 0 lockstep explore --json "$leaves" # searching is not changed by it
has "$out" '"stdout":""'

# what is wrong is told with its line, and is no reason to stop; results stay results
printf 'thme = dark\nmouse = perhaps\n' >"$config/config"
run 0 lockstep lessons --json
has "$err" "~/.config/lockstep/config:1: there is no setting \"thme\"; did you mean \"theme\"?"
has "$err" "~/.config/lockstep/config:2: mouse cannot be \"perhaps\""
hasnot "$out" thme
run 0 lockstep cc --version
hasnot "$err" thme
i=0
while [ $i -lt 20 ]; do echo "wrong$i = 1"; i=$((i + 1)); done >"$config/config"
run 0 lockstep lessons
has "$err" 'and 15 more of this kind'
head -c 10000000 /dev/urandom >"$config/config"
run 0 lockstep lessons
has "$err" 'larger than 256 KiB'
rm "$config/config"
mkfifo "$config/config" # nobody will ever write into it
run 0 lockstep lessons
has "$err" 'it is no file'
rm "$config/config"

# a locked lesson cannot be opened, and says why
echo 'lock race until start/tour because first the tour' >"$config/locks"
run 66 lockstep learn race/lost-update </dev/null
has "$err" 'Your teacher has locked it until the lesson start/tour is done. "first the tour"'
run 0 lockstep learn start/tour </dev/null
echo 'lock race until 2020-01-01' >"$config/locks"
run 0 lockstep learn race/lost-update </dev/null
rm "$config/locks"

done_testing
