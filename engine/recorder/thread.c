/* Threads: made, joined, let go, named. */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

/* What a new thread has to know. */
struct birth {
    union {
        void *(*posix)(void *);
        int (*c11)(void *);
    } start;
    void *arg;
    uint32_t number, creator;
    bool detached;
    uint8_t used;
};
enum { BIRTHS = 256 };
static struct birth births[BIRTHS]; /* the heap when many begin at once */

static struct birth *birth_take(void)
{
    for (unsigned i = 0; i < BIRTHS; i++)
        if (!births[i].used && !__atomic_exchange_n(&births[i].used, 1, __ATOMIC_ACQUIRE))
            return &births[i];
    return malloc(sizeof(struct birth));
}

static void birth_free(struct birth *b)
{
    if (b >= births && b < births + BIRTHS)
        __atomic_store_n(&b->used, 0, __ATOMIC_RELEASE);
    else
        free(b);
}

static struct birth birth_come(void *p, const void *start)
{
    struct birth b = *(struct birth *)p;
    birth_free(p);
    me.stack_high = (uintptr_t)__builtin_frame_address(0) + 4096;
    if (thread_begin(b.number, b.creator, start, b.detached))
        thread_remember((uint64_t)pthread_self(), b.number);
    return b;
}

static void *run_posix(void *p)
{
    struct birth b = birth_come(p, (const void *)(uintptr_t)((struct birth *)p)->start.posix);
    return b.start.posix(b.arg);
}

static int run_c11(void *p)
{
    struct birth b = birth_come(p, (const void *)(uintptr_t)((struct birth *)p)->start.c11);
    return b.start.c11(b.arg);
}

static struct birth *birth_make(const void *start, void *arg, bool detached, uint64_t pc)
{
    struct birth *b = birth_take();
    if (!b)
        return NULL;
    b->arg = arg;
    b->number = number_new();
    b->creator = me.slot->number;
    b->detached = detached;
    note_more(EV_CREATE, 0, address(start), pc, 0, b->number);
    return b;
}

static void not_born(struct birth *b, const void *start, int error, uint64_t pc)
{
    note_more(EV_CREATE, arg_of(error), address(start), pc, 0, b->number);
    birth_free(b);
}

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
                          void *arg)
{
    int state = PTHREAD_CREATE_JOINABLE;
    if (!ready())
        return real.pthread_create(thread, attr, start, arg);
    if (attr)
        pthread_attr_getdetachstate(attr, &state);
    const void *at = (const void *)(uintptr_t)start;
    struct birth *b = birth_make(at, arg, state == PTHREAD_CREATE_DETACHED, HERE);
    if (!b)
        return real.pthread_create(thread, attr, start, arg);
    b->start.posix = start;
    uint32_t number = b->number;
    int rc = real.pthread_create(thread, attr, run_posix, b);
    if (rc)
        not_born(b, at, rc, HERE);
    else if (state != PTHREAD_CREATE_DETACHED) /* another's handle may be gone by now */
        thread_remember((uint64_t)*thread, number);
    return rc;
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
    const void *at = (const void *)(uintptr_t)start;
    struct birth *b = ready() ? birth_make(at, arg, false, HERE) : NULL;
    if (!b)
        return real.thrd_create(thread, start, arg);
    b->start.c11 = start;
    uint32_t number = b->number;
    int rc = real.thrd_create(thread, run_c11, b);
    if (rc != thrd_success)
        not_born(b, at, rc == thrd_nomem ? ENOMEM : EAGAIN, HERE);
    else
        thread_remember((uint64_t)*thread, number);
    return rc;
}

/* ---- the ends ---- */
static int joined(uint64_t handle, uint32_t number, int rc, uint64_t pc)
{
    if (rc == 0)
        thread_joined(handle, number);
    note_more(EV_JOIN, arg_of(rc), handle, pc, 0, number);
    return rc;
}

EXPORT int pthread_join(pthread_t thread, void **value)
{
    if (!ready())
        return real.pthread_join(thread, value);
    uint64_t handle = (uint64_t)thread;
    uint32_t number = thread_number(handle);
    int rc = real.pthread_tryjoin_np(thread, value);
    if (rc == EBUSY) {
        struct wait w;
        wait_begin(&w, EV_JOIN, number, HERE, 0);
        rc = real.pthread_join(thread, value);
        wait_end(&w);
    }
    return joined(handle, number, rc, HERE);
}

