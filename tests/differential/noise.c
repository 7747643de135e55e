/* Linked into a program whose accesses the compiler announces (-fsanitize=thread when compiling, no
 * run-time library): before an access a thread sometimes gives way or sleeps for a moment, so that
 * the real library and the real scheduler show more of what they may do. Delays alone: nothing the
 * program could not meet on a busy machine. No cancellation point is called and errno stays. */
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

static void noise(void)
{
    static __thread uint64_t seed;
    if (!seed)
        seed = __builtin_ia32_rdtsc() | 1;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    int e = errno;
    if (seed % 16 == 0) {
        struct timespec t = {.tv_nsec = (long)(seed >> 32) % 100000};
        syscall(SYS_nanosleep, &t, NULL);
    } else if (seed % 4 == 1) {
        sched_yield();
    }
    errno = e;
}

void __tsan_init(void)
{
}

#define PLAIN(name)                                                                                \
    void __tsan_##name(void *p)                                                                    \
    {                                                                                              \
        (void)p;                                                                                   \
        noise();                                                                                   \
    }
#define SIZES(name) PLAIN(name##1) PLAIN(name##2) PLAIN(name##4) PLAIN(name##8) PLAIN(name##16)
SIZES(read)
SIZES(write)
SIZES(read_write)
SIZES(unaligned_read)
SIZES(unaligned_write)
SIZES(unaligned_read_write)
PLAIN(func_entry)

void __tsan_func_exit(void)
{
    noise();
}

#define RANGE(name)                                                                                \
    void __tsan_##name##_range(void *p, long n)                                                    \
    {                                                                                              \
        (void)p;                                                                                   \
        (void)n;                                                                                   \
        noise();                                                                                   \
    }
RANGE(read)
RANGE(write)

/* Atomics arrive as calls too; they are made in one order that all agree on. */
#define FETCH(n, T, op)                                                                            \
    T __tsan_atomic##n##_fetch_##op(volatile T *p, T v, int order)                                 \
    {                                                                                              \
        (void)order;                                                                               \
        noise();                                                                                   \
        return __atomic_fetch_##op(p, v, __ATOMIC_SEQ_CST);                                        \
    }
#define EXCHANGE_IF(n, T, how)                                                                     \
    int __tsan_atomic##n##_compare_exchange_##how(volatile T *p, T *old, T v, int order, int fail) \
    {                                                                                              \
        (void)order;                                                                               \
        (void)fail;                                                                                \
        noise();                                                                                   \
        return __atomic_compare_exchange_n(p, old, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);      \
    }
#define ATOMIC(n, T)                                                                               \
    T __tsan_atomic##n##_load(const volatile T *p, int order)                                      \
    {                                                                                              \
        (void)order;                                                                               \
        noise();                                                                                   \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                               \
    }                                                                                              \
    void __tsan_atomic##n##_store(volatile T *p, T v, int order)                                   \
    {                                                                                              \
        (void)order;                                                                               \
        noise();                                                                                   \
        __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                                  \
    }                                                                                              \
    T __tsan_atomic##n##_exchange(volatile T *p, T v, int order)                                   \
    {                                                                                              \
        (void)order;                                                                               \
        noise();                                                                                   \
        return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);                                        \
    }                                                                                              \
    FETCH(n, T, add)                                                                               \
    FETCH(n, T, sub)                                                                               \
    FETCH(n, T, and)                                                                               \
    FETCH(n, T, or)                                                                                \
    FETCH(n, T, xor)                                                                               \
    FETCH(n, T, nand)                                                                              \
    EXCHANGE_IF(n, T, strong)                                                                      \
    EXCHANGE_IF(n, T, weak)
ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

void __tsan_atomic_thread_fence(int order)
{
    (void)order;
    noise();
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}
