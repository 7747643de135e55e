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
# questions are answered by the compiler itself
for question in -dumpmachine -print-multiarch -print-file-name=libc.so.6 -dumpversion; do
    run 0 lockstep cc $question
    is "$question" "$(cat "$out")" "$(${LOCKSTEP_CC:-cc} $question)"
done
run 1 lockstep cc -o nothing
has "$err" 'no input files'
# it stops where it is told to, and what it writes is where the compiler writes it
run 0 lockstep cc -E main.c
has "$out" 'int main'
hasnot "$out" '__SANITIZE_THREAD__'
run 0 sh -c 'printf "int here = SAN;" | lockstep cc -DSAN=__SANITIZE_THREAD__ -E -x c -'
has "$out" 'int here = __SANITIZE_THREAD__;'
run 0 lockstep cc -S -o add.s add.c
has add.s __tsan_
run 0 lockstep cc -M add.c
has "$out" 'add.o: add.c'
run 0 lockstep cc -MD -MF deps -c -o made.o add.c
has deps 'made.o: add.c'
run 0 sh -c 'echo "int one = 1;" | lockstep cc -x c -c -o one.o -'
[ -s one.o ] || fail 'nothing was made from standard input'
# words of a file, with its quotes
printf '%s\n' '-o "with blank" main.c' 'add.c -lpthread' >words
run 0 lockstep cc @words
run 0 './with blank'
has "$out" '- 2'
# a library of the program's own is instrumented and under control
run 0 lockstep cc -fPIC -c -o pic.o add.c
run 0 lockstep cc -shared -Wl,-z,defs -o libadd.so pic.o
run 0 lockstep cc -o with-library main.c -L. -ladd -Wl,-rpath,"$PWD" -pthread
run 0 ./with-library
has "$out" '- 2'
run 1 lockstep explore --json ./with-library
is complete "$(json complete)" true
is outcomes "$(json outcomes.#)" 2
# a relocatable object, made from others, is still one to be linked
run 0 lockstep cc -r -o both.o add.o main.o
run 0 lockstep cc -o both both.o -pthread
run 1 lockstep explore --json ./both
is outcomes "$(json outcomes.#)" 2
# an object or assembler among the sources
run 1 lockstep explore --json main.c add.o
is outcomes "$(json outcomes.#)" 2
run 0 lockstep cc -o assembled main.c add.s -pthread
run 0 ./assembled
# a program that is not position-independent keeps its names and lines
run 0 lockstep cc -fno-pie -no-pie -o fixed add.c main.c -pthread
run 1 lockstep explore --json ./fixed
is file "$(basename "$(json findings.0.file)")" add.c
is line "$(json findings.0.line)" 4
# what cannot be, is said
for option in -static -m32 -fsanitize=address -fsanitize=undefined,memory; do
    run 69 lockstep cc $option -o refused add.c main.c
    has "$err" "${option#*,}"
done
run 0 lockstep cc -static -c -o made.o add.c
run 0 lockstep cc -fsanitize=undefined -o values add.c main.c -pthread
run 0 ./values
# optimised: accepted, with a word about it, but not in the trials of configure
run 0 lockstep cc -O2 -flto -s -D_FORTIFY_SOURCE=2 -o fast add.c main.c -pthread
has "$err" '-O2 is kept'
has "$err" 'link-time optimisation is left out'
run 0 ./fast
run 1 lockstep explore --json ./fast
is file "$(basename "$(json findings.0.file)")" add.c
# what was optimised or not compiled for lockstep is told with the results, once
has "$out" '"notes":["compiled with -O2, as add.c'
run 1 lockstep explore ./fast
is notes "$(grep -c '^Note: ' "$out")" 1
run 1 lockstep run --plain ./fast
has "$err" 'note: compiled with -O2'
run 0 "${LOCKSTEP_CC:-cc}" -g -fPIC -shared -o libplain.so add.c
run 0 lockstep cc -o half main.c -L. -lplain -Wl,-rpath,"$PWD" -pthread
run 0 lockstep explore --json ./half
has "$out" 'libplain.so'
is outcomes "$(json outcomes.#)" 1
run 0 "${LOCKSTEP_CC:-cc}" -g -c -o plain.o add.c
run 0 lockstep cc -o half main.c plain.o -pthread
run 0 lockstep explore ./half
has "$out" '1 of 2 source files was not compiled for lockstep, as add.c'
run 1 lockstep explore --json ./both
hasnot "$out" '"notes"'
run 0 lockstep cc -O2 -o conftest add.c main.c -pthread
is 'words to a trial' "$(wc -c <"$err")" 0
# one word for builds that want that
run 0 lockstep-cc -o program add.c main.c -pthread
run 1 lockstep explore ./program
run 0 lockstep-cc --version
if command -v c++ >/dev/null; then
    cat >threads.cc <<'END'
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>
static std::mutex m;
static std::condition_variable cv;
static bool ready;
static std::atomic<int> n;
static int guarded;
static void work()
{
    std::unique_lock<std::mutex> l(m);
    cv.wait(l, [] { return ready; });
    guarded++;
    n++;
}
int main()
{
    std::vector<std::thread> v;
    for (int i = 0; i < 2; i++)
        v.emplace_back(work);
    {
        std::lock_guard<std::mutex> l(m);
        ready = true;
    }
    cv.notify_all();
    for (auto &t : v)
        t.join();
    try {
        throw std::runtime_error("thrown");
    } catch (const std::exception &e) {
        std::printf("%s %d %d\n", e.what(), guarded, n.load());
    }
}
END
    for level in -O0 -O2; do
        run 0 lockstep c++ $level -o threads threads.cc
        run 0 ./threads
        has "$out" 'thrown 2 2'
        run 0 lockstep explore --json ./threads
        is complete "$(json complete)" true
        is outcomes "$(json outcomes.#)" 1
        is stdout "$(json outcomes.0.stdout)" 'thrown 2 2'
    done
    run 0 lockstep-c++ -o threads threads.cc
    run 0 lockstep explore --json threads.cc
fi
done_testing
