/* lockstep_litmus.h: what a litmus test finds: the atomics of C11, also for plain variables, and
 * the words of the Linux kernel as far as C has a counterpart. Included by the source that lockstep
 * makes of a test; engine/litmus_calls.def lists the same names. */
#ifndef LOCKSTEP_LITMUS_H_
#define LOCKSTEP_LITMUS_H_

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "lockstep.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* An address that is cut to an int would make another test of it. */
#pragma GCC diagnostic error "-Wint-conversion"
#pragma GCC diagnostic error "-Wpointer-to-int-cast"
#pragma GCC diagnostic ignored "-Wincompatible-pointer-types"
#pragma GCC diagnostic ignored "-Wunused-value"

#ifdef LITMUS_ONCE
enum { LITMUS_INSTANCES = 1 };
#define LITMUS_APART _Alignas(16)
#else
enum { LITMUS_INSTANCES = 1024 };
#define LITMUS_APART _Alignas(128) /* lines are fetched in pairs */
#endif
#define LITMUS_BODY __attribute__((noinline))

/* The type of *p without _Atomic, const and volatile. */
#define LITMUS_TYPE(p)  __typeof__((void)0, *(p))
#define LITMUS_PLAIN(p) ((LITMUS_TYPE(p) *)(p))

/* ---- store buffers, as x86-64 has them (Owens, Sarkar and Sewell, TPHOLs 2009): a store waits in
 * a queue of its thread, where only its own loads see it; when the oldest reaches memory is a
 * choice. The queue is private to the thread and no step; what reaches memory is. ---- */
#ifdef LITMUS_BUFFERED
enum { LITMUS_WAITING = 16 };
struct litmus_waiting {
    void *p;
    unsigned size;
    unsigned long long value;
};
static _Thread_local struct litmus_waiting litmus_queue[LITMUS_WAITING];
static _Thread_local int litmus_first, litmus_last;
#ifdef __clang__
#define LITMUS_QUIET __attribute__((noinline, no_sanitize("thread")))
#else
#define LITMUS_QUIET __attribute__((noinline, no_sanitize_thread))
#endif

static LITMUS_QUIET int litmus_count(void)
{
    return litmus_last - litmus_first;
}

static LITMUS_QUIET struct litmus_waiting litmus_oldest(void)
{
    return litmus_queue[litmus_first++ % LITMUS_WAITING];
}

static LITMUS_QUIET void litmus_wait(void *p, unsigned size, unsigned long long value)
{
    litmus_queue[litmus_last++ % LITMUS_WAITING] = (struct litmus_waiting){p, size, value};
}

static LITMUS_QUIET int litmus_own(void *p, unsigned long long *value)
{
    for (int i = litmus_last; i-- > litmus_first;)
        if (litmus_queue[i % LITMUS_WAITING].p == p) {
            *value = litmus_queue[i % LITMUS_WAITING].value;
            return 1;
        }
    return 0;
}

static void litmus_drain(int n)
{
    for (; n > 0; n--) {
        struct litmus_waiting w = litmus_oldest();
        switch (w.size) {
        case 1:
            __atomic_store_n((uint8_t *)w.p, (uint8_t)w.value, __ATOMIC_SEQ_CST);
            break;
        case 2:
            __atomic_store_n((uint16_t *)w.p, (uint16_t)w.value, __ATOMIC_SEQ_CST);
            break;
        case 4:
            __atomic_store_n((uint32_t *)w.p, (uint32_t)w.value, __ATOMIC_SEQ_CST);
            break;
        default:
            __atomic_store_n((uint64_t *)w.p, w.value, __ATOMIC_SEQ_CST);
        }
    }
}

static void litmus_drain_all(void)
{
    litmus_drain(litmus_count());
}

static void litmus_drain_some(void)
{
    int n = litmus_count();
    if (n)
        litmus_drain(lockstep_choose(n + 1));
}

static inline void litmus_store(void *p, unsigned size, unsigned long long value, int order)
{
    litmus_drain_some();
    if (litmus_count() == LITMUS_WAITING)
        litmus_drain(1);
    litmus_wait(p, size, value);
    if (order == __ATOMIC_SEQ_CST)
        litmus_drain_all();
}

