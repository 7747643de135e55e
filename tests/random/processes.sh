#!/bin/sh
# As run.sh, for programs of several processes with pipes and signals.
set -eu
top=${LOCKSTEP_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${LOCKSTEP_BUILD:-$top/build}
lockstep=${LOCKSTEP:-$build/lockstep}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
here=$top/tests/random
# shellcheck disable=SC2046
${CC:-cc} -std=c17 -D_GNU_SOURCE -DOPS='"process_ops.def"' -O1 -o "$folder/random" "$here/main.c" "$here/compare.c" "$here/free.c" "$here/process_make.c" "$here/process_write.c" $(pkg-config --cflags --libs jansson) -lm
[ $# -gt 0 ] || set -- -s 1 -n 60 -l 3000 -r 2
"$folder/random" "$@" "$lockstep" "$folder"
