#!/bin/sh
# make lint: everything that can be said about the source without running it. Called by the Makefile
# with FLAGS, WARN, PROBE (flags of the host, warnings, flags of the probe), CC and B.
# shellcheck disable=SC2317,SC2016 # the functions are called through step; the inner shell expands
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${FLAGS:?run make lint}" "${WARN:?}" "${PROBE:?}" "${B:?}" "${CC:=cc}"
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
status=0

sources() {
    find engine data lessons tui tests -maxdepth 2 -name '*.c' ! -path 'engine/probe/*' ! -path 'engine/recorder/*' ! -path 'tests/programs/*' |
        while read -r f; do
            case $f in lessons/*/*) ;; *) echo "$f" ;; esac
        done | LC_ALL=C sort
}

probe_sources() {
    find engine/probe engine/recorder -name '*.c' 2>/dev/null | LC_ALL=C sort
}

# A step: its name, whether the tool is needed, the tool, then the command. Quiet when clean.
step() {
    name=$1 need=$2 tool=$3
    shift 3
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "lint: $name: $tool is not installed"
        [ "$need" = optional ] || status=1
        return
    fi
    if output=$("$@" 2>&1); then
        echo "lint: $name: clean"
    else
        echo "lint: $name:"
        printf '%s\n' "$output" | sed 's/^/    /'
        status=1
    fi
}

format() {
    find engine data lessons tui tests -name '*.[ch]' ! -path 'lessons/*/*' ! -path 'tests/*/data/*' -print0 | xargs -0 clang-format --dry-run -Werror
}

# shellcheck disable=SC2086 # flags are lists of words
tidy() {
    found=0
    sources | xargs -P "$jobs" -n 4 sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$@" -- $FLAGS -Itests/screens 2>/dev/null' tidy || found=1
    probe_sources | xargs -r -P "$jobs" -n 4 sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$@" -- $PROBE 2>/dev/null' tidy || found=1
    return "$found"
}

# shellcheck disable=SC2086
check_cpp() {
    # shellcheck disable=SC2046
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem --suppressions-list=tests/lint/cppcheck.txt --max-ctu-depth=2 -j "$jobs" \
        -D__x86_64__ '-D_Noreturn=__attribute__((noreturn))' '-Djson_array_foreach(a,i,v)=while((v=json_array_get(a,i=0))!=NULL)' -DLOCKSTEP_PREFIX='"/usr"' -Iengine -Idata -Ilessons -Itui -Itests/screens $(sources) $(probe_sources)
}

analyse() {
    {
        sources | sed 's/^/host /'
        probe_sources | sed 's/^/probe /'
    } | xargs -P "$jobs" -L 1 sh -c '
        case $1 in probe) flags="$PROBE -O2 -fPIC -fno-builtin -Wno-analyzer-malloc-leak" ;; *) flags="$FLAGS -O1 -Itests/screens" ;; esac
        # The probe is the allocator itself. The analyser does not know that an assertion of cmocka ends the test.
        case $2 in tests/*) flags="$flags -Wno-analyzer-possible-null-argument -Wno-analyzer-possible-null-dereference -Wno-analyzer-null-argument -Wno-analyzer-null-dereference" ;; esac
        $CC $flags $WARN -Werror -fanalyzer -fdiagnostics-path-format=none -fno-diagnostics-show-caret -c -o /dev/null "$2"' analyse
}

shells() {
    find start .ci/run tests -type f \( -name '*.sh' -o -name start -o -path .ci/run \) -exec shellcheck {} +
}

manual() {
    mandoc -T lint -W warning docs/*.1
}

export FLAGS WARN PROBE CC
step "include arrows" needed sh sh tests/lint/includes.sh
step "words" needed grep sh tests/lint/words.sh
step "texts" needed awk sh tests/lint/texts.sh
step "format" needed clang-format format
step "manual page" needed mandoc manual
step "shell scripts" optional shellcheck shells
step "cppcheck" needed cppcheck check_cpp
step "gcc -fanalyzer" optional gcc analyse
step "clang-tidy" needed clang-tidy tidy
exit "$status"
