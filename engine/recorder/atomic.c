/* C11 atomics, __sync and __atomic of programs built to have every access noted: the compiler calls
 * these in place of the instruction. They do what it would have done, with the order asked for:
 * weaker orders show what they show on this processor. */
#include "inside.h"

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST };

static COLD void noted_slowly(uint64_t addr, unsigned size, unsigned kind, unsigned arg,
                              uint64_t pc)
{
    if (me.gate != GATE_PASS && ready() && !me.quiet)
        note(kind, arg, addr, pc, size);
}

HOT void noted(const volatile void *p, unsigned size, unsigned kind, unsigned arg, uint64_t pc)
{
    if (UNLIKELY(me.slot->head >= me.limit)) {
        if (UNLIKELY(!me.quiet))
            noted_slowly(address(p), size, kind, arg, pc);
        return;
    }
    put_one(REC_WHAT(kind, arg, address(p)), REC_PLACE(pc, size));
}

/* An order known at run time only: a processor of this kind has but two sorts of loads and stores,
 * and one of everything else. */
#define LOAD(bits, T)                                                                              \
    EXPORT T __tsan_atomic##bits##_load(const volatile T *p, int order);                           \
    EXPORT T __tsan_atomic##bits##_load(const volatile T *p, int order)                            \
    {                                                                                              \
        T v = order == RELAXED   ? __atomic_load_n(p, __ATOMIC_RELAXED)                            \
              : order == SEQ_CST ? __atomic_load_n(p, __ATOMIC_SEQ_CST)                            \
                                 : __atomic_load_n(p, __ATOMIC_ACQUIRE);                           \
        noted(p, sizeof(T), EV_ATOMIC_LOAD, 0, HERE);                                              \
        return v;                                                                                  \
    }
#define STORE(bits, T)                                                                             \
    EXPORT void __tsan_atomic##bits##_store(volatile T *p, T v, int order);                        \
    EXPORT void __tsan_atomic##bits##_store(volatile T *p, T v, int order)                         \
    {                                                                                              \
        noted(p, sizeof(T), EV_ATOMIC_STORE, 0, HERE);                                             \
        if (order == SEQ_CST)                                                                      \
            __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                              \
        else if (order == RELAXED)                                                                 \
            __atomic_store_n(p, v, __ATOMIC_RELAXED);                                              \
        else                                                                                       \
            __atomic_store_n(p, v, __ATOMIC_RELEASE);                                              \
    }
/* One that only gives away is noted before, like a store; one that gets something, after. */
#define RMW(bits, T, name, builtin)                                                                \
    EXPORT T __tsan_atomic##bits##_##name(volatile T *p, T v, int order);                          \
    EXPORT T __tsan_atomic##bits##_##name(volatile T *p, T v, int order)                           \
    {                                                                                              \
        if (order == RELEASE)                                                                      \
            noted(p, sizeof(T), EV_ATOMIC_RMW, 0, HERE);                                           \
        T old = builtin(p, v, __ATOMIC_SEQ_CST);                                                   \
        if (order != RELEASE)                                                                      \
            noted(p, sizeof(T), EV_ATOMIC_RMW, 0, HERE);                                           \
        return old;                                                                                \
    }
#define CAS(bits, T, strength, weak)                                                               \
    EXPORT int __tsan_atomic##bits##_compare_exchange_##strength(volatile T *p, T *expected, T v,  \
                                                                 int order, int failure);          \
    EXPORT int __tsan_atomic##bits##_compare_exchange_##strength(volatile T *p, T *expected, T v,  \
                                                                 int order, int failure)           \
    {                                                                                              \
        (void)order;                                                                               \
        (void)failure;                                                                             \
        int done =                                                                                 \
            __atomic_compare_exchange_n(p, expected, v, weak, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
        noted(p, sizeof(T), EV_ATOMIC_CAS, (unsigned)done, HERE);                                  \
        return done;                                                                               \
    }
#define CASVAL(bits, T)                                                                            \
    EXPORT T __tsan_atomic##bits##_compare_exchange_val(volatile T *p, T expected, T v, int order, \
                                                        int failure);                              \
    EXPORT T __tsan_atomic##bits##_compare_exchange_val(volatile T *p, T expected, T v, int order, \
                                                        int failure)                               \
    {                                                                                              \
        (void)order;                                                                               \
        (void)failure;                                                                             \
        int done =                                                                                 \
            __atomic_compare_exchange_n(p, &expected, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);   \
        noted(p, sizeof(T), EV_ATOMIC_CAS, (unsigned)done, HERE);                                  \
        return expected;                                                                           \
    }
