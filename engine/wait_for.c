/* The graph of waits; its words are in wait_for_words.c. */
#include "wait_for.h"

#include <string.h>

/* -------- sets of tasks -------- */

static void add(uint64_t *set, unsigned task)
{
    set[task / 64] |= 1ull << task % 64;
}

static int has(const uint64_t *set, unsigned task)
{
    return (int)(set[task / 64] >> task % 64 & 1);
}

int wait_by(const struct wait_edge *e, unsigned task)
{
    return task < MAX_TASKS && has(e->by, task);
}

unsigned wait_nby(const struct wait_edge *e)
{
    unsigned n = 0;
    for (int i = 0; i < WAIT_WORDS; i++)
        n += (unsigned)__builtin_popcountll(e->by[i]);
    return n;
}

static unsigned lowest(const uint64_t *set)
{
    for (unsigned i = 0; i < WAIT_WORDS; i++)
        if (set[i])
            return i * 64 + (unsigned)__builtin_ctzll(set[i]);
    return NO_TASK;
}

/* -------- tasks -------- */

static int is_waiting(const struct world_task *k)
{
    return k->exists && (k->state == TASK_BLOCKED || k->state == TASK_DEADLOCKED ||
                         (k->state == TASK_STOPPED && k->blocked_reason == BLOCK_STOPPED));
}

static int is_alive(const struct world_task *k)
{
    return k->exists && k->state != TASK_ZOMBIE && k->state != TASK_DONE;
}

static int can_go(const struct world *w, const struct world_task *k)
{
    return !w->finished && is_alive(k) && !is_waiting(k);
}

static int is_reading(unsigned kind)
{
    return kind == EV_RDLOCK || kind == EV_TRYRDLOCK || kind == EV_TIMEDRDLOCK;
}

static int holds(const struct world_task *k, uint64_t addr)
{
    for (uint32_t i = 0; i < k->nheld; i++)
        if (k->held[i] == addr)
            return 1;
    return 0;
}

/* -------- who has to act -------- */

struct asking {
    const struct world *w;
    const struct world_task *k; /* who waits */
    unsigned task;
    struct wait_edge *e;
};

static void name_task(struct asking *a, unsigned task)
{
    if (task < a->w->ntasks && is_alive(&a->w->tasks[task]))
        add(a->e->by, task);
}

static void name_process(struct asking *a, uint64_t processes)
{
    for (unsigned i = 0; i < a->w->ntasks; i++)
        if (processes >> a->w->tasks[i].process & 1)
            name_task(a, i);
}

/* Nobody writes it: who reads it is in a writer's way; a reader stands back for writers. */
static void name_readers(struct asking *a)
{
    int reads = is_reading((unsigned)a->k->pending.a);
    for (unsigned i = 0; i < a->w->ntasks; i++) {
        const struct world_task *x = &a->w->tasks[i];
        if (reads ? i != a->task && is_waiting(x) && x->blocked_addr == a->k->blocked_addr &&
                        !is_reading((unsigned)x->pending.a)
                  : holds(x, a->k->blocked_addr))
            name_task(a, i);
    }
}

static void name_holder(struct asking *a)
{
    const struct world_object *o = world_object(a->w, a->k->blocked_addr);
    unsigned owner = o && o->owner != NO_TASK ? o->owner : a->k->blocked_by;
    a->e->need = NEED_EACH;
    if (o && o->class == OBJ_RWLOCK && o->owner == NO_TASK) {
        name_readers(a);
        return;
    }
    if (owner == NO_TASK)
        a->e->need = NEED_ANYBODY;
    else
        name_task(a, owner);
    if (o && o->owner == owner)
        a->e->held_since = o->owner_since;
}

static void name_joined(struct asking *a)
{
    a->e->need = NEED_EACH;
    if (a->k->blocked_by != NO_TASK) {
        name_task(a, a->k->blocked_by);
        return;
    }
    for (unsigned i = 0; i < a->w->ntasks; i++) /* the end of all others */
        if (i != a->task && a->w->tasks[i].process == a->k->process)
            name_task(a, i);
}

