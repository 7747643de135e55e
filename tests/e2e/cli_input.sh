#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2034 # cli.inc sets out, err, work
# Standard input of the program: --stdin FILE, from a pipe, from its beginning in every execution.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json

cat >in.c <<'EOF'
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static void *reader(void *name)
{
    char line[64];
    pthread_mutex_lock(&m);
    if (fgets(line, sizeof line, stdin))
        printf("%s %s", (char *)name, line);
    pthread_mutex_unlock(&m);
    return name;
}
int main(void)
{
    int a, b;
    if (scanf("%d %d\n", &a, &b) != 2)
        return 1;
    printf("%d\n", a + b);
    pthread_t t[2];
    pthread_create(&t[0], 0, reader, "a");
    pthread_create(&t[1], 0, reader, "b");
    pthread_join(t[0], 0);
    pthread_join(t[1], 0);
    printf("%c\n", getchar());
    return 0;
}
EOF
printf '3 4\nfirst\nsecond\nXY\n' >data
run 0 lockstep explore --json --stdin data in.c
is complete "$(json complete)" true
is outcomes "$(json outcomes.#)" 2
for i in 0 1; do
    case $(json outcomes.$i.stdout) in
    "7
a first
b second
X" | "7
b first
a second
X") ;;
    *) fail "outcome $i: $(json outcomes.$i.stdout)" ;;
    esac
done
# dfs sees the same
run 0 lockstep explore --strategy dfs --json --stdin data in.c
is outcomes "$(json outcomes.#)" 2
# without --stdin there is nothing to read, in every execution
run 1 lockstep explore --json in.c
is outcomes "$(json outcomes.#)" 1
is exit "$(json outcomes.0.exit)" 1
# a step names its line and what was read
run 0 lockstep run --plain --stdin data in.c
grep -q 'in[.]c:9  *input  *"first' "$out" || fail 'the input is not told with its line'
# the replay line carries it
line=$(grep -o 'lockstep replay .*' "$out" | head -n 1)
has "$out" '--stdin data'
run 0 sh -c "$line"
has "$out" 'b second\n'
# other input is not the same program
printf '3 4\n' >shorter
run 3 sh -c "$(echo "$line" | sed 's/--stdin data/--stdin shorter/')"
# a pipe is read to its end first
run 0 sh -c 'printf "1 2\nfirst\nsecond\nZ" | lockstep explore --json --stdin - in.c'
is outcomes "$(json outcomes.#)" 2
has "$out" '3\n'
run 0 sh -c 'printf "1 2\nfirst\nsecond\nZ" | lockstep explore --json --stdin /dev/stdin in.c'
is outcomes "$(json outcomes.#)" 2
# read(2) of descriptor 0, by two tasks: whoever comes first gets the first byte
cat >raw.c <<'EOF'
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static char got[2];
static void *first(void *p)
{
    (void)!read(0, &got[0], 1);
    return p;
}
int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, first, 0);
    (void)!read(0, &got[1], 1);
    pthread_join(t, 0);
    printf("%c%c\n", got[0], got[1]);
    return 0;
}
EOF
for strategy in dpor dfs; do
    run 0 sh -c "printf ab | lockstep explore --strategy $strategy --json --stdin - raw.c"
    is "outcomes of $strategy" "$(json outcomes.#)" 2
done
# a recording knows the input
cat >fails.c <<'EOF'
#include <assert.h>
#include <stdio.h>
int main(void)
{
    int n = 0;
    if (scanf("%d", &n) == 1)
        assert(n != 5);
    return 0;
}
EOF
echo 5 >five
run 1 lockstep explore --stdin five -o rec fails.c
run 1 lockstep replay --plain rec
has "$out" 'assertion'
# --steps: the limit of an execution
run 4 lockstep explore --json --steps 10 --stdin data in.c
is complete "$(json complete)" false
# what cannot be read
run 66 lockstep explore --stdin nothing in.c
has "$err" nothing
run 66 lockstep explore --stdin . in.c
run 2 lockstep explore --stdin - - </dev/null
done_testing
