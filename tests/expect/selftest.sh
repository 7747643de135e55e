#!/bin/sh
# The checker must be able to say no: it is shown a false lockstep whose answers are right, and then
# wrong in one place at a time.
set -u
expect=$LOCKSTEP_BUILD/tests/expect/expect
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT INT TERM
status=0

cat >"$dir/program.c" <<'END'
// EXPECT complete
// EXPECT outcome "1\n" exit 0 executions 2
// EXPECT outcome "" deadlock
// EXPECT finding data-race line @race
// EXPECT executions 3
int x; // @race
END

cat >"$dir/lockstep" <<'END'
#!/bin/sh
dir=${0%/*}
if [ "$1" = replay ]; then
    echo '{}'
    exit "$(cat "$dir/replay")"
fi
cat "$dir/answer"
exit "$(cat "$dir/status")"
END
chmod +x "$dir/lockstep"

# name, expected exit status of the checker, sed script on the right answer, exit status, replay's
try() {
    sed "$3" >"$dir/answer" <<'END'
{"schema":"lockstep.explore/1","complete":true,"executions":3,"blocked":0,"outcomes":[
{"stdout":"1\n","exit":0,"signal":null,"executions":2,"schedule":"ls1:a"},
{"stdout":"","exit":null,"signal":null,"deadlock":true,"executions":1,"schedule":"ls1:b"}],
"findings":[
{"kind":"data-race","message":"m","file":"program.c","line":6,"schedule":"ls1:c"}]}
END
    echo "$4" >"$dir/status"
    echo "$5" >"$dir/replay"
    "$expect" "$dir/lockstep" "$dir/program.c" >"$dir/out" 2>&1
    got=$?
    if [ "$got" != "$2" ]; then
        echo "$1: the checker ends with $got instead of $2:"
        cat "$dir/out"
        status=1
    fi
}

try "right" 0 '' 1 1
try "incomplete" 1 's/"complete":true/"complete":false/' 1 1
try "other output" 1 's/"1\\n"/"2\\n"/' 1 1
try "other exit" 1 's/"exit":0/"exit":3/' 1 1
try "signal instead" 1 's/"exit":null,"signal":null/"exit":null,"signal":6/' 1 1
try "no deadlock" 1 's/"deadlock":true/"deadlock":false/' 1 1
try "other count of an outcome" 1 's/"executions":2/"executions":1/; s/"executions":3/"executions":2/' 1 1
try "totals differ" 1 's/"executions":1,/"executions":2,/' 1 1
try "other total" 1 's/"executions":1,/"executions":2,/; s/"executions":3/"executions":4/' 1 1
try "other line" 1 's/"line":6/"line":5/' 1 1
try "other kind" 1 's/data-race/deadlock/' 1 1
try "no message" 1 's/"message":"m"/"message":""/' 1 1
try "no finding" 1 '/"kind"/d' 1 1
try "one finding too many" 1 's/"findings":\[/&{"kind":"misuse","message":"m","line":6,"schedule":"ls1:d"},/' 1 1
try "one outcome too many" 1 's/"outcomes":\[/&{"stdout":"9","exit":0,"signal":null,"executions":0,"schedule":"ls1:d"},/' 1 1
try "one outcome too few" 1 '/ls1:b/d; s/"ls1:a"},/"ls1:a"}],/; s/"executions":3/"executions":2/' 1 1
try "no schedule" 1 's/"ls1:c"/null/' 1 1
try "exit status" 1 '' 0 1
try "replay finds nothing" 1 '' 1 0
try "replay diverges" 1 '' 1 3
try "no JSON" 1 's/.*//' 1 1
sed -i 's/EXPECT executions 3/EXPECT nonsense/' "$dir/program.c"
try "a wrong header" 2 '' 1 1
exit "$status"
