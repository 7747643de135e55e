/* Putting the program's memory back to what it was at main.
 *
 * Writable pages of the program and its libraries are made read-only; the first write to one
 * faults, and from then on the page is writable and copied back before each execution. After the
 * first executions no fault comes any more, and a restart copies the few pages that are ever
 * written. Stacks are treated the same, with zeroes for a copy. */
#include "probe.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE         4096ull
#define STACK_STRIDE (16ull << 20)
#define REGIONS      64
#define DIRTY        262144

struct region {
    uint64_t low, high;
    char *copy; /* NULL: zeroes */
};
static struct region regions[REGIONS];
static unsigned nregions;
static struct {
    uint64_t page;
    const char *copy;
} dirty[DIRTY]; /* laid out as struct arena_page */
static unsigned ndirty;
static bool active;
static uint64_t stack_mapped_low[MAX_TASKS];

static const struct region *region_of(uint64_t addr)
{
    for (unsigned i = 0; i < nregions; i++)
        if (addr >= regions[i].low && addr < regions[i].high)
            return &regions[i];
    return NULL;
}

static void add_region(uint64_t low, uint64_t high)
{
    if (nregions == REGIONS || low >= high)
        return;
    regions[nregions++] = (struct region){low, high, NULL};
}

/* Does the line of /proc/self/maps name memory that belongs to the program? */
static bool wanted(const char *path, const char *previous)
{
    const char *p = *path ? path : previous;
    if (*path == '[' || strstr(p, "lockstep-probe") || strstr(p, "/ld-linux") ||
        strstr(p, "ld.so") || strstr(p, "memfd:"))
        return false;
    return *p == '/';
}

static void read_maps(void)
{
    static char text[262144];
    int fd = REAL(open)("/proc/self/maps", O_RDONLY);
    size_t n = 0;
    ssize_t got;
    while (fd >= 0 && n < sizeof text - 1 && (got = read(fd, text + n, sizeof text - 1 - n)) > 0)
        n += (size_t)got;
    close(fd);
    text[n] = '\0';
    char previous[512] = "";
    uint64_t previous_end = 0;
    for (char *line = text, *next; *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        else
            next = line + strlen(line);
        char *at, *path = strchr(line, '/');
        uint64_t low = strtoull(line, &at, 16), high = strtoull(at + 1, &at, 16);
        bool writable = at[2] == 'w' && at[4] == 'p';
        if (!path)
            path = strchr(line, '[') ? strchr(line, '[') : line + strlen(line);
        bool follows = low == previous_end;
        if (writable && wanted(path, follows ? previous : ""))
            add_region(low, high);
        if (*path)
            snprintf(previous, sizeof previous, "%s", path);
        else if (!follows)
            *previous = '\0';
        previous_end = high;
    }
}

static void protect(uint64_t low, uint64_t high, int protection)
{
    if (syscall(SYS_mprotect, low, high - low, protection))
        probe_panic("cannot protect the program's memory");
}

