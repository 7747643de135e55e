/* The books of accesses; their words are in memory_log_words.c. */
#include "memory_log.h"

#include <stdlib.h>
#include <string.h>

#include "world_fold.h"

enum { MAX_HELD = 16 };

struct lock_set {
    uint32_t n;
    uint64_t addr[MAX_HELD]; /* rising */
};

struct memory_log {
    const struct trace *trace;
    uint32_t step; /* steps up to this one are in the books */
    size_t cuts;
    struct addr_index index;
    struct memory_place *places;
    uint32_t nplaces, cap_places;
    struct lock_set *sets; /* number 0 is the empty one */
    uint32_t nsets, cap_sets;
    uint32_t last_set[MAX_TASKS]; /* the set last seen of each task */
};

/* -------- sets of locks -------- */

static uint32_t add_set(struct memory_log *l, const struct lock_set *s)
{
    if (l->nsets == l->cap_sets) {
        l->cap_sets = l->cap_sets ? 2 * l->cap_sets : 16;
        l->sets = xrealloc(l->sets, l->cap_sets, sizeof *l->sets);
    }
    l->sets[l->nsets] = *s;
    return l->nsets++;
}

static int same_set(const struct lock_set *a, const struct lock_set *b)
{
    return a->n == b->n && memcmp(a->addr, b->addr, a->n * sizeof *a->addr) == 0;
}

