/* What orders what. Two relations, on purpose apart:
 *
 * - the order of schedules: two operations that depend on each other (depend.def) are ordered as
 *   they happened. Kept as a clock a step; from it the search learns which pairs to reverse
 *   (Abdulla, Aronis, Jonsson, Sagonas: Source sets, JACM 2017, sections 4 and 6).
 * - synchronisation: only what POSIX and C11 say orders memory. Kept as a clock a task; two
 *   accesses it leaves unordered are a data race (FastTrack: Flanagan and Freund, PLDI 2009,
 *   extended by keeping every reader). */
#include "probe.h"

#define B(mode) (1ull << M_##mode)
#define LOCKS   (B(LOCK) | B(RLOCK) | B(TRY) | B(UNLOCK) | B(RUNLOCK) | B(SETUP))
#define SEMS    (B(SWAIT) | B(SWAITLAST) | B(STRY) | B(SPOST) | B(SETUP))
#define QUEUES  (B(QPUT) | B(QGET) | B(QPICK) | B(QLOOK))

const uint64_t depends[M_COUNT] = {
#define MODE(id, depends, reverses, covers) [M_##id] = depends,
#include "depend.def"
#undef MODE
};
const uint64_t reverses[M_COUNT] = {
#define MODE(id, depends, reverses, covers) [M_##id] = reverses,
#include "depend.def"
#undef MODE
};
const uint64_t covers[M_COUNT] = {
#define MODE(id, depends, reverses, covers) [M_##id] = covers,
#include "depend.def"
#undef MODE
};

#define MEMORY_LAST M_AWRITE
#define RANGE_LIMIT 65536u /* bytes of one copy that are looked at */

static uint32_t *clock_of(uint32_t depth)
{
    return CLOCKS + (uint64_t)(depth - 1) * S->stride;
}

uint32_t *order_clock(uint32_t depth)
{
    return clock_of(depth);
}

static void join_depth(uint32_t *clock, uint32_t depth)
{
    const uint32_t *other = clock_of(depth);
    for (unsigned i = 0; i < S->ntasks; i++)
        if (other[i] > clock[i])
            clock[i] = other[i];
}

/* ---- finding the frontier of a place ---- */
static struct cell *cell_new(uint64_t granule, unsigned mask, struct cell **link)
{
    if (S->ncells >= CELLS) {
        A->overflow = 1;
        return &S->cells[0];
    }
    struct cell *c = &S->cells[S->ncells++];
    c->granule = granule;
    c->f.mask = (uint8_t)mask;
    *link = c;
    return c;
}

static struct cell *cell_find(uint64_t granule, unsigned mask)
{
    /* neighbours stay neighbours: a program's few places lie in few pages of the table */
    uint32_t i = (uint32_t)(granule >> 3 ^ (granule >> 24) * 0x9e3779b1u) & (CELL_TABLE - 1);
    for (;; i = (i + 1) & (CELL_TABLE - 1)) {
        struct cell *c = S->cell_table[i];
        if (LIKELY(c && c->granule == granule))
            return S->last_cell = c;
        if (!c)
            return S->last_cell = cell_new(granule, mask, &S->cell_table[i]);
    }
}

/* The first cell of a granule of 8 bytes; made when it is not there. */
static inline struct cell *cell_first(uint64_t granule, unsigned mask)
{
    if (LIKELY(S->last_cell->granule == granule)) /* one step asks several times */
        return S->last_cell;
    return cell_find(granule, mask);
}

static inline void frontier_begin(struct frontier *f)
{
    if (f->stamp == S->stamp)
        return;
    f->stamp = S->stamp;
    f->n = 0;
    f->freed = 0;
}

static inline struct touch *touches(struct frontier *f)
{
    return f->more ? f->more : f->in;
}

static void frontier_grow(struct frontier *f)
{
    unsigned cap = f->cap ? f->cap * 2u : 8u;
    uint64_t bytes = cap * sizeof(struct touch);
    if (S->pool_next + bytes > POOL_END)
        probe_panic("out of memory for the search");
    struct touch *more = (struct touch *)S->pool_next;
    S->pool_next += bytes;
    memcpy(more, touches(f), f->n * sizeof *more);
    f->more = more;
    f->cap = (uint16_t)cap;
}

static inline void frontier_add(struct frontier *f, struct touch t)
{
    if (UNLIKELY(f->n >= TOUCH_INLINE) && f->n == (f->more ? f->cap : TOUCH_INLINE))
        frontier_grow(f);
    touches(f)[f->n++] = t;
}

