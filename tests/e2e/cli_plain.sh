#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# run --plain on a terminal: who goes next, back, again, find; append-only.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool pty
counter_source 1 '' '' >counter.c

# by hand into the lost update: both threads read before either writes
cat >script <<'END'
expect Only one can go on:
expect step 0> 
send \n
expect Who goes next?
expect step 1> 
send 0\n
expect step 2> 
send 1\n
expect T1    P0   counter.c:
expect step 3> 
send 1\n
expect read 
expect step 4> 
send 2\n
expect T2    P0   counter.c:
expect step 5> 
send 2\n
expect read 
expect step 6> 
send 1\n
expect write 
expect data-race
expect step 7> 
send e\n
expect Output: "1\\n"
expect lockstep replay ls1:
expect over. b goes back
expect > 
send again\n
expect From the beginning.
expect step 0> 
send n 3\n
expect step 3> 
send back\n
expect Back at step 2.
expect step 2> 
send find\n
expect Found.
expect data-race
expect lockstep replay ls1:
expect > 
send e\n
expect over. b goes back
expect > 
send b 10\n
expect Back at step
expect > 
send e\n
expect Output: "2\\n"
expect over. b goes back
expect > 
send w\n
expect over. b goes back
expect > 
send v\n
expect counter = 
expect > 
send l\n
expect counter++
expect > 
send o\n
expect Output so far
expect > 
send 9\n
expect '9' is none of the choices
expect > 
send xyzzy\n
expect is no command here
expect > 
send b x\n
expect is no number of steps
expect > 
send t\n
expect lockstep replay ls1:
expect > 
send ?\n
expect go back N steps
expect > 
send q\n
END
run 1 "$work/pty" script "$work/alone" lockstep run --plain counter.c
if grep -q "$(printf '\033')" "$out"; then fail 'plain mode sent an escape sequence'; fi

# the same with the environment that screen readers set
printf 'expect step 0> \nsend q\\n\n' >script
run 0 env ACCESSIBLE=1 "$work/pty" script "$work/alone" lockstep run counter.c
run 0 env TERM=dumb "$work/pty" script "$work/alone" lockstep run counter.c

done_testing
