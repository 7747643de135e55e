#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# live --runs: a program free many times, its outcomes beside those that a search finds.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json
tool pty

program() {
    { printf '#define _GNU_SOURCE\n'; cat; } >"$1.c"
}

# sum of the runs of all outcomes of the last output
all_runs() {
    json 'outcomes.#' >n
    i=0 sum=0
    while [ "$i" -lt "$(cat n)" ]; do
        sum=$((sum + $(json "outcomes.$i.runs")))
        i=$((i + 1))
    done
    echo "$sum"
}

# outcome FIELD... of the only outcome with runs
seen() {
    i=0
    while [ "$(json "outcomes.$i.runs")" = 0 ]; do i=$((i + 1)); done
    for f in "$@"; do json "outcomes.$i.$f"; done
}

# ---- the lesson: what is seen is among what is possible, however it is disturbed
lost=$LOCKSTEP_LESSONS/race/lost-update/counter.c
for how in '' --processors=0 --load=2 '--noise=yield --seed=3' '--noise=sleep -O1'; do
    # shellcheck disable=SC2086 # words are wanted
    run 1 lockstep live "$lost" --runs 300 --json $how
    is schema "$(json schema)" lockstep.live/1
    is program "$(json program)" counter.c
    is runs "$(json runs)" 300
    is 'all runs' "$(all_runs)" 300
    is 'explored complete' "$(json explored.complete)" true
    is outcomes "$(json outcomes.#)" 2
    is explored "$(json outcomes.0.explored outcomes.1.explored | tr '\n' ' ')" 'true true '
    is texts "$(json outcomes.0.stdout outcomes.1.stdout | sort | xargs)" '1 2'
    is 'how it ended' "$(json outcomes.0.exit outcomes.0.signal | tr '\n' ' ')" '0 null '
    json outcomes.0.executions outcomes.0.switches outcomes.0.schedule outcomes.0.interleavings \
        seconds explored.executions explored.outcomes.0.schedule >fields ||
        fail "a field is missing: $(cat fields)"
    [ "$(wc -l <"$out")" = 1 ] || fail 'one line of JSON'
done
# the counts are those of the searches
lockstep explore --json --strategy=dfs "$lost" | "$work/json" executions >dfs
is interleavings "$(json explored.interleavings)" "$(cat dfs)"
lockstep explore --json "$lost" | "$work/json" executions >dpor
is executions "$(json explored.executions)" "$(cat dpor)"

# the schedule of each outcome prints it
for i in 0 1; do
    text=$(json "outcomes.$i.stdout" | head -n 1) token=$(json "outcomes.$i.schedule")
    lockstep replay --plain "$token" "$lost" >replayed
    grep -qF "Output: \"$text\\n\"" replayed || fail "the schedule of $text prints something else"
done

# for people
run 1 lockstep live "$lost" --runs 100
has "$out" 'counter.c: 100 free runs in '
has "$out" 'prints "1\n", status 0'
has "$out" "interleavings"
has "$out" 'one switch is enough:'
has "$out" "lockstep replay ls1:"
has "$out" 'data-race at counter.c'
has "$out" 'Every outcome that was seen is among those the search found.'
run 1 env LC_ALL=C LOCKSTEP_ASCII=1 lockstep live "$lost" --runs 20
if LC_ALL=C grep -q '[^ -~]' "$out"; then fail 'more than ASCII'; fi
if grep -v '^  lockstep replay' "$out" | grep -q '.\{81\}'; then fail 'more than 80 columns'; fi
has "$out" '#####'

# ---- nothing is wrong
counter_source 2 'pthread_mutex_lock(&m)' 'pthread_mutex_unlock(&m)' >locked.c
run 0 lockstep live locked.c --runs 100 --json
is locked "$(json outcomes.# outcomes.0.stdout outcomes.0.runs | xargs)" '1 4 100'
run 4 lockstep live locked.c --runs 20 --no-explore --json
is 'not explored' "$(json explored outcomes.0.explored | tr '\n' ' ')" 'null null '
has "$out" '"why_not_explored":'

# ---- every way to end
program crash <<'C'
#include <stdio.h>
int main(void)
{
    int *volatile p = NULL;
    puts("whole line");
    printf("half a line");
    *p = 1;
    return 0;
}
C
run 1 lockstep live crash.c --runs 20 --json
is crash "$(json outcomes.# outcomes.0.stdout outcomes.0.exit outcomes.0.signal outcomes.0.explored | xargs)" \
    '1 whole line null 11 true'

