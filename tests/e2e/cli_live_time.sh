#!/bin/sh
# shellcheck disable=SC1091,SC2154 # cli.inc sets out, err, work
# lockstep live --time: what is measured, what is said of runs that fail, what a wrong command line
# gets, and that nothing is left of what was measured.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json

# less A B: A is the smaller number
less() {
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'
}

# Eight times 20 ms of waiting, shared among so many threads.
cat >wait.c <<'END'
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static int threads;

static void *work(void *arg)
{
    for (int i = 0; i < 8 / threads; i++)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t[8];
    threads = argc > 1 ? atoi(argv[1]) : 1;
    for (int i = 0; i < threads; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    return 0;
}
END

run 0 lockstep live --time --repeat 7 --threads 8,1 --json wait.c -- {}
is schema "$(json schema)" lockstep.live.time/1
is program "$(json program)" wait.c
is 'against nothing' "$(json against)" null
is 'level' "$(json optimise)" 2
is 'series' "$(json runs.#)" 2
is 'threads' "$(json runs.0.threads runs.1.threads | tr '\n' ' ')" '1 8 '
is 'samples' "$(json runs.0.samples.#)" 7
is 'counted' "$(json runs.0.counted)" 7
is 'failed' "$(json runs.0.failed)" 0
is 'sure' "$(json runs.0.sure)" true
is 'an empty program' "$(json empty.samples.#)" 7
is 'speed-ups' "$(json speedup.#)" 2
json warnings.# >/dev/null || fail 'no list of warnings'
# One thread waits for 160 ms, and no clock runs ahead; eight wait side by side.
less 0.16 "$(json runs.0.least)" || fail 'one thread was quicker than its waiting'
less 2 "$(json speedup.1.ratio)" || fail "waiting does not overlap: $(json speedup.1.ratio)"
less "$(json runs.0.user)" 0.05 || fail 'waiting takes time of a processor'
is 'faster' "$(json speedup.1.difference)" faster

run 0 lockstep live --time --repeat 6 --threads 1,8 wait.c -- {}
has "$out" 'wait.c, compiled with -O2: 6 runs of each in turns'
has "$out" 'empty program'
has "$out" 'Speed-up against 1 thread'
has "$out" '8 threads: '

# two programs in turns, the same arguments
sed 's/20000000/200000000/' wait.c >longer.c
run 0 lockstep live --time --repeat 9 --against longer.c -O0 wait.c -- 8
has "$out" 'A is wait.c, B is longer.c; compiled with -O0: 9 runs of each in turns'
has "$out" 'A is faster.'
run 0 lockstep live --time --repeat 9 --against longer.c --json wait.c -- 8
is 'against' "$(json against)" longer.c
is 'slower' "$(json comparison.0.difference)" slower
is 'level' "$(json optimise)" 2

# one global lock, kept while it waits: each of four has to wait for those before it
sed 's/^static int threads/static pthread_mutex_t global = PTHREAD_MUTEX_INITIALIZER;\n&/
    s/^    for (int i = 0; i < 8 . threads/    pthread_mutex_lock(\&global);\n&/
    s/^    return arg/    pthread_mutex_unlock(\&global);\n&/' wait.c >global.c
run 0 lockstep live --time --repeat 6 --threads 1,4 --against wait.c --json global.c -- {}
less "$(json speedup.2.ratio)" 2 || fail 'waiting overlaps under one lock'
is 'passes' "$(json contention.#)" 2
is 'who' "$(json contention.0.program contention.0.threads | tr '\n' ' ')" 'global.c 4 '
is 'the lock' "$(json contention.0.objects.0.what)" 'mutex global'
less 0 "$(json contention.0.objects.0.waits)" || fail 'nobody waited'
less 0.01 "$(json contention.0.objects.0.waited)" || fail 'nobody waited long'
is 'none without it' "$(json contention.1.objects.#)" 0

# any program; what it reads; what it prints is thrown away
echo 'some lines' >input
run 0 lockstep live --time --repeat 2 --json --stdin input "$(command -v cat)"
is 'level' "$(json optimise)" null
is 'threads' "$(json runs.0.threads)" null
hasnot "$out" 'some lines'
has "$out" 'Fewer than 6 runs'

# nothing to read is the end of the input, in the recorded run as well
run 0 lockstep live --time --repeat 1 --json "$(command -v cat)"
is 'a good end' "$(json contention.0.why)" ''

# runs that fail are told and do not count
cat >bad.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    switch (argc > 1 ? atoi(argv[1]) : 0) {
    case 2:
        puts("no way");
        return 5;
    case 3:
        abort();
    case 4:
        for (;;)
            pause();
    case 5:
        if (fork() == 0) {
            setsid();
            for (;;)
                pause();
        }
    }
    return 0;
}
END
run 1 lockstep live --time --repeat 3 --threads 1-5 --seconds 0.3 bad.c -- {}
has "$out" '2 threads: 3 of 3 runs failed and do not count.'
has "$out" '3 x ended with status 5; its last words: no way'
has "$out" '3 x ended by SIGABRT'
has "$out" '3 x it was not done after 0.3 s, and was ended'
hasnot "$out" '1 thread: 3 of'
hasnot "$out" '5 threads: 3 of'
hasnot "$out" 'nan'
run 1 lockstep live --time --repeat 3 --json bad.c -- 3
is 'failed' "$(json runs.0.failed)" 3
is 'counted' "$(json runs.0.counted)" 0
is 'no median' "$(json runs.0.median)" null
is 'no sample' "$(json runs.0.samples)" '[null,null,null]'

# interrupted: what there is is told, nothing is left
cat >slow.c <<'END'
#include <fcntl.h>
#include <unistd.h>

int main(void)
{
    close(open("began", O_CREAT | O_WRONLY | O_APPEND, 0600));
    usleep(100000);
    return 0;
}
END
(
    for _ in 1 2 3; do # the third is the second one that counts
        tries=0
        until [ -e began ] || [ $((tries += 1)) -gt 600 ]; do sleep 0.05; done
        rm -f began
    done
    pkill -INT -P "$(cat pid)" lockstep
) &
# shellcheck disable=SC2016 # the inner shell expands
run 130 sh -c 'echo $$ >pid; lockstep live --time --repeat 1000 slow.c; exit $?'
wait
has "$out" 'It was interrupted'

# the command line
refused() {
    text=$1
    shift
    run 2 lockstep live --time "$@"
    has "$err" "$text"
    [ -s "$out" ] && fail "something is printed: $*"
}
for list in 0 1,,2 a 3-1 1- 5000 ''; do
    refused '--threads' --threads "$list" wait.c -- {}
done
refused 'write {} for it' --threads 1,2 wait.c
refused 'give them with --threads' wait.c -- {}
refused '--processors' --processors 99 wait.c
refused 'do not go together' --runs 3 wait.c
refused 'do not go together' --noise yield wait.c
refused '--repeat' --repeat 0 wait.c
refused '--repeat' --repeat 1000000 wait.c
run 66 lockstep live --time nothing.c
run 66 lockstep live --time --against nothing.c wait.c
run 66 lockstep live --time --stdin nothing wait.c
echo 'int main(void) { return nothing; }' >wrong.c
run 65 lockstep live --time wrong.c
run 65 lockstep live --time --against wrong.c wait.c
run 74 sh -c 'lockstep live --time --repeat 1 wait.c -- 8 >/dev/full'

done_testing
