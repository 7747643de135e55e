#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# explore: outcomes, findings, exit statuses, JSON, and that every replay line shows what it says.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json

counter_source 1 '' '' >counter.c
counter_source 2 '' '' >counter2.c
counter_source 2 'pthread_mutex_lock(&m)' 'pthread_mutex_unlock(&m)' >locked.c

cat >abba.c <<'END'
#include <pthread.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static void *ab(void *p)
{
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    return p;
}
static void *ba(void *p)
{
    pthread_mutex_lock(&b);
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    return p;
}
int main(void)
{
    pthread_t x, y;
    pthread_create(&x, 0, ab, 0);
    pthread_create(&y, 0, ba, 0);
    pthread_join(x, 0);
    pthread_join(y, 0);
    return 0;
}
END

# outcomes: "1\n" and "2\n", each once
outcomes() {
    json 'outcomes.#' >n
    i=0
    while [ "$i" -lt "$(cat n)" ]; do
        "$work/json" "outcomes.$i.stdout" <"$out" | head -n 1
        i=$((i + 1))
    done | sort | tr '\n' ' '
}

run 1 lockstep explore --json counter.c
is schema "$(json schema)" lockstep.explore/1
is program "$(json program)" counter.c
is complete "$(json complete)" true
is strategy "$(json strategy)" dpor
is outcomes "$(outcomes)" '1 2 '
is findings "$(json findings.#)" 1
is kind "$(json findings.0.kind)" data-race
is line "$(json findings.0.line)" 9
is 'exit of outcome 0' "$(json outcomes.0.exit outcomes.0.signal)" '0
null'
json executions blocked steps seconds program_hash outcomes.0.executions outcomes.0.schedule \
    findings.0.message findings.0.file findings.0.tasks findings.0.switches findings.0.steps \
    findings.0.schedule >fields || fail "a field is missing: $(cat fields)"
[ "$(wc -l <"$out")" = 1 ] || fail 'one line of JSON'

run 1 lockstep explore --json counter2.c
is outcomes "$(outcomes)" '2 3 4 '
is complete "$(json complete)" true
run 0 lockstep explore --json locked.c
is outcomes "$(outcomes)" '4 '
is findings "$(json findings.#)" 0
run 1 lockstep explore --json abba.c
is kind "$(json findings.0.kind)" deadlock

# for people
run 1 lockstep explore counter.c
has "$out" 'Complete: every schedule was covered.'
has "$out" 'data-race at '
run 0 lockstep explore locked.c
has "$out" 'Nothing found. Complete'
run 4 lockstep explore --executions=1 locked.c
has "$out" 'Not complete'
hasnot "$out" 'Complete: every'
run 4 lockstep explore --strategy=random --executions=50 --seed=3 --json locked.c
is 'random executions' "$(json executions)" 50
is complete "$(json complete)" false
run 1 lockstep explore --strategy=dfs --json counter.c
is 'dfs outcomes' "$(outcomes)" '1 2 '
run 1 lockstep explore --first --json counter.c
is 'first' "$(json findings.#)" 1

# the same seed, the same schedules
lockstep explore --strategy=random --executions=40 --seed=5 --json counter2.c | "$work/json" outcomes >r1
lockstep explore --strategy=random --executions=40 --seed=5 --json counter2.c | "$work/json" outcomes >r2
cmp -s r1 r2 || fail 'the same seed gave other outcomes'

# every replay line of the report shows a finding, or that outcome
for program in counter.c abba.c; do
    run 1 lockstep explore "$program"
    grep -o 'lockstep replay .*' "$out" >lines
    [ -s lines ] || fail "no replay line for $program"
    while read -r line; do
        "$work/alone" sh -c "$line" </dev/null >"$out" 2>"$err"
        status=$?
        [ "$status" -le 1 ] || fail "status $status: $line"
    done <lines
done
run 1 lockstep explore --json counter.c
token=$(json findings.0.schedule)
run 1 lockstep replay "$token" counter.c --plain
has "$out" data-race
# each outcome's schedule prints what it says
lockstep explore --json counter2.c >all.json
for i in 0 1 2; do
    text=$("$work/json" "outcomes.$i.stdout" <all.json | head -n 1)
    run 1 lockstep replay --plain "$("$work/json" "outcomes.$i.schedule" <all.json)" counter2.c
    has "$out" "Output: \"$text\\n\""
done

# names that the shell would read otherwise, and arguments
mkdir "a b"
sed 's/return 0;/return 1;/' locked.c >"a b/it's.c"
run 1 lockstep explore "a b/it's.c" -- 'x y' '$HOME'
line=$(grep -o 'lockstep replay .*' "$out" | tail -n 1)
case $line in *" -- 'x y' '\$HOME'") ;; *) fail "not quoted: $line" ;; esac
run 1 sh -c "$line"
has "$out" exit-status

# source from standard input
run 1 lockstep explore - <counter.c
has "$out" 'lockstep replay '
run 2 lockstep explore - - <counter.c

# recordings
run 1 lockstep explore --first -o race.rec counter.c
[ -s race.rec ] || fail 'no recording'
run 1 lockstep replay --plain race.rec
has "$out" data-race
run 0 lockstep explore -o none.rec locked.c
has "$err" 'none.rec was not written'
[ -e none.rec ] && fail 'a recording of nothing'
run 73 lockstep explore -o /nowhere/at/all.rec counter.c

done_testing
