/* Happens-before: what each kind of event tells whom, and two walks over it, forward from a step to
 * see who hears of it, and backward from one to see of what it has heard. */
#include "happens_before.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "world_fold.h"

enum {
    ACQUIRE = 1,    /* learns from addr */
    RELEASE = 2,    /* tells addr */
    REPLACE = 4,    /* addr knows from now on just what this task knows */
    ACQUIRE2 = 8,   /* learns from addr2 */
    RELEASE2 = 16,  /* tells addr2 */
    IF_TAKEN = 32,  /* only when the call succeeded */
    IF_RESULT = 64, /* RELEASE only when result != 0 (compare-and-swap) */
    READERS = 128,  /* a write lock: learns from the readers, too */
};

static const uint8_t rules[EV_COUNT] = {
    [EV_ATOMIC_LOAD] = ACQUIRE,
    [EV_ATOMIC_STORE] = REPLACE,
    [EV_ATOMIC_RMW] = ACQUIRE | RELEASE,
    [EV_ATOMIC_CAS] = ACQUIRE | RELEASE | IF_RESULT,
    [EV_LOCK] = ACQUIRE | IF_TAKEN,
    [EV_TRYLOCK] = ACQUIRE | IF_TAKEN,
    [EV_TIMEDLOCK] = ACQUIRE | IF_TAKEN,
    [EV_UNLOCK] = RELEASE | IF_TAKEN,
    [EV_SPIN_LOCK] = ACQUIRE | IF_TAKEN,
    [EV_SPIN_TRYLOCK] = ACQUIRE | IF_TAKEN,
    [EV_SPIN_UNLOCK] = RELEASE | IF_TAKEN,
    [EV_COND_WAIT] = RELEASE2,
    [EV_COND_RELOCK] = ACQUIRE2,
    [EV_SEM_POST] = RELEASE | IF_TAKEN,
    [EV_SEM_WAIT] = ACQUIRE | IF_TAKEN,
    [EV_SEM_TRYWAIT] = ACQUIRE | IF_TAKEN,
    [EV_SEM_TIMEDWAIT] = ACQUIRE | IF_TAKEN,
    [EV_RDLOCK] = ACQUIRE | IF_TAKEN,
    [EV_TRYRDLOCK] = ACQUIRE | IF_TAKEN,
    [EV_TIMEDRDLOCK] = ACQUIRE | IF_TAKEN,
    [EV_WRLOCK] = ACQUIRE | READERS | IF_TAKEN,
    [EV_TRYWRLOCK] = ACQUIRE | READERS | IF_TAKEN,
    [EV_TIMEDWRLOCK] = ACQUIRE | READERS | IF_TAKEN,
    [EV_ONCE_END] = RELEASE,
    [EV_FD_WRITE] = RELEASE | IF_TAKEN,
    [EV_FD_READ] = ACQUIRE | IF_TAKEN,
    [EV_FD_CLOSE] = RELEASE | IF_TAKEN, /* who reads the end has seen it */
    [EV_MQ_SEND] = RELEASE | IF_TAKEN,
    [EV_MQ_RECEIVE] = ACQUIRE | IF_TAKEN,
};

/* Objects with two sides (readers of a lock, the round of a barrier just completed) use the odd
 * address beside theirs: sync objects are aligned. */
static uint64_t second_side(uint64_t addr)
{
    return addr ^ 1;
}

/* -------- what an event tells whom -------- */

enum effect_kind {
    LEARN,     /* task learns what `key` knows */
    TELL,      /* task tells key */
    TELL_READ, /* likewise, as a reader or as a writer: see tells_readers */
    SET,       /* key knows from now on just what task knows */
    PASS,      /* task tells another */
    PASS_ALL,  /* all tasks of the process of `task` tell another */
    MOVE       /* key tells key2 */
};

struct effect {
    enum effect_kind kind;
    unsigned task, other;
    uint64_t key, key2; /* of a PASS: the step at which it was told, 0: the last one of the task */
};

struct effects {
    struct effect list[6]; /* in the order in which they happen */
    int n;
};

static void add(struct effects *x, enum effect_kind kind, unsigned task, uint64_t key)
{
    x->list[x->n++] = (struct effect){kind, task, NO_TASK, key, 0};
}

