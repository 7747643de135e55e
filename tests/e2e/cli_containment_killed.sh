#!/bin/sh
# shellcheck disable=SC1091,SC2154 # contain.inc sets out, err, work, top
# lockstep itself is ended, by whatever signal and whenever: everything it started ends too. What a
# kill leaves in TMPDIR goes the next time it starts; a terminal is as it was before.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/contain.inc"
tool pty

# build each once: then there is no compiler to wait for
for name in fork_bomb loop_deaf daemonise shell_daemon shell_bomb wild_walk memory escape_raw; do
    lockstep cc -o "$name" "$top/tests/e2e/contain/$name.c" >"$out" 2>"$err" || fail "cc $name.c"
done

for signal in KILL TERM HUP; do
    for name in fork_bomb loop_deaf daemonise shell_daemon shell_bomb wild_walk memory escape_raw; do
        for delay in 0.05 0.4; do
            setsid "$LOCKSTEP" explore --seconds 30 "./$name" >"$out" 2>"$err" &
            pid=$!
            sleep "$delay"
            kill -s "$signal" "$pid" 2>/dev/null
            wait "$pid" 2>/dev/null
            nothing_left "$name, SIG$signal after $delay s"
        done
    done
done

# while it steps on a terminal that closes
for name in loop_deaf shell_daemon; do
    printf 'expect Step 0. Enter\nsend run\\n\nhangup\n' >script
    "$work/pty" script "$LOCKSTEP" run --plain "./$name" >"$out" 2>"$err"
    nothing_left "$name, hangup"
done

# the folder of the compiled program of one that was killed
lockstep explore --seconds 30 "$top/tests/e2e/contain/loop_deaf.c" >"$out" 2>"$err" &
pid=$!
n=0
while [ "$(table)" = "$before" ] && [ "$n" -lt 400 ]; do
    n=$((n + 1))
    sleep 0.01
done
kill -KILL "$pid"
wait "$pid" 2>/dev/null
run 0 lockstep explore "$top/tests/e2e/contain/close_raw.c"
nothing_left 'a killed lockstep, after the next one'

done_testing
