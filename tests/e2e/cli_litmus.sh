#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2016,SC2034 # cli.inc sets out, err, work; inner shells expand
# Litmus tests on this machine's processors: endings counted, the one that no interleaving gives
# marked, gone with a full fence; the format, errors, signals.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool json
tool pty
lessons=$top/lessons/memory

# ---- what does not depend on the processor ----
# Each test as in the lessons: what its clause asks for is never seen. That of the first list no
# processor may show (C forbids it); that of the second no x86-64 does.
never="store-buffering/sb-fence store-buffering/sb-seq-cst acquire-release/mp-rel-acq
    acquire-release/corr fences-and-peterson/peterson-seq-cst fences-and-peterson/peterson-fence"
case $(uname -m) in x86_64) never="$never acquire-release/mp acquire-release/lb acquire-release/iriw fences-and-peterson/2+2w" ;; esac
for t in $never; do
    run 0 lockstep live --json --runs 200000 "$lessons/$t.litmus"
    is "$t" "$(json exists positive negative complete)" "never
0
200000
true"
done

# whoever shares one processor takes turns: no ending but those of interleavings
run 0 lockstep live --json --runs 50000 --processors "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" "$lessons/store-buffering/sb.litmus"
is 'on one processor' "$(json exists)" never
run 0 lockstep live --runs 50000 --processors "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" "$lessons/store-buffering/sb.litmus"
has "$out" 'Only one processor may be used'
has "$out" 'Never seen does not mean impossible'
has "$out" 'Observation SB Never 0 50000'

# every run is counted once, seen or filtered
cat >filter.litmus <<'END'
C filter (* the lock is taken at once by both, or the run does not count *)
{}
P0(int *l, int *x, int *y)
{
    int r0, r1;
    r0 = xchg_acquire(l, 1);
    WRITE_ONCE(*x, 1);
    r1 = READ_ONCE(*y);
    smp_store_release(l, 0);
}
P1(int *l, int *x, int *y)
{
    int r0, r1;
    r0 = xchg_acquire(l, 1);
    WRITE_ONCE(*y, 1);
    r1 = READ_ONCE(*x);
    smp_store_release(l, 0);
}
filter (0:r0=0 /\ 1:r0=0)
~exists (0:r1=0 /\ 1:r1=0)
END
run 0 lockstep live --json --runs 100000 filter.litmus
is 'runs and filtered' $(($(json runs) + $(json filtered))) 100000
is 'holds' "$(json holds)" true

# pointers are told by the names of what they point to
cat >pointer.litmus <<'END'
C pointer
{ int z = 5; int *y = &z; }
P0(int *x, int **y) { WRITE_ONCE(*x, 1); rcu_assign_pointer(*y, x); }
P1(int **y)
{
    int *r0; /* first z, then x */
    int r1;
    rcu_read_lock();
    r0 = rcu_dereference(*y);
    r1 = READ_ONCE(*r0);
    rcu_read_unlock();
}
forall (1:r0=z /\ 1:r1=5 \/ 1:r0=x /\ 1:r1=1)
END
run 0 lockstep live --json --runs 100000 pointer.litmus
is 'pointers' "$(json exists)" always
n=$(json 'outcomes.#')
is 'endings' "$n" 2
is 'their names' "$(for i in 0 1; do json "outcomes.$i.state"; done | sort | tr '\n' ' ')" '{"1:r0":"x","1:r1":1} {"1:r0":"z","1:r1":5} '

# a number that may hold an address, and the kernel's operations
cat >kernel.litmus <<'END'
C kernel
{ intptr_t p = x; q = 1; atomic_t n = ATOMIC_INIT(3); }
P0(int *x, intptr_t *p, intptr_t *q, atomic_t *n)
{
    intptr_t r0 = READ_ONCE(*p);
    WRITE_ONCE(*p, q);
    WRITE_ONCE(*q, 7);
    int r1 = atomic_inc_return(n);
    int r2 = atomic_fetch_add(2, n);
    int r3 = atomic_sub_and_test(6, n);
    int r4 = atomic_cmpxchg_acquire(n, 0, 9);
    int r5 = atomic_xchg_relaxed(n, -1);
    r6 = atomic_add_unless(n, 5, -1); /* not declared: int */
    if (r6 == 0)
        r7 = atomic_add_unless(n, 5, 0);
}
forall (0:r0=x /\ p=q /\ q=7 /\ 0:r1=4 /\ 0:r2=4 /\ 0:r3=1 /\ 0:r4=0 /\ 0:r5=9 /\ 0:r6=0 /\ 0:r7=1 /\ n=4)
END
run 0 lockstep live --json --runs 1000 kernel.litmus
is "kernel" "$(json exists complete)" "always
true"

# values at the beginning, read-modify-write, what is declared in a block, a lock
cat >more.litmus <<'END'
C more
{ x = 2; atomic_int y = 7; 0:r9 = -4 }
P0(atomic_int *x, atomic_int *y, spinlock_t *l)
{
    spin_lock(l);
    int r0 = atomic_fetch_add(x, 1);
    if (r0 == 2) {
        int b = atomic_exchange_explicit(y, 8, memory_order_relaxed);
    }
    r9 = r9 + 1;
    spin_unlock(l);
}
P1(atomic_int *x, spinlock_t *l)
{
    int e = 3, ok;
    spin_lock(l);
    ok = atomic_compare_exchange_strong(x, &e, 9);
    spin_unlock(l);
}
forall ((1:ok=0 /\ x=3 /\ 1:e=2 \/ 1:ok=1 /\ x=9 /\ 1:e=3) /\ 0:r9=-3 /\ 0:b=7 /\ y=8)
END
run 0 lockstep live --json --runs 100000 more.litmus
is 'all' "$(json exists complete)" "always
true"
if command -v clang >/dev/null; then
    run 0 env LOCKSTEP_CC=clang lockstep live --json --runs 100000 more.litmus
    is 'with clang' "$(json exists)" always
    run 0 env LOCKSTEP_CC=clang lockstep live --json --runs 100000 pointer.litmus
    is 'with clang' "$(json exists)" always