EXPORT int pthread_tryjoin_np(pthread_t thread, void **value)
{
    if (!ready())
        return real.pthread_tryjoin_np(thread, value);
    uint32_t number = thread_number((uint64_t)thread);
    return joined((uint64_t)thread, number, real.pthread_tryjoin_np(thread, value), HERE);
}

EXPORT int pthread_timedjoin_np(pthread_t thread, void **value, const struct timespec *limit)
{
    if (!ready())
        return real.pthread_timedjoin_np(thread, value, limit);
    uint32_t number = thread_number((uint64_t)thread);
    struct wait w;
    wait_begin(&w, EV_JOIN, number, HERE, limit != NULL);
    int rc = real.pthread_timedjoin_np(thread, value, limit);
    wait_end(&w);
    return joined((uint64_t)thread, number, rc, HERE);
}

EXPORT int pthread_clockjoin_np(pthread_t thread, void **value, clockid_t clock,
                                const struct timespec *limit)
{
    if (!ready())
        return real.pthread_clockjoin_np(thread, value, clock, limit);
    uint32_t number = thread_number((uint64_t)thread);
    struct wait w;
    wait_begin(&w, EV_JOIN, number, HERE, limit != NULL);
    int rc = real.pthread_clockjoin_np(thread, value, clock, limit);
    wait_end(&w);
    return joined((uint64_t)thread, number, rc, HERE);
}

EXPORT int thrd_join(thrd_t thread, int *value)
{
    if (!ready())
        return real.thrd_join(thread, value);
    uint32_t number = thread_number((uint64_t)thread);
    struct wait w;
    wait_begin(&w, EV_JOIN, number, HERE, 0);
    int rc = real.thrd_join(thread, value);
    wait_end(&w);
    joined((uint64_t)thread, number, rc == thrd_success ? 0 : EINVAL, HERE);
    return rc;
}

EXPORT int pthread_detach(pthread_t thread)
{
    if (!ready())
        return real.pthread_detach(thread);
    uint32_t number = thread_number((uint64_t)thread);
    thread_joined((uint64_t)thread, number);
    int rc = real.pthread_detach(thread);
    note_more(EV_DETACH, arg_of(rc), (uint64_t)thread, HERE, 0, number);
    return rc;
}

EXPORT int thrd_detach(thrd_t thread)
{
    if (!ready())
        return real.thrd_detach(thread);
    uint32_t number = thread_number((uint64_t)thread);
    thread_joined((uint64_t)thread, number);
    int rc = real.thrd_detach(thread);
    note_more(EV_DETACH, rc == thrd_success ? 0 : EINVAL, (uint64_t)thread, HERE, 0, number);
    return rc;
}

EXPORT int pthread_cancel(pthread_t thread)
{
    if (!ready())
        return real.pthread_cancel(thread);
    uint32_t number = thread_number((uint64_t)thread);
    note_more(EV_CANCEL, 0, (uint64_t)thread, HERE, 0, number);
    int rc = real.pthread_cancel(thread);
    if (rc)
        note_more(EV_CANCEL, arg_of(rc), (uint64_t)thread, HERE, 0, number);
    return rc;
}

/* ---- names ---- */
static void name_slot(uint32_t number, const char *name)
{
    for (uint32_t i = 0; i < R->nthreads && i < RECORDER_THREADS; i++) {
        struct recorder_thread *s = &R->threads[i];
        if (s->number == number && s->life == LIFE_ALIVE)
            memcpy(s->name, name, strnlen(name, sizeof s->name - 1) + 1);
    }
}

EXPORT int pthread_setname_np(pthread_t thread, const char *name)
{
    if (!ready())
        return real.pthread_setname_np(thread, name);
    int rc = real.pthread_setname_np(thread, name);
    if (rc == 0) {
        name_slot(thread_number((uint64_t)thread), name);
        note_more(EV_NAME, 0, (uint64_t)thread, HERE, 0, text_add(name));
    }
    return rc;
}
