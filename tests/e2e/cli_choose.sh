#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2034 # cli.inc sets out, err, work
# lockstep.h: found by lockstep, harmless without it; the values of what a program leaves open.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json

cat >chooses.c <<'EOF'
#include <lockstep.h>
#include <stdio.h>
int main(void)
{
    int n = lockstep_choose(3);
    lockstep_note("chose %d", n);
    lockstep_atomic_begin();
    lockstep_assume(n != 1);
    lockstep_atomic_end();
    printf("%d\n", n);
    return 0;
}
EOF
run 0 lockstep explore --json chooses.c
is outcomes "$(json outcomes.#)" 2
is executions "$(json executions)" 2
is abandoned "$(json abandoned)" 1
run 0 lockstep explore chooses.c
has "$out" '1 more abandoned by an assumption'
run 0 lockstep run --plain --choose 0,2 chooses.c
has "$out" 'the value 2, choice 2 of 3'
has "$out" 'note: chose 2'
has "$out" '2\n'
line=$(grep -o 'lockstep replay .*' "$out" | head -n 1)
run 0 sh -c "$line"
has "$out" 'note: chose 2'
run 0 lockstep run --plain --choose 0,1 chooses.c
has "$out" 'an assumption of it does not hold'
# without lockstep, and built by lockstep but run by itself
header=$(dirname "$(find "$(dirname "$LOCKSTEP")/include" "$(dirname "$LOCKSTEP")/../include" -name lockstep.h 2>/dev/null | head -n 1)")
run 0 "${CC:-cc}" -Wall -Wextra -Werror -std=c17 -I"$header" -o plain chooses.c
run 0 ./plain
has "$out" 0
if command -v c++ >/dev/null; then
    run 0 c++ -Wall -Wextra -Werror -I"$header" -x c++ -o plain chooses.c
    run 0 ./plain
fi
run 0 lockstep cc -o built chooses.c
run 0 ./built
has "$out" 0

cat >open.c <<'EOF'
#include <stdio.h>
extern int __VERIFIER_nondet_int(void);
extern unsigned char __VERIFIER_nondet_uchar(void);
extern void __VERIFIER_assume(int);
int main(void)
{
    int a = __VERIFIER_nondet_int();
    int b = __VERIFIER_nondet_uchar();
    __VERIFIER_assume((a == -1 && b == 255) || (b == 5 && a > 0));
    printf("%d %d\n", a, b);
    return 0;
}
EOF
# the usual values are 0, 1 and -1; that there are others is said
run 4 lockstep explore --json open.c
is outcomes "$(json outcomes.#)" 1
is stdout "$(json outcomes.0.stdout)" '-1 255'
is complete "$(json complete)" false
has "$out" 'only the values 0, 1, -1 were tried'
run 4 lockstep explore --json --values 5,7,-1 open.c
is outcomes "$(json outcomes.#)" 3
has "$out" 'only the values 5, 7, -1 were tried'
run 4 lockstep explore --values 5,7,-1 open.c
line=$(grep -o 'lockstep replay .*' "$out" | head -n 1)
has "$out" '--values 5,7,-1'
run 0 sh -c "$line"
run 2 lockstep explore --values 5,x open.c
has "$err" 'no list'
run 2 lockstep explore --values '' open.c
done_testing
