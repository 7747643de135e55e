/* C11 atomics and __sync: the compiler calls these in place of the instruction. Sequentially
 * consistent values; what synchronises follows the memory order given. */
#include "probe.h"

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST };

static bool acquires(int order)
{
    return order == ACQUIRE || order == CONSUME || order == ACQ_REL || order == SEQ_CST;
}
static bool releases(int order)
{
    return order == RELEASE || order == ACQ_REL || order == SEQ_CST;
}

/* The step; the object that carries what the location gives. */
static struct object *begin(unsigned kind, volatile void *p, uint32_t size, bool write,
                            struct here h)
{
    uint64_t addr = (uint64_t)(uintptr_t)p;
    unsigned owner;
    if (UNLIKELY(stack_is(addr)) && stack_owner(addr, &owner) && owner != S->cur_id)
        shared_add(owner, addr, size);
    struct op *op = op_begin(kind, addr, size, h);
    op_reach(op, addr, size, write ? M_AWRITE : M_AREAD);
    step(op);
    return object_get((const void *)addr, C_ATOMIC);
}

/* What the location gives to the one who loads it. */
static void loaded(struct object *o, int order)
{
    struct task *t = S->cur;
    if (acquires(order)) {
        sync_acquire(o);
        return;
    }
    if (!t->has_acquire)
        memset(t->acquire_vc, 0, S->nwords * 64 * sizeof *t->acquire_vc);
    t->has_acquire = true; /* a later acquire fence makes it count */
    for (unsigned i = 0; i < S->ntasks && i < o->nvc; i++)
        if (o->vc[i] > t->acquire_vc[i])
            t->acquire_vc[i] = o->vc[i];
}

static void stored(struct object *o, int order, bool rmw)
{
    struct task *t = S->cur;
    if (releases(order)) {
        rmw ? sync_release_join(o) : sync_release(o);
    } else if (t->has_fence) {
        if (!rmw)
            o->nvc = 0;
        for (unsigned i = o->nvc; i < S->ntasks; i++)
            o->vc[i] = 0;
        o->nvc = S->ntasks;
        vc_join(o->vc, t->fence_vc);
    } else if (!rmw) {
        o->nvc = 0; /* a relaxed store gives nothing and hides what was there */
    }
}

static void tell(uint64_t old, uint64_t new, int result)
{
    struct event *e = record_step_event();
    if (!e)
        return;
    e->a = old;
    e->b = new;
    e->result = result;
}

static void changed(volatile void *p, uint32_t size, bool differs)
{
    if (!differs)
        return;
    spin_effect(S->cur);
    trail_effect();
    spin_changed(place_of((uint64_t)(uintptr_t)p), size);
}

/* A failed exchange leaves what it saw in *expected: a change, unless on the task's own stack,
 * which is compared as a whole. */
static void expect(void *expected, uint32_t size, const void *seen)
{
    const struct task *t = S->cur;
    uint64_t addr = (uint64_t)(uintptr_t)expected;
    if (addr < t->stack_low || addr >= t->stack_high)
        spin_effect(S->cur);
    memcpy(expected, seen, size);
}

#define LOAD(bits, T)                                                                              \
    EXPORT T __tsan_atomic##bits##_load(const volatile T *p, int order);                           \
    EXPORT T __tsan_atomic##bits##_load(const volatile T *p, int order)                            \
    {                                                                                              \
        if (!controlled)                                                                           \
            return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                           \
        volatile T *q = (volatile T *)(uintptr_t)p;                                                \
        struct object *o = begin(EV_ATOMIC_LOAD, q, sizeof(T), false, HERE);                       \
        loaded(o, order);                                                                          \
        tell((uint64_t)*q, 0, 0);                                                                  \
        return *q;                                                                                 \
    }
#define STORE(bits, T)                                                                             \
    EXPORT void __tsan_atomic##bits##_store(volatile T *p, T v, int order);                        \
    EXPORT void __tsan_atomic##bits##_store(volatile T *p, T v, int order)                         \
    {                                                                                              \
        if (!controlled) {                                                                         \
            __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                              \
            return;                                                                                \
        }                                                                                          \
        struct object *o = begin(EV_ATOMIC_STORE, p, sizeof(T), true, HERE);                       \
        stored(o, order, false);                                                                   \
        tell((uint64_t)*p, (uint64_t)v, 0);                                                        \
        changed(p, sizeof(T), *p != v);                                                            \
        *p = v;                                                                                    \
    }
