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
export HOME="$dir" LOCKSTEP="$B/lockstep" LOCKSTEP_LESSONS="$PWD/lessons" LC_ALL=C
unset XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME LOCKSTEP_DATA
rows=$dir/rows other=$dir/other
: >"$rows"
: >"$other"
broken=0

row() { # what, measured, unit, bar, max|min
    printf 'BAR\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$rows"
}

# What of the answer in the file $1: key $2 of the search as a whole.
number() {
    sed -n "s/\"outcomes\":.*//; s/.*\"$2\":\([0-9.e+-]*\).*/\1/p" "$1" | head -n 1
}

search() { # program, options: its answer in $dir/answer; false when it told nothing
    searched=tests/bench/programs/$1
    shift
    if ! "$LOCKSTEP" explore --json "$@" "$searched" >"$dir/answer" 2>"$dir/err"; then
        grep -q '"schema"' "$dir/answer" && return
        echo "explore of $searched failed:" >>"$other"
        cat "$dir/err" >>"$other"
        broken=1
        return 1
    fi
}

# A row from the best of three searches, since other work on the machine only makes it slower.
searching() { # what, its bar, executions (a second) or steps (ns each), program, options
    what=$1 bar=$2 counted=$3
    shift 3
    : >"$dir/runs"
    for _ in 1 2 3; do
        search "$@" || return
        echo "$(number "$dir/answer" "$counted") $(number "$dir/answer" seconds)" >>"$dir/runs"
    done
    best=$(awk '{ r = $1 / ($2 > 0 ? $2 : 1e-6); if (r > best) best = r } END { printf "%.6g", best }' "$dir/runs")
    case $counted in
    steps) row "$what" "$(awk -v r="$best" 'BEGIN { printf "%.4g", 1e9 / r }')" ns "$bar" max ;;
    *) row "$what" "$best" executions/s "$bar" min ;;
    esac
}

searching "exploration: 2 threads x 2 counter++, random" 200000 executions counter.c --strategy random --executions 300000
searching "exploration: 3 threads x 3 sections, dpor" 100000 executions dpor.c
searching "exploration: fib_bench of 4 rounds, dpor" 200000 executions fib_bench.c
searching "an execution that opens a file, random" 4000 executions file.c --strategy random --executions 20000
searching "an execution with a fork and a pipe, random" 1500 executions fork.c --strategy random --executions 10000
searching "a step without a switch" 60 steps steps_alone.c --strategy random --executions 500
searching "a step, every second one a switch" 105 steps steps_switching.c --strategy random --executions 500

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
        printf "%-50s %9s %-12s %s %-11.6g %8.2f%s\n", $2, sprintf($3 >= 1000 ? "%.0f" : "%.4g", $3), $4, $6 == "max" ? "<=" : ">=", $5, ratio, (ratio > 1 ? "  over" : "")
    }' "$rows"
echo "(ratio: 1 is the bar, less is better)"
[ -s "$other" ] && cat "$other"
exit "$broken"