/* ---- one operation ---- */
struct account {
    struct task *t;
    unsigned id;
    uint32_t *clock;        /* of this step, being computed; NULL when no order is kept */
    const uint32_t *before; /* for what may block: the clock without what its operation reaches */
    uint32_t races[64];     /* depths to reverse */
    unsigned nraces;
    unsigned n;
    struct frontier *at[REACH_MAX]; /* of each of n places it reaches, where there is only one */
};

static void note_data_race(const struct touch *p, uint64_t addr)
{
    if (S->nraces >= 4)
        return;
    S->races[S->nraces].addr = addr;
    S->races[S->nraces].other = p->task;
    S->races[S->nraces].other_depth = p->depth;
    S->races[S->nraces].other_pc = p->pc;
    S->nraces++;
}

static inline bool is_data_race(const struct task *t, const struct touch *p, unsigned mode)
{
    if (mode > MEMORY_LAST || p->mode > MEMORY_LAST || p->clock <= t->vc[p->task])
        return false;
    bool both_atomic = mode >= M_AREAD && p->mode >= M_AREAD;
    return !both_atomic;
}

/* Latest first: what this operation races with, and the clocks it takes over. */
static inline void look_back(struct account *a, struct frontier *f, const struct reach *r,
                             uint64_t addr)
{
    uint64_t dep = depends[r->mode], rev = reverses[r->mode];
    if (UNLIKELY(S->section_task)) /* to come too early is no waiting in there, but a mistake */
        rev = dep;
    struct touch *p = touches(f);
    for (unsigned i = f->n; i-- > 0;) {
        if (p[i].task == a->id || !(dep >> p[i].mode & 1))
            continue;
        if (is_data_race(a->t, &p[i], r->mode))
            note_data_race(&p[i], addr);
        if (!a->clock || !(rev >> p[i].mode & 1))
            continue;
        if ((a->before ? a->before : a->clock)[p[i].task] < p[i].depth) {
            if (a->nraces < 64)
                a->races[a->nraces++] = p[i].depth;
            join_depth(a->clock, p[i].depth);
        }
    }
}

/* Operations that only order: an unlock before a lock. */
static void look_back_order(struct account *a, struct frontier *f, const struct reach *r)
{
    uint64_t only = depends[r->mode] & ~reverses[r->mode];
    if (!only)
        return;
    struct touch *p = touches(f);
    for (unsigned i = f->n; i-- > 0;)
        if ((only >> p[i].mode & 1) && a->clock[p[i].task] < p[i].depth)
            join_depth(a->clock, p[i].depth);
}

/* What this operation covers of its own task's: also an earlier one of its kind, but for those of
 * which each counts. */
static inline uint64_t covers_own(unsigned mode)
{
    const uint64_t each = B(RLOCK) | B(QPICK) | B(FD);
    return covers[mode] | (1ull << mode & ~each);
}

static inline void leave_touch(const struct task *t, unsigned id, struct frontier *f,
                               const struct reach *r, uint64_t pc)
{
    uint64_t others = covers[r->mode], own = covers_own(r->mode);
    struct touch *p = touches(f);
    unsigned k = 0;
    for (unsigned i = 0; i < f->n; i++) {
        if ((p[i].task == id ? own : others) >> p[i].mode & 1)
            continue;
        if (k != i)
            p[k] = p[i];
        k++;
    }
    f->n = (uint16_t)k;
    frontier_add(f, (struct touch){S->depth, t->vc[id], pc, (uint16_t)id, r->mode});
}

/* ---- walking over what an operation reaches ---- */
enum pass { PASS_BACK, PASS_ORDER, PASS_LEAVE };

static inline void visit(struct account *a, enum pass pass, struct frontier *f,
                         const struct reach *r, uint64_t addr, uint64_t pc)
{
    if (pass == PASS_BACK)
        look_back(a, f, r, addr);
    else if (pass == PASS_ORDER)
        look_back_order(a, f, r);
    else
        leave_touch(a->t, a->id, f, r, pc);
}

/* The bytes of its granule that an access of a few bytes reaches. */
static inline unsigned few_bytes(const struct reach *r)
{
    return ((1u << r->len) - 1) << (r->addr & 7);
}

/* Which bytes of the granule at g an operation reaches. */
static unsigned granule_mask(const struct reach *r, uint64_t g, unsigned *from)
{
    uint64_t end = r->addr + r->len;
    unsigned to = end - g < 8 ? (unsigned)(end - g) : 8;
    *from = g < r->addr ? (unsigned)(r->addr - g) : 0;
    return (0xffu << *from) & (0xffu >> (8 - to));
}

