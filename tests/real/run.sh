#!/bin/sh
# Programs nobody here wrote: fetch their Debian sources, build each as its own build system wants with
# lockstep as the compiler, explore 20 random schedules, replay what was seen. Not part of the test
# run, as it needs the network and apt. docs/real-programs.md says what came of it.
#
#     sh tests/real/run.sh [FOLDER] [NAME...]    FOLDER: where to build ($TMPDIR/lockstep-real)
#
# lockstep is the one in PATH, or the folder of $LOCKSTEP comes first. A line for each program:
# NAME, whether it was built, the exit status of the search, executions, findings, the status of a
# replay. Exit status 1 when something could not be built, told or replayed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-${TMPDIR:-/tmp}/lockstep-real}
[ $# -gt 0 ] && shift
wanted=" $* "
[ -n "${LOCKSTEP:-}" ] && PATH=$(dirname "$LOCKSTEP"):$PATH
command -v lockstep >/dev/null || {
    echo "run.sh: no lockstep in PATH" >&2
    exit 2
}
mkdir -p "$work/apt/etc" "$work/apt/lists/partial" "$work/apt/cache/archives/partial" || exit 2
cd "$work" || exit 2
failed=0

# An apt of our own, with the sources of the system's archives: nothing of the system is changed.
apt() {
    tool=$1
    shift
    "$tool" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/apt/etc" \
        -o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" "$@"
}
prepare() {
    for f in /etc/apt/sources.list.d/*.sources; do
        [ -f "$f" ] && sed 's/^Types: .*/Types: deb-src/' "$f" >"apt/etc/$(basename "$f")"
    done
    for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$f" ] && sed -n 's/^deb /deb-src /p' "$f" >"apt/etc/$(basename "$f" .list).list"
    done
    apt apt-get -qq update
}

# The folder of a source package, fetched if it is not there.
source_of() {
    if ! ls -d "$1"-*/ >/dev/null 2>&1; then
        apt apt-get -qq source --download-only "$1" >"$1.log" 2>&1
        dpkg-source -x --no-check "$1"_*.dsc >>"$1.log" 2>&1 || return 1
    fi
    for folder in "$1"-*/; do
        [ -d "$folder" ] && echo "$folder" && return
    done
}

# program NAME PACKAGE BUILD OPTIONS... : BUILD runs in the folder of the source. The options, the
# program and its arguments are those of `lockstep explore`; the working folder is $work.
program() {
    name=$1 package=$2 build=$3
    shift 3
    case $wanted in "  " | *" $name "*) ;; *) return ;; esac
    folder=$(source_of "$package")
    if [ -z "$folder" ] || ! (cd "$folder" && sh -c "$build") >"$name.log" 2>&1; then
        printf '%-12s not built: %s.log\n' "$name" "$name"
        failed=1
        return
    fi
    n=$#
    for word in "$@"; do # the names of folders are known only now
        # shellcheck disable=SC2086,SC2116
        case $word in *-\**) word=$(echo $word) ;; esac
        set -- "$@" "$word"
    done
    shift "$n"
    timeout 120 lockstep explore --strategy random --executions 20 "$@" >"$name.out" 2>"$name.err"
    status=$?
    replay=$(grep -o 'lockstep replay .*' "$name.out" | tail -n 1)
    timeout 60 sh -c "$(echo "$replay" | sed 's/^lockstep replay /lockstep replay --plain /')" >"$name.replay" 2>&1
    again=$?
    printf '%-12s explore %d, %s, findings %s; replay %d\n' "$name" "$status" \
        "$(sed -n '1s/^[^:]*: \([0-9]* executions*\).*/\1/p' "$name.out")" \
        "$(sed -n 's/^Findings: //p' "$name.out")" "$again"
    case $status in 0 | 1 | 4) ;; *) failed=1 ;; esac
    case $again in 0 | 1) ;; *) failed=1 ;; esac
}

