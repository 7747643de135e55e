/* C11 threads: the same models by their other names. The library's own do not go through the
 * pthread functions, and their results are other numbers. */
#include "model.h"

#include <threads.h>

#define MTX(m) ((pthread_mutex_t *)(m))
#define CND(c) ((pthread_cond_t *)(c))

static int result_of(int error)
{
    return error == 0           ? thrd_success
           : error == EBUSY     ? thrd_busy
           : error == ETIMEDOUT ? thrd_timedout
           : error == ENOMEM    ? thrd_nomem
                                : thrd_error;
}

/* ---- threads ---- */
EXPORT int thrd_create(thrd_t *out, thrd_start_t start, void *arg)
{
    if (!controlled)
        return REAL(thrd_create)(out, start, arg);
    uint64_t handle = 0;
    int error = thread_create(&handle, (void *(*)(void *))(uintptr_t)start, arg, HERE);
    if (!error)
        *out = (thrd_t)handle;
    return error ? thrd_nomem : thrd_success;
}

EXPORT int thrd_join(thrd_t thread, int *value)
{
    if (!controlled)
        return REAL(thrd_join)(thread, value);
    void *result = NULL;
    int error = thread_join((uint64_t)thread, &result, HERE);
    if (value && !error)
        *value = (int)(intptr_t)result;
    return result_of(error);
}

EXPORT int thrd_detach(thrd_t thread)
{
    return controlled ? result_of(thread_detach((uint64_t)thread, HERE))
                      : REAL(thrd_detach)(thread);
}

EXPORT thrd_t thrd_current(void)
{
    return controlled ? (thrd_t)pthread_self() : REAL(thrd_current)();
}

EXPORT _Noreturn void thrd_exit(int value)
{
    if (!controlled)
        REAL(thrd_exit)(value);
    cancel_unwind((void *)(intptr_t)value, (uint64_t)__builtin_return_address(0));
}

EXPORT void thrd_yield(void)
{
    if (controlled)
        yield_at(HERE);
    else
        REAL(thrd_yield)();
}

EXPORT int thrd_sleep(const struct timespec *t, struct timespec *left)
{
    if (!controlled)
        return REAL(thrd_sleep)(t, left);
    if (!valid_nanoseconds(t) || t->tv_sec < 0)
        return -2;
    uint64_t rest = 0;
    if (!sleep_at((uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_nsec, &rest, HERE))
        return 0;
    if (left)
        *left = (struct timespec){(time_t)(rest / 1000000000), (long)(rest % 1000000000)};
    return -1;
}

/* ---- mutexes ---- */
EXPORT int mtx_init(mtx_t *m, int type)
{
    if (!controlled)
        return REAL(mtx_init)(m, type);
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    if (type & mtx_recursive)
        pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    return result_of(mutex_init_at(MTX(m), &attr, HERE));
}

EXPORT void mtx_destroy(mtx_t *m)
{
    if (controlled)
        mutex_destroy_at(MTX(m), HERE);
    else
        REAL(mtx_destroy)(m);
}

EXPORT int mtx_lock(mtx_t *m)
{
    return controlled ? result_of(mutex_lock_at(MTX(m), HERE)) : REAL(mtx_lock)(m);
}

EXPORT int mtx_trylock(mtx_t *m)
{
    return controlled ? result_of(mutex_trylock_at(MTX(m), HERE)) : REAL(mtx_trylock)(m);
}

EXPORT int mtx_timedlock(mtx_t *restrict m, const struct timespec *restrict t)
{
    return controlled ? result_of(mutex_timedlock_at(MTX(m), t, HERE)) : REAL(mtx_timedlock)(m, t);
}

EXPORT int mtx_unlock(mtx_t *m)
{
    return controlled ? result_of(mutex_unlock_at(MTX(m), HERE)) : REAL(mtx_unlock)(m);
}

/* ---- conditions ---- */
EXPORT int cnd_init(cnd_t *c)
{
    return controlled ? result_of(cond_init_at(CND(c), HERE)) : REAL(cnd_init)(c);
}

EXPORT void cnd_destroy(cnd_t *c)
{
    if (controlled)
        cond_destroy_at(CND(c), HERE);
    else
        REAL(cnd_destroy)(c);
}

EXPORT int cnd_wait(cnd_t *c, mtx_t *m)
{
    return controlled ? result_of(cond_wait_at(CND(c), MTX(m), NULL, HERE)) : REAL(cnd_wait)(c, m);
}

EXPORT int cnd_timedwait(cnd_t *restrict c, mtx_t *restrict m, const struct timespec *restrict t)
{
    return controlled ? result_of(cond_wait_at(CND(c), MTX(m), t, HERE))
                      : REAL(cnd_timedwait)(c, m, t);
}

EXPORT int cnd_signal(cnd_t *c)
{
    return controlled ? result_of(cond_signal_at(CND(c), false, HERE)) : REAL(cnd_signal)(c);
}

EXPORT int cnd_broadcast(cnd_t *c)
{
    return controlled ? result_of(cond_signal_at(CND(c), true, HERE)) : REAL(cnd_broadcast)(c);
}

/* ---- once, thread-specific storage ---- */
EXPORT void call_once(once_flag *f, void (*routine)(void))
{
    if (controlled)
        once_at((pthread_once_t *)f, routine, HERE);
    else
        REAL(call_once)(f, routine);
}

EXPORT int tss_create(tss_t *key, tss_dtor_t d)
{
    return result_of(pthread_key_create(key, d));
}

EXPORT void tss_delete(tss_t key)
{
    pthread_key_delete(key);
}

EXPORT void *tss_get(tss_t key)
{
    return pthread_getspecific(key);
}

EXPORT int tss_set(tss_t key, void *value)
{
    return result_of(pthread_setspecific(key, value));
}
