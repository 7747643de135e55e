#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# Signals: Ctrl-C stops a search and tells what is known; whatever ends lockstep, its targets end.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool pty

# a search that takes long: ten threads, five rounds each
cat >long.c <<'END'
#include <pthread.h>
static int x[10];
static void *work(void *p)
{
    int *mine = p;
    for (int i = 0; i < 5; i++) {
        x[0]++;
        (*mine)++;
    }
    return 0;
}
int main(void)
{
    pthread_t t[10];
    for (int i = 0; i < 10; i++)
        pthread_create(&t[i], 0, work, &x[i]);
    for (int i = 0; i < 10; i++)
        pthread_join(t[i], 0);
    return 0;
}
END

printf 'expect executions,\nsend \\x03\nexpect Not complete\n' >script
run 130 "$work/pty" script "$work/alone" lockstep explore long.c
has "$out" 'data-race at '

# TERM and KILL while it searches: progress on standard error tells that it has begun, but only on
# a terminal; a plain search is waited for by its target
for signal in TERM KILL; do
    lockstep explore long.c >report 2>"$err" &
    pid=$!
    n=0
    while [ ! -s "/proc/$pid/task/$pid/children" ] || [ -z "$(cat "/proc/$pid/task/$pid/children")" ]; do
        n=$((n + 1))
        [ "$n" -gt 2000 ] && break
        sleep 0.01
    done
    children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
    kill -s "$signal" "$pid"
    wait "$pid"
    status=$?
    case $signal in TERM) is 'status after TERM' "$status" 143 ;; KILL) is 'status after KILL' "$status" 137 ;; esac
    for child in $children; do
        n=0
        while kill -0 "$child" 2>/dev/null && [ "$n" -lt 300 ]; do
            n=$((n + 1))
            sleep 0.01
        done
        if kill -0 "$child" 2>/dev/null; then
            # a zombie whose new parent has not looked yet is gone too
            grep -q '^State:	Z' "/proc/$child/status" 2>/dev/null || fail "process $child outlives SIG$signal"
        fi
    done
done

# Ctrl-C at the prompt leaves; the program under study goes with it
counter_source 1 '' '' >counter.c
printf 'expect Step 0. Enter\nsend \\x03\n' >script
run 130 "$work/pty" script "$work/alone" lockstep run --plain counter.c
# end of input leaves too
printf 'expect Step 0. Enter\nsend \\x04\n' >script
run 0 "$work/pty" script "$work/alone" lockstep run --plain counter.c
# the terminal hangs up
printf 'expect Step 0. Enter\nhangup\n' >script
run 129 "$work/pty" script "$work/alone" lockstep run --plain counter.c

done_testing
