/* The hooks the compiler puts before each access that may be shared. */
#include "probe.h"

#include <stdio.h>

bool controlled;

/* Is [addr, addr+len) the running task's own, touched by nobody else? */
static inline bool is_private(const struct task *t, uint64_t addr, uint32_t len)
{
    if (addr >= t->stack_low && addr < t->stack_high)
        return LIKELY(!t->has_shared) || !shared_has(t, addr, len);
    return addr >= t->tls_low && addr < t->tls_high;
}

/* Another task's stack: from now on accesses there are steps for its owner too. */
static void notice_foreign(const struct task *t, uint64_t addr, uint32_t len)
{
    unsigned owner;
    if (UNLIKELY(stack_is(addr)) && stack_owner(addr, &owner) && owner != task_id(t))
        shared_add(owner, addr, len);
}

/* The variables stdin, stdout and stderr are read at every use and never change. */
static bool is_stream_variable(uint64_t addr)
{
    return addr == (uint64_t)(uintptr_t)&stdout || addr == (uint64_t)(uintptr_t)&stderr ||
           addr == (uint64_t)(uintptr_t)&stdin;
}

static void access_memory(uint64_t addr, uint32_t len, bool write, struct here h)
{
    struct task *t = S->cur;
    if (is_private(t, addr, len) || S->nostep) {
        if (UNLIKELY(addr < h.sp && addr >= t->stack_low))
            find_dead_frame(addr, h.sp, h.pc);
        if (write && (addr < t->stack_low || addr >= t->stack_high))
            spin_effect(t); /* thread-local: not seen where stacks are compared */
        if (UNLIKELY(++t->own_accesses >= OWN_ACCESSES_LONG) && !write)
            spin_own(t, addr, len, h);
        return;
    }
    if (len == sizeof(FILE *) && !write && is_stream_variable(addr))
        return;
    notice_foreign(t, addr, len);
    struct op *op = op_begin(write ? EV_WRITE : EV_READ, addr, len, h);
    op_reach(op, addr, len, write ? M_WRITE : M_READ);
    step(op);
    if (write)
        spin_changed(place_of(addr), len);
    struct event *e = record_step_event();
    if (!e || addr < 4096)
        return;
    memcpy(&e->a, (const void *)addr, len < 8 ? len : 8);
    if (write)
        S->pending_write = (uint64_t)(e - A->events) + 1;
}

/* Most accesses of a task to its own stack need no more than this. */
static inline bool is_own_frame(uint64_t addr, uint64_t sp)
{
    struct task *t = S->cur;
    if (addr < sp || addr >= t->stack_high || t->has_shared ||
        t->own_accesses >= OWN_ACCESSES_LONG - 1)
        return false;
    t->own_accesses++;
    return true;
}
#define IS_OWN(p) is_own_frame((uint64_t)(uintptr_t)(p), (uint64_t)__builtin_frame_address(0) + 16)