static void pass(struct effects *x, enum effect_kind kind, unsigned from, unsigned to)
{
    if (from < MAX_TASKS && to < MAX_TASKS)
        x->list[x->n++] = (struct effect){kind, from, to, 0, 0};
}

static void by_rule(struct effects *x, const struct event *e, unsigned rule)
{
    if ((rule & IF_TAKEN) && e->result != 0 && e->result != EOWNERDEAD)
        return;
    if (rule & ACQUIRE)
        add(x, LEARN, e->task, e->addr);
    if (rule & READERS)
        add(x, LEARN, e->task, second_side(e->addr));
    if (rule & ACQUIRE2)
        add(x, LEARN, e->task, e->addr2);
    if (rule & REPLACE)
        add(x, SET, e->task, e->addr);
    if ((rule & RELEASE) && !((rule & IF_RESULT) && e->result == 0))
        add(x, TELL, e->task, e->addr);
    if (rule & RELEASE2)
        add(x, TELL, e->task, e->addr2);
}

/* All that arrived before the barrier was full happens before all that leave it. */
static void by_barrier(struct effects *x, const struct event *e)
{
    if (e->kind == EV_BARRIER_LEAVE) {
        add(x, LEARN, e->task, second_side(e->addr));
        return;
    }
    add(x, TELL, e->task, e->addr);
    if (e->a == e->b)
        x->list[x->n++] = (struct effect){MOVE, e->task, NO_TASK, e->addr, second_side(e->addr)};
}

/* All that the tasks of a process did happens before the wait that tells of its end. */
static void by_wait(struct effects *x, const struct event *e)
{
    if (e->result != 0 || e->b == 0)
        return;
    if ((e->size & 0xff) == 0x7f || e->size == 0xffff) /* stopped, continued: not ended */
        return;
    pass(x, PASS_ALL, e->other, e->task);
}

static void effects_of(const struct event *e, struct effects *x)
{
    x->n = 0;
    switch (e->kind) {
    case EV_CREATE:
    case EV_FORK:
    case EV_WAKE:
    case EV_CANCEL:
        pass(x, PASS, e->task, e->other);
        break;
    case EV_JOIN:
        if (e->result == 0)
            pass(x, PASS, e->other, e->task);
        if (x->n)
            x->list[0].key = e->ref; /* the step of its end */
        break;
    case EV_SIGNAL:
        pass(x, PASS, e->other, e->task);
        break;
    case EV_WAIT:
        by_wait(x, e);
        break;
    case EV_BARRIER_ARRIVE:
    case EV_BARRIER_LEAVE:
        by_barrier(x, e);
        break;
    case EV_RWUNLOCK:
        if (e->result == 0)
            add(x, TELL_READ, e->task, e->addr);
        break;
    case EV_ONCE_BEGIN:
        if (e->a == 0)
            add(x, LEARN, e->task, e->addr);
        break;
    default:
        if (rules[e->kind])
            by_rule(x, e, rules[e->kind]);
    }
}

/* Whether the lock given back by the unlock at `e` was taken for reading: then only those learn
 * from it who take it for writing. */
static int tells_readers(const struct trace *t, const struct event *e)
{
    for (const struct event *k = e; k-- > t->events;) {
        if (k->task != e->task || k->addr != e->addr || k->result != 0)
            continue;
        if (k->kind == EV_RDLOCK || k->kind == EV_TRYRDLOCK || k->kind == EV_TIMEDRDLOCK)
            return 1;
        if (k->kind == EV_WRLOCK || k->kind == EV_TRYWRLOCK || k->kind == EV_TIMEDWRLOCK)
            return 0;
    }
    return 0;
}

/* -------- notes on objects -------- */

struct note {
    uint8_t set;
    uint16_t task; /* who told it (forward), who learned from it (backward) … */
    uint32_t step; /* … and when */
};

struct notes_by_key {
    struct addr_index keys;
    struct note *list;
    uint32_t cap;
};

static struct note *note_of(struct notes_by_key *n, uint64_t key)
{
    uint32_t number = addr_index_add(&n->keys, key);
    if (number >= n->cap) {
        uint32_t cap = n->cap ? 2 * n->cap : 16;
        n->list = xrealloc(n->list, cap, sizeof *n->list);
        memset(n->list + n->cap, 0, (cap - n->cap) * sizeof *n->list);
        n->cap = cap;
    }
    return &n->list[number];
}

