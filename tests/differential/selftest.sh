#!/bin/sh
# The free runs must be able to say no: an outcome that is missing, one that never ends, one that is
# allowed beside the expected.
set -u
differential=$LOCKSTEP_BUILD/tests/differential/differential
noise=$LOCKSTEP_BUILD/tests/differential/noise.o
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT INT TERM
status=0

# name, expected exit status, what it must say; the header from standard input, the body in a file
try() {
    { cat; cat "$dir/body"; } >"$dir/program.c"
    LOCKSTEP_FREE_MS=100 "$differential" "$noise" "$dir/program.c" >"$dir/out" 2>&1
    got=$?
    if [ "$got" != "$2" ] || ! grep -q "$3" "$dir/out"; then
        echo "$1: ends with $got instead of $2, or does not say \"$3\":"
        cat "$dir/out"
        status=1
    fi
}

cat >"$dir/body" <<'END'
#include <stdio.h>
int main(void)
{
    puts("one");
    return 3;
}
END
try "right" 0 "1 of 1 outcomes seen" <<'END'
// EXPECT outcome "one\n" exit 3
// EXPECT finding exit-status
END
try "other text" 1 'not expected: "one' <<'END'
// EXPECT outcome "two\n" exit 3
// EXPECT finding exit-status
END
try "other status" 1 "exit 3" <<'END'
// EXPECT outcome "one\n" exit 0
// EXPECT no-findings
END
try "others allowed" 0 "others are allowed: because" <<'END'
// EXPECT outcome "two\n" exit 3
// FREE outside "because"
// EXPECT finding exit-status
END
try "not run" 0 "not run free: because" <<'END'
// EXPECT outcome "two\n" exit 3
// FREE not "because"
// EXPECT finding exit-status
END

cat >"$dir/body" <<'END'
#include <pthread.h>
int main(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&m);
    pthread_mutex_lock(&m);
    return 0;
}
END
try "deadlock" 0 "1 of 1 outcomes seen" <<'END'
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
END
try "unexpected deadlock" 1 "without end" <<'END'
// EXPECT outcome "" exit 0
// EXPECT no-findings
END

cat >"$dir/body" <<'END'
int main(void)
{
    volatile int go = 1;
    while (go)
        ;
    return 0;
}
END
try "spins" 0 "1 of 1 outcomes seen" <<'END'
// EXPECT outcome "" livelock
// EXPECT finding livelock
END

cat >"$dir/body" <<'END'
#include <unistd.h>
#include <sys/wait.h>
int main(void)
{
    int p[2];
    char c;
    pipe(p);
    if (fork() == 0)
        return read(p[0], &c, 1) == 1; /* the write end stays open in itself */
    close(p[1]);
    wait(NULL);
    return 0;
}
END
try "processes that wait for each other" 0 "1 of 1 outcomes seen" <<'END'
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
END
exit "$status"
