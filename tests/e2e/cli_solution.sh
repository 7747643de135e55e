#!/bin/sh
# shellcheck disable=SC1091,SC2154 # cli.inc sets out
# `lockstep check LESSON --solution FILE`: five ways that are wrong and two that are right, of two
# lessons: each gets its word, within five seconds.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"

# judge LESSON WORD FILE: WORD "none" passes
judge() {
    begin=$(date +%s)
    run "$([ "$2" = none ] && echo 0 || echo 1)" lockstep check "$1" --solution "$3"
    end=$(date +%s)
    [ $((end - begin)) -le 5 ] || fail "$1 $2: $((end - begin)) s"
    if [ "$2" = none ]; then has "$out" "$3 passes"; else has "$out" "$3 does not pass: $2"; fi
}

head='#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;'

# counter NAME DECLARATION BODY: two threads in inc
counter() {
    cat >"$1" <<EOF
$head
$2
static void *inc(void *p) { $3 return p; }
int main(void)
{
    pthread_t x, y;
    pthread_create(&x, 0, inc, 0);
    ${4:-}
    pthread_create(&y, 0, inc, &x);
    ${5:-pthread_join(x, 0);}
    pthread_join(y, 0);
    printf("%d\\n", (int)counter);
    return 0;
}
EOF
}
plain='static int counter;'
counter sleep.c "$plain" 'if (p) usleep(100); counter++;'
judge race/lost-update sleeping sleep.c
counter none.c "$plain" 'counter += 1;'
judge race/lost-update unlocked none.c
counter wrong.c "$plain" 'pthread_mutex_lock(p ? &a : &b); counter++; pthread_mutex_unlock(p ? &a : &b);'
judge race/lost-update locks wrong.c
counter serial.c "$plain" 'counter++;' 'pthread_join(x, 0);' ';'
judge race/lost-update serial serial.c
counter deleted.c 'static int counter = 2;' ''
judge race/lost-update deleted deleted.c
counter right.c "$plain" 'pthread_mutex_lock(&a); counter++; pthread_mutex_unlock(&a);'
judge race/lost-update none right.c
counter atomic.c 'static atomic_int counter;' 'atomic_fetch_add(&counter, 1);'
judge race/lost-update none atomic.c

# transfer NAME A_TO_B B_TO_A [JOIN-EARLY]
transfer() {
    cat >"$1" <<EOF
$head
static int transfers;
static void *a_to_b(void *p) { $2 return p; }
static void *b_to_a(void *p) { $3 return p; }
int main(void)
{
    pthread_t x, y;
    pthread_create(&x, 0, a_to_b, 0);
    ${4:-}
    pthread_create(&y, 0, b_to_a, 0);
    ${5:-pthread_join(x, 0);}
    pthread_join(y, 0);
    printf("%d transfers\\n", transfers);
    return 0;
}
EOF
}
ab='pthread_mutex_lock(&a); pthread_mutex_lock(&b); transfers++; pthread_mutex_unlock(&b); pthread_mutex_unlock(&a);'
ba='pthread_mutex_lock(&b); pthread_mutex_lock(&a); transfers++; pthread_mutex_unlock(&a); pthread_mutex_unlock(&b);'
transfer sleep.c "$ab" "sleep(1); $ba"
judge lock/deadlock sleeping sleep.c
transfer none.c 'transfers++;' 'transfers++;'
judge lock/deadlock unlocked none.c
transfer wrong.c 'pthread_mutex_lock(&a); transfers++; pthread_mutex_unlock(&a);' \
    'pthread_mutex_lock(&b); transfers++; pthread_mutex_unlock(&b);'
judge lock/deadlock locks wrong.c
transfer serial.c "$ab" "$ba" 'pthread_join(x, 0);' ';'
judge lock/deadlock serial serial.c
transfer deleted.c "pthread_mutex_lock(&a); transfers += 2; pthread_mutex_unlock(&a);" ''
judge lock/deadlock deleted deleted.c
transfer order.c "$ab" "$ab"
judge lock/deadlock none order.c
transfer back.c "$ab" 'for (;;) { pthread_mutex_lock(&b); if (!pthread_mutex_trylock(&a)) break;
    pthread_mutex_unlock(&b); sched_yield(); } transfers++; pthread_mutex_unlock(&a); pthread_mutex_unlock(&b);'
sed -i 's/#include <pthread.h>/#include <pthread.h>\n#include <sched.h>/' back.c
judge lock/deadlock none back.c
done_testing
