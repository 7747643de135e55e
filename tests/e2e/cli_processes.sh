#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2034 # cli.inc sets out, err, work
# A program of several processes: who is who in lines, in JSON and in sentences; variables of each.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool pty
tool json

cat >two.c <<'END'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int counter;
int *heap;

int main(void) {
    int local = 1;
    heap = malloc(sizeof *heap);
    *heap = 7;
    counter = 1;
    if (fork() == 0) {
        counter = 5;
        local = 6;
        *heap = 8;
        _exit(local - 3);
    }
    counter = 2;
    local = 3;
    *heap = 9;
    wait(NULL);
    return counter - local + 1;
}
END

# the parent first, until it waits
run 0 lockstep run --plain two.c
has "$out" 'fork             P1 (pid 1001), P1.T1'
has "$out" 'T0    P0   two.c:19            write            counter in P0 1 -> 2'
has "$out" 'T1    P1   two.c:14            write            counter in P1 1 -> 5'
has "$out" 'P1 exited with status 3, a zombie'
has "$out" 'any child: pid 1001 exited with status 3; P1 reaped'
hasnot "$out" 'data-race'

run 0 lockstep run --json two.c
grep '"operation":"exit"' "$out" | head -n 1 >exit.json
is 'the process' "$("$work/json" process <exit.json)" P1
is 'the pid' "$("$work/json" pid <exit.json)" 1001
is 'its end' "$("$work/json" then.0.operation <exit.json)" process-end

# a full pipe against a wait: one circle that names both
cat >full.c <<'END'
#include <sys/wait.h>
#include <unistd.h>

char block[70000];

int main(void) {
    int ends[2];
    if (pipe(ends))
        return 1;
    if (fork() == 0) {
        close(ends[0]);
        _exit(write(ends[1], block, sizeof block) < 0);
    }
    close(ends[1]);
    wait(NULL);
    return 0;
}
END
run 1 lockstep explore full.c
has "$out" 'P1.T1 waits in full.c:12 until P0.T0 reads from pipe#1, which is full'
has "$out" 'P0.T0 waits in full.c:15 for its child P1 to end'
has "$out" 'Complete: every schedule was covered.'

# by hand: each process has variables of its own, whichever memory is in place
cat >script <<'END'
expect Step 0. Enter
send n 5\n
expect Who goes next?
send 1\n
expect P1.T1 begins
send 1\n
expect counter in P1 from 1 to 5
send v\n
expect Global variables of P0:
expect counter = 1
expect Global variables of P1:
expect counter = 5
expect P0.T0 (main):
expect local = 1
expect P1.T1 (main):
expect local = 6
send 0\n
expect counter in P0 from 1 to 2
send v\n
expect Global variables of P0:
expect counter = 2
expect Global variables of P1:
expect counter = 5
expect P0.T0 (main):
expect local = 3
expect P1.T1 (main):
expect local = 6
send q\n
END
run 0 "$work/pty" script "$work/alone" lockstep run --plain two.c

done_testing
