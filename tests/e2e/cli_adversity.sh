#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2034 # cli.inc sets out, err, work
# What may happen and hardly ever does: asked for with --adversity, and by hand on the way.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json
tool pty

cat >lone.c <<'EOC'
#include <pthread.h>
#include <stdio.h>
static int ready;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static void *wait_for(void *arg) {
    pthread_mutex_lock(&m);
    if (!ready)
        pthread_cond_wait(&c, &m);
    printf("%d\n", ready);
    pthread_mutex_unlock(&m);
    return arg;
}
int main(void) {
    pthread_t t;
    pthread_create(&t, NULL, wait_for, NULL);
    pthread_mutex_lock(&m);
    ready = 1;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    return 0;
}
EOC
cat >child.c <<'EOC'
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    int status;
    if (fork() == 0)
        _exit(3);
    wait(&status);
    printf("%d\n", WIFSIGNALED(status) ? WTERMSIG(status) : -1);
    return 0;
}
EOC
cat >memory.c <<'EOC'
#include <stdio.h>
#include <stdlib.h>
int main(void) {
    void *p = malloc(8);
    puts(p ? "had" : "none");
    free(p);
    return 0;
}
EOC

# only when asked for, and then it says so
run 0 lockstep explore --json lone.c
is without "$(json outcomes.#)" 1
is 'no word of it' "$(json adversity)" missing
run 0 lockstep explore --json --adversity spurious lone.c
is with "$(json outcomes.#)" 2
is list "$(json adversity)" spurious
run 0 lockstep explore --json --adversity=kill:2 child.c
is list "$(json adversity)" kill:2
is killed "$(json outcomes.#)" 2

# a list that is none
for list in '' ',' rain 'spurious,' spurious,,kill spurious:0 spurious:101 spurious: :1 kill:x all:1,2; do
    run 2 lockstep explore --adversity="$list" lone.c
    has "$err" '--adversity'
done
run 2 lockstep run --plain --adversity=rain lone.c
has "$err" "'rain' is none of spurious, eintr, malloc, kill, all"

# what is printed replays, with the option and not without it
run 0 lockstep explore --adversity=spurious lone.c
grep -o 'lockstep replay .*' "$out" >lines
[ "$(wc -l <lines)" -eq 2 ] || fail 'two outcomes, two lines'
# shellcheck disable=SC2094 # has only reads the file
while read -r line; do
    has lines '--adversity spurious'
    run 0 sh -c "$line --plain"
    has "$out" 'ends with status 0'
    run 3 sh -c "$(printf '%s\n' "$line" | sed 's/--adversity spurious//') --plain"
done <lines
grep -q '"adverse":true' "$out" && fail 'adverse without adversity'
line=$(tail -n 1 lines)
run 0 sh -c "$line --json"
cat "$out" >shown
run 0 sh -c "$(head -n 1 lines) --json"
cat "$out" >>shown
is 'adverse steps' "$(grep -c '"adverse":true' shown)" 1
has shown spurious-wakeup

# by hand
cat >./talk <<'EOF2'
expect Step 0. Enter
send 0\n
expect Step 1. Enter
send 1\n
expect Step 2. Enter
send 1\n
expect Step 3. Enter
send 1\n
expect Step 4. Enter
send x\n
expect lead to step 4
send 1\n
expect T1 wakes up without a signal
send 1\n
expect Step 6. Enter
send w\n
expect although nobody signalled
send e\n
expect "0\\n"
send token\n
expect --adversity spurious,eintr,malloc:1
send q\n
EOF2
run 0 "$work/pty" talk "$work/alone" lockstep run --plain lone.c
cat >./talk <<'EOF2'
expect Step 0. Enter
send 0\n
expect Step 1. Enter
send x\n
expect --adversity all:1
expect P1 is killed
send 2\n
expect SIGKILL comes from outside
expect Step 2. Enter
send e\n
expect "9\\n"
send q\n
EOF2
run 0 "$work/pty" talk "$work/alone" lockstep run --plain child.c
cat >./talk <<'EOF2'
expect Step 0. Enter
send x\n
expect Step 0. Enter
send 0\n
expect Is there memory for it?
expect 1. no: it fails (ENOMEM)
send 1\n
expect Step 1. Enter
send w\n
expect its malloc fails with ENOMEM
send e\n
expect "none\\n"
send q\n
EOF2
run 0 "$work/pty" talk "$work/alone" lockstep run --plain memory.c

done_testing
