/* Mutexes: each type and each state against each call. */
#include "cell.h"

static const struct {
    int type, robust, protocol;
} kinds[] = {
    {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE},
    {PTHREAD_MUTEX_DEFAULT, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE},
    {PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE},
    {PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE},
    {PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE},
    {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE},
    {PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE},
    {PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE},
    {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT},
    {PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT},
    {PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static int type, robust, inherits;

/* unlock of a mutex that one does not hold is defined for these alone */
static int checks(void)
{
    return type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK || robust;
}

static void lock_it(void *m)
{
    pthread_mutex_lock(m);
}

static void unlock_it(void *m)
{
    pthread_mutex_unlock(m);
}

static void lock_two(void *m)
{
    pthread_mutex_lock(m);
    pthread_mutex_lock(m);
}

static void give_back(pthread_mutex_t *m, int result)
{
    if (result == 0)
        pthread_mutex_unlock(m);
}

#define TIMED(state, m)                                                                            \
    do {                                                                                           \
        int r_;                                                                                    \
        put(state ": timedlock, a past time", r_ = pthread_mutex_timedlock(m, &past));             \
        give_back(m, r_);                                                                          \
        put(state ": timedlock, too many ns", r_ = pthread_mutex_timedlock(m, &above));            \
        give_back(m, r_);                                                                          \
        put(state ": timedlock, negative ns", r_ = pthread_mutex_timedlock(m, &below));            \
        give_back(m, r_);                                                                          \
        put(state ": clocklock, monotonic, past",                                                  \
            r_ = pthread_mutex_clocklock(m, CLOCK_MONOTONIC, &past));                              \
        give_back(m, r_);                                                                          \
        put(state ": clocklock, realtime, past",                                                   \
            r_ = pthread_mutex_clocklock(m, CLOCK_REALTIME, &past));                               \
        give_back(m, r_);                                                                          \
    } while (0)

static void unlocked(pthread_mutex_t *m)
{
    int r;
    put("unlocked: lock", r = pthread_mutex_lock(m));
    put("locked by me: unlock", pthread_mutex_unlock(m));
    put("unlocked: trylock", r = pthread_mutex_trylock(m));
    give_back(m, r);
    TIMED("unlocked", m);
    put("unlocked: clocklock, the clock of the process",
        r = pthread_mutex_clocklock(m, CLOCK_PROCESS_CPUTIME_ID, &past));
    give_back(m, r);
    if (checks())
        put("unlocked: unlock", pthread_mutex_unlock(m));
    put("unlocked: consistent", pthread_mutex_consistent(m));
}

static void mine(pthread_mutex_t *m)
{
    int r;
    pthread_mutex_lock(m);
    if (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK) {
        put("locked by me: lock", r = pthread_mutex_lock(m));
        give_back(m, r);
    }
    put("locked by me: trylock", r = pthread_mutex_trylock(m));
    give_back(m, r);
    if (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK || !inherits)
        TIMED("locked by me", m);
    if (!robust)
        put("locked by me: destroy", pthread_mutex_destroy(m));
    put("locked by me: consistent", pthread_mutex_consistent(m));
    pthread_mutex_unlock(m);
}

static void another(pthread_mutex_t *m)
{
    struct other o;
    other_begin(&o, lock_it, unlock_it, m);
    put("locked by another: trylock", pthread_mutex_trylock(m));
    TIMED("locked by another", m);
    if (checks())
        put("locked by another: unlock", pthread_mutex_unlock(m));
    if (!robust)
        put("locked by another: destroy", pthread_mutex_destroy(m));
    put("locked by another: consistent", pthread_mutex_consistent(m));
    other_end(&o);
    put("given back by another: trylock", pthread_mutex_trylock(m));
    pthread_mutex_unlock(m);
}

static void depth(pthread_mutex_t *m)
{
    struct other o;
    if (type != PTHREAD_MUTEX_RECURSIVE)
        return;
    other_begin(&o, lock_two, unlock_it, m);
    put("locked twice by another: trylock", pthread_mutex_trylock(m));
    other_end(&o);
    put("locked twice, unlocked once by one who ended: trylock", pthread_mutex_trylock(m));
}

/* The holder of a robust mutex has ended: each way to take it, mended and not. */
static void orphan(pthread_mutex_t *m)
{
    struct other o;
    other_begin(&o, lock_it, NULL, m);
    other_end(&o);
    put("its holder ended: trylock", pthread_mutex_trylock(m));
    put("held since its holder ended: trylock", pthread_mutex_trylock(m));
    if (type == PTHREAD_MUTEX_RECURSIVE)
        pthread_mutex_unlock(m);
    put("held since its holder ended: consistent", pthread_mutex_consistent(m));
    put("mended: consistent", pthread_mutex_consistent(m));
    put("mended: unlock", pthread_mutex_unlock(m));
    put("mended and unlocked: lock", pthread_mutex_lock(m));
    pthread_mutex_unlock(m);

    other_begin(&o, lock_it, NULL, m);
    other_end(&o);
    put("its holder ended: timedlock, a past time", pthread_mutex_timedlock(m, &past));
    put("held since its holder ended: consistent, again", pthread_mutex_consistent(m));
    pthread_mutex_unlock(m);

    other_begin(&o, lock_it, NULL, m);
    other_end(&o);
    put("its holder ended: lock", pthread_mutex_lock(m));
    put("not mended: unlock", pthread_mutex_unlock(m));
    put("given up: lock", pthread_mutex_lock(m));
    put("given up: timedlock, a past time", pthread_mutex_timedlock(m, &past));
    put("given up: unlock", pthread_mutex_unlock(m));
    put("given up: consistent", pthread_mutex_consistent(m));
    put("given up: trylock",
        pthread_mutex_trylock(m)); /* glibc 2.36 then keeps it: nothing after */
}

static void each_kind(size_t i)
{
    pthread_mutexattr_t a;
    pthread_mutex_t m;
    grid_column = (int)i;
    type = kinds[i].type;
    robust = kinds[i].robust == PTHREAD_MUTEX_ROBUST;
    inherits = kinds[i].protocol == PTHREAD_PRIO_INHERIT;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_settype(&a, type);
    pthread_mutexattr_setrobust(&a, kinds[i].robust);
    pthread_mutexattr_setprotocol(&a, kinds[i].protocol);
    put("new: init", pthread_mutex_init(&m, &a));
    unlocked(&m);
    mine(&m);
    another(&m);
    put("unlocked: destroy", pthread_mutex_destroy(&m));
    put("destroyed: init", pthread_mutex_init(&m, &a));
    if (robust)
        orphan(&m);
    pthread_mutex_init(&m, &a);
    depth(&m);
    pthread_mutexattr_destroy(&a);
}

static void statics(void)
{
    static pthread_mutex_t n = PTHREAD_MUTEX_INITIALIZER,
                           r = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,
                           e = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, zero;
    pthread_mutex_lock(&n);
    cell("PTHREAD_MUTEX_INITIALIZER, locked by me: trylock", pthread_mutex_trylock(&n));
    pthread_mutex_unlock(&n);
    pthread_mutex_lock(&r);
    cell("PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, locked by me: lock", pthread_mutex_lock(&r));
    cell("PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, locked twice: unlock", pthread_mutex_unlock(&r));
    cell("PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, locked once: unlock", pthread_mutex_unlock(&r));
    cell("PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, unlocked: unlock", pthread_mutex_unlock(&r));
    pthread_mutex_lock(&e);
    cell("PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, locked by me: lock", pthread_mutex_lock(&e));
    pthread_mutex_unlock(&e);
    cell("PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, unlocked: unlock", pthread_mutex_unlock(&e));
    cell("all zero: lock", pthread_mutex_lock(&zero));
    pthread_mutex_unlock(&zero);
}

int main(void)
{
    for (size_t i = 0; i < KINDS; i++)
        each_kind(i);
    grid_print(KINDS);
    statics();
    return 0;
}
