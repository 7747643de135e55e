#!/bin/sh
# shellcheck disable=SC1091,SC2154 # cli.inc sets out, err, work, top
# A free run is written as a recording, which replay shows: with its names, without its program.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json
tool pty

# Two threads that take two locks in opposite order, and meet in between.
cat >dead.c <<'END'
#include <pthread.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;
static void *one(void *unused)
{
    pthread_mutex_lock(&a);
    pthread_barrier_wait(&both);
    pthread_mutex_lock(&b);
    return unused;
}
static void *two(void *unused)
{
    pthread_mutex_lock(&b);
    pthread_barrier_wait(&both);
    pthread_mutex_lock(&a);
    return unused;
}
int main(void)
{
    pthread_t t[2];
    pthread_barrier_init(&both, NULL, 2);
    pthread_create(&t[0], NULL, one, NULL);
    pthread_create(&t[1], NULL, two, NULL);
    pthread_join(t[0], NULL);
    pthread_join(t[1], NULL);
    return 0;
}
END
run 1 lockstep live --plain -o dead.rec dead.c
has "$out" 'nobody can go on'
run 1 lockstep replay --plain dead.rec
has "$out" 'Finding: deadlock at dead.c:'
has "$out" 'They wait in a circle'
has "$out" 'This was a free run'
# each takes its first lock before it meets the other
is 'locks that were taken' "$(grep -c 'dead.c:[0-9]* *lock  ' "$out")" 2
run 1 lockstep replay --json dead.rec
while IFS= read -r line; do
    printf '%s\n' "$line" >line.json
    "$work/json" step <line.json >/dev/null || fail "no JSON: $line"
done <"$out"

# The program is gone: it is shown all the same. A key searches the program, if it is there.
mv dead.c away.c
run 1 lockstep replay --plain dead.rec
has "$out" 'one'
has "$out" 'dead.c:'
mv away.c dead.c
printf 'expect FREE RUN\nsend r\nexpect looked at only\nsend f\nexpect found: a deadlock\nsend \\x1b\nexpect FREE RUN\nsend q\n' >script
run 1 "$work/pty" script "$work/alone" lockstep replay dead.rec

# Processes: who waited for whom, how each ended.
cat >family.c <<'END'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int ends[2];
    char c;
    if (pipe(ends) < 0)
        return 1;
    if (fork() == 0)
        exit(read(ends[0], &c, 1) == 1 ? 7 : 1);
    if (write(ends[1], "x", 1) != 1)
        return 1;
    wait(NULL);
    return 0;
}
END
run 0 lockstep live --plain -o family.rec family.c
run 0 lockstep replay --plain family.rec
has "$out" 'exited with status 7'
has "$out" 'P1 reaped'
has "$out" 'The program ends with status 0.'

# A crash.
echo 'int main(void) { volatile int *p = 0; *p = 1; return 0; }' >crash.c
run 1 lockstep live --plain -o crash.rec crash.c
run 1 lockstep replay --plain crash.rec
has "$out" 'Finding: crash'
has "$out" 'SIGSEGV'

# It cannot be written; it is damaged.
run 73 lockstep live --plain -o nowhere/a.rec family.c
has "$err" 'nowhere/a.rec'
head -c 300 family.rec >cut.rec
run 65 lockstep replay --plain cut.rec
has "$err" 'cut.rec'

done_testing