/* Memory: granule by granule; in each the cells whose bytes overlap, and the one with just these.
 */
static void visit_memory(struct account *a, enum pass pass, const struct reach *r, uint64_t pc)
{
    uint64_t end = r->addr + (r->len < RANGE_LIMIT ? r->len : RANGE_LIMIT);
    for (uint64_t g = r->addr & ~7ull; g < end; g += 8) {
        unsigned from, mask = granule_mask(r, g, &from);
        struct cell *c = cell_first(g, mask), *exact = NULL;
        struct cell **link = NULL;
        for (; c; link = &c->next, c = c->next) {
            if (c->f.mask == mask)
                exact = c;
            if ((c->f.mask & mask) && pass != PASS_LEAVE)
                frontier_begin(&c->f), visit(a, pass, &c->f, r, g + from, pc);
        }
        if (pass != PASS_LEAVE)
            continue;
        if (!exact)
            exact = cell_new(g, mask, link);
        frontier_begin(&exact->f);
        visit(a, pass, &exact->f, r, g + from, pc);
    }
}

static struct frontier *object_frontier(const struct reach *r)
{
    struct object *o = object_known(r->addr);
    if (!o)
        o = object_at(r->addr, r->addr < 4096 ? C_PSEUDO : C_ATOMIC);
    return &o->f;
}

/* The one frontier that r is about: of an object, or of the only cell it overlaps, if that has just
 * its bytes; which is the common case. NULL: there are several. */
static inline struct frontier *only_frontier(const struct reach *r)
{
    if (!r->len)
        return object_frontier(r);
    if ((r->addr & 7) + r->len > 8)
        return NULL;
    unsigned mask = few_bytes(r);
    struct frontier *f = NULL;
    for (struct cell *c = cell_first(r->addr & ~7ull, mask); c; c = c->next) {
        if (!(c->f.mask & mask))
            continue;
        if (c->f.mask != mask)
            return NULL;
        f = &c->f;
    }
    return f;
}

/* Looked up once for all passes. A cell made for one place of an operation does not change what
 * is left in that of another. */
static inline void look_up(struct account *a, const struct op *op)
{
    a->n = op->nreach;
    for (unsigned i = 0; i < a->n; i++)
        if ((a->at[i] = only_frontier(&op->reach[i])))
            frontier_begin(a->at[i]);
}

static inline void visit_all(struct account *a, enum pass pass, const struct op *op)
{
    for (unsigned i = 0; i < a->n; i++) {
        const struct reach *r = &op->reach[i];
        if (LIKELY(a->at[i] != NULL))
            visit(a, pass, a->at[i], r, r->addr, op->pc);
        else
            visit_memory(a, pass, r, op->pc);
    }
}

static bool is_handle(uint64_t addr)
{
    return addr >= OBJ_HANDLE(0) && addr < OBJ_END(MAX_TASKS);
}

static inline uint32_t ordinal_of(struct frontier *f)
{
    if (f->ordinal_stamp != S->stamp) {
        f->ordinal_stamp = S->stamp;
        f->ordinal = ++S->ordinal;
    }
    return f->ordinal;
}

static uint32_t first_ordinal(const struct account *a, const struct op *op)
{
    const struct reach *r = &op->reach[0];
    if (!op->nreach || is_handle(r->addr))
        return 0;
    struct frontier *f = r->len ? &S->last_cell->f : a->at[0];
    if (r->len && UNLIKELY(S->last_cell->granule != (r->addr & ~7ull))) {
        unsigned from, mask = granule_mask(r, r->addr & ~7ull, &from);
        f = &cell_first(r->addr & ~7ull, mask)->f;
    }
    return ordinal_of(f);
}

/* Not by an initialiser: that would clear the races, too, at every step. */
static inline void account_begin(struct account *a, struct task *t, unsigned id, uint32_t *clock)
{
    a->t = t;
    a->id = id;
    a->clock = clock;
    a->before = NULL;
    a->nraces = 0;
}

/* Without a call where few tasks have clocks of 8 entries. */
static inline void clock_copy(uint32_t *to, const uint32_t *from)
{
    if (LIKELY(S->stride == 8))
        __builtin_memcpy(to, from, 8 * sizeof *to);
    else
        memcpy(to, from, S->stride * sizeof *to);
}