static void move(struct notes_by_key *n, uint64_t from, uint64_t to)
{
    struct note note = *note_of(n, from);
    if (note.set)
        *note_of(n, to) = note;
}

static void notes_fini(struct notes_by_key *n)
{
    addr_index_fini(&n->keys);
    free(n->list);
}

/* -------- forward: who hears of a step -------- */

struct heard {
    const struct trace *t;
    uint8_t knows[MAX_TASKS];
    struct order_link how[MAX_TASKS];
    struct notes_by_key objects;
};

static void hear(struct heard *h, unsigned task, struct order_link how)
{
    if (h->knows[task])
        return;
    h->knows[task] = 1;
    how.learner = (uint16_t)task;
    h->how[task] = how;
}

static void tell(struct heard *h, unsigned task, uint64_t key, uint32_t step)
{
    struct note *n;
    if (!h->knows[task])
        return;
    n = note_of(&h->objects, key);
    if (!n->set)
        *n = (struct note){1, (uint16_t)task, step};
}

static void learn(struct heard *h, const struct effect *x, uint32_t step)
{
    const struct note *n = note_of(&h->objects, x->key);
    if (n->set)
        hear(h, x->task,
             (struct order_link){.from = n->step, .to = step, .teller = n->task, .addr = x->key});
}

static void set(struct heard *h, const struct effect *x, uint32_t step)
{
    *note_of(&h->objects, x->key) = (struct note){h->knows[x->task], (uint16_t)x->task, step};
}

/* The last step of `task` up to `step`. */
static uint32_t last_step(const struct trace *t, unsigned task, uint32_t step)
{
    for (; step >= 1; step--)
        if (trace_step(t, step)->task == task)
            return step;
    return 0;
}

static void hear_from(struct heard *h, unsigned from, unsigned to, uint32_t told, uint32_t step)
{
    if (h->knows[from] && !h->knows[to])
        hear(h, to,
             (struct order_link){.from = told ? told : last_step(h->t, from, step),
                                 .to = step,
                                 .teller = (uint16_t)from});
}

static void hear_from_all(struct heard *h, const struct effect *x, uint32_t step)
{
    for (unsigned task = 0; task < MAX_TASKS; task++)
        if (trace_process(h->t, task) == trace_process(h->t, x->task))
            hear_from(h, task, x->other, 0, step);
}

static void follow(struct heard *h, const struct event *e)
{
    struct effects x;
    effects_of(e, &x);
    for (int i = 0; i < x.n; i++) {
        const struct effect *f = &x.list[i];
        switch (f->kind) {
        case LEARN:
            learn(h, f, e->step);
            break;
        case TELL:
            tell(h, f->task, f->key, e->step);
            break;
        case TELL_READ:
            if (h->knows[f->task])
                tell(h, f->task, tells_readers(h->t, e) ? second_side(f->key) : f->key, e->step);
            break;
        case SET:
            set(h, f, e->step);
            break;
        case PASS:
            hear_from(h, f->task, f->other, (uint32_t)f->key, e->step);
            break;
        case PASS_ALL:
            hear_from_all(h, f, e->step);
            break;
        case MOVE:
            move(&h->objects, f->key, f->key2);
            break;
        }
    }
}

/* The links from the first's task to `task`, the last one first. */
static unsigned collect(const struct heard *h, unsigned origin, unsigned task,
                        struct order_link *out, unsigned max)
{
    unsigned n = 0;
    for (unsigned at = task; at != origin && n < MAX_TASKS; at = h->how[at].teller, n++)
        ;
    unsigned i = n;
    for (unsigned at = task; i-- > 0; at = h->how[at].teller)
        if (i < max) {
            out[i] = h->how[at];
            out[i].addr &= ~1ull;
        }
    return n;
}

unsigned order_chain(const struct trace *t, uint32_t first, uint32_t second, struct order_link *out,
                     unsigned max, int *ordered)
{
    const struct event *from = trace_step(t, first), *to = trace_step(t, second);
    unsigned n = 0;
    *ordered = 0;
    if (!from || !to || first >= second)
        return 0;
    struct heard *h = xcalloc(1, sizeof *h);
    h->t = t;
    h->knows[from->task] = 1;
    for (const struct event *e = from; e < to && !h->knows[to->task]; e++)
        follow(h, e);
    *ordered = h->knows[to->task];
    if (*ordered)
        n = collect(h, from->task, to->task, out, max);
    notes_fini(&h->objects);
    free(h);
    return n;
}