prepare
seq 1 100 >small
mine='CC="lockstep cc"'
old='ACLOCAL=: AUTOMAKE=: AUTOCONF=: AUTOHEADER=:' # what is generated comes with the source
program bzip2 bzip2 "make $mine bzip2" --steps 200000 bzip2-*/bzip2 -- -k -f small
program pbzip2 pbzip2 'make CXX="lockstep c++"' --steps 200000 pbzip2-*/pbzip2 -- -k -f -p2 small
program lz4 lz4 "make $mine lz4" --steps 200000 lz4-*/lz4 -- -f -q small small.lz4
program zstd libzstd "make -C programs $mine zstd HAVE_ZLIB=0 HAVE_LZMA=0 HAVE_LZ4=0" --steps 200000 libzstd-*/programs/zstd -- -T2 -q -f small -o small.zst
program xz xz-utils "./configure $mine --disable-shared --disable-nls --disable-doc && make $old -C src/liblzma && make $old -C src/xz" \
    --steps 500000 xz-utils-*/src/xz/xz -- -T2 -0 -k -f small
program pv pv "./configure $mine && make" --stdin small pv-*/pv -- -q
urcu="[ -f Makefile ] || ./configure $mine --disable-shared; make $old"
program urcu-ops liburcu "$urcu" --steps 200000 liburcu-*/tests/unit/test_uatomic
program urcu-mb liburcu "$urcu" --steps 200000 liburcu-*/tests/benchmark/test_urcu_mb -- 1 1 1
program urcu-queue liburcu "$urcu" --steps 200000 liburcu-*/tests/benchmark/test_urcu_wfcq -- 1 1 1
program urcu-flavors liburcu "$urcu" --steps 200000 liburcu-*/tests/unit/test_urcu_multiflavor
# shellcheck disable=SC2016 # the inner shell expands
ck='CC=lockstep-cc ./configure --use-cc-builtins --cores=2 && for r in spinlock ring fifo; do make -C regressions/ck_$r/validate CC="lockstep cc -DITERATE=2 -DITERATIONS=2"; done'
program ck-ticket ck "$ck" --steps 200000 ck-*/regressions/ck_spinlock/validate/ck_ticket -- 2 1
program ck-mcs ck "$ck" --steps 200000 ck-*/regressions/ck_spinlock/validate/ck_mcs -- 2 1
program ck-ring ck "$ck" --steps 200000 ck-*/regressions/ck_ring/validate/ck_ring_mpmc -- 2 1 4
program ck-fifo ck "$ck" --steps 200000 ck-*/regressions/ck_fifo/validate/ck_fifo_spsc -- 2 1 4
for p in pee parallel; do
    build="lockstep cc -O2 -g -o $p $p.c"
    case $p in
    pee) program $p moreutils "$build" --stdin small moreutils-*/pee -- 'wc -c' 'wc -l' ;;
    parallel) program $p moreutils "$build" moreutils-*/parallel -- -j2 echo -- a b ;;
    esac
done
uv='mkdir -p b && cd b && cmake -DCMAKE_C_COMPILER=lockstep-cc -DCMAKE_BUILD_TYPE=None .. && make uv_run_tests_a'
if [ "$(id -u)" = 0 ]; then
    echo 'libuv1       its tests refuse to run as root: left out'
else
    for t in threadpool_queue_work_simple tcp_try_write tcp_write_after_connect condvar_1 barrier_1; do
        program "$t" libuv1 "$uv" --steps 200000 libuv1-*/b/uv_run_tests_a -- $t $t
    done
fi
tcp='echo "lockstep cc -O1 -g" >conf-cc && echo "lockstep cc" >conf-ld && cp hasshsgr.h1 hasshsgr.h && make -o hasshsgr.h && lockstep cc -g -o both '$here/both.c
program ucspi-tcp ucspi-tcp "$tcp" ucspi-tcp-*/both -- ./ucspi-tcp-0.88/tcpserver -HRl0 127.0.0.1 8091 echo hello -- \
    ./ucspi-tcp-0.88/tcpclient -HRl0 127.0.0.1 8091 sh -c 'cat <&6'
httpd='make CC="lockstep cc" mini_httpd && lockstep cc -O1 -g -Dmain=server_main -c -o server.o mini_httpd.c && lockstep cc -g -o fetch '$here/fetch.c' server.o match.o tdate_parse.o -lcrypt && lockstep cc -g -o both '$here/both.c
program httpd-free mini-httpd "$httpd" mini-httpd-*/both -- ./mini-httpd-1.30/mini_httpd -D -p 8092 -h 127.0.0.1 -d . -u nobody -- \
    curl -s --retry 5 --retry-connrefused http://127.0.0.1:8092/small
program httpd-fetch mini-httpd "$httpd" --steps 200000 mini-httpd-*/fetch -- 8094 /small mini_httpd -D -p 8094 -h 127.0.0.1 -d . -u nobody
exit "$failed"
