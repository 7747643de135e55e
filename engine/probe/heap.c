/* The program's heap: each task allocates from a region of its own, upwards, so that the address
 * of a block depends on what its task did and not on what the others did meanwhile. Freed memory
 * is kept back until a task has used HEAP_REUSE bytes, so that a use after free is seen. */
#include "probe.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAP_CHUNK   (1ull << 20)
#define HEAP_REUSE   (32ull << 20)
#define PRIVATE_BASE 0x3f0000000000ull
#define BLOCK_LIVE   0x6b636f6cu
#define BLOCK_FREED  0x64656572u

struct block { /* right before the bytes */
    uint32_t magic;
    uint32_t offset; /* from the start of the allocation to the bytes, for aligned blocks */
    uint64_t size;
};

enum { HEAP_UNKNOWN, HEAP_REAL, HEAP_OURS };
static int heap_mode;
static char early[262144]; /* before the environment can be read */
static size_t early_used;
bool heap_private;
static uint64_t private_next = PRIVATE_BASE, private_mapped = PRIVATE_BASE;
static uint64_t mapped[MAX_TASKS]; /* end of what is mapped of each region */
static char *saved;                /* T0's heap as it was at main */
static uint64_t saved_end, left_low = HEAP_BASE, left_high = HEAP_BASE;
static uint64_t total_mapped;
static bool reused; /* some block is in a list of free ones */

bool arena_attach(void) __attribute__((visibility("hidden")));

static void heap_decide(void)
{
    if (heap_mode == HEAP_UNKNOWN && environ)
        heap_mode = arena_attach() ? HEAP_OURS : HEAP_REAL;
}

static bool is_early(const void *p)
{
    return (const char *)p >= early && (const char *)p < early + sizeof early;
}