program status <<'C'
#include <stdio.h>
int main(void)
{
    printf("no newline");
    return 3;
}
C
run 1 lockstep live status.c --runs 20 --json
is status "$(json outcomes.# outcomes.0.stdout outcomes.0.exit outcomes.0.signal outcomes.0.explored | xargs)" \
    '1 no newline 3 null true'

program hang <<'C'
#include <pthread.h>
#include <stdio.h>
int main(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    puts("once");
    pthread_mutex_lock(&m);
    pthread_mutex_lock(&m);
    puts("twice");
    return 0;
}
C
run 1 lockstep live hang.c --runs 20 --json
is hang "$(json outcomes.# outcomes.0.stdout outcomes.0.hang outcomes.0.exit outcomes.0.runs outcomes.0.explored | xargs)" \
    '1 once true null 20 true'
run 1 lockstep live hang.c --runs 5
has "$out" 'prints "once\n", hangs: nobody can go on'

# a child that waits for ever keeps the program from its end, as under control
program orphan <<'C'
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    if (fork() == 0)
        for (setsid();;)
            pause();
    puts("main ends");
    return 0;
}
C
run 1 lockstep live orphan.c --runs 10 --json
is orphan "$(json outcomes.# outcomes.0.stdout outcomes.0.hang outcomes.0.explored | xargs)" '1 main ends true true'

# orphans in sessions of their own; `alone` (see run) notices any that stays
program daemons <<'C'
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    for (int i = 0; i < 5; i++)
        if (fork() == 0) {
            setsid();
            if (fork() == 0)
                sleep(1000);
            _exit(0);
        }
    puts("main ends");
    return 0;
}
C
run 4 lockstep live daemons.c --runs 6 --seconds 0.3 --no-explore --json
is daemons "$(json outcomes.# outcomes.0.stdout outcomes.0.cut outcomes.0.limit outcomes.0.exit | xargs)" \
    '1 main ends true time null'

program spin <<'C'
int main(void)
{
    for (volatile int go = 1; go;)
        ;
    return 0;
}
C
run 4 lockstep live spin.c --runs 4 --seconds 0.2 --no-explore --json
is spin "$(json outcomes.# outcomes.0.cut outcomes.0.runs outcomes.0.explored | xargs)" '1 true 4 null'

program closed <<'C'
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    puts("before");
    close_range(0, ~0u, 0);
    puts("after");
    return 0;
}
C
run 0 lockstep live closed.c --runs 20 --json
is closed "$(json outcomes.# outcomes.0.stdout outcomes.0.exit outcomes.0.explored | xargs)" '1 before 0 true'

program much <<'C'
#include <stdio.h>
int main(void)
{
    for (int i = 0; i < 163840; i++)
        puts("0123456789012345678901234567890123456789012345678901234567890123");
    return 0;
}
C
run 4 lockstep live much.c --runs 2 --seconds 60 --no-explore --json
is much "$(json outcomes.# outcomes.0.stdout_bytes outcomes.0.exit | xargs)" '1 10649600 0'

# what it does to others: nobody outside is reached, and the count goes on
program fighter <<'C'
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    int a = kill(getppid(), SIGKILL), b = kill(-1, SIGKILL);
    printf("%d %d\n", a, b);
    return 0;
}
C
run 4 lockstep live fighter.c --runs 20 --no-explore --json
is fighter "$(json outcomes.# outcomes.0.stdout outcomes.0.runs | xargs)" '1 -1 -1 20'
# and of a process that is gone it is told what the kernel tells
program gone <<'C'
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    printf("%d\n", kill(child, 0) < 0 && errno == ESRCH);
    return 0;
}
C
run 0 lockstep live gone.c --runs 5 --json
is gone "$(json outcomes.# outcomes.0.stdout outcomes.0.explored | xargs)" '1 1 true'
program bomb <<'C'
#include <unistd.h>
int main(void)
{
    for (;;)
        fork();
}
C
run 4 lockstep live bomb.c --runs 2 --seconds 0.3 --no-explore --json
is bomb "$(json outcomes.#)" 1
program stopped <<'C'
#include <signal.h>
int main(void)
{
    return raise(SIGSTOP);
}
C
run 1 lockstep live stopped.c --runs 5 --json
is stopped "$(json outcomes.# outcomes.0.hang | xargs)" '1 true'