static void name_children(struct asking *a)
{
    int64_t pid = (int64_t)a->k->pending.addr;
    unsigned asked = pid > 0 ? world_process_of_pid(a->w, pid) : NO_PROCESS;
    uint64_t set = asked < MAX_PROCESSES ? 1ull << asked : 0;
    for (unsigned i = 0; i < a->w->nprocesses && pid <= 0; i++) {
        const struct world_process *p = &a->w->processes[i];
        if (p->exists && p->parent == a->k->process && !p->ended)
            set |= 1ull << i;
    }
    a->e->need = NEED_ONE;
    name_process(a, set);
}

/* One's own end of a pipe counts only when nobody else has one. */
static void name_other_end(struct asking *a)
{
    uint64_t set = world_ends(a->w, a->k->blocked_addr, a->k->blocked_reason == BLOCK_READ);
    uint64_t own = 1ull << a->k->process;
    a->e->need = set ? NEED_ONE : NEED_ANYBODY;
    name_process(a, set & ~own ? set & ~own : set);
}

static void name_all(struct asking *a)
{
    a->e->need = NEED_ANYBODY;
    for (unsigned i = 0; i < a->w->ntasks; i++)
        if (i != a->task && can_go(a->w, &a->w->tasks[i]))
            name_task(a, i);
}

static void ask(struct asking *a)
{
    static void (*const ways[])(struct asking *) = {
        [BLOCK_LOCK] = name_holder,     [BLOCK_JOIN] = name_joined,
        [BLOCK_ONCE] = name_holder,     [BLOCK_STREAM] = name_holder,
        [BLOCK_CHILD] = name_children,  [BLOCK_READ] = name_other_end,
        [BLOCK_WRITE] = name_other_end, [BLOCK_STOPPED] = name_all,
    };
    unsigned reason = a->k->blocked_reason;
    void (*way)(struct asking *) = reason < sizeof ways / sizeof *ways ? ways[reason] : NULL;
    if (way)
        way(a);
    if (!way || a->e->need == NEED_ANYBODY)
        name_all(a);
    a->e->next = (uint16_t)(a->e->need == NEED_ANYBODY ? NO_TASK : lowest(a->e->by));
}

/* -------- circles -------- */

struct search {
    const struct world *w;
    struct wait_edge edge[MAX_TASKS]; /* by task */
    uint8_t waits[MAX_TASKS];
    uint16_t circle[MAX_TASKS]; /* by task */
    uint64_t seen[WAIT_WORDS];
};

/* Does the wait of `task` need `other` to act, whatever else happens? */
static int needs(const struct search *s, unsigned task, unsigned other)
{
    const struct wait_edge *e = &s->edge[task];
    if (!has(e->by, other))
        return 0;
    return e->need == NEED_EACH || (e->need == NEED_ONE && wait_nby(e) == 1);
}

/* A way from `at` back to `goal`; on it each edge's `next` is set. */
static int leads_back(struct search *s, unsigned at, unsigned goal)
{
    if (!s->waits[at] || has(s->seen, at))
        return 0;
    add(s->seen, at);
    if (needs(s, at, goal)) {
        s->edge[at].next = (uint16_t)goal;
        return 1;
    }
    for (unsigned i = 0; i < s->w->ntasks; i++)
        if (needs(s, at, i) && leads_back(s, i, goal)) {
            s->edge[at].next = (uint16_t)i;
            return 1;
        }
    return 0;
}

/* Only these are over when somebody acts, and at no signal or cancellation. */
static int is_firm(const struct world_task *k)
{
    switch (k->blocked_reason) {
    case BLOCK_ONCE:
    case BLOCK_STREAM:
        return 1;
    case BLOCK_LOCK:
        switch (k->pending.a) {
        case EV_LOCK:
        case EV_SPIN_LOCK:
        case EV_RDLOCK:
        case EV_WRLOCK:
            return 1;
        default:
            return 0;
        }
    default:
        return 0;
    }
}

static int anybody_goes(const struct world *w)
{
    for (unsigned i = 0; i < w->ntasks; i++)
        if (can_go(w, &w->tasks[i]))
            return 1;
    return 0;
}

static void close_circle(struct search *s, struct wait_graph *g, unsigned begin)
{
    int firm = 1;
    unsigned task = begin;
    do {
        firm &= is_firm(&s->w->tasks[task]);
        s->circle[task] = (uint16_t)g->ncircles;
        task = s->edge[task].next;
    } while (task != begin);
    int closed = firm || !anybody_goes(s->w);
    do {
        s->edge[task].hope = closed ? HOPE_CIRCLE : HOPE_LOOSE;
        task = s->edge[task].next;
    } while (task != begin);
    g->ncircles++;
    g->nclosed += (unsigned)closed;
}

