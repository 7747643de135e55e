#!/bin/sh
# make bench: what lockstep costs, beside its bars. It reports and never fails on a time.
#
# A row is made from what explore --json says, and from each line of a bench program of the form
#     BAR<tab>what<tab>measured<tab>unit<tab>bar<tab>max|min
# (max: the measured value may be at most the bar). Other lines are shown below the table.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${B:=build}"
case $B in /*) ;; *) B=$PWD/$B ;; esac
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT INT TERM
export HOME="$dir" LOCKSTEP="$B/lockstep" LC_ALL=C
unset XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME LOCKSTEP_DATA
rows=$dir/rows other=$dir/other
: >"$rows"
: >"$other"
broken=0

row() { # what, measured, unit, bar, max|min
    printf 'BAR\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$rows"
}

number() { # key of the answer
    sed -n "s/.*\"$1\":\([0-9.e+-]*\).*/\1/p" "$dir/answer" | head -n 1
}

search() { # program, executions
    if ! "$LOCKSTEP" explore --strategy random --executions "$2" --json "tests/bench/programs/$1" >"$dir/answer" 2>"$dir/err"; then
        grep -q '"schema"' "$dir/answer" && return
        echo "explore of $1 failed:" >>"$other"
        cat "$dir/err" >>"$other"
        broken=1
        return 1
    fi
}

per() { # a / b, scaled
    awk -v a="$1" -v b="$2" -v scale="$3" 'BEGIN { printf "%.4g", b > 0 ? a / b * scale : 0 }'
}

if search counter.c 300000; then
    row "exploration: 2 threads x 2 counter++, random" "$(per "$(number executions)" "$(number seconds)" 1)" "executions/s" 200000 min
fi
if search steps_alone.c 500; then
    row "a step without a switch" "$(per "$(number seconds)" "$(number steps)" 1e9)" "ns" 60 max
fi
if search steps_switching.c 500; then
    row "a step, every second one a switch" "$(per "$(number seconds)" "$(number steps)" 1e9)" "ns" 105 max
fi

for source in tests/bench/bench_*.c; do
    [ -f "$source" ] || continue
    name=$(basename "$source" .c)
    "$B/tests/bench/$name" >"$dir/out" 2>&1
    code=$?
    grep '^BAR	' "$dir/out" >>"$rows"
    if grep -qv '^BAR	' "$dir/out"; then
        { echo "-- $name" && grep -v '^BAR	' "$dir/out"; } >>"$other"
    fi
    if [ "$code" -gt 1 ]; then
        echo "$name ended with status $code" >>"$other"
        broken=1
    fi
done

awk -F '\t' '
    BEGIN { printf "%-50s %22s %14s %8s\n", "what", "measured", "bar", "ratio" }
    {
        ratio = $6 == "max" ? ($5 > 0 ? $3 / $5 : $3) : ($3 > 0 ? $5 / $3 : 0)
        printf "%-50s %9.4g %-12s %s %-11.6g %8.2f%s\n", $2, $3, $4, $6 == "max" ? "<=" : ">=", $5, ratio, (ratio > 1 ? "  over" : "")
    }' "$rows"
echo "(ratio: 1 is the bar, less is better)"
[ -s "$other" ] && cat "$other"
exit "$broken"