#define ALL(bits, T)                                                                               \
    LOAD(bits, T)                                                                                  \
    STORE(bits, T)                                                                                 \
    RMW(bits, T, exchange, __atomic_exchange_n)                                                    \
    RMW(bits, T, fetch_add, __atomic_fetch_add)                                                    \
    RMW(bits, T, fetch_sub, __atomic_fetch_sub)                                                    \
    RMW(bits, T, fetch_and, __atomic_fetch_and)                                                    \
    RMW(bits, T, fetch_or, __atomic_fetch_or)                                                      \
    RMW(bits, T, fetch_xor, __atomic_fetch_xor)                                                    \
    RMW(bits, T, fetch_nand, __atomic_fetch_nand)                                                  \
    CAS(bits, T, strong, 0)                                                                        \
    CAS(bits, T, weak, 1)                                                                          \
    CASVAL(bits, T)

ALL(8, uint8_t)
ALL(16, uint16_t)
ALL(32, uint32_t)
ALL(64, uint64_t)

/* 16 bytes: everything is an exchange that is tried. */
__extension__ typedef unsigned __int128 wide;
#define WIDE __attribute__((target("cx16"), noinline))
static WIDE wide wide_cas(volatile wide *p, wide expected, wide v)
{
    return __sync_val_compare_and_swap(p, expected, v);
}

static wide wide_change(volatile wide *p, wide v, int how)
{
    for (wide old = wide_cas(p, 0, 0);;) {
        wide new = how == 0   ? v
                   : how == 1 ? old + v
                   : how == 2 ? old - v
                   : how == 3 ? (old & v)
                   : how == 4 ? (old | v)
                   : how == 5 ? (old ^ v)
                              : ~(old & v);
        wide seen = wide_cas(p, old, new);
        if (seen == old)
            return old;
        old = seen;
    }
}

EXPORT wide __tsan_atomic128_load(const volatile wide *p, int order);
EXPORT wide __tsan_atomic128_load(const volatile wide *p, int order)
{
    (void)order;
    wide v = wide_cas((volatile wide *)(uintptr_t)p, 0, 0);
    noted(p, sizeof v, EV_ATOMIC_LOAD, 0, HERE);
    return v;
}

EXPORT void __tsan_atomic128_store(volatile wide *p, wide v, int order);
EXPORT void __tsan_atomic128_store(volatile wide *p, wide v, int order)
{
    (void)order;
    noted(p, sizeof v, EV_ATOMIC_STORE, 0, HERE);
    wide_change(p, v, 0);
}

#define WIDE_RMW(name, how)                                                                        \
    EXPORT wide __tsan_atomic128_##name(volatile wide *p, wide v, int order);                      \
    EXPORT wide __tsan_atomic128_##name(volatile wide *p, wide v, int order)                       \
    {                                                                                              \
        (void)order;                                                                               \
        wide old = wide_change(p, v, how);                                                         \
        noted(p, sizeof v, EV_ATOMIC_RMW, 0, HERE);                                                \
        return old;                                                                                \
    }
WIDE_RMW(exchange, 0)
WIDE_RMW(fetch_add, 1)
WIDE_RMW(fetch_sub, 2)
WIDE_RMW(fetch_and, 3)
WIDE_RMW(fetch_or, 4)
WIDE_RMW(fetch_xor, 5)
WIDE_RMW(fetch_nand, 6)

EXPORT wide __tsan_atomic128_compare_exchange_val(volatile wide *p, wide expected, wide v,
                                                  int order, int failure);
EXPORT wide __tsan_atomic128_compare_exchange_val(volatile wide *p, wide expected, wide v,
                                                  int order, int failure)
{
    (void)order;
    (void)failure;
    wide seen = wide_cas(p, expected, v);
    noted(p, sizeof v, EV_ATOMIC_CAS, seen == expected, HERE);
    return seen;
}

#define WIDE_CAS(strength)                                                                         \
    EXPORT int __tsan_atomic128_compare_exchange_##strength(volatile wide *p, wide *expected,      \
                                                            wide v, int order, int failure);       \
    EXPORT int __tsan_atomic128_compare_exchange_##strength(volatile wide *p, wide *expected,      \
                                                            wide v, int order, int failure)        \
    {                                                                                              \
        (void)order;                                                                               \
        (void)failure;                                                                             \
        wide seen = wide_cas(p, *expected, v);                                                     \
        int done = seen == *expected;                                                              \
        noted(p, sizeof v, EV_ATOMIC_CAS, (unsigned)done, HERE);                                   \
        if (!done)                                                                                 \
            *expected = seen;                                                                      \
        return done;                                                                               \
    }
WIDE_CAS(strong)
WIDE_CAS(weak)

EXPORT void __tsan_atomic_thread_fence(int order);
EXPORT void __tsan_atomic_thread_fence(int order)
{
    if (order == SEQ_CST)
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
    else if (order != RELAXED)
        __atomic_thread_fence(__ATOMIC_ACQ_REL);
}

EXPORT void __tsan_atomic_signal_fence(int order);
EXPORT void __tsan_atomic_signal_fence(int order)
{
    (void)order;
    IN_ORDER();
}