/* The clock of t's next step before anything its operation reaches is considered. */
static void clock_begin(uint32_t *clock, const struct task *t)
{
    if (t->last_depth)
        clock_copy(clock, clock_of(t->last_depth));
    else
        memset(clock, 0, S->stride * sizeof *clock);
    if (t->enable_depth)
        join_depth(clock, t->enable_depth);
}

static void reverse_all(struct account *a)
{
    for (unsigned i = 0; i < a->nraces; i++)
        search_reverse(a->races[i], a->id, a->clock);
}

/* An operation on one thing, when no order of schedules is kept: most steps are that. False: the
 * thing has several frontiers. */
static bool order_one(struct task *t, const struct op *op, uint32_t *ordinal)
{
    const struct reach *r = &op->reach[0];
    struct frontier *f = only_frontier(r);
    unsigned id = S->cur_id;
    if (UNLIKELY(!f))
        return false;
    frontier_begin(f);
    *ordinal = is_handle(r->addr) ? 0 : ordinal_of(r->len ? &S->last_cell->f : f);
    if (r->mode <= MEMORY_LAST && S->depth > S->prefix) {
        const struct touch *p = touches(f);
        for (unsigned i = f->n; i-- > 0;)
            if (p[i].task != id && (depends[r->mode] >> p[i].mode & 1) &&
                is_data_race(t, &p[i], r->mode))
                note_data_race(&p[i], r->addr);
    }
    leave_touch(t, id, f, r, op->pc);
    t->enable_depth = 0;
    return true;
}

uint32_t order_step(struct task *t, struct op *op)
{
    static uint32_t before[MAX_TASKS];
    uint32_t ordinal;
    bool keeps = S->ordered && S->depth > S->prefix;
    S->nraces = 0;
    if (!keeps && op->nreach == 1 && order_one(t, op, &ordinal))
        return ordinal;
    struct account a;
    account_begin(&a, t, S->cur_id, NULL);
    look_up(&a, op);
    ordinal = first_ordinal(&a, op);
    if (op->wait == WAIT_JOIN)
        t->enable_depth = S->tasks[op->other].end_depth;
    if (keeps) {
        a.clock = clock_of(S->depth);
        clock_begin(a.clock, t);
        if (op->wait) {
            clock_copy(before, a.clock);
            a.before = before;
        }
    }
    if (S->depth > S->prefix) /* what it races with there was told when it was made first */
        visit_all(&a, PASS_BACK, op);
    if (a.clock) {
        visit_all(&a, PASS_ORDER, op);
        a.clock[a.id] = S->depth;
        op_copy(&S->nodes[S->depth - 1].op, op);
        reverse_all(&a);
    }
    visit_all(&a, PASS_LEAVE, op);
    t->enable_depth = 0;
    return ordinal;
}

static bool find_freed(const struct op *op, uint64_t addr)
{
    const struct cell *c = cell_first(addr & ~7ull, 0xff);
    if (c->f.stamp != S->stamp || !c->f.freed)
        return false;
    find(FIND_MISUSE, addr, NO_TASK, 0, op->pc, c->f.freed_pc, "use after free");
    return true;
}

/* Stacks and blocks of the heap may be gone. */
static void find_gone(const struct op *op)
{
    for (unsigned i = 0; i < op->nreach; i++)
        if (UNLIKELY(stack_is(op->reach[i].addr))) {
            find_dead_stack(op);
            break;
        }
    for (unsigned i = 0; i < op->nreach && op->kind != EV_FREE; i++)
        if (op->reach[i].len && UNLIKELY(heap_is(place_address(op->reach[i].addr))) &&
            find_freed(op, op->reach[i].addr))
            return;
}

void order_findings(const struct op *op)
{
    for (unsigned i = 0; i < S->nraces; i++)
        find(FIND_DATA_RACE, S->races[i].addr, S->races[i].other, S->races[i].other_depth, op->pc,
             S->races[i].other_pc, "");
    for (unsigned i = 0; i < op->nreach; i++)
        if (UNLIKELY(may_be_gone(op->reach[i].addr))) {
            find_gone(op);
            return;
        }
}

