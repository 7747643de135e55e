#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# Programs that are no good: each gets a clear message and its status, and leaves nothing running.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"

printf 'int main(void)\n{\n    int *p = 0;\n    return *p;\n}\n' >crash.c
printf 'int main(void)\n{\n    for (;;)\n        ;\n}\n' >stuck.c
cat >many.c <<'END'
#include <stdio.h>
int main(void)
{
    for (int i = 0; i < 30 * 1024; i++)
        /* a step each */
        puts("more");
    return 0;
}
END
cat >much.c <<'END'
#include <stdio.h>
#include <string.h>
int main(void)
{
    static char line[1024];
    memset(line, 'x', sizeof line - 2);
    line[sizeof line - 2] = '\n';
    for (int i = 0; i < 10 * 1024; i++)
        fputs(line, stdout);
    return 0;
}
END
printf 'int main(void)\n{\n    return undeclared;\n}\n' >wrong.c
: >empty.c
printf '\177ELFnonsense' >elf.bin
head -c 3000 /dev/urandom >random.bin
printf 'plain text\n' >text.txt
mkdir folder.c

for command in 'run --plain' explore; do
    # shellcheck disable=SC2086 # words are wanted
    set -- $command
    run 1 lockstep "$@" crash.c
    has "$out" crash
    has "$out" 'crash.c:4'
    has "$out" 'lockstep replay '
    run 1 lockstep "$@" stuck.c
    has "$out" livelock
    has "$out" 'stuck.c:3'
    run 65 lockstep "$@" wrong.c
    has "$err" 'wrong.c:3'
    has "$err" undeclared
    run 65 lockstep "$@" empty.c
    has "$err" empty.c
    run 65 lockstep "$@" elf.bin
    has "$err" elf.bin
    run 65 lockstep "$@" random.bin
    run 65 lockstep "$@" text.txt
    run 65 lockstep "$@" /bin/true
    has "$err" '/bin/true'
    run 66 lockstep "$@" missing.c
    has "$err" missing.c
    run 66 lockstep "$@" folder.c
done

# ten megabytes
"$work/alone" lockstep run --plain much.c >"$out" 2>"$err"
is 'status of ten megabytes' $? 0
has "$out" 'bytes more'
run 0 lockstep explore --seconds 20 much.c
has "$out" 'bytes more'
[ "$(wc -c <"$out")" -lt 100000 ] || fail 'the report is as long as the output'

# more steps than one execution of a search may have: said, and where
run 4 lockstep explore --seconds 20 many.c
has "$out" 'Not complete'
has "$out" 'many.c:6'

# a reader that leaves early ends the telling
"$work/alone" -p lockstep run --plain much.c 2>"$err"
is 'status without a reader' $? 141

# no compiler
run 69 env LOCKSTEP_CC=/nowhere/cc lockstep explore crash.c
has "$err" /nowhere/cc

# control characters of the program do not reach the terminal
printf '#include <stdio.h>\nint main(void)\n{\n    puts("\\033[2J\\007");\n    return 0;\n}\n' >control.c
for command in 'run --plain' explore; do
    # shellcheck disable=SC2086 # words are wanted
    run 0 lockstep $command control.c
    if grep -q "$(printf '\033')" "$out"; then fail 'an escape character came through'; fi
    has "$out" '\x1b[2J'
done

done_testing
