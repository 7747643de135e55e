#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# lessons, learn, check and progress: the catalogue, reading a lesson in lines, what is kept.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json
tool pty

run 0 lockstep lessons
has "$out" race/lost-update
run 0 lockstep lessons --json
is schema "$(json schema)" lockstep.lessons/1
json lessons.0.id lessons.0.title lessons.0.unit lessons.0.level lessons.0.minutes \
    lessons.0.status >fields || fail 'a field is missing'
is 'status of lesson 0' "$(json lessons.0.status)" new

# the whole lesson to a file: text, questions, no answers
run 0 lockstep learn race/lost-update </dev/null
has "$out" 'Section 1 of'
has "$out" 'Question: '
has "$out" 'counter'
hasnot "$out" 'Right.'
run 66 lockstep learn race/lost-udpate
has "$err" 'lockstep lessons'
run 0 lockstep </dev/null
has "$out" race/lost-update

# in a conversation: the first section is read, then we leave; it is remembered
cat >script <<'END'
expect Section 1 of
expect > 
send q\n
expect Enter goes on
send q\n
END
run 0 "$work/pty" script "$work/alone" lockstep learn --plain race/lost-update
run 0 lockstep lessons --json
[ "$(grep -o '"id":"race/lost-update"[^}]*' "$out" | grep -c '"status":"begun"')" = 1 ] ||
    fail 'the lesson begun is not marked as begun'

# progress: show, export, import, reset
run 0 lockstep progress
has "$out" race/lost-update
run 0 lockstep progress --json
json schema >fields || fail 'no schema'
run 0 lockstep progress --csv
has "$out" race/lost-update
run 0 lockstep progress export mine.json
run 0 lockstep progress export
cmp -s "$out" mine.json || fail 'export to a file and to standard output differ'
run 0 lockstep progress reset race/lost-update
run 66 lockstep progress reset race/lost-update
run 0 lockstep progress import mine.json
run 0 lockstep progress export
json learners.0.lessons.# >n 2>/dev/null
run 0 lockstep lessons --json
grep -o '"id":"race/lost-update"[^}]*' "$out" | grep -q '"status":"begun"' || fail 'import lost it'
run 0 sh -c 'lockstep progress import - <mine.json'
printf '{"schema":' >bad.json
run 65 lockstep progress import bad.json
has "$err" bad.json
run 66 lockstep progress import nothing.json
run 73 lockstep progress export /nowhere/at/all.json
run 2 lockstep progress import
run 0 lockstep progress reset all

# learners
run 0 lockstep progress learners add Ada
run 73 lockstep progress learners add Ada
run 0 lockstep progress learners use Ada
run 0 lockstep progress learners rename Ada Ida
run 0 lockstep progress learners
has "$out" "* Ida"
run 2 lockstep progress learners rename Ida
run 2 lockstep progress learners use Ida Ada
run 66 lockstep progress learners rename nobody Ada
run 0 lockstep progress learners rename Ida Ada
run 0 lockstep progress learners
has "$out" '* Ada'
run 66 lockstep progress learners use Nobody
run 2 lockstep progress learners rename Ada
run 2 lockstep progress learners use

# check: a lesson of our own, once true and once not
mkdir -p more/unit/one
counter_source 1 '' '' >more/unit/one/counter.c
lesson_with() {
    printf -- '---\nid: unit/one\ntitle: One\nlevel: core\nminutes: 1\n---\n## A section\n\nWords.\n\n' >more/unit/one/lesson.md
    printf '```program counter.c\n```\n\n```claims counter.c\n%s\n```\n' "$1" >>more/unit/one/lesson.md
}
lesson_with 'outcomes: "1\n" "2\n"'
run 0 lockstep check more
has "$out" ', 0 failed'
run 0 lockstep check more/unit/one
lesson_with 'outcomes: "2\n"'
run 1 lockstep check more/unit/one
has "$out" 'FAIL'
has "$out" ', 1 failed'
has "$out" 'lesson.md:'
lesson_with 'outkomes: "2\n"'
run 65 lockstep check more/unit/one
has "$err" 'lesson.md:'
run 1 lockstep check more
run 66 lockstep check race/nothing
run 66 lockstep check "$work"
run 2 lockstep check all --solution x.c
run 66 lockstep check "$top/lessons/nothing"

# a fix: the lesson's own start does not pass, a right one does
run 1 lockstep check race/lost-update --solution "$top/lessons/race/lost-update/counter.c"
has "$out" 'does not pass: unlocked'
has "$out" 'lockstep replay '
counter_source 1 'pthread_mutex_lock(&m)' 'pthread_mutex_unlock(&m)' | sed 's/\badd\b/inc/g' >fixed.c
run 0 lockstep check race/lost-update --solution fixed.c
has "$out" 'fixed.c passes'
run 66 lockstep check race/lost-update --solution nothing.c
printf 'int main(void) { return x; }\n' >broken.c
run 1 lockstep check race/lost-update --solution broken.c
has "$out" 'does not pass: compile'
done_testing