static inline unsigned long long litmus_load(void *p, unsigned size)
{
    unsigned long long value = 0;
    litmus_drain_some();
    if (litmus_own(p, &value))
        return value;
    switch (size) {
    case 1:
        return __atomic_load_n((uint8_t *)p, __ATOMIC_SEQ_CST);
    case 2:
        return __atomic_load_n((uint16_t *)p, __ATOMIC_SEQ_CST);
    case 4:
        return __atomic_load_n((uint32_t *)p, __ATOMIC_SEQ_CST);
    default:
        return __atomic_load_n((uint64_t *)p, __ATOMIC_SEQ_CST);
    }
}

static inline void litmus_fence(int order)
{
    if (order == __ATOMIC_SEQ_CST)
        litmus_drain_all();
}

#define LITMUS_LOAD(p, order) ((LITMUS_TYPE(p))litmus_load((void *)(p), sizeof *(p)))
#define LITMUS_STORE(p, value, order)                                                              \
    litmus_store((void *)(p), sizeof *(p), (unsigned long long)(LITMUS_TYPE(p))(value), order)
#define LITMUS_LOAD_ONCE(p)         LITMUS_LOAD(p, 0)
#define LITMUS_STORE_ONCE(p, value) LITMUS_STORE(p, value, __ATOMIC_RELAXED)
#define LITMUS_FENCE(order)         litmus_fence(order)
#define LITMUS_LOCKED               litmus_drain_all() /* what x86-64 makes of a read-modify-write */
#define LITMUS_ENTER                (void)0
#define LITMUS_LEAVE                litmus_drain_all()
#else
#define LITMUS_LOAD(p, order) __atomic_load_n(LITMUS_PLAIN(p), order)
#define LITMUS_STORE(p, value, order)                                                              \
    __atomic_store_n(LITMUS_PLAIN(p), (LITMUS_TYPE(p))(value), order)
#define LITMUS_LOAD_ONCE(p)                                                                        \
    __atomic_load_n((volatile LITMUS_TYPE(p) *)LITMUS_PLAIN(p), __ATOMIC_RELAXED)
#define LITMUS_STORE_ONCE(p, value)                                                                \
    __atomic_store_n((volatile LITMUS_TYPE(p) *)LITMUS_PLAIN(p), (LITMUS_TYPE(p))(value),          \
                     __ATOMIC_RELAXED)
#define LITMUS_FENCE(order) __atomic_thread_fence(order)
#define LITMUS_LOCKED       (void)0
#define LITMUS_ENTER        (void)0
#define LITMUS_LEAVE        (void)0
#endif

/* ---- C11. The library's own are for _Atomic only; tests use them on int, too. ---- */
#undef atomic_load
#undef atomic_load_explicit
#undef atomic_store
#undef atomic_store_explicit
#undef atomic_exchange
#undef atomic_exchange_explicit
#undef atomic_compare_exchange_strong
#undef atomic_compare_exchange_strong_explicit
#undef atomic_compare_exchange_weak
#undef atomic_compare_exchange_weak_explicit
#undef atomic_fetch_add
#undef atomic_fetch_add_explicit
#undef atomic_fetch_sub
#undef atomic_fetch_sub_explicit
#undef atomic_fetch_or
#undef atomic_fetch_or_explicit
#undef atomic_fetch_xor
#undef atomic_fetch_xor_explicit
#undef atomic_fetch_and
#undef atomic_fetch_and_explicit
#undef atomic_thread_fence

#define atomic_load_explicit(p, order)         LITMUS_LOAD(p, order)
#define atomic_load(p)                         LITMUS_LOAD(p, __ATOMIC_SEQ_CST)
#define atomic_store_explicit(p, value, order) LITMUS_STORE(p, value, order)
#define atomic_store(p, value)                 LITMUS_STORE(p, value, __ATOMIC_SEQ_CST)
#define atomic_thread_fence(order)             LITMUS_FENCE(order)