void order_pending(struct task *t)
{
    static uint32_t clock[MAX_TASKS];
    struct account a;
    account_begin(&a, t, task_id(t), clock);
    if (S->depth == 0 || !t->last_depth)
        return;
    clock_begin(clock, t);
    static uint32_t before[MAX_TASKS];
    clock_copy(before, clock);
    a.before = before;
    uint32_t clocks[MAX_TASKS];
    memcpy(clocks, t->vc, S->ntasks * sizeof *clocks);
    memset(t->vc, 0xff, S->ntasks * sizeof *t->vc); /* no data races here: it never happens */
    look_up(&a, &t->op);
    visit_all(&a, PASS_BACK, &t->op);
    memcpy(t->vc, clocks, S->ntasks * sizeof *clocks);
    visit_all(&a, PASS_ORDER, &t->op);
    clock[a.id] = S->depth + 1;
    reverse_all(&a);
}

/* What the running task's step did to this object turned out to be another mode. */
void order_amend(struct frontier *f, unsigned mode)
{
    if (f->stamp != S->stamp)
        return;
    struct touch *p = touches(f);
    for (unsigned i = f->n; i-- > 0;)
        if (p[i].depth == S->depth && p[i].task == S->cur_id)
            p[i].mode = (uint8_t)mode;
}

static bool reaches_conflict(const struct reach *a, const struct reach *b)
{
    if (!(depends[a->mode] >> b->mode & 1))
        return false;
    if (a->len && b->len)
        return a->addr < b->addr + b->len && b->addr < a->addr + a->len;
    return !a->len && !b->len && a->addr == b->addr;
}

/* Whether an adverse event may happen depends on there being somebody who can go on without it. */
static bool is_adverse(const struct op *op)
{
    for (unsigned i = 0; i < op->nreach; i++)
        if (op->reach[i].addr == OBJ_ADVERSITY && !op->reach[i].len)
            return true;
    return false;
}

bool op_independent(const struct op *a, const struct op *b)
{
    if (UNLIKELY(A->adversity) && (is_adverse(a) || is_adverse(b)))
        return false;
    for (unsigned i = 0; i < a->nreach; i++)
        for (unsigned j = 0; j < b->nreach; j++)
            if (reaches_conflict(&a->reach[i], &b->reach[j]))
                return false;
    return true;
}

static void mark_freed(uint64_t addr, uint64_t size, bool freed, uint64_t pc)
{
    uint64_t end = addr + (size < RANGE_LIMIT ? size : RANGE_LIMIT);
    for (uint64_t g = addr & ~7ull; g < end; g += 8) {
        struct frontier *f = &cell_first(g, 0xff)->f;
        frontier_begin(f);
        f->freed = freed;
        f->freed_pc = pc;
    }
}

void order_freed(uint64_t addr, uint64_t size, uint64_t pc)
{
    mark_freed(addr, size, true, pc);
}

void order_alloc(uint64_t addr, uint64_t size)
{
    mark_freed(addr, size, false, 0);
}

/* ---- synchronisation ---- */
void vc_join(uint32_t *to, const uint32_t *from)
{
    for (unsigned i = 0; i < S->ntasks; i++)
        if (from[i] > to[i])
            to[i] = from[i];
}

static void object_vc(struct object *o)
{
    for (unsigned i = o->nvc; i < S->ntasks; i++)
        o->vc[i] = 0;
    if (o->nvc < S->ntasks)
        o->nvc = S->ntasks;
}

/* A new epoch of the running task: what it does from now on is not covered by what it gave away. */
void sync_tick(void)
{
    S->cur->vc[S->cur_id]++;
}

/* The running task sees all that was given away through o. */
void sync_acquire(struct object *o)
{
    object_vc(o);
    vc_join(S->cur->vc, o->vc);
}

/* What readers gave: only a writer takes it over, for readers do not order each other. */
void sync_acquire_read(struct object *o)
{
    for (unsigned i = 0; i < o->nread_vc; i++)
        if (o->read_vc[i] > S->cur->vc[i])
            S->cur->vc[i] = o->read_vc[i];
}

void sync_release_read(struct object *o)
{
    for (unsigned i = o->nread_vc; i < S->ntasks; i++)
        o->read_vc[i] = 0;
    o->nread_vc = S->ntasks;
    vc_join(o->read_vc, S->cur->vc);
    sync_tick();
}

/* o now carries all that the running task has seen, in place of what it carried. */
void sync_release(struct object *o)
{
    object_vc(o);
    memcpy(o->vc, S->cur->vc, S->ntasks * sizeof *o->vc);
    sync_tick();
}

/* o carries it besides what it carried. */
void sync_release_join(struct object *o)
{
    object_vc(o);
    vc_join(o->vc, S->cur->vc);
    sync_tick();
}

void sync_give(struct object *o, const struct task *t)
{
    object_vc(o);
    vc_join(o->vc, t->vc);
}