static void find_circles(struct search *s, struct wait_graph *g)
{
    for (unsigned i = 0; i < s->w->ntasks; i++) {
        if (!s->waits[i] || s->circle[i] != NO_TASK)
            continue;
        /* other circles are left as they are: their edges lead on within them */
        memset(s->seen, 0, sizeof s->seen);
        for (unsigned k = 0; k < s->w->ntasks; k++)
            if (s->circle[k] != NO_TASK)
                add(s->seen, k);
        if (leads_back(s, i, i))
            close_circle(s, g, i);
    }
}

/* -------- who can still hope -------- */

static int may_end(const struct search *s, const struct wait_edge *e, const uint8_t *good)
{
    int any = 0, all = 1;
    for (unsigned i = 0; i < s->w->ntasks; i++) {
        if (e->need != NEED_ANYBODY && !has(e->by, i))
            continue;
        if (i != e->task || e->need != NEED_ANYBODY) {
            any |= good[i];
            all &= good[i];
        }
    }
    return e->need == NEED_EACH ? all && lowest(e->by) != NO_TASK : any;
}

static void find_hopes(struct search *s)
{
    uint8_t good[MAX_TASKS] = {0};
    int more = 1;
    for (unsigned i = 0; i < s->w->ntasks; i++)
        good[i] = (uint8_t)can_go(s->w, &s->w->tasks[i]);
    while (more) {
        more = 0;
        for (unsigned i = 0; i < s->w->ntasks; i++)
            if (s->waits[i] && !good[i] && may_end(s, &s->edge[i], good))
                good[i] = 1, more = 1;
    }
    for (unsigned i = 0; i < s->w->ntasks; i++) {
        struct wait_edge *e = &s->edge[i];
        if (!s->waits[i] || s->circle[i] != NO_TASK)
            continue;
        int named = e->need != NEED_ANYBODY && lowest(e->by) != NO_TASK;
        e->hope = good[i] ? HOPE_SOME : named ? HOPE_BEHIND : HOPE_NOBODY;
    }
}

/* -------- in the order of the picture -------- */

static void place(const struct search *s, struct wait_graph *g, unsigned task)
{
    while (task != NO_TASK && s->waits[task] && g->edge_of[task] == NO_TASK) {
        g->edge_of[task] = (uint16_t)g->n;
        g->circle_of[g->n] = s->circle[task];
        g->edge[g->n++] = s->edge[task];
        task = s->edge[task].next;
    }
}

static int is_next_of_another(const struct search *s, unsigned task)
{
    for (unsigned i = 0; i < s->w->ntasks; i++)
        if (s->waits[i] && i != task && s->edge[i].next == task)
            return 1;
    return 0;
}

static void place_all(const struct search *s, struct wait_graph *g)
{
    unsigned n = s->w->ntasks;
    for (int hope = HOPE_CIRCLE; hope >= HOPE_LOOSE; hope--)
        for (unsigned i = 0; i < n; i++)
            if (s->waits[i] && s->edge[i].hope == hope)
                place(s, g, i);
    for (unsigned i = 0; i < n; i++) /* chains, each from its beginning */
        if (s->waits[i] && s->edge[i].next != NO_TASK && !is_next_of_another(s, i))
            place(s, g, i);
    for (unsigned i = 0; i < n; i++)
        if (s->waits[i])
            place(s, g, i);
}

void wait_for(struct wait_graph *g, const struct world *w)
{
    static struct search s; /* large, and never nested */
    g->step = w->step;
    g->n = g->ncircles = g->nclosed = 0;
    s.w = w;
    for (unsigned i = 0; i < w->ntasks; i++) {
        const struct world_task *k = &w->tasks[i];
        g->edge_of[i] = s.circle[i] = NO_TASK;
        s.waits[i] = (uint8_t)is_waiting(k);
        s.edge[i] = (struct wait_edge){.task = (uint16_t)i,
                                       .next = NO_TASK,
                                       .reason = (uint8_t)k->blocked_reason,
                                       .addr = k->blocked_addr,
                                       .since = k->blocked_since};
        if (s.waits[i])
            ask(&(struct asking){w, k, i, &s.edge[i]});
    }
    find_circles(&s, g);
    find_hopes(&s);
    place_all(&s, g);
}
