#!/bin/sh
# Random programs: plain enumeration and dpor must say the same about each, and what they print must
# replay. Always the same programs; a difference is shrunk and printed with its seed.
#     run.sh [-s SEED] [-n PROGRAMS] [-l EXECUTIONS] [-r REPLAYS] [-f FREE-RUNS] [-a ADVERSITY] [-k]
set -eu
top=${LOCKSTEP_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${LOCKSTEP_BUILD:-$top/build}
lockstep=${LOCKSTEP:-$build/lockstep}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck disable=SC2046
${CC:-cc} -std=c17 -D_GNU_SOURCE -O1 -o "$folder/random" "$top/tests/random/main.c" "$top/tests/random/make.c" "$top/tests/random/write.c" "$top/tests/random/compare.c" "$top/tests/random/free.c" $(pkg-config --cflags --libs jansson) -lm
[ $# -gt 0 ] || set -- -s 1 -n 120 -l 5000 -r 2
"$folder/random" "$@" "$lockstep" "$folder"