int order_before(const struct trace *t, uint32_t first, uint32_t second)
{
    int ordered;
    order_chain(t, first, second, NULL, 0, &ordered);
    return ordered;
}

/* -------- backward: of what a step has heard -------- */

struct asked {
    const struct trace *t;
    unsigned task; /* of whom it asks */
    uint8_t wanted[MAX_TASKS];
    struct notes_by_key objects; /* set: what it knew is wanted, by `task` at `step` */
    uint32_t found;
    struct order_link how;
};

static void want_task(struct asked *a, unsigned task, uint32_t step, struct order_link how)
{
    a->wanted[task] = 1;
    if (task != a->task || a->found)
        return;
    a->found = last_step(a->t, task, step);
    a->how = how;
    a->how.from = a->found;
    a->how.teller = (uint16_t)task;
}

static void want_teller(struct asked *a, unsigned task, uint64_t key, uint32_t step)
{
    const struct note *n = note_of(&a->objects, key);
    if (n->set)
        want_task(a, task, step,
                  (struct order_link){.to = n->step, .learner = n->task, .addr = key & ~1ull});
}

static void want_from(struct asked *a, unsigned from, unsigned to, uint32_t told, uint32_t step)
{
    if (a->wanted[to])
        want_task(a, from, told ? told : step,
                  (struct order_link){.to = step, .learner = (uint16_t)to});
}

static void want_readers(struct asked *a, const struct effect *x, const struct event *e)
{
    uint64_t key = x->key;
    if (!note_of(&a->objects, key)->set && !note_of(&a->objects, second_side(key))->set)
        return;
    want_teller(a, x->task, tells_readers(a->t, e) ? second_side(key) : key, e->step);
}

static void want_all(struct asked *a, const struct effect *x, uint32_t step)
{
    for (unsigned task = 0; task < MAX_TASKS; task++)
        if (trace_process(a->t, task) == trace_process(a->t, x->task))
            want_from(a, task, x->other, 0, step);
}

static void ask_back(struct asked *a, const struct event *e)
{
    struct effects x;
    effects_of(e, &x);
    for (int i = x.n; i-- > 0;) {
        const struct effect *f = &x.list[i];
        switch (f->kind) {
        case LEARN:
            if (a->wanted[f->task])
                *note_of(&a->objects, f->key) = (struct note){1, (uint16_t)f->task, e->step};
            break;
        case TELL:
            want_teller(a, f->task, f->key, e->step);
            break;
        case TELL_READ:
            want_readers(a, f, e);
            break;
        case SET:
            want_teller(a, f->task, f->key, e->step);
            note_of(&a->objects, f->key)->set = 0;
            break;
        case PASS:
            want_from(a, f->task, f->other, (uint32_t)f->key, e->step);
            break;
        case PASS_ALL:
            want_all(a, f, e->step);
            break;
        case MOVE:
            move(&a->objects, f->key2, f->key);
            break;
        }
    }
}

uint32_t order_heard(const struct trace *t, unsigned task, uint32_t second, uint32_t from,
                     struct order_link *how)
{
    const struct event *to = trace_step(t, second);
    if (!to || task >= MAX_TASKS)
        return 0;
    struct asked *a = xcalloc(1, sizeof *a);
    a->t = t;
    a->task = task;
    a->wanted[to->task] = 1;
    const struct event *oldest = t->events + t->step_start[from < second ? from : second];
    for (const struct event *e = to; e-- > oldest && !a->found;)
        ask_back(a, e);
    uint32_t found = a->found;
    *how = a->how;
    notes_fini(&a->objects);
    free(a);
    return found;
}

int order_gives(const struct event *e, unsigned task)
{
    struct effects x;
    effects_of(e, &x);
    for (int i = 0; i < x.n; i++)
        if (x.list[i].kind != LEARN && x.list[i].kind != MOVE && x.list[i].task == task)
            return 1;
    return 0;
}