/* Take the picture. Nothing of the program may run before it but its constructors. */
void snapshot_take(void)
{
    read_maps();
    for (unsigned i = 0; i < nregions; i++) {
        struct region *r = &regions[i];
        size_t n = r->high - r->low;
        r->copy = REAL(mmap)(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (r->copy == MAP_FAILED)
            probe_panic("no memory for the picture of the program");
        memcpy(r->copy, (void *)r->low, n);
    }
    for (unsigned i = 0; i < nregions; i++)
        protect(regions[i].low, regions[i].high, PROT_READ);
    active = true;
}

static void make_dirty(uint64_t page, const char *copy)
{
    if (ndirty >= DIRTY)
        probe_panic("the program writes to too many pages");
    protect(page, page + PAGE, PROT_READ | PROT_WRITE);
    dirty[ndirty].page = page;
    dirty[ndirty++].copy = copy;
}

static bool in_stacks(uint64_t addr)
{
    return addr - STACK_BASE < STACK_STRIDE * MAX_TASKS;
}

bool stack_owner(uint64_t addr, unsigned *task)
{
    if (LIKELY(!in_stacks(addr)))
        return false;
    unsigned slot = (unsigned)((addr - STACK_BASE) / STACK_STRIDE);
    if (slot >= OWN->slots)
        return false;
    *task = OWN->task_of_slot[slot];
    return *task != NO_TASK;
}

/* A write to addr faulted: is it the first one to a page of ours? */
bool snapshot_fault(uint64_t addr)
{
    uint64_t page = addr & ~(PAGE - 1);
    if (!active)
        return false;
    for (unsigned i = ndirty; i-- > 0 && i + 64 > ndirty;)
        if (dirty[i].page == page)
            return false; /* it is writable: the fault has another cause */
    if (in_stacks(addr)) {
        unsigned slot = (unsigned)((addr - STACK_BASE) / STACK_STRIDE);
        if (!stack_mapped_low[slot] || addr < stack_mapped_low[slot])
            return false;
        make_dirty(page, NULL);
        return true;
    }
    const struct region *r = region_of(addr);
    if (!r)
        return false;
    make_dirty(page, r->copy + (page - r->low));
    return true;
}

static bool is_dirty(uint64_t page)
{
    for (unsigned i = 0; i < ndirty; i++)
        if (dirty[i].page == page)
            return true;
    return false;
}

/* Make a range writable now, before a system call or a deep frame needs it. */
void snapshot_touch(uint64_t addr, uint64_t len)
{
    if (!active)
        return;
    for (uint64_t p = addr & ~(PAGE - 1); p < addr + len; p += PAGE)
        if ((in_stacks(p) || region_of(p)) && !is_dirty(p))
            snapshot_fault(p);
}

/* ---- the memory of one of several processes ---- */
/* Each process has a place where its pages lie while another's are in place: the pages that were
 * ever written, what is used of each region of the heap, thread-local storage, private maps. */
#define IMAGE_BASE   0x500000000000ull
#define IMAGE_STRIDE (16ull << 30)
#define IMAGE_REST   (4ull << 30) /* of that: where what is not a page of dirty[] begins */
static struct {
    bool mapped;
    unsigned pages, maps; /* how many of S->maps it has: later ones are of other processes */
} images[MAX_PROCESSES];

/* What lies after the pages, in the same order each time: to and fro is the same walk. */
struct walk {
    char *at;
    bool load;
    struct arena_image *told; /* NULL: nobody looks at it */
};

static void walk_copy(struct walk *w, uint64_t low, uint64_t high)
{
    size_t n = high - low;
    if (w->load)
        memcpy((void *)low, w->at, n);
    else
        memcpy(w->at, (void *)low, n);
    if (w->told && n && w->told->nsegments < ARENA_SEGMENTS) {
        uint32_t k = w->told->nsegments++;
        w->told->segments[k].low = low;
        w->told->segments[k].high = high;
        w->told->segments[k].copy = (uint64_t)(uintptr_t)w->at;
    }
    w->at += n;
}

static void walk_heap(struct walk *w, unsigned slot)
{
    uint64_t low, high;
    heap_extent(slot, &low, &high);
    uint64_t *n = (uint64_t *)w->at; /* what there was when it was saved */
    if (!w->load)
        *n = high - low;
    w->at += 16;
    walk_copy(w, low, low + *n);
    w->at = (char *)(((uintptr_t)w->at + 15) & ~(uintptr_t)15);
}

static void image_walk(unsigned process, bool load)
{
    struct walk w = {(char *)(IMAGE_BASE + process * IMAGE_STRIDE + IMAGE_REST), load, NULL};
    if (!load && A->mode == MODE_SESSION)
        w.told = &A->images[process];
    const struct process *p = &S->processes[process];
    for (unsigned slot = 0; slot < p->slots; slot++) {
        unsigned t = p->task_of_slot[slot];
        walk_heap(&w, slot);
        if (t != NO_TASK && !S->tasks[t].ended)
            walk_copy(&w, S->tasks[t].tls_low, S->tasks[t].tls_high);
    }
    for (unsigned i = 0; i < images[process].maps; i++)
        if (!S->maps[i].shared && !S->maps[i].constant)
            walk_copy(&w, S->maps[i].low, S->maps[i].high);
}

/* For the host, which looks at the memory of any process. */
static void tell_image(unsigned process)
{
    A->pages = (uint64_t)(uintptr_t)dirty;
    A->npages = (uint64_t)(uintptr_t)&ndirty;
    A->images[process].at = IMAGE_BASE + process * IMAGE_STRIDE;
    A->images[process].npages = ndirty;
    A->images[process].nsegments = 0;
}

void image_save(unsigned process)
{
    char *pages = (char *)(IMAGE_BASE + process * IMAGE_STRIDE);
    if (!images[process].mapped) {
        void *p =
            REAL(mmap)(pages, IMAGE_STRIDE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED)
            probe_panic("no memory for another process");
        images[process].mapped = true;
    }
    for (unsigned i = 0; i < ndirty; i++)
        memcpy(pages + i * PAGE, (void *)dirty[i].page, PAGE);
    images[process].pages = ndirty;
    images[process].maps = S->nmaps;
    tell_image(process);
    image_walk(process, false);
}

static void page_as_at_main(unsigned i)
{
    if (dirty[i].copy)
        memcpy((void *)dirty[i].page, dirty[i].copy, PAGE);
    else
        memset((void *)dirty[i].page, 0, PAGE);
}

void image_load(unsigned process)
{
    const char *pages = (const char *)(IMAGE_BASE + process * IMAGE_STRIDE);
    for (unsigned i = 0; i < images[process].pages; i++)
        memcpy((void *)dirty[i].page, pages + i * PAGE, PAGE);
    for (unsigned i = images[process].pages; i < ndirty; i++)
        page_as_at_main(i); /* another process was the first to write there */
    image_walk(process, true);
    A->image = process;
}

void snapshot_restore(void)
{
    A->image = 0;
    for (unsigned i = 0; i < ndirty; i++)
        page_as_at_main(i);
}

uint64_t snapshot_hash(uint64_t h)
{
    for (unsigned i = 0; i < ndirty; i++)
        if (dirty[i].copy)
            h = hash_range(h, dirty[i].page, dirty[i].page + PAGE);
    return h;
}

/* What is there now is the picture from here on (after more threads were parked). */
void snapshot_again(void)
{
    for (unsigned i = 0; i < ndirty; i++)
        if (dirty[i].copy)
            memcpy((char *)(uintptr_t)dirty[i].copy, (void *)dirty[i].page, PAGE);
}

void stack_prepare(struct task *t, uint64_t size)
{
    unsigned slot = t->slot;
    uint64_t high = STACK_BASE + (slot + 1) * STACK_STRIDE, low = high - size;
    if (!stack_mapped_low[slot]) {
        void *p =
            REAL(mmap)((void *)(low - PAGE), size + PAGE, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED)
            probe_panic("no memory for a stack");
        protect(low, high, active ? PROT_READ : PROT_READ | PROT_WRITE);
        stack_mapped_low[slot] = low;
        if (active)
            snapshot_touch(high - PAGE, PAGE);
    }
    t->stack_low = low;
    t->stack_high = high;
    if (!t->touched_low)
        t->touched_low = high - PAGE;
}

/* ---- parts of stacks that other tasks touch too ---- */
bool shared_has(const struct task *t, uint64_t addr, uint32_t len)
{
    unsigned id = task_id(t);
    for (uint32_t i = 0; i < A->nshared; i++) {
        const struct arena_range *r = &A->shared[i];
        uint64_t low = t->stack_high - r->offset;
        if (r->task == id && addr < low + r->size && low < addr + len)
            return true;
    }
    return false;
}

static bool extend(struct arena_range *r, uint32_t offset, uint32_t size)
{
    if (offset <= r->offset && offset + r->size >= r->offset + size)
        return true;                  /* inside */
    if (offset == r->offset + size) { /* right below */
        r->offset = offset;
        r->size += size;
        return true;
    }
    if (offset + r->size == r->offset) { /* right above */
        r->size += size;
        return true;
    }
    return false;
}

/* Another task touched this; the owner's accesses there have to be steps from the beginning. */
void shared_add(unsigned task, uint64_t addr, uint32_t len)
{
    struct task *t = &S->tasks[task];
    if (shared_has(t, addr, len))
        return;
    uint64_t low = addr & ~7ull, high = (addr + len + 7) & ~7ull;
    uint32_t offset = (uint32_t)(t->stack_high - low), size = (uint32_t)(high - low);
    bool joined = false;
    for (uint32_t i = 0; i < A->nshared && !joined; i++)
        joined =
            A->shared[i].task == task && A->shared[i].fresh && extend(&A->shared[i], offset, size);
    if (!joined) {
        if (A->nshared >= ARENA_SHARED) {
            A->overflow = 1;
            return;
        }
        A->shared[A->nshared++] = (struct arena_range){(uint16_t)task, 1, offset, size};
    }
    search_learned();
    S->again = true;
    sched_end(FINISH_CUT, 0, 0);
}

bool shared_is_fresh(const struct op *op)
{
    const struct task *t = (const struct task *)((const char *)op - offsetof(struct task, op));
    for (uint32_t i = 0; i < A->nshared; i++) {
        const struct arena_range *r = &A->shared[i];
        uint64_t low = t->stack_high - r->offset;
        if (r->fresh && r->task == task_id(t) && op->addr < low + r->size &&
            low < op->addr + op->size)
            return true;
    }
    return false;
}