#define LITMUS_RMW(op, p, value, order)                                                            \
    (LITMUS_LOCKED, __atomic_##op(LITMUS_PLAIN(p), value, order))
#define LITMUS_CAS(p, expected, value, weak, order, failed)                                        \
    (LITMUS_LOCKED, __atomic_compare_exchange_n(LITMUS_PLAIN(p), (LITMUS_TYPE(p) *)(expected),     \
                                                value, weak, order, failed))
#define atomic_exchange_explicit(p, value, order)  LITMUS_RMW(exchange_n, p, value, order)
#define atomic_exchange(p, value)                  LITMUS_RMW(exchange_n, p, value, __ATOMIC_SEQ_CST)
#define atomic_fetch_add_explicit(p, value, order) LITMUS_RMW(fetch_add, p, value, order)
#define atomic_fetch_sub_explicit(p, value, order) LITMUS_RMW(fetch_sub, p, value, order)
#define atomic_fetch_or_explicit(p, value, order)  LITMUS_RMW(fetch_or, p, value, order)
#define atomic_fetch_xor_explicit(p, value, order) LITMUS_RMW(fetch_xor, p, value, order)
#define atomic_fetch_and_explicit(p, value, order) LITMUS_RMW(fetch_and, p, value, order)
#define atomic_fetch_or(p, value)                  LITMUS_RMW(fetch_or, p, value, __ATOMIC_SEQ_CST)
#define atomic_fetch_xor(p, value)                 LITMUS_RMW(fetch_xor, p, value, __ATOMIC_SEQ_CST)
#define atomic_fetch_and(p, value)                 LITMUS_RMW(fetch_and, p, value, __ATOMIC_SEQ_CST)
#define atomic_compare_exchange_strong_explicit(p, expected, value, order, failed)                 \
    LITMUS_CAS(p, expected, value, 0, order, failed)
#define atomic_compare_exchange_weak_explicit(p, expected, value, order, failed)                   \
    LITMUS_CAS(p, expected, value, 1, order, failed)
#define atomic_compare_exchange_strong(p, expected, value)                                         \
    LITMUS_CAS(p, expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#define atomic_compare_exchange_weak(p, expected, value)                                           \
    LITMUS_CAS(p, expected, value, 1, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

/* C and Linux have these by one name, with the arguments the other way round: C's first is a
 * pointer, Linux's a number. */
#define LITMUS_ADDRESS(a, b) __builtin_choose_expr(LITMUS_IS_NUMBER(a), b, a)
#define LITMUS_NUMBER(a, b)  __builtin_choose_expr(LITMUS_IS_NUMBER(a), a, b)
#define LITMUS_IS_NUMBER(a)  (__builtin_classify_type(a) != 5)
#define LITMUS_EITHER(op, a, b, order)                                                             \
    LITMUS_RMW(op, LITMUS_ADDRESS(a, b), LITMUS_NUMBER(a, b), order)
#define atomic_fetch_add(a, b) LITMUS_EITHER(fetch_add, a, b, __ATOMIC_SEQ_CST)
#define atomic_fetch_sub(a, b) LITMUS_EITHER(fetch_sub, a, b, __ATOMIC_SEQ_CST)

/* ---- the Linux kernel ---- */
typedef int atomic_t;
typedef long long atomic64_t;
typedef int spinlock_t;

#define READ_ONCE(x)                LITMUS_LOAD_ONCE(&(x))
#define ACCESS_ONCE(x)              (*(volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)        LITMUS_STORE_ONCE(&(x), value)
#define smp_load_acquire(p)         LITMUS_LOAD(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, value) LITMUS_STORE(p, value, __ATOMIC_RELEASE)
#define smp_store_mb(x, value)      (LITMUS_STORE_ONCE(&(x), value), LITMUS_FENCE(__ATOMIC_SEQ_CST))
#define smp_mb()                    LITMUS_FENCE(__ATOMIC_SEQ_CST)
#define smp_rmb()                   LITMUS_FENCE(__ATOMIC_ACQUIRE)
#define smp_wmb()                   LITMUS_FENCE(__ATOMIC_RELEASE)
#define smp_mb__before_atomic()     LITMUS_FENCE(__ATOMIC_SEQ_CST)
#define smp_mb__after_atomic()      LITMUS_FENCE(__ATOMIC_SEQ_CST)
#define smp_mb__after_spinlock()    LITMUS_FENCE(__ATOMIC_SEQ_CST)
#define smp_mb__after_unlock_lock() LITMUS_FENCE(__ATOMIC_SEQ_CST)
#define barrier()                   __asm__ volatile("" ::: "memory")
/* A reader of RCU needs no instruction; what waits for readers is not there. */
#define rcu_read_lock()              barrier()
#define rcu_read_unlock()            barrier()
#define rcu_dereference(x)           READ_ONCE(x)
#define rcu_assign_pointer(x, value) LITMUS_STORE(&(x), value, __ATOMIC_RELEASE)

/* Without a suffix they order like a full fence before and after. */
#define LITMUS_FULL(op, p, value)                                                                  \
    ({                                                                                             \
        LITMUS_FENCE(__ATOMIC_SEQ_CST);                                                            \
        __auto_type litmus_value = LITMUS_RMW(op, p, value, __ATOMIC_SEQ_CST);                     \
        LITMUS_FENCE(__ATOMIC_SEQ_CST);                                                            \
        litmus_value;                                                                              \
    })
#define xchg(p, value)         LITMUS_FULL(exchange_n, p, value)
#define xchg_relaxed(p, value) LITMUS_RMW(exchange_n, p, value, __ATOMIC_RELAXED)
#define xchg_acquire(p, value) LITMUS_RMW(exchange_n, p, value, __ATOMIC_ACQUIRE)
#define xchg_release(p, value) LITMUS_RMW(exchange_n, p, value, __ATOMIC_RELEASE)
#define LITMUS_CMPXCHG(p, old, value, order, failed)                                               \
    ({                                                                                             \
        LITMUS_TYPE(p) litmus_old = (old);                                                         \
        LITMUS_CAS(p, &litmus_old, value, 0, order, failed);                                       \
        litmus_old;                                                                                \
    })
#define cmpxchg(p, old, value) LITMUS_CMPXCHG(p, old, value, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#define cmpxchg_relaxed(p, old, value)                                                             \
    LITMUS_CMPXCHG(p, old, value, __ATOMIC_RELAXED, __ATOMIC_RELAXED)
#define cmpxchg_acquire(p, old, value)                                                             \
    LITMUS_CMPXCHG(p, old, value, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)
#define cmpxchg_release(p, old, value)                                                             \
    LITMUS_CMPXCHG(p, old, value, __ATOMIC_RELEASE, __ATOMIC_RELAXED)

#define atomic_read(p)                        LITMUS_LOAD_ONCE(p)
#define atomic_read_acquire(p)                LITMUS_LOAD(p, __ATOMIC_ACQUIRE)
#define atomic_set(p, value)                  LITMUS_STORE_ONCE(p, value)
#define atomic_set_release(p, value)          LITMUS_STORE(p, value, __ATOMIC_RELEASE)
#define atomic_add(value, p)                  (void)LITMUS_RMW(fetch_add, p, value, __ATOMIC_RELAXED)
#define atomic_sub(value, p)                  (void)LITMUS_RMW(fetch_sub, p, value, __ATOMIC_RELAXED)
#define atomic_inc(p)                         atomic_add(1, p)
#define atomic_dec(p)                         atomic_sub(1, p)
#define atomic_add_return(value, p)           LITMUS_FULL(add_fetch, p, value)
#define atomic_sub_return(value, p)           LITMUS_FULL(sub_fetch, p, value)
#define atomic_inc_return(p)                  atomic_add_return(1, p)
#define atomic_fetch_inc(p)                   LITMUS_FULL(fetch_add, p, 1)
#define atomic_dec_return(p)                  atomic_sub_return(1, p)
#define atomic_fetch_dec(p)                   LITMUS_FULL(fetch_sub, p, 1)
#define atomic_xchg(p, value)                 xchg(p, value)
#define atomic_cmpxchg(p, old, value)         cmpxchg(p, old, value)
#define atomic_add_return_relaxed(value, p)   LITMUS_RMW(add_fetch, p, value, __ATOMIC_RELAXED)
#define atomic_fetch_add_relaxed(value, p)    LITMUS_RMW(fetch_add, p, value, __ATOMIC_RELAXED)
#define atomic_sub_return_relaxed(value, p)   LITMUS_RMW(sub_fetch, p, value, __ATOMIC_RELAXED)
#define atomic_fetch_sub_relaxed(value, p)    LITMUS_RMW(fetch_sub, p, value, __ATOMIC_RELAXED)
#define atomic_inc_return_relaxed(p)          atomic_add_return_relaxed(1, p)
#define atomic_fetch_inc_relaxed(p)           LITMUS_RMW(fetch_add, p, 1, __ATOMIC_RELAXED)
#define atomic_dec_return_relaxed(p)          atomic_sub_return_relaxed(1, p)
#define atomic_fetch_dec_relaxed(p)           LITMUS_RMW(fetch_sub, p, 1, __ATOMIC_RELAXED)
#define atomic_xchg_relaxed(p, value)         xchg_relaxed(p, value)
#define atomic_cmpxchg_relaxed(p, old, value) cmpxchg_relaxed(p, old, value)
#define atomic_add_return_acquire(value, p)   LITMUS_RMW(add_fetch, p, value, __ATOMIC_ACQUIRE)
#define atomic_fetch_add_acquire(value, p)    LITMUS_RMW(fetch_add, p, value, __ATOMIC_ACQUIRE)
#define atomic_sub_return_acquire(value, p)   LITMUS_RMW(sub_fetch, p, value, __ATOMIC_ACQUIRE)
#define atomic_fetch_sub_acquire(value, p)    LITMUS_RMW(fetch_sub, p, value, __ATOMIC_ACQUIRE)
#define atomic_inc_return_acquire(p)          atomic_add_return_acquire(1, p)
#define atomic_fetch_inc_acquire(p)           LITMUS_RMW(fetch_add, p, 1, __ATOMIC_ACQUIRE)
#define atomic_dec_return_acquire(p)          atomic_sub_return_acquire(1, p)
#define atomic_fetch_dec_acquire(p)           LITMUS_RMW(fetch_sub, p, 1, __ATOMIC_ACQUIRE)
#define atomic_xchg_acquire(p, value)         xchg_acquire(p, value)
#define atomic_cmpxchg_acquire(p, old, value) cmpxchg_acquire(p, old, value)
#define atomic_add_return_release(value, p)   LITMUS_RMW(add_fetch, p, value, __ATOMIC_RELEASE)
#define atomic_fetch_add_release(value, p)    LITMUS_RMW(fetch_add, p, value, __ATOMIC_RELEASE)
#define atomic_sub_return_release(value, p)   LITMUS_RMW(sub_fetch, p, value, __ATOMIC_RELEASE)
#define atomic_fetch_sub_release(value, p)    LITMUS_RMW(fetch_sub, p, value, __ATOMIC_RELEASE)
#define atomic_inc_return_release(p)          atomic_add_return_release(1, p)
#define atomic_fetch_inc_release(p)           LITMUS_RMW(fetch_add, p, 1, __ATOMIC_RELEASE)
#define atomic_dec_return_release(p)          atomic_sub_return_release(1, p)
#define atomic_fetch_dec_release(p)           LITMUS_RMW(fetch_sub, p, 1, __ATOMIC_RELEASE)
#define atomic_xchg_release(p, value)         xchg_release(p, value)
#define atomic_cmpxchg_release(p, old, value) cmpxchg_release(p, old, value)
#define atomic_sub_and_test(value, p)         (atomic_sub_return(value, p) == 0)
#define atomic_inc_and_test(p)                (atomic_inc_return(p) == 0)
#define atomic_dec_and_test(p)                (atomic_dec_return(p) == 0)
#define atomic_add_negative(value, p)         (atomic_add_return(value, p) < 0)

#define atomic_add_unless(p, value, not )                                                          \
    ({                                                                                             \
        LITMUS_TYPE(p) litmus_now = LITMUS_LOAD_ONCE(p);                                           \
        int litmus_done = 0;                                                                       \
        while (litmus_now != (not ) && !litmus_done)                                               \
            litmus_done = LITMUS_CAS(p, &litmus_now, litmus_now + (value), 0, __ATOMIC_SEQ_CST,    \
                                     __ATOMIC_SEQ_CST);                                            \
        litmus_done;                                                                               \
    })

#define spin_trylock(p)   (LITMUS_RMW(exchange_n, p, 1, __ATOMIC_ACQUIRE) == 0)
#define spin_is_locked(p) (LITMUS_LOAD_ONCE(p) != 0)
#define spin_unlock(p)    LITMUS_STORE(p, 0, __ATOMIC_RELEASE)
/* In a search a loop that changes nothing is known to wait for another thread. What is stored has
 * left the buffer by then, as the first attempt is a read-modify-write. */
#ifdef LITMUS_ONCE
#define spin_lock(p)                                                                               \
    do {                                                                                           \
        LITMUS_LOCKED;                                                                             \
        do                                                                                         \
            while (spin_is_locked(p))                                                              \
                ;                                                                                  \
        while (!spin_trylock(p));                                                                  \
    } while (0)
#else
static void litmus_pause(unsigned long n);
#define spin_lock(p)                                                                               \
    do                                                                                             \
        for (unsigned long litmus_n = 0; !spin_trylock(p); litmus_n++)                             \
            litmus_pause(litmus_n);                                                                \
    while (0)
#endif

#endif