#define HOOK(n)                                                                                    \
    EXPORT void __tsan_read##n(void *p);                                                           \
    EXPORT void __tsan_read##n(void *p)                                                            \
    {                                                                                              \
        if (LIKELY(controlled) && !IS_OWN(p))                                                      \
            access_memory((uint64_t)(uintptr_t)p, n, false, HERE);                                 \
    }                                                                                              \
    EXPORT void __tsan_write##n(void *p);                                                          \
    EXPORT void __tsan_write##n(void *p)                                                           \
    {                                                                                              \
        if (LIKELY(controlled) && !IS_OWN(p))                                                      \
            access_memory((uint64_t)(uintptr_t)p, n, true, HERE);                                  \
    }                                                                                              \
    EXPORT void __tsan_read_write##n(void *p);                                                     \
    EXPORT void __tsan_read_write##n(void *p)                                                      \
    {                                                                                              \
        if (LIKELY(controlled)) {                                                                  \
            access_memory((uint64_t)(uintptr_t)p, n, false, HERE);                                 \
            access_memory((uint64_t)(uintptr_t)p, n, true, HERE);                                  \
        }                                                                                          \
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

EXPORT void __tsan_read_range(void *p, size_t n);
EXPORT void __tsan_read_range(void *p, size_t n)
{
    if (controlled && n)
        access_memory((uint64_t)(uintptr_t)p, (uint32_t)n, false, HERE);
}

EXPORT void __tsan_write_range(void *p, size_t n);
EXPORT void __tsan_write_range(void *p, size_t n)
{
    if (controlled && n)
        access_memory((uint64_t)(uintptr_t)p, (uint32_t)n, true, HERE);
}

EXPORT void __tsan_vptr_update(void **p, void *v);
EXPORT void __tsan_vptr_update(void **p, void *v)
{
    (void)v;
    if (controlled)
        access_memory((uint64_t)(uintptr_t)p, sizeof *p, true, HERE);
}

EXPORT void __tsan_vptr_read(void **p);
EXPORT void __tsan_vptr_read(void **p)
{
    if (controlled)
        access_memory((uint64_t)(uintptr_t)p, sizeof *p, false, HERE);
}

EXPORT void __tsan_init(void);
EXPORT void __tsan_init(void)
{
}

/* A frame of the program begins. Its pages are made writable here, because a system call would
 * only fail on a page that waits for its first write. */
EXPORT void __tsan_func_entry(void *pc);
EXPORT void __tsan_func_entry(void *pc)
{
    (void)pc;
    if (!controlled)
        return;
    struct task *t = S->cur;
    uint64_t sp = (uint64_t)__builtin_frame_address(0);
    if (UNLIKELY(sp < t->touched_low) && sp >= t->stack_low + 4096) {
        snapshot_touch(sp & ~4095ull, t->touched_low - (sp & ~4095ull));
        t->touched_low = sp & ~4095ull;
    }
    choose_entered(HERE);
}

EXPORT void __tsan_func_exit(void);
EXPORT void __tsan_func_exit(void)
{
    if (LIKELY(controlled)) /* the last one of a task tells where its start routine ended */
        S->cur->exit_pc = (uint64_t)__builtin_return_address(0);
    if (controlled)
        choose_left(HERE);
}

/* ---- mem* and str*: one step for all they touch ---- */
static bool visible(uint64_t addr, size_t n)
{
    return n && !is_private(S->cur, addr, (uint32_t)n) &&
           !(addr >= S->text_low && addr < S->text_high);
}

static void copy_step(const void *to, size_t nto, const void *from, size_t nfrom, struct here h)
{
    struct op op = op_make(EV_COPY, h);
    uint64_t w = (uint64_t)(uintptr_t)to, r = (uint64_t)(uintptr_t)from;
    bool writes = to && visible(w, nto), reads = from && visible(r, nfrom);
    if (S->nostep || (!writes && !reads))
        return;
    if (writes) {
        notice_foreign(S->cur, w, (uint32_t)nto);
        op.addr = w;
        op.size = (uint32_t)nto;
        op_reach(&op, w, (uint32_t)nto, M_WRITE);
    }
    if (reads) {
        notice_foreign(S->cur, r, (uint32_t)nfrom);
        op.addr2 = r;
        if (!writes)
            op.size = (uint32_t)nfrom;
        op_reach(&op, r, (uint32_t)nfrom, M_READ);
    }
    step(&op);
    if (writes)
        spin_changed(place_of(w), (uint32_t)nto);
}

/* The program's own objects are linked with --wrap for these, so calls from libraries do not come
 * here. */
#define WRAP(result, name, params)                                                                 \
    EXPORT result __wrap_##name params;                                                            \
    EXPORT result __wrap_##name params

WRAP(void *, memcpy, (void *to, const void *from, size_t n))
{
    if (controlled)
        copy_step(to, n, from, n, HERE);
    return memcpy(to, from, n);
}

WRAP(void *, memmove, (void *to, const void *from, size_t n))
{
    if (controlled)
        copy_step(to, n, from, n, HERE);
    return memmove(to, from, n);
}

WRAP(void *, memset, (void *to, int c, size_t n))
{
    if (controlled)
        copy_step(to, n, NULL, 0, HERE);
    return memset(to, c, n);
}

WRAP(int, memcmp, (const void *a, const void *b, size_t n))
{
    if (controlled) {
        copy_step(NULL, 0, a, n, HERE);
        copy_step(NULL, 0, b, n, HERE);
    }
    return memcmp(a, b, n);
}

WRAP(char *, strcpy, (char *to, const char *from))
{
    size_t n = strlen(from) + 1;
    if (controlled)
        copy_step(to, n, from, n, HERE);
    return strcpy(to, from);
}

WRAP(char *, strncpy, (char *to, const char *from, size_t n))
{
    if (controlled)
        copy_step(to, n, from, strnlen(from, n), HERE);
    return strncpy(to, from, n);
}

WRAP(char *, strcat, (char *to, const char *from))
{
    size_t n = strlen(from) + 1;
    if (controlled)
        copy_step(to, strlen(to) + n, from, n, HERE);
    return strcat(to, from);
}

WRAP(size_t, strlen, (const char *s))
{
    if (controlled)
        copy_step(NULL, 0, s, strlen(s) + 1, HERE);
    return strlen(s);
}

WRAP(int, strcmp, (const char *a, const char *b))
{
    if (controlled) {
        copy_step(NULL, 0, a, strlen(a) + 1, HERE);
        copy_step(NULL, 0, b, strlen(b) + 1, HERE);
    }
    return strcmp(a, b);
}

EXPORT void *__tsan_memcpy(void *, const void *, size_t) __attribute__((alias("__wrap_memcpy")));
EXPORT void *__tsan_memmove(void *, const void *, size_t) __attribute__((alias("__wrap_memmove")));
EXPORT void *__tsan_memset(void *, int, size_t) __attribute__((alias("__wrap_memset")));
