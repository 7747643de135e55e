#!/bin/sh
# shellcheck disable=SC1091,SC2154 # cli.inc sets out, err, work, top
# lockstep live on one run, in lines and as JSON: what is told, and how it ends.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json
tool pty

# nth N PATH: a value of the N-th line of the last output (-1: the last line)
nth() {
    if [ "$1" = -1 ]; then tail -n 1 "$out"; else sed -n "$1p" "$out"; fi >line.json
    "$work/json" "$2" <line.json
}

# A producer, three consumers, a bounded queue.
cat >queue.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
enum { SLOTS = 4, ITEMS = 60, CONSUMERS = 3 };
static int queue[SLOTS], first, count;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER, not_full = PTHREAD_COND_INITIALIZER;
static void put(int item)
{
    pthread_mutex_lock(&m);
    while (count == SLOTS)
        pthread_cond_wait(&not_full, &m);
    queue[(first + count++) % SLOTS] = item;
    pthread_cond_signal(&not_empty);
    pthread_mutex_unlock(&m);
}
static int get(void)
{
    pthread_mutex_lock(&m);
    while (count == 0)
        pthread_cond_wait(&not_empty, &m);
    int item = queue[first];
    first = (first + 1) % SLOTS;
    count--;
    pthread_cond_signal(&not_full);
    pthread_mutex_unlock(&m);
    return item;
}
static void *producer(void *arg)
{
    for (int i = 0; i < ITEMS; i++) {
        usleep(1000);
        put(1);
    }
    for (int i = 0; i < CONSUMERS; i++)
        put(0);
    return arg;
}
static void *consumer(void *arg)
{
    while (get())
        usleep(2000);
    return arg;
}
int main(void)
{
    pthread_t t[1 + CONSUMERS];
    pthread_create(&t[0], NULL, producer, NULL);
    for (int i = 1; i <= CONSUMERS; i++)
        pthread_create(&t[i], NULL, consumer, NULL);
    for (int i = 0; i <= CONSUMERS; i++)
        pthread_join(t[i], NULL);
    puts("all \033[2J eaten");
    return 0;
}
END
run 0 lockstep live --plain queue.c
has "$out" 'begins: producer, created by T0'
has "$out" 'begins: consumer, created by T0'
has "$out" 'prints: all \x1b[2J eaten'
has "$out" 'The program exited with status 0'
has "$out" 'not_empty: a condition'
is 'lines that begin a consumer' "$(grep -c 'begins: consumer' "$out")" 3

run 0 lockstep live --json queue.c
is schema "$(nth 1 schema)" lockstep.live.event/1
is program "$(nth 1 program)" queue.c
is event "$(nth -1 event)" summary
is exit "$(nth -1 exit)" 0
is hang "$(nth -1 hang)" false
is 'the first task' "$(nth -1 tasks.0.task)" T0
is 'lines that are no objects' "$(grep -vc '^{.*}$' "$out")" 0
has "$out" '"event":"begin"'
has "$out" '"text":"all \u001b[2J eaten"'

# Without a terminal lines are what one gets.
run 0 lockstep live queue.c
has "$out" 'seconds  who'
ACCESSIBLE=1 run 0 lockstep live queue.c
has "$out" 'seconds  who'

