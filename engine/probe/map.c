/* Memory that the program maps itself: at addresses that are the same in every execution, and gone
 * after each. What is shared between processes is one place in all of them, also when it was
 * mapped more than once. */
#include "probe.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAP_BASE 0x600000000000ull
#define MAPS     (sizeof S->maps / sizeof *S->maps)
#define PAGE     4096ull

static bool same_pages(const struct map *a, const struct map *b)
{
    return a->shared && b->shared && a->device == b->device && a->inode == b->inode && a->inode &&
           a->offset == b->offset;
}

/* Where the same memory was mapped first. */
static uint64_t canonical(const struct map *m)
{
    for (unsigned i = 0; i < S->nmaps; i++)
        if (same_pages(&S->maps[i], m) && S->maps[i].high - S->maps[i].low >= m->high - m->low)
            return S->maps[i].place;
    return m->low;
}

static void note(uint64_t low, uint64_t n, int protection, int flags, int fd, off_t offset)
{
    struct map m = {.low = low,
                    .high = low + n,
                    .shared = flags & MAP_SHARED,
                    .constant = !(protection & PROT_WRITE)};
    struct stat st;
    if (!(flags & MAP_ANONYMOUS) && fstat(fd, &st) == 0) {
        m.device = st.st_dev;
        m.inode = st.st_ino;
        m.offset = (uint64_t)offset;
    }
    m.place = canonical(&m);
    if (m.place != low)
        S->places = true;
    S->maps[S->nmaps++] = m;
    struct event *e = m.place == low ? record(EV_ALLOC, S->cur_id) : NULL;
    if (!e)
        return;
    e->addr = m.shared ? low : place_of(low);
    e->size = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
    record_text(e, m.shared ? "shared" : "mapped", 6);
}

static uint64_t in_use(void)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < S->nmaps; i++)
        n += S->maps[i].high - S->maps[i].low;
    return n;
}

static void *map(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    if (S->nmaps == MAPS) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    uint64_t size = (n + PAGE - 1) & ~(PAGE - 1);
    bool takes = protection != PROT_NONE && !(flags & MAP_NORESERVE);
    if ((takes && size + in_use() > A->memory_bytes) ||
        (flags & MAP_FIXED && !mapping_allowed((uint64_t)(uintptr_t)at, size))) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    bool ours = !(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE));
    if (ours) {
        if (!S->map_next)
            S->map_next = MAP_BASE;
        at = (void *)S->map_next;
        flags |= MAP_FIXED_NOREPLACE;
    }
    void *p = REAL(mmap)(at, n, protection, flags, fd, offset);
    if (p == MAP_FAILED)
        return p;
    if (ours)
        S->map_next += size + PAGE;
    note((uint64_t)(uintptr_t)p, size, protection, flags, fd, offset);
    spin_effect(S->cur);
    return p;
}

EXPORT void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    if (!controlled || S->nostep)
        return REAL(mmap)(at, n, protection, flags, fd, offset);
    return map(at, n, protection, flags, fd, offset);
}

EXPORT void *mmap64(void *at, size_t n, int protection, int flags, int fd, off_t offset)
    ALIAS_OF(mmap);

/* With several processes what one gives back may still be mapped in another: it stays. */
EXPORT int munmap(void *p, size_t n)
{
    uint64_t low = (uint64_t)(uintptr_t)p;
    if (controlled && !mapping_allowed(low, n)) {
        S->cur->op.pc = HERE.pc;
        if (unmapping_crashes(low, n))
            signal_raise(SIGSEGV);
        return 0;
    }
    if (!controlled || S->nprocesses == 1) {
        int result = REAL(munmap)(p, n);
        for (unsigned i = 0; controlled && !result && i < S->nmaps; i++)
            if (S->maps[i].low == low && S->maps[i].high <= low + n + PAGE - 1)
                S->maps[i].high = low;
        return result;
    }
    if (low & (PAGE - 1) || n == 0) {
        errno = EINVAL;
        return -1;
    }
    return 0;
}

/* What lies above `at` in map i becomes a map of its own. */
static void split(unsigned i, uint64_t at)
{
    struct map *m = &S->maps[i];
    if (at <= m->low || at >= m->high || S->nmaps == MAPS)
        return;
    struct map rest = *m;
    rest.low = at;
    rest.place += at - m->low;
    rest.offset += at - m->low;
    m->high = at;
    S->maps[S->nmaps++] = rest;
}

/* The program changed what may be done there. */
void maps_protected(uint64_t low, uint64_t n, int protection)
{
    uint64_t high = (low + n + PAGE - 1) & ~(PAGE - 1);
    for (unsigned i = 0; i < S->nmaps; i++) {
        split(i, low);
        split(i, high);
        if (S->maps[i].low >= low && S->maps[i].high <= high)
            S->maps[i].constant = !(protection & PROT_WRITE);
    }
}

bool map_is_shared(uint64_t place)
{
    for (unsigned i = 0; i < S->nmaps; i++)
        if (S->maps[i].shared && place >= S->maps[i].low && place < S->maps[i].high)
            return true;
    return false;
}

/* After an execution. */
void maps_restore(void)
{
    for (unsigned i = 0; i < S->nmaps; i++)
        if (S->maps[i].high > S->maps[i].low)
            REAL(munmap)((void *)S->maps[i].low, S->maps[i].high - S->maps[i].low);
    S->nmaps = 0;
    S->map_next = 0;
    shared_restore();
}

/* The place of an address of the running process. */
uint64_t place_tagged(uint64_t addr)
{
    if (addr < 4096 || addr >> TAG_SHIFT || addr - IPC_BASE < IPC_BYTES)
        return addr;
    for (unsigned i = 0; i < S->nmaps; i++)
        if (S->maps[i].shared && addr >= S->maps[i].low && addr < S->maps[i].high)
            return addr - S->maps[i].low + S->maps[i].place;
    return addr | S->tag;
}