fi

# without a search nothing is said about interleavings
run 4 lockstep live --json --no-explore --runs 1000 more.litmus
is 'known' "$(json complete outcomes.0.interleaving)" "false
null"

# a clause that does not hold
sed 's/forall.*/~exists (x=3)/' more.litmus >violated.litmus
run 1 lockstep live --runs 100000 violated.litmus
has "$out" '* ~exists (x=3): No'

# ---- errors: what, where, what next ----
run 66 lockstep live nowhere.litmus
has "$err" 'cannot open nowhere.litmus'
printf 'X86 SB\n{}\n' >bad.litmus
run 0 lockstep live --runs 1000 memory/acquire-release/corr.litmus # among the lessons
run 65 lockstep live bad.litmus
has "$err" "bad.litmus:1: a litmus test in C begins with 'C NAME'"
printf 'C T\n{}\nP0(int *x)\n{\n  int r0 = READ_ONCE(*z);\n}\nexists (x=1)\n' >bad.litmus
run 65 lockstep live bad.litmus
has "$err" 'bad.litmus:5:'
printf 'C T\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1 /\\ w=2)\n' >bad.litmus
run 65 lockstep live bad.litmus
has "$err" "bad.litmus:4: 'w' is no shared variable of the test; they are: x."
printf 'C T\n{ p=x; }\nP0(int *x, int **p)\n{\n  int r0 = READ_ONCE(*p);\n}\nexists (x=1)\n' >bad.litmus
run 65 lockstep live bad.litmus # an address in an int
has "$err" 'bad.litmus:5:'
run 2 lockstep live --noise yield bad.litmus
has "$err" '--noise does not go with a litmus test'
run 2 lockstep live bad.litmus more.litmus
run 2 lockstep live --processors 63 more.litmus
printf 'C T\n{}\nP0(int *x) { int *r0 = 0; WRITE_ONCE(*r0, 1); }\nexists (x=1)\n' >crash.litmus
run 65 lockstep live crash.litmus
has "$err" 'the test crashed: Segmentation fault'
printf 'C T\n{}\nP0(int *x) { while (READ_ONCE(*x) == 0) ; }\nP1(int *y) { }\nexists (x=1)\n' >hang.litmus
run 65 lockstep live --seconds 0.5 hang.litmus
has "$err" '0.5 s passed'

# ---- signals: Ctrl-C prints what there is; whatever ends lockstep, the test ends ----
printf 'expect runs,\nsend \\x03\nexpect Observation\n' >script
run 130 "$work/pty" script "$work/alone" lockstep live --no-explore --runs 1000000000000 "$lessons/store-buffering/sb.litmus"
has "$out" 'it was interrupted'
cat >killed.sh <<'END'
# the test runs: it is called program, its parent is the keeper, whose parent is lockstep
runs() {
    for keeper in $(cat "/proc/$1/task/$1/children"); do
        for child in $(cat "/proc/$keeper/task/$keeper/children" 2>/dev/null); do
            grep -qx program "/proc/$child/comm" 2>/dev/null && return 0
        done
    done
    return 1
}
lockstep live --no-explore --runs 1000000000000 "$1" &
pid=$!
until runs "$pid"; do sleep 0.02; done
kill -KILL "$pid"
wait "$pid"
exit 0
END
run 0 sh killed.sh "$lessons/store-buffering/sb.litmus"

[ "$failures" = 0 ] || done_testing
# ---- what two processors do ----
if [ "$(nproc)" -lt 2 ]; then
    echo 'only one processor may be used, so what two of them reorder was not tested'
    exit 77
fi
# sees TEST: its ending is counted, and marked as none of an interleaving but one of store buffers.
# It depends on the hardware: more runs are made until it is seen.
sees() {
    for runs in 300000 3000000 10000000; do
        "$work/alone" lockstep live --json --runs "$runs" "$lessons/$1.litmus" >"$out" 2>"$err"
        status=$?
        [ "$status" = 1 ] && break
    done
    is "status of $1" "$status" 1
    is "$1" "$(json exists complete runs)" "sometimes
true
$runs"
    i=0 total=0 marked=0
    while [ "$i" -lt "$(json 'outcomes.#')" ]; do
        n=$(json "outcomes.$i.runs")
        total=$((total + n))
        case "$(json "outcomes.$i.exists" "outcomes.$i.interleaving" "outcomes.$i.store_buffers" | tr '\n' ' ')" in
        'true false true ') marked=$((marked + n)) ;;
        'false true true ') ;;
        *) fail "ending $i of $1" ;;
        esac
        i=$((i + 1))
    done
    is "all runs of $1" "$total" "$runs"
    is "marked runs of $1" "$marked" "$(json positive)"
}
case $(uname -m) in
x86_64)
    sees store-buffering/sb
    sees store-buffering/sb-rel-acq
    sees store-buffering/sb-one-fence
    sees fences-and-peterson/peterson
    run 1 lockstep live --runs 1000000 "$lessons/store-buffering/sb.litmus"
    has "$out" 'NO INTERLEAVING GIVES THIS'
    has "$out" 'Store buffers explain it'
    has "$out" 'Observation SB Sometimes '
    ;;
esac
done_testing