# Bad ends: said, and status 1.
cat >ends.c <<'END'
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static volatile int both;
static void *other(void *arg)
{
    pthread_mutex_lock(&b);
    __atomic_add_fetch(&both, 1, __ATOMIC_SEQ_CST);
    while (both < 2)
        usleep(1000);
    pthread_mutex_lock(&a);
    return arg;
}
int main(int argc, char **argv)
{
    pthread_t t;
    switch (argc > 1 ? argv[1][0] : 0) {
    case 'c':
        raise(SIGSEGV);
        return 0;
    case 'a':
        abort();
    case 's':
        return 3;
    case 'h':
        pthread_create(&t, NULL, other, NULL);
        pthread_mutex_lock(&a);
        __atomic_add_fetch(&both, 1, __ATOMIC_SEQ_CST);
        while (both < 2)
            usleep(1000);
        pthread_mutex_lock(&b);
        return 0;
    case 'w':
        for (;;)
            pause();
    }
    return 0;
}
END
run 1 lockstep live --plain ends.c -- crash
has "$out" 'ended by SIGSEGV'
run 1 lockstep live --json ends.c -- abort
is signal "$(nth -1 signal)" 6
is exit "$(nth -1 exit)" null
run 1 lockstep live --plain ends.c -- status
has "$out" 'exited with status 3'
run 1 lockstep live --plain ends.c -- hang
has "$out" 'it hangs, nobody can go on'
has "$out" 'T0 holds a and waits for b'
run 1 lockstep live --json ends.c -- hang
is hang "$(nth -1 hang)" true
run 0 lockstep live --plain --seconds 0.5 ends.c -- wait
has "$out" 'the time it was given has passed'
run 0 lockstep live --json --seconds 0.5 ends.c -- wait
is ended_by "$(nth -1 ended_by)" 'the time it was given has passed'
is exit "$(nth -1 exit)" null

# Processes: zombies, orphans, stopped and killed ones.
cat >family.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    pid_t zombie = fork(), killed, stopped;
    if (!zombie)
        _exit(7);
    if (!(killed = fork()))
        for (;;)
            pause();
    if (!(stopped = fork()))
        for (;;)
            pause();
    if (!fork()) { /* its child becomes an orphan */
        if (!fork()) {
            usleep(400000);
            _exit(0);
        }
        usleep(100000);
        _exit(0);
    }
    usleep(200000);
    kill(stopped, SIGSTOP);
    usleep(200000);
    kill(killed, SIGKILL);
    waitpid(killed, NULL, 0);
    kill(stopped, SIGKILL);
    while (wait(NULL) > 0)
        ;
    return 0;
}
END
run 0 lockstep live --plain family.c
has "$out" 'exited with status 7'
has "$out" 'zombie'
has "$out" 'is an orphan'
has "$out" 'stopped'
has "$out" 'ended by SIGKILL'

# Threads that come and go by thousands: those that have ended are not taken for alive.
cat >churn.c <<'END'
#include <pthread.h>
static void *nothing(void *arg)
{
    return arg;
}
int main(void)
{
    pthread_t t;
    for (int i = 0; i < 1000000; i++)
        if (pthread_create(&t, NULL, nothing, NULL) == 0)
            pthread_join(t, NULL);
    return 0;
}
END
run 0 lockstep live --json --seconds 3 churn.c
alive=$(tail -n 1 "$out" | grep -o '"ended":false' | grep -c .)
# (two at a time; of those that come after the last look it may not be known any more)
[ "$alive" -le 16 ] || fail "$alive threads of thousands are alive; there were two at a time"

# Any program, also one nobody compiled for it; its input and its arguments.
run 0 lockstep live --plain /bin/echo -- hello there
has "$out" 'prints: hello there'
echo 'from a file' >input
run 0 lockstep live --plain --stdin input /bin/cat
has "$out" 'prints: from a file'

# Options that are wrong.
run 2 lockstep live --processors 0-x queue.c
has "$err" "'0-x' is no processor"
run 2 lockstep live --load 100000 queue.c
has "$err" '--load'
run 66 lockstep live nosuch.c
echo 'int main(void) { return }' >bad.c
run 65 lockstep live bad.c
run 0 lockstep live --plain --processors 0 --noise sleep --seed 3 --load 2 --seconds 10 queue.c
has "$out" 'exited with status 0'

# Nobody reads any more; interrupted.
"$work/alone" sh -c 'lockstep live --plain /usr/bin/yes | head -n 3' >"$out" 2>"$err"
is 'lines that were read' "$(wc -l <"$out")" 3
printf 'expect begins: main\nsend \\x03\nexpect it was interrupted\n' >script
run 130 "$work/pty" script "$work/alone" lockstep live --plain ends.c -- wait

done_testing