#define RMW(bits, T, name, expression, builtin)                                                    \
    EXPORT T __tsan_atomic##bits##_##name(volatile T *p, T v, int order);                          \
    EXPORT T __tsan_atomic##bits##_##name(volatile T *p, T v, int order)                           \
    {                                                                                              \
        if (!controlled)                                                                           \
            return builtin(p, v, __ATOMIC_SEQ_CST);                                                \
        struct object *o = begin(EV_ATOMIC_RMW, p, sizeof(T), true, HERE);                         \
        loaded(o, order);                                                                          \
        stored(o, order, true);                                                                    \
        T old = *p, new = (T)(expression);                                                         \
        tell((uint64_t)old, (uint64_t) new, 0);                                                    \
        changed(p, sizeof(T), old != new);                                                         \
        *p = new;                                                                                  \
        return old;                                                                                \
    }
#define CAS(bits, T, strength)                                                                     \
    EXPORT int __tsan_atomic##bits##_compare_exchange_##strength(volatile T *p, T *expected, T v,  \
                                                                 int order, int failure);          \
    EXPORT int __tsan_atomic##bits##_compare_exchange_##strength(volatile T *p, T *expected, T v,  \
                                                                 int order, int failure)           \
    {                                                                                              \
        if (!controlled)                                                                           \
            return __atomic_compare_exchange_n(p, expected, v, 0, __ATOMIC_SEQ_CST,                \
                                               __ATOMIC_SEQ_CST);                                  \
        struct object *o = begin(EV_ATOMIC_CAS, p, sizeof(T), true, HERE);                         \
        T old = *p;                                                                                \
        int done = old == *expected;                                                               \
        loaded(o, done ? order : failure);                                                         \
        if (done)                                                                                  \
            stored(o, order, true);                                                                \
        tell((uint64_t)old, (uint64_t)(done ? v : old), done);                                     \
        changed(p, sizeof(T), done &&old != v);                                                    \
        if (done)                                                                                  \
            *p = v;                                                                                \
        else                                                                                       \
            expect(expected, sizeof(T), &old);                                                     \
        return done;                                                                               \
    }
#define CASVAL(bits, T)                                                                            \
    EXPORT T __tsan_atomic##bits##_compare_exchange_val(volatile T *p, T expected, T v, int order, \
                                                        int failure);                              \
    EXPORT T __tsan_atomic##bits##_compare_exchange_val(volatile T *p, T expected, T v, int order, \
                                                        int failure)                               \
    {                                                                                              \
        if (!controlled) {                                                                         \
            __atomic_compare_exchange_n(p, &expected, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);   \
            return expected;                                                                       \
        }                                                                                          \
        struct object *o = begin(EV_ATOMIC_CAS, p, sizeof(T), true, HERE);                         \
        T old = *p;                                                                                \
        loaded(o, old == expected ? order : failure);                                              \
        if (old == expected)                                                                       \
            stored(o, order, true);                                                                \
        tell((uint64_t)old, (uint64_t)(old == expected ? v : old), old == expected);               \
        changed(p, sizeof(T), old == expected && old != v);                                        \
        if (old == expected)                                                                       \
            *p = v;                                                                                \
        return old;                                                                                \
    }
#define ALL(bits, T)                                                                               \
    LOAD(bits, T)                                                                                  \
    STORE(bits, T)                                                                                 \
    RMW(bits, T, exchange, v, __atomic_exchange_n)                                                 \
    RMW(bits, T, fetch_add, old + v, __atomic_fetch_add)                                           \
    RMW(bits, T, fetch_sub, old - v, __atomic_fetch_sub)                                           \
    RMW(bits, T, fetch_and, old &v, __atomic_fetch_and)                                            \
    RMW(bits, T, fetch_or, old | v, __atomic_fetch_or)                                             \
    RMW(bits, T, fetch_xor, old ^ v, __atomic_fetch_xor)                                           \
    RMW(bits, T, fetch_nand, ~(old & v), __atomic_fetch_nand)                                      \
    CAS(bits, T, strong)                                                                           \
    CAS(bits, T, weak)                                                                             \
    CASVAL(bits, T)

ALL(8, uint8_t)
ALL(16, uint16_t)
ALL(32, uint32_t)
ALL(64, uint64_t)

EXPORT void __tsan_atomic_thread_fence(int order);
EXPORT void __tsan_atomic_thread_fence(int order)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!controlled)
        return;
    struct task *t = S->cur;
    if (acquires(order) && t->has_acquire)
        vc_join(t->vc, t->acquire_vc);
    if (releases(order)) {
        memcpy(t->fence_vc, t->vc, sizeof t->fence_vc);
        t->has_fence = true;
        sync_tick();
    }
}

EXPORT void __tsan_atomic_signal_fence(int order);
EXPORT void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}
