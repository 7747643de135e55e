#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# run --plain on a terminal: who goes next, back, again, find; append-only.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool pty
counter_source 1 '' '' >counter.c

# by hand into the lost update: both threads read before either writes
cat >script <<'END'
expect Only one can go on:
expect Step 0. Enter, 0, ? or q > 
send \n
expect Step 1, line 
expect Who goes next?
expect Step 1. Enter, 0 or 1, ? or q > 
send 0\n
expect Step 2. Enter, 1 or 2, 
expect > 
send 1\n
expect T1 starts in add
expect Step 3. 
expect > 
send 1\n
expect T1 reads 0 from counter
expect Step 4. 
expect > 
send 2\n
expect Step 5, line 6, a switch from T1: T2 starts
expect > 
send 2\n
expect T2 reads 0 from counter
expect Step 6. 
expect > 
send 1\n
expect T1 changes counter from 0 to 1
expect Found here: data-race
expect Step 7. 
expect > 
send e\n
expect The end: the program ends with status 0
expect Its output: "1\\n"
expect the end. b goes back
expect > 
send again\n
expect From the beginning
expect Step 0. 
expect > 
send n 3\n
expect Step 3. 
expect > 
send back\n
expect Step 2 of 3. 
expect > 
send 2\n
expect Another turn: 1 step that came after is replaced
expect > 
send undo\n
expect The run before is back
expect Step 2 of 3. 
expect > 
send find\n
expect Found, 1 of 1: data-race
expect Found here: data-race
expect > 
send token\n
expect lockstep replay ls1:
expect > 
send e\n
expect the end. b goes back
expect > 
send b 10\n
expect > 
send g 99\n
expect Its output: "2\\n"
expect > 
send w\n
expect Step
expect > 
send v\n
expect counter = 
expect > 
send l\n
expect counter++
expect End of program.
expect > 
send output\n
expect Output so far
expect > 
send 9\n
expect There is no T9 at this step
expect > 
send xyzzy\n
expect is no command here
expect > 
send tokn\n
expect did you mean 'token'
expect > 
send b x\n
expect is no number of steps
expect > 
send ?\n
expect back, b [WHAT]:
expect > 
send q\n
END
run 1 "$work/pty" script "$work/alone" lockstep run --plain counter.c
if grep -q "$(printf '\033')" "$out"; then fail 'plain mode sent an escape sequence'; fi

# the same with the environment that screen readers set
printf 'expect Step 0. Enter, 0, ? or q > \nsend q\\n\n' >script
run 0 env ACCESSIBLE=1 "$work/pty" script "$work/alone" lockstep run counter.c
run 0 env TERM=dumb "$work/pty" script "$work/alone" lockstep run counter.c

done_testing
