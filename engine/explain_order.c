/* Happens-before between two steps.
 *
 * A vector clock per task and object would answer it for all pairs. One pair needs one component of
 * those clocks only, that of the first step: has this task (this object) heard of that step? It is
 * carried forward from the first step: a release tells the object, an acquire learns from it. */
#include "explain_order.h"

#include <errno.h>
#include <stdlib.h>

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

/* Who has heard of the first step. */
struct heard {
    const struct trace *t;
    uint8_t tasks[MAX_TASKS];
    struct addr_index objects; /* keys met so far … */
    uint8_t *told;             /* … and whether that object has heard; cap of them */
    uint32_t cap;
};

/* Objects with two sides (readers of a lock, the round of a barrier just completed) use the odd
 * address beside theirs: sync objects are aligned. */
static uint64_t second_side(uint64_t addr)
{
    return addr ^ 1;
}

static uint8_t *told(struct heard *h, uint64_t key)
{
    uint32_t number = addr_index_add(&h->objects, key);
    for (; h->cap <= number; h->cap++) {
        if ((h->cap & (h->cap - 1)) == 0)
            h->told = xrealloc(h->told, h->cap ? 2 * (size_t)h->cap : 1, 1);
        h->told[h->cap] = 0;
    }
    return &h->told[number];
}

static void acquire(struct heard *h, unsigned task, uint64_t key)
{
    if (*told(h, key))
        h->tasks[task] = 1;
}

static void release(struct heard *h, unsigned task, uint64_t key)
{
    if (h->tasks[task])
        *told(h, key) = 1;
}

static void follow_rule(struct heard *h, const struct event *e, unsigned rule)
{
    if ((rule & IF_TAKEN) && e->result != 0 && e->result != EOWNERDEAD)
        return;
    if (rule & ACQUIRE)
        acquire(h, e->task, e->addr);
    if (rule & READERS)
        acquire(h, e->task, second_side(e->addr));
    if (rule & ACQUIRE2)
        acquire(h, e->task, e->addr2);
    if (rule & REPLACE)
        *told(h, e->addr) = h->tasks[e->task];
    if ((rule & RELEASE) && !((rule & IF_RESULT) && e->result == 0))
        release(h, e->task, e->addr);
    if (rule & RELEASE2)
        release(h, e->task, e->addr2);
}

/* All that arrived before the barrier was full happens before all that leave it. */
static void follow_barrier(struct heard *h, const struct event *e)
{
    if (e->kind == EV_BARRIER_LEAVE) {
        acquire(h, e->task, second_side(e->addr));
        return;
    }
    release(h, e->task, e->addr);
    if (e->a == e->b && *told(h, e->addr))
        *told(h, second_side(e->addr)) = 1;
}

/* Whether the lock given back by the unlock at `e` was taken for reading. */
static int was_read_lock(const struct trace *t, const struct event *e)
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

static void follow_rwunlock(struct heard *h, const struct event *e)
{
    if (e->result != 0 || !h->tasks[e->task])
        return;
    release(h, e->task, was_read_lock(h->t, e) ? second_side(e->addr) : e->addr);
}

static void tell_task(struct heard *h, unsigned from, unsigned to)
{
    if (from < MAX_TASKS && to < MAX_TASKS && h->tasks[from])
        h->tasks[to] = 1;
}

/* All that the tasks of a process did happens before the wait that tells of its end. */
static void follow_wait(struct heard *h, const struct event *e)
{
    if (e->result != 0 || e->b == 0 || e->other >= MAX_TASKS)
        return;
    if ((e->size & 0xff) == 0x7f || e->size == 0xffff) /* stopped, continued: not ended */
        return;
    for (unsigned task = 0; task < MAX_TASKS; task++)
        if (trace_process(h->t, task) == trace_process(h->t, e->other))
            tell_task(h, task, e->task);
}

static void follow(struct heard *h, const struct event *e)
{
    switch (e->kind) {
    case EV_CREATE:
    case EV_FORK:
    case EV_WAKE:
    case EV_CANCEL:
        tell_task(h, e->task, e->other);
        break;
    case EV_JOIN:
        if (e->result == 0)
            tell_task(h, e->other, e->task);
        break;
    case EV_SIGNAL:
        tell_task(h, e->other, e->task);
        break;
    case EV_WAIT:
        follow_wait(h, e);
        break;
    case EV_BARRIER_ARRIVE:
    case EV_BARRIER_LEAVE:
        follow_barrier(h, e);
        break;
    case EV_RWUNLOCK:
        follow_rwunlock(h, e);
        break;
    case EV_ONCE_BEGIN:
        if (e->a == 0)
            acquire(h, e->task, e->addr);
        break;
    default:
        if (rules[e->kind])
            follow_rule(h, e, rules[e->kind]);
    }
}

int order_before(const struct trace *t, uint32_t first, uint32_t second)
{
    const struct event *from = trace_step(t, first), *to = trace_step(t, second);
    if (!from || !to || first >= second)
        return 0;
    struct heard h = {.t = t};
    h.tasks[from->task] = 1;
    for (const struct event *e = from; e < to && !h.tasks[to->task]; e++)
        follow(&h, e);
    int answer = h.tasks[to->task];
    addr_index_fini(&h.objects);
    free(h.told);
    return answer;
}