# control characters are shown, not sent
program escapes <<'C'
#include <stdio.h>
int main(void)
{
    fputs("\033[31mred\r\a\n", stdout);
    return 0;
}
C
run 0 lockstep live escapes.c --runs 5
has "$out" 'prints "\x1b[31mred\x0d\x07\n"'
run 0 lockstep live escapes.c --runs 5 --json
is 'control characters' "$(json outcomes.0.stdout | od -An -c | xargs)" '033 [ 3 1 m r e d r a n n'

# an outcome that no schedule has is said, loudly: its pid is another each time
program pids <<'C'
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    printf("%d\n", (int)getpid());
    return 0;
}
C
run 0 lockstep live pids.c --runs 3
has "$out" 'NOT POSSIBLE in any schedule'
has "$out" '3 outcomes were seen that no schedule explains.'
run 0 lockstep live pids.c --runs 3 --json
is pids "$(seen explored executions schedule | xargs)" 'false 0 missing'

# ---- what it reads, its arguments
program reader <<'C'
#include <stdio.h>
int main(int argc, char **argv)
{
    int c, n = 0;
    while ((c = getchar()) != EOF)
        n++;
    printf("%d %s\n", n, argc > 1 ? argv[1] : "-");
    return 0;
}
C
echo hello >input
run 0 lockstep live reader.c --runs 3 --json --stdin input -- 'a b'
is reader "$(json outcomes.# outcomes.0.stdout outcomes.0.explored | xargs)" '1 6 a b true'
printf 'from a pipe' | run 0 lockstep live reader.c --runs 3 --json --stdin -
is 'reads a pipe' "$(json outcomes.# outcomes.0.stdout | xargs)" '1 11 -'
echo typed | run 0 lockstep live reader.c --runs 3 --json
is 'ours is not its input' "$(json outcomes.# outcomes.0.stdout | xargs)" '1 0 -'

# ---- programs that nobody built for lockstep
run 4 lockstep live /bin/echo --runs 5 --json -- hello
is echo "$(json outcomes.# outcomes.0.stdout outcomes.0.explored explored | xargs)" '1 hello null null'
run 4 lockstep live /bin/echo --runs 5 -- hello
has "$out" 'Not searched: /bin/echo was not built with lockstep cc'
run 1 lockstep live /bin/false --runs 5 --json
is false "$(json outcomes.0.exit)" 1
cc -O1 -o plain reader.c
run 4 lockstep live ./plain --runs 5
has "$out" 'Not searched'
lockstep cc -o built locked.c
run 0 lockstep live ./built --runs 20 --json
is built "$(json outcomes.# outcomes.0.stdout outcomes.0.explored | xargs)" '1 4 true'

# ---- mistakes
run 2 lockstep live locked.c --runs 0
run 2 lockstep live locked.c --runs many
run 2 lockstep live locked.c --runs 5 --processors 4000
run 2 lockstep live locked.c --runs 5 --load 100000
run 2 lockstep live locked.c --runs 5 --noise loud
run 2 lockstep live locked.c --runs 5 --accesses
has "$err" '--accesses does not go with --runs'
run 2 lockstep live locked.c --runs 5 -o x.rec
run 66 lockstep live nowhere.c --runs 5
run 66 lockstep live locked.c --runs 5 --stdin nowhere
echo 'int main(void) { return' >broken.c
run 65 lockstep live broken.c --runs 5
echo text >text
run 65 lockstep live ./text --runs 5

# ---- Ctrl-C: what is known by then
program sleeper <<'C'
#include <unistd.h>
int main(void)
{
    sleep(100);
    return 0;
}
C
printf '%s\n' 'expect 0 of 100 runs' 'send \x03' 'expect sleeper.c: 0 free runs' \
    'expect Stopped: 100 were asked for' >script
TERM=xterm
export TERM
run 130 "$work/pty" script "$work/alone" lockstep live sleeper.c --runs 100 --seconds 300
lockstep live sleeper.c --runs 100 --seconds 300 --json >"$out" 2>"$err" &
job=$!
kill -TERM "$job"
wait "$job"
is 'status of SIGTERM' "$?" 143

done_testing
