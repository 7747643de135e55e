/* Read-write locks: each preference and each state against each call. */
#include "cell.h"

static const int kinds[] = {PTHREAD_RWLOCK_PREFER_READER_NP, PTHREAD_RWLOCK_PREFER_WRITER_NP,
                            PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void read_it(void *l)
{
    pthread_rwlock_rdlock(l);
}

static void read_two(void *l)
{
    pthread_rwlock_rdlock(l);
    pthread_rwlock_rdlock(l);
}

static void write_it(void *l)
{
    pthread_rwlock_wrlock(l);
}

static void unlock_it(void *l)
{
    pthread_rwlock_unlock(l);
}

static void unlock_two(void *l)
{
    pthread_rwlock_unlock(l);
    pthread_rwlock_unlock(l);
}

static void try_put(const char *row, pthread_rwlock_t *l, int result)
{
    put(row, result);
    if (result == 0)
        pthread_rwlock_unlock(l);
}

#define TRIES(state, l)                                                                            \
    do {                                                                                           \
        try_put(state ": tryrdlock", l, pthread_rwlock_tryrdlock(l));                              \
        try_put(state ": trywrlock", l, pthread_rwlock_trywrlock(l));                              \
        try_put(state ": timedrdlock, past", l, pthread_rwlock_timedrdlock(l, &past));             \
        try_put(state ": timedwrlock, past", l, pthread_rwlock_timedwrlock(l, &past));             \
        try_put(state ": clockrdlock, monotonic, past", l,                                         \
                pthread_rwlock_clockrdlock(l, CLOCK_MONOTONIC, &past));                            \
        try_put(state ": clockwrlock, monotonic, past", l,                                         \
                pthread_rwlock_clockwrlock(l, CLOCK_MONOTONIC, &past));                            \
        try_put(state ": timedrdlock, too many ns", l, pthread_rwlock_timedrdlock(l, &above));     \
        try_put(state ": timedwrlock, negative ns", l, pthread_rwlock_timedwrlock(l, &below));     \
        try_put(state ": clockrdlock, no such clock", l,                                           \
                pthread_rwlock_clockrdlock(l, CLOCK_PROCESS_CPUTIME_ID, &past));                   \
        try_put(state ": clockwrlock, no such clock", l,                                           \
                pthread_rwlock_clockwrlock(l, CLOCK_PROCESS_CPUTIME_ID, &past));                   \
    } while (0)

static void alone(pthread_rwlock_t *l)
{
    try_put("free: rdlock", l, pthread_rwlock_rdlock(l));
    try_put("free: wrlock", l, pthread_rwlock_wrlock(l));
    TRIES("free", l);
    pthread_rwlock_rdlock(l);
    try_put("read by me: rdlock", l, pthread_rwlock_rdlock(l));
    TRIES("read by me", l);
    put("read by me: unlock", pthread_rwlock_unlock(l));
    pthread_rwlock_wrlock(l);
    put("written by me: rdlock", pthread_rwlock_rdlock(l));
    put("written by me: wrlock", pthread_rwlock_wrlock(l));
    TRIES("written by me", l);
    put("written by me: unlock", pthread_rwlock_unlock(l));
}

static void others(pthread_rwlock_t *l)
{
    struct other o;
    other_begin(&o, read_it, unlock_it, l);
    try_put("read by another: rdlock", l, pthread_rwlock_rdlock(l));
    TRIES("read by another", l);
    pthread_rwlock_rdlock(l);
    try_put("read by both: trywrlock", l, pthread_rwlock_trywrlock(l));
    pthread_rwlock_unlock(l);
    other_end(&o);
    try_put("given back by another: trywrlock", l, pthread_rwlock_trywrlock(l));
    other_begin(&o, write_it, unlock_it, l);
    TRIES("written by another", l);
    other_end(&o);
    try_put("written and given back by another: trywrlock", l, pthread_rwlock_trywrlock(l));
    other_begin(&o, read_two, unlock_it, l);
    other_end(&o);
    put("read twice, unlocked once: trywrlock", pthread_rwlock_trywrlock(l));
}

static void each_kind(int i)
{
    pthread_rwlockattr_t a;
    pthread_rwlock_t l;
    struct other o;
    grid_column = i;
    pthread_rwlockattr_init(&a);
    put("attribute: setkind", pthread_rwlockattr_setkind_np(&a, kinds[i]));
    put("new: init", pthread_rwlock_init(&l, &a));
    alone(&l);
    put("free: destroy", pthread_rwlock_destroy(&l));
    put("destroyed: init", pthread_rwlock_init(&l, &a));
    other_begin(&o, read_two, unlock_two, &l);
    other_end(&o);
    try_put("read twice, unlocked twice: trywrlock", &l, pthread_rwlock_trywrlock(&l));
    others(&l);
    pthread_rwlockattr_destroy(&a);
}

static void attributes(void)
{
    static pthread_rwlock_t zero = PTHREAD_RWLOCK_INITIALIZER;
    pthread_rwlockattr_t a;
    int n = -1;
    cell("attribute: init", pthread_rwlockattr_init(&a));
    cell("attribute: getkind", pthread_rwlockattr_getkind_np(&a, &n));
    cell_number("attribute: kind of a new one", n);
    cell("attribute: setkind, none", pthread_rwlockattr_setkind_np(&a, 99));
    cell("attribute: getpshared", pthread_rwlockattr_getpshared(&a, &n));
    cell_number("attribute: shared when new", n);
    cell("attribute: setpshared, shared",
         pthread_rwlockattr_setpshared(&a, PTHREAD_PROCESS_SHARED));
    pthread_rwlockattr_getpshared(&a, &n);
    cell_number("attribute: shared when set", n);
    cell("attribute: setpshared, none", pthread_rwlockattr_setpshared(&a, 99));
    cell("attribute: destroy", pthread_rwlockattr_destroy(&a));
    cell("PTHREAD_RWLOCK_INITIALIZER: wrlock", pthread_rwlock_wrlock(&zero));
    cell("PTHREAD_RWLOCK_INITIALIZER, written by me: tryrdlock", pthread_rwlock_tryrdlock(&zero));
    pthread_rwlock_unlock(&zero);
}

int main(void)
{
    for (int i = 0; i < KINDS; i++)
        each_kind(i);
    grid_print(KINDS);
    attributes();
    return 0;
}
