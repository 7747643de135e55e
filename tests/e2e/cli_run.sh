#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# run and replay without a terminal: lines, JSON, forced choices, schedules that do not fit.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json
counter_source 1 '' '' >counter.c

# by the plain policy: T0 goes on as long as it can
run 1 lockstep run --plain counter.c
has "$out" 'step  task  process'
has "$out" 'Output: "2\n"'
has "$out" 'lockstep replay ls1:'
steps=$(grep -cE '^ *[0-9]+ ' "$out")
lockstep run --plain counter.c >again
cmp -s "$out" again || fail 'two runs differ'

# --plain is implied without a terminal
lockstep run counter.c >implied
cmp -s "$out" implied || fail 'no terminal, but no plain lines'
ACCESSIBLE=1 lockstep run counter.c >implied
cmp -s "$out" implied || fail 'ACCESSIBLE, but no plain lines'

# JSON: an object a line, as many steps as in plain mode
run 1 lockstep run --json counter.c
json -l step operation >fields || fail 'a line without step or operation'
steps_json=$(paste - - <fields | grep -cvE '	(finding|finished)$')
is 'steps in JSON' "$steps_json" "$steps"
tail -n 1 "$out" | "$work/json" operation exit signal schedule >last || fail 'the last line'
is 'last line' "$(head -n 3 last | tr '\n' ' ')" 'finished 0 null '
grep '^{"step":[0-9]*,"operation":"finding"' "$out" | "$work/json" -l kind file line message schedule >finding ||
    fail 'the finding in JSON'
is kind "$(head -n 1 finding)" data-race

# --choose: first by hand
run 1 lockstep run --plain --choose 0,0,1,2,1,2 counter.c
is 'tasks chosen' "$(grep -E '^ *[0-9]+ ' "$out" | head -n 6 | awk '{printf "%s", $2}')" T0T0T1T2T1T2
run 65 lockstep run --plain --choose 0,0,7 counter.c
has "$err" 'choice 3'
has "$err" 'T7'
has "$err" 'possible: '
run 65 lockstep run --plain --choose 1 counter.c
has "$err" 'choice 1 '
for bad in x "0,,1" "0," ",0" -1 0x1 99999; do
    run 2 lockstep run --plain --choose "$bad" counter.c
    has "$err" 'column'
done

# --schedule: as replay does, then on
token=$(lockstep run --json counter.c | tail -n 1 | "$work/json" schedule)
run 1 lockstep run --plain --schedule "$token" counter.c
run 1 lockstep replay --plain "$token" counter.c
lockstep run --plain counter.c >first
cmp -s first "$out" || fail 'the replay tells another story'
run 1 lockstep replay --json "$token" counter.c
json -l step operation >fields || fail 'a line without step or operation'

# what does not fit: another program, a damaged token, a missing one
run 65 lockstep replay 'ls1:nonsense' counter.c
run 65 lockstep run --plain --schedule 'ls9:00000000:a3' counter.c
run 2 lockstep replay "$token"
has "$err" 'needs its program'
run 66 lockstep replay nothing.rec
run 65 lockstep replay counter.c
run 66 lockstep replay "$token" nothing.c
sed 's/counter++/counter += 2/' counter.c >other.c
cp other.c counter_changed.c
run 3 lockstep replay --plain "$token" counter_changed.c
has "$err" 'not the one this schedule was made for'
sed 's/counter++/counter++; counter++/' counter.c >more.c
run 3 lockstep replay --plain "$token" more.c
has "$err" 'first difference'

# recordings: damaged, cut, of a changed program
lockstep explore --first -o r.rec counter.c >"$out"
head -c 40 r.rec >cut.rec
run 65 lockstep replay --plain cut.rec
run 1 lockstep replay --plain r.rec
mv counter.c away.c
run 66 lockstep replay --plain r.rec
mv other.c counter.c
run 3 lockstep replay --plain r.rec

# --main-exit: whether the others go on when main returns
cat >leave.c <<'END'
#include <pthread.h>
#include <stdio.h>
static void *say(void *p)
{
    puts("late");
    return p;
}
int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, say, 0);
    return 0;
}
END
run 0 lockstep run --plain leave.c
has "$out" 'Output: none'
run 0 lockstep run --plain --main-exit=wait leave.c
has "$out" 'Output: "late\n"'
line=$(grep -o 'lockstep replay .*' "$out")
run 0 sh -c "$line"
has "$out" 'Output: "late\n"'

done_testing
