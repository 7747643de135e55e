#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# lockstep cc: a program with a build of its own, then under control as a binary.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json

cat >add.c <<'END'
int counter;
void *add(void *p)
{
    counter++;
    return p;
}
END
cat >main.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
extern int counter;
void *add(void *p);
int main(int argc, char **argv)
{
    pthread_t a, b;
    pthread_create(&a, 0, add, 0);
    pthread_create(&b, 0, add, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    printf("%s %d\n", argc > 1 ? argv[1] : "-", counter);
    return argc > 1 && strcmp(argv[1], "fail") == 0 && counter == 1 ? 5 : 0;
}
END
printf 'program: add.o main.o\n\t$(CC) -o $@ add.o main.o -lpthread\n' >Makefile
if command -v make >/dev/null; then
    run 0 make CC="lockstep cc"
else
    run 0 lockstep cc -c add.c
    run 0 lockstep cc -c main.c
    run 0 lockstep cc -o program add.o main.o -lpthread
fi
run 1 lockstep explore --json ./program
is complete "$(json complete)" true
is outcomes "$(json outcomes.#)" 2
is file "$(basename "$(json findings.0.file)")" add.c
is line "$(json findings.0.line)" 4
run 1 lockstep explore ./program -- fail
has "$out" 'exit-status'
has "$out" './program -- fail'
line=$(grep -A3 '^exit-status' "$out" | grep -o 'lockstep replay .*' | head -n 1)
run 1 sh -c "$line"
has "$out" 'fail 1\n'
# several sources at once
run 1 lockstep explore --json add.c main.c
is outcomes "$(json outcomes.#)" 2
# what the compiler says comes through
run 1 lockstep cc -c missing.c
has "$err" missing.c
run 0 lockstep cc --version
done_testing