static int by_address(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint32_t set_of(struct memory_log *l, const struct world_task *k, unsigned task)
{
    struct lock_set s = {.n = k->nheld < MAX_HELD ? k->nheld : MAX_HELD};
    if (!s.n)
        return 0;
    memcpy(s.addr, k->held, s.n * sizeof *s.addr);
    qsort(s.addr, s.n, sizeof *s.addr, by_address);
    if (same_set(&s, &l->sets[l->last_set[task]]))
        return l->last_set[task];
    uint32_t i = 0;
    while (i < l->nsets && !same_set(&s, &l->sets[i]))
        i++;
    return l->last_set[task] = i < l->nsets ? i : add_set(l, &s);
}

const uint64_t *memory_locks(const struct memory_log *l, uint32_t set, uint32_t *n)
{
    *n = l->sets[set].n;
    return l->sets[set].addr;
}

/* -------- accesses -------- */

static int is_access(unsigned kind)
{
    switch (kind) {
    case EV_READ:
    case EV_WRITE:
    case EV_COPY:
    case EV_ATOMIC_LOAD:
    case EV_ATOMIC_STORE:
    case EV_ATOMIC_RMW:
    case EV_ATOMIC_CAS:
        return 1;
    default:
        return 0;
    }
}

static int is_atomic(unsigned kind)
{
    return is_access(kind) && kind != EV_READ && kind != EV_WRITE && kind != EV_COPY;
}

int memory_is_write(const struct event *e, uint64_t addr)
{
    switch (e->kind) {
    case EV_WRITE:
    case EV_ATOMIC_STORE:
    case EV_ATOMIC_RMW:
        return 1;
    case EV_ATOMIC_CAS:
        return e->result == 1;
    case EV_COPY:
        return e->addr == addr;
    default:
        return 0;
    }
}

struct memory_log *memory_log_new(void)
{
    struct memory_log *l = xcalloc(1, sizeof *l);
    add_set(l, &(struct lock_set){0});
    return l;
}

void memory_log_free(struct memory_log *l)
{
    if (!l)
        return;
    for (uint32_t i = 0; i < l->cap_places; i++)
        free(l->places[i].list);
    free(l->places);
    free(l->sets);
    addr_index_fini(&l->index);
    free(l);
}

static struct memory_place *place_at(struct memory_log *l, uint64_t addr)
{
    uint32_t number = addr_index_add(&l->index, addr);
    if (number >= l->cap_places) {
        uint32_t cap = l->cap_places ? 2 * l->cap_places : 64;
        l->places = xrealloc(l->places, cap, sizeof *l->places);
        memset(l->places + l->cap_places, 0, (cap - l->cap_places) * sizeof *l->places);
        l->cap_places = cap;
    }
    if (number >= l->nplaces) {
        l->nplaces = number + 1;
        l->places[number].addr = addr;
        l->places[number].n = 0;
    }
    return &l->places[number];
}

static void note(struct memory_log *l, const struct event *e, uint64_t addr, uint32_t locks)
{
    struct memory_place *p = place_at(l, addr);
    if (p->n && p->list[p->n - 1].step == e->step)
        return;
    if (p->n == p->cap) {
        p->cap = p->cap ? 2 * p->cap : 4;
        p->list = xrealloc(p->list, p->cap, sizeof *p->list);
    }
    p->size = e->size;
    p->list[p->n++] = (struct memory_access){.step = e->step,
                                             .locks = locks,
                                             .task = e->task,
                                             .writes = (uint8_t)memory_is_write(e, addr),
                                             .atomic = (uint8_t)is_atomic(e->kind)};
}

/* What lies behind `step` is not true any more. */
static void forget(struct memory_log *l, uint32_t step)
{
    uint32_t kept = l->nplaces;
    for (uint32_t i = 0; i < l->nplaces; i++)
        l->places[i].n = memory_until(&l->places[i], step);
    while (kept && !l->places[kept - 1].n) /* first touched later than all that is left */
        kept--;
    l->nplaces = kept;
    addr_index_truncate(&l->index, kept);
    l->step = step;
}

static void see_cuts(struct memory_log *l, const struct trace *t)
{
    for (; l->cuts < t->ncuts; l->cuts++) {
        uint32_t step = l->step;
        while (step && (step > t->nsteps || t->step_start[step] >= t->cuts[l->cuts]))
            step--;
        forget(l, step);
    }
}

void memory_log_update(struct memory_log *l, struct world_view *v)
{
    const struct trace *t = world_view_trace(v);
    l->trace = t;
    see_cuts(l, t);
    for (uint32_t step = l->step + 1; step <= t->nsteps; step++) {
        const struct event *e = trace_step(t, step);
        if (!is_access(e->kind))
            continue;
        const struct world *w = world_at(v, step);
        uint32_t locks = e->task < w->ntasks ? set_of(l, &w->tasks[e->task], e->task) : 0;
        if (e->addr)
            note(l, e, e->addr, locks);
        if (e->kind == EV_COPY && e->addr2)
            note(l, e, e->addr2, locks);
    }
    l->step = t->nsteps;
}

uint32_t memory_places(const struct memory_log *l)
{
    return l->nplaces;
}

const struct memory_place *memory_place(const struct memory_log *l, uint32_t i)
{
    return &l->places[i];
}

uint32_t memory_until(const struct memory_place *p, uint32_t step)
{
    uint32_t low = 0, high = p->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (p->list[mid].step <= step)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* -------- the rule -------- */

/* Keep of the locks in common those of a set. */
static void keep_common(uint64_t *common, uint32_t *n, const struct lock_set *s, int first)
{
    uint32_t kept = 0;
    if (first) {
        memcpy(common, s->addr, s->n * sizeof *common);
        *n = s->n;
        return;
    }
    for (uint32_t i = 0; i < *n; i++)
        for (uint32_t k = 0; k < s->n; k++)
            if (common[i] == s->addr[k])
                common[kept++] = common[i];
    *n = kept;
}

static struct memory_toucher *toucher(struct memory_summary *s, unsigned task)
{
    unsigned n = s->ntouchers < MEMORY_TOUCHERS ? s->ntouchers : MEMORY_TOUCHERS;
    for (unsigned i = 0; i < n; i++)
        if (s->toucher[i].task == task)
            return &s->toucher[i];
    if (s->ntouchers++ >= MEMORY_TOUCHERS)
        return NULL;
    s->toucher[n] = (struct memory_toucher){.task = (uint16_t)task};
    return &s->toucher[n];
}

static void count(const struct memory_log *l, struct memory_summary *s,
                  const struct memory_access *a)
{
    const struct lock_set *set = &l->sets[a->locks];
    struct memory_toucher *k = toucher(s, a->task);
    uint32_t *last = a->writes ? &s->last_write : &s->last_read;
    *last = *last ? *last : a->step;
    keep_common(s->common, &s->ncommon, set, s->looked == 0);
    s->looked++;
    s->reads += !a->writes;
    s->writes += a->writes;
    s->bare += !set->n;
    if (!k)
        return;
    keep_common(k->common, &k->ncommon, set, k->reads + k->writes == 0);
    k->reads += !a->writes;
    k->writes += a->writes;
    k->bare += !set->n;
}

void memory_summarise(const struct memory_log *l, const struct memory_place *p, uint32_t step,
                      struct memory_summary *s)
{
    uint32_t n = memory_until(p, step), atomic = 0;
    memset(s, 0, sizeof *s);
    s->more = n > MEMORY_LOOKED;
    for (uint32_t i = n; i-- > 0 && n - i <= MEMORY_LOOKED;) {
        atomic += p->list[i].atomic;
        count(l, s, &p->list[i]);
    }
    s->rule = s->ntouchers <= 1      ? RULE_ONE_TASK
              : !s->writes           ? RULE_READ_ONLY
              : atomic == s->looked  ? RULE_ATOMIC
              : s->ncommon           ? RULE_LOCKED
              : !s->bare             ? RULE_DIFFERENT
              : s->bare == s->looked ? RULE_NEVER
                                     : RULE_SOMETIMES;
}
