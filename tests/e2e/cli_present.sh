#!/bin/sh
# shellcheck disable=SC1091,SC2154 # cli.inc sets out, err, work
# present: plans found and checked, a plan in lines, hands that are kept, notes in lines.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
unset XDG_RUNTIME_DIR

# without a plan: those that are found, the shipped one and one's own
run 0 lockstep present
has "$out" three-lessons.plan
mkdir -p "$HOME/.config/lockstep/plans"
printf 'title: Mine\ntext: A page\n  say: of my own\n' >"$HOME/.config/lockstep/plans/mine.plan"
run 0 lockstep present
has "$out" Mine

# a rehearsal: every program is built and stepped as it will be
run 0 lockstep present --check three-lessons
has "$out" '60 minutes planned, 60 in all'
has "$out" 'all of it can be shown'
run 0 lockstep present --check mine
run 0 lockstep present --check race/lost-update lock/mutex

# what is wrong is said with its line, and all else is shown
printf 'title: Half of it\nlesson: race/none\nstep: gone.c\nlessen: x\ntext: Left over\n' >half.plan
run 1 lockstep present --check half.plan
has "$err" 'half.plan:2: there is no lesson "race/none"'
has "$err" 'half.plan:3: the file'
has "$err" 'half.plan:4: "lessen" begins no entry'
has "$out" 'Left over'
has "$out" '3 things are wrong'
run 0 lockstep present --plain half.plan </dev/null
has "$err" 'half.plan:2:'

# what cannot be shown at all
printf 'hello\n' >no.plan
run 65 lockstep present no.plan
has "$err" 'no.plan:1:'
run 66 lockstep present nothing-of-that-name
has "$err" 'neither a plan nor a lesson'
run 66 lockstep present nowhere/hour.plan
has "$err" 'there is no plan'
run 2 lockstep present --from 0 mine
run 2 lockstep present --notes two
has "$err" 'the number of a presentation'

# in lines: an answer is not there before it is asked for; hands are counted and kept
cat >ask.plan <<'END'
title: Ask
> for me alone
ask: What does it print?
  choice: one
  choice: two
  right: 2
  explain: Because it is so.
step: race/lost-update counter.c
  path: T0 *, T1 @9
  then: T1 1, T2 *, T1 1
END
printf '\n' | lockstep present --plain ask.plan >before 2>&1
hasnot before 'Because it is so'
printf '\n3 12\n\n\n\n\n\nt\nq\n' >typed
run 0 lockstep present --plain ask.plan <typed
has "$out" '  2    12 ############'
has "$out" 'Because it is so.'
has "$out" 'counter 1 -> 1'
run 0 lockstep present --hands
has "$out" ': 3 12'
has "$out" 'What does it print?'

# the notes wait, and leave when asked to; a folder that others may write into is refused
printf 'q\n' >typed
run 0 lockstep present --notes --plain <typed
has "$out" 'waiting for a presentation'
mkdir open && chmod 777 open
run 0 env LOCKSTEP_DATA="$work/open" lockstep present --notes --plain <typed
has "$out" 'others may write into the folder'

done_testing
