/* The hooks of the compiler, in programs built to have every access noted: each is a call before
 * the access, and nothing but the note. */
#include "inside.h"

#include <string.h>

/* The part of its stack that is in use is the thread's own business. */
HOT bool own(uint64_t addr, uint64_t sp)
{
    return addr - sp < me.stack_high - sp;
}

static COLD void access_slowly(uint64_t addr, unsigned size, unsigned kind, uint64_t pc)
{
    if (me.gate != GATE_PASS && ready() && !me.quiet)
        note(kind, 0, addr, pc, size);
}

HOT void access_memory(uint64_t addr, unsigned size, unsigned kind, uint64_t pc)
{
    if (own(addr, stack_pointer()))
        return;
    if (UNLIKELY(me.slot->head >= me.limit)) {
        if (UNLIKELY(!me.quiet))
            access_slowly(addr, size, kind, pc);
        return;
    }
    put_one(REC_WHAT(kind, 0, addr), REC_PLACE(pc, size));
}

/* Called where the note is inline, with what that knows. */
EXPORT void access_inline(uint64_t addr, uint64_t pc, unsigned kind,
                          unsigned size) __asm__(RECORDER_ACCESS);
void access_inline(uint64_t addr, uint64_t pc, unsigned kind, unsigned size)
{
    if (!me.quiet)
        access_slowly(addr, size, kind, pc);
}

#define HOOK(n)                                                                                    \
    EXPORT void __tsan_read##n(void *p);                                                           \
    EXPORT void __tsan_read##n(void *p)                                                            \
    {                                                                                              \
        access_memory(address(p), n, EV_READ, HERE);                                               \
    }                                                                                              \
    EXPORT void __tsan_write##n(void *p);                                                          \
    EXPORT void __tsan_write##n(void *p)                                                           \
    {                                                                                              \
        access_memory(address(p), n, EV_WRITE, HERE);                                              \
    }                                                                                              \
    EXPORT void __tsan_read_write##n(void *p);                                                     \
    EXPORT void __tsan_read_write##n(void *p)                                                      \
    {                                                                                              \
        access_memory(address(p), n, EV_READ, HERE);                                               \
        access_memory(address(p), n, EV_WRITE, HERE);                                              \
    }                                                                                              \
    EXPORT void __tsan_unaligned_read##n(void *p) ALIAS_OF(__tsan_read##n);                        \
    EXPORT void __tsan_unaligned_write##n(void *p) ALIAS_OF(__tsan_write##n);                      \
    EXPORT void __tsan_unaligned_read_write##n(void *p) ALIAS_OF(__tsan_read_write##n);            \
    EXPORT void __tsan_volatile_read##n(void *p) ALIAS_OF(__tsan_read##n);                         \
    EXPORT void __tsan_volatile_write##n(void *p) ALIAS_OF(__tsan_write##n);
HOOK(1)
HOOK(2)
HOOK(4)
HOOK(8)
HOOK(16)

static unsigned size_of(size_t n)
{
    return n > 0xffff ? 0xffff : (unsigned)n;
}

static void range(const void *p, size_t n, unsigned kind, uint64_t pc)
{
    if (n)
        access_memory(address(p), size_of(n), kind, pc);
}

EXPORT void __tsan_read_range(void *p, size_t n);
EXPORT void __tsan_read_range(void *p, size_t n)
{
    range(p, n, EV_READ, HERE);
}

EXPORT void __tsan_write_range(void *p, size_t n);
EXPORT void __tsan_write_range(void *p, size_t n)
{
    range(p, n, EV_WRITE, HERE);
}

EXPORT void __tsan_vptr_update(void **p, void *v);
EXPORT void __tsan_vptr_update(void **p, void *v)
{
    (void)v;
    access_memory(address(p), sizeof *p, EV_WRITE, HERE);
}

EXPORT void __tsan_vptr_read(void **p);
EXPORT void __tsan_vptr_read(void **p)
{
    access_memory(address(p), sizeof *p, EV_READ, HERE);
}

EXPORT void __tsan_init(void);
EXPORT void __tsan_init(void)
{
}

EXPORT void __tsan_func_entry(void *pc);
EXPORT void __tsan_func_entry(void *pc)
{
    (void)pc;
}

EXPORT void __tsan_func_exit(void);
EXPORT void __tsan_func_exit(void)
{
}

/* ---- mem* and str*: the program's own objects are linked with --wrap for these ---- */
#define WRAP(result, name, params)                                                                 \
    EXPORT result __wrap_##name params;                                                            \
    EXPORT result __wrap_##name params

WRAP(void *, memcpy, (void *to, const void *from, size_t n))
{
    range(from, n, EV_READ, HERE);
    range(to, n, EV_WRITE, HERE);
    return memcpy(to, from, n);
}

WRAP(void *, memmove, (void *to, const void *from, size_t n))
{
    range(from, n, EV_READ, HERE);
    range(to, n, EV_WRITE, HERE);
    return memmove(to, from, n);
}

WRAP(void *, memset, (void *to, int c, size_t n))
{
    range(to, n, EV_WRITE, HERE);
    return memset(to, c, n);
}

WRAP(int, memcmp, (const void *a, const void *b, size_t n))
{
    range(a, n, EV_READ, HERE);
    range(b, n, EV_READ, HERE);
    return memcmp(a, b, n);
}

WRAP(char *, strcpy, (char *to, const char *from))
{
    size_t n = strlen(from) + 1;
    range(from, n, EV_READ, HERE);
    range(to, n, EV_WRITE, HERE);
    return memcpy(to, from, n);
}

WRAP(char *, strncpy, (char *to, const char *from, size_t n))
{
    size_t read = strnlen(from, n);
    range(from, read < n ? read + 1 : n, EV_READ, HERE);
    range(to, n, EV_WRITE, HERE);
    return strncpy(to, from, n);
}

WRAP(char *, strcat, (char *to, const char *from))
{
    size_t old = strlen(to), n = strlen(from) + 1;
    range(from, n, EV_READ, HERE);
    range(to, old + 1, EV_READ, HERE);
    range(to + old, n, EV_WRITE, HERE);
    memcpy(to + old, from, n);
    return to;
}

WRAP(size_t, strlen, (const char *s))
{
    size_t n = strlen(s);
    range(s, n + 1, EV_READ, HERE);
    return n;
}

/* What is compared is read up to where they differ. */
WRAP(int, strcmp, (const char *a, const char *b))
{
    size_t n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    range(a, n + 1, EV_READ, HERE);
    range(b, n + 1, EV_READ, HERE);
    return (unsigned char)a[n] - (unsigned char)b[n];
}

EXPORT void *__tsan_memcpy(void *, const void *, size_t) ALIAS_OF(__wrap_memcpy);
EXPORT void *__tsan_memmove(void *, const void *, size_t) ALIAS_OF(__wrap_memmove);
EXPORT void *__tsan_memset(void *, int, size_t) ALIAS_OF(__wrap_memset);