static bool grow(uint64_t *end, uint64_t need, bool counted)
{
    uint64_t n = (need - *end + HEAP_CHUNK - 1) & ~(HEAP_CHUNK - 1);
    uint64_t limit = counted && A->memory_bytes ? A->memory_bytes : ~0ull;
    if (counted && total_mapped + n > limit)
        return false;
    void *p = REAL(mmap)((void *)*end, n, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return false;
    *end += n;
    if (counted)
        total_mapped += n;
    return true;
}

static struct task *owner_now(void)
{
    return controlled ? S->cur : &S->tasks[0];
}

static unsigned size_class(uint64_t n)
{
    unsigned c = n <= 16 ? 4 : 64 - (unsigned)__builtin_clzll(n - 1);
    return c < 40 ? c : 39;
}

static void *bump(uint64_t *next, uint64_t *end, uint64_t need, bool counted)
{
    if (*next + need > *end && !grow(end, *next + need, counted))
        return NULL;
    void *p = (void *)*next;
    *next += need;
    return p;
}

static void *take_free(struct task *t, size_t n)
{
    unsigned c = size_class(n);
    struct block *b = (struct block *)t->heap_free[c];
    if (!b || b->size < n || b->offset != sizeof *b)
        return NULL;
    t->heap_free[c] = *(uint64_t *)(b + 1);
    b->magic = BLOCK_LIVE;
    return b + 1;
}

static void *block_begin(char *p, size_t n, size_t align)
{
    uint64_t start =
        ((uint64_t)(uintptr_t)p + sizeof(struct block) + align - 1) & ~(uint64_t)(align - 1);
    struct block *b = (struct block *)start - 1;
    *b = (struct block){BLOCK_LIVE, (uint32_t)(start - (uint64_t)(uintptr_t)p), n};
    return b + 1;
}

static void *allocate_early(size_t n, size_t align)
{
    uint64_t need = (n + align + sizeof(struct block) + 15) & ~15ull;
    if (early_used + need > sizeof early)
        return NULL;
    char *p = early + early_used;
    early_used += need;
    return block_begin(p, n, align);
}

static void *allocate(size_t n, size_t align)
{
    heap_decide();
    if (n > (1ull << 40)) {
        errno = ENOMEM;
        return NULL;
    }
    uint64_t need = (n + align + sizeof(struct block) + 15) & ~15ull;
    char *p;
    if (heap_mode == HEAP_UNKNOWN)
        return allocate_early(n, align);
    if (heap_private) {
        p = bump(&private_next, &private_mapped, need, false);
    } else {
        struct task *task = owner_now();
        unsigned t = task->slot;
        if (!mapped[t])
            mapped[t] = HEAP_BASE + t * HEAP_STRIDE;
        if (!task->heap_next)
            task->heap_next = HEAP_BASE + t * HEAP_STRIDE;
        if (align == 16 && task->heap_next - HEAP_BASE - t * HEAP_STRIDE > HEAP_REUSE) {
            p = take_free(task, n);
            if (p) {
                order_alloc(place_of((uint64_t)(uintptr_t)p), n);
                return p;
            }
        }
        if (align == 16)
            need =
                (sizeof(struct block) + (size_class(n) < 12 ? (n + 15) & ~15ull : n + 15)) & ~15ull;
        p = bump(&task->heap_next, &mapped[t], need, true);
        if (task->heap_next > S->heap_high[t])
            S->heap_high[t] = task->heap_next;
    }
    if (!p) {
        errno = ENOMEM;
        return NULL;
    }
    void *start = block_begin(p, n, align);
    if (controlled) {
        spin_effect(S->cur);
    }
    struct event *e = controlled ? record(EV_ALLOC, S->cur_id) : NULL;
    if (e) {
        e->addr = place_of((uint64_t)(uintptr_t)start);
        e->size = (uint32_t)n;
    }
    return start;
}

static bool real_heap(void)
{
    heap_decide();
    return heap_mode == HEAP_REAL;
}

/* A signal handler may not take memory. */
static inline void check_handler(const char *name, const void *pc)
{
    if (controlled && UNLIKELY(S->cur->in_handler) && !S->nostep)
        find_unsafe_call(name, (uint64_t)(uintptr_t)pc);
}

/* Is this call to fail? Only of the program itself, and only if that was asked for. */
static bool fails(const char *name, struct here h)
{
    return controlled && UNLIKELY(A->adversity) && adverse_malloc(name, h);
}

EXPORT void *malloc(size_t n)
{
    if (fails("malloc", HERE))
        return NULL;
    check_handler("malloc", __builtin_return_address(0));
    return real_heap() ? REAL(malloc)(n) : allocate(n, 16);
}

EXPORT void *calloc(size_t n, size_t size)
{
    if (fails("calloc", HERE))
        return NULL;
    check_handler("calloc", __builtin_return_address(0));
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    static int inside; /* dlsym may call calloc while the real one is being looked up */
    heap_decide();
    if (heap_mode == HEAP_REAL && !inside) {
        inside = 1;
        void *p = REAL(calloc)(n, size);
        inside = 0;
        return p;
    }
    void *p = heap_mode == HEAP_REAL ? allocate_early(bytes, 16) : allocate(bytes, 16);
    if (p)
        memset(p, 0, bytes);
    return p;
}

static struct block *block_of(void *p)
{
    return (struct block *)p - 1;
}

/* A call of free by the program: a step, because it conflicts with whoever still uses the block. */
static void free_step(void *p, size_t n, struct here h)
{
    struct op op = op_make(EV_FREE, h);
    op.addr = (uint64_t)(uintptr_t)p;
    op.size = (uint32_t)n;
    if (n)
        op_reach(&op, op.addr, (uint32_t)n, M_WRITE);
    step(&op);
}

static void release(void *p, struct here h)
{
    if (!p || is_early(p) || !heap_is((uint64_t)(uintptr_t)p))
        return;
    struct block *b = block_of(p);
    bool program = controlled && !S->nostep && h.pc >= S->text_low && h.pc < S->text_high;
    if (program && b->magic == BLOCK_FREED) {
        free_step(p, b->size, h); /* it races with the other free, as any two do */
        find_misuse((uint64_t)(uintptr_t)p, NO_TASK, "double free");
        return;
    }
    if (b->magic != BLOCK_LIVE) {
        if (program)
            find_misuse((uint64_t)(uintptr_t)p, NO_TASK, "free of what malloc never gave");
        return;
    }
    if (program) {
        free_step(p, b->size, h);
        if (b->magic != BLOCK_LIVE) { /* another task freed it while this one waited for its turn */
            find_misuse((uint64_t)(uintptr_t)p, NO_TASK, "double free");
            return;
        }
        object_forget(place_of((uint64_t)(uintptr_t)p), b->size);
        order_freed(place_of((uint64_t)(uintptr_t)p), b->size, h.pc);
    }
    b->magic = BLOCK_FREED;
    unsigned t = (unsigned)(((uint64_t)(uintptr_t)p - HEAP_BASE) / HEAP_STRIDE);
    if (controlled && t == S->cur->slot && b->offset == sizeof *b && b->size >= 8) {
        unsigned c = size_class(b->size);
        if (S->cur->heap_next - HEAP_BASE - t * HEAP_STRIDE > HEAP_REUSE) {
            *(uint64_t *)p = S->cur->heap_free[c];
            S->cur->heap_free[c] = (uint64_t)(uintptr_t)b;
            reused = true;
        }
    }
}

/* By this name, since to look the other one up may free something. */
void __libc_free(void *p);

EXPORT void free(void *p)
{
    if (real_heap()) {
        if (!is_early(p))
            __libc_free(p);
        return;
    }
    release(p, HERE);
}

EXPORT void *realloc(void *p, size_t n)
{
    if (fails("realloc", HERE))
        return NULL;
    if (p)
        check_handler("realloc", __builtin_return_address(0));
    if (real_heap() && !is_early(p))
        return REAL(realloc)(p, n);
    if (!p)
        return malloc(n);
    size_t old = block_of(p)->size;
    void *q = malloc(n);
    if (!q)
        return NULL;
    memcpy(q, p, old < n ? old : n);
    if (!real_heap())
        release(p, HERE);
    return q;
}

EXPORT void *reallocarray(void *p, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    if (fails("reallocarray", HERE))
        return NULL;
    return realloc(p, bytes);
}

EXPORT void *memalign(size_t align, size_t n)
{
    if (fails("memalign", HERE))
        return NULL;
    return real_heap() ? REAL(memalign)(align, n) : allocate(n, align < 16 ? 16 : align);
}

EXPORT void *aligned_alloc(size_t align, size_t n)
{
    if (fails("aligned_alloc", HERE))
        return NULL;
    return memalign(align, n);
}

EXPORT int posix_memalign(void **out, size_t align, size_t n)
{
    if (align < sizeof(void *) || (align & (align - 1)))
        return EINVAL;
    if (fails("posix_memalign", HERE))
        return ENOMEM;
    void *p = memalign(align, n);
    if (!p)
        return ENOMEM;
    *out = p;
    return 0;
}

EXPORT void *valloc(size_t n)
{
    if (fails("valloc", HERE))
        return NULL;
    return memalign(4096, n);
}

EXPORT size_t malloc_usable_size(void *p)
{
    if (!p)
        return 0;
    return real_heap() && !is_early(p) ? REAL(malloc_usable_size)(p) : block_of(p)->size;
}

void heap_leave(const void *p, size_t n)
{
    left_low = (uint64_t)(uintptr_t)p;
    left_high = left_low + n;
}

/* Keep what was allocated before main. */
void heap_snapshot(void)
{
    saved_end = S->tasks[0].heap_next;
    uint64_t n = saved_end ? saved_end - HEAP_BASE : 0;
    saved = REAL(mmap)(NULL, n + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(saved, (void *)HEAP_BASE, n);
}

/* The part of slot n's region that anything of this execution lies in. */
void heap_extent(unsigned n, uint64_t *low, uint64_t *high)
{
    *low = HEAP_BASE + n * HEAP_STRIDE;
    *high = S->heap_high[n];
    if (n == 0 && *high < saved_end)
        *high = saved_end;
    if (*high < *low)
        *high = *low;
}

/* As it was at main: nothing any task allocated since. */
void heap_restore(void)
{
    for (unsigned t = 0; t < S->ntasks; t++) {
        uint64_t base = HEAP_BASE + t * HEAP_STRIDE, end = S->heap_high[t];
        uint64_t from = t == 0 && saved_end ? saved_end : base;
        if (end > from) {
            if (end - from <= 65536)
                memset((void *)from, 0, end - from);
            else
                madvise((void *)((from + 4095) & ~4095ull), mapped[t] - ((from + 4095) & ~4095ull),
                        MADV_DONTNEED),
                    memset((void *)from, 0, ((from + 4095) & ~4095ull) - from);
        }
        S->tasks[t].heap_next = t == 0 ? saved_end : 0;
        S->heap_high[t] = 0;
        if (UNLIKELY(reused))
            memset(S->tasks[t].heap_free, 0, sizeof S->tasks[t].heap_free);
    }
    reused = false;
    if (!saved_end)
        return;
    memcpy((void *)HEAP_BASE, saved, left_low - HEAP_BASE);
    memcpy((void *)left_high, saved + (left_high - HEAP_BASE), saved_end - left_high);
}
