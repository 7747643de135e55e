#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2059 # contain.inc sets out, err, work, top
# lockstep live on a terminal, with programs that crash, hang, fork wild, close all descriptors, or
# write to the terminal: the screen stays sound and says so, and nothing is left, whatever ends us.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/contain.inc"
tool pty
export TERM=xterm

# watched STATUS SCRIPT PROGRAM [ARGS]: the conversation of the script with lockstep live on it
watched() {
    wanted=$1
    printf "$2" >script # the scripts are formats
    program=$3
    shift 3
    run "$wanted" "$work/pty" script "$LOCKSTEP" live "$program" "$@"
    nothing_left "live $program"
}

cat >ends.c <<'END'
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static void *wait_for_m(void *arg)
{
    pthread_mutex_lock(&m);
    return arg;
}
int main(int argc, char **argv)
{
    pthread_t t;
    char line[100];
    switch (argc > 1 ? argv[1][0] : 0) {
    case 'c':
        raise(SIGSEGV);
        return 0;
    case 'h':
        pthread_mutex_lock(&m);
        pthread_create(&t, NULL, wait_for_m, NULL);
        pthread_join(t, NULL);
        return 0;
    case 'e':
        printf("\033[2J\033[1;1Hwiped\007\033]0;title\033\\\n");
        fflush(stdout);
        pause();
        return 0;
    case 'r':
        if (fgets(line, sizeof line, stdin))
            printf("<%s", line);
        return 5;
    }
    for (;;)
        pause();
}
END

watched 1 'expect crashed\nexpect SIGSEGV\nsend q\n' ends.c -- crash
watched 1 'expect HANGS\nexpect Nobody can go on\nsend q\n' ends.c -- hang
watched 0 'expect LIVE\nexpect x1b\nsend q\n' ends.c -- escapes
if grep -q 'title' "$out" && ! grep -q 'x1b\]0;title' "$out"; then fail 'an escape came through'; fi
watched 1 'expect LIVE\nsend w\nexpect to the program\nsend hello\\r\nexpect status 5\nsend q\n' ends.c -- read
# do something to it: stop, continue, terminate; kill asks first
watched 0 'expect LIVE\nsend x\nexpect Do what to P0\nsend 1\nexpect STOPPED\nsend x2\nexpect CONT\nsend x41\nexpect KILL\nexpect ENDED\nsend q\n' ends.c
# leaving while it runs ends it; Ctrl-C too
watched 0 'expect LIVE\nsend q\n' ends.c
watched 130 'expect LIVE\nsend \\x03\n' ends.c
# again, many times, as fast as keys come
watched 0 'expect LIVE\nsend rrrrrrrrrr\nsend \\x0c\nexpect LIVE\nsend q\n' ends.c
# help over it, back, paused, zoomed, moved, all the while it runs
watched 0 'expect LIVE\nsend ?\nexpect look back\nsend ?\nexpect LIVE\nsend \\x20\nexpect PAUSED\nsend 1\\r[]+-g:1\\rG\\x0c\nexpect LIVE\nsend q\n' ends.c

# programs that are not made to be watched
for name in close_all close_raw terminal kill_parent unmap_all; do
    watched 0 'expect ENDED\nsend q\n' "$top/tests/e2e/contain/$name.c"
done
for name in daemonise wild_walk loop_deaf output; do
    watched 0 'expect LIVE\nsend q\n' "$top/tests/e2e/contain/$name.c"
done
# it stops itself at once
watched 0 'expect STOPPED\nsend q\n' "$top/tests/e2e/contain/stop.c"

# whatever ends lockstep, all of the program ends
for name in daemonise loop_deaf; do
    "${CC:-cc}" -o "$name" "$top/tests/e2e/contain/$name.c" || fail "cc $name.c"
    printf 'expect LIVE\nhangup\n' >script
    "$work/pty" script "$LOCKSTEP" live "./$name" >"$out" 2>"$err"
    nothing_left "live $name, hangup"
    for signal in KILL TERM; do
        printf 'expect LIVE\nexpect never comes\n' >script
        rm -f "$out" # so that what is found in it is new
        "$work/pty" script "$LOCKSTEP" live "./$name" >"$out" 2>"$err" &
        pty=$!
        n=0
        while ! grep -q LIVE "$out" 2>/dev/null && [ "$n" -lt 400 ]; do
            n=$((n + 1))
            sleep 0.02
        done
        kill -s "$signal" "$(cat "/proc/$pty/task/$pty/children")"
        wait "$pty" 2>/dev/null
        nothing_left "live $name, SIG$signal"
    done
done

done_testing
