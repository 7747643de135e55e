/* Tasks that can never go on: circles of waiting, whole and partial, and lost wake-ups.
 *
 * A task that waits for a lock waits for its holder, or for every reader of it; a join, an
 * initialiser, the end of all others likewise name tasks each of which has to act first. So a
 * circle of such waits is a deadlock, whatever the other tasks do. A condition, a semaphore, a
 * barrier name nobody: that these waits are for ever is known only when nobody at all can go on.
 *
 * Then a task asleep in a condition is a lost wake-up when an earlier signal of that condition
 * did not find it there, and the task went to sleep without having seen what the signaller had done
 * before it: its look came too early, its sleep too late. Had it seen that, the signal was not
 * meant to be heard any more, and it is a deadlock like any other. */
#include "probe.h"

static void add_live(struct taskset *out, const struct taskset *from, unsigned but)
{
    for (unsigned i = 0; i < S->ntasks; i++)
        if (i != but && set_has(from, i) && !S->tasks[i].ended)
            set_add(out, i);
}

static void add_holders(const struct task *t, struct taskset *out)
{
    const struct object *o = t->op.object;
    if (!o)
        return;
    if (o->owner == NO_TASK)
        *out = o->readers;
    else
        set_add(out, o->owner);
}

/* Each task that has to act before the blocked task t can go on. */
static struct taskset waits_for(const struct task *t)
{
    struct taskset who = {0}, live = {0};
    switch (t->op.wait) {
    case WAIT_RD: /* stands back for writers */
        add_holders(t, &who);
        if (t->op.object && t->op.object->owner == NO_TASK)
            who = t->op.object->waiters;
        break;
    case WAIT_LOCK:
    case WAIT_ONCE:
        add_holders(t, &who);
        break;
    case WAIT_COND:
        if (t->signalled)
            add_holders(t, &who);
        break;
    case WAIT_JOIN:
        set_add(&who, t->op.other);
        break;
    case WAIT_ALL:
        for (unsigned i = 0; i < S->ntasks; i++)
            if (&S->tasks[i] != t && S->tasks[i].process == t->process)
                set_add(&who, i);
        break;
    default:
        break;
    }
    add_live(&live, &who, NO_TASK);
    return live;
}

static bool is_blocked(const struct task *t)
{
    return !t->ended && !sched_enabled(t);
}

/* ---- circles ---- */
struct circle {
    uint16_t task[MAX_TASKS]; /* each waits for the next, the last for the first */
    unsigned n;
};

/* Follow the waits from `at` for a way back to `goal`; the way so far is in *c. */
static bool reaches(unsigned at, unsigned goal, struct taskset *seen, struct circle *c)
{
    if (!is_blocked(&S->tasks[at]))
        return false;
    set_add(seen, at);
    c->task[c->n++] = (uint16_t)at;
    struct taskset next = waits_for(&S->tasks[at]);
    if (set_has(&next, goal))
        return true;
    for (unsigned i = 0; i < S->ntasks; i++)
        if (set_has(&next, i) && !set_has(seen, i) && reaches(i, goal, seen, c))
            return true;
    c->n--;
    return false;
}

static bool circle_through(unsigned task, struct circle *c)
{
    struct taskset seen = {0};
    c->n = 0;
    return reaches(task, task, &seen, c);
}

/* The same circle, begun at its task of lowest number. */
static void begin_lowest(struct circle *c)
{
    struct circle from = *c;
    unsigned low = 0;
    for (unsigned i = 1; i < c->n; i++)
        if (c->task[i] < c->task[low])
            low = i;
    for (unsigned i = 0; i < c->n; i++)
        c->task[i] = from.task[(low + i) % c->n];
}

static uint64_t waited_object(const struct task *t)
{
    if (t->op.wait == WAIT_COND && !t->signalled)
        return t->op.addr;
    return t->op.object ? t->op.object->addr : t->op.addr;
}

static uint64_t wait_key(const struct task *t)
{
    return ((t->op.pc ^ waited_object(t) << 20) + t->op.wait) * 0x9e3779b97f4a7c15ull;
}

/* The same code places waiting for the same objects are the same deadlock, whoever plays whom. */
static uint64_t circle_key(const struct circle *c)
{
    uint64_t key = 0;
    for (unsigned i = 0; i < c->n; i++)
        key += wait_key(&S->tasks[c->task[i]]);
    return key;
}

static void find_as(unsigned kind, unsigned task, uint64_t addr, unsigned other, uint32_t depth,
                    uint64_t other_pc)
{
    unsigned last = S->last;
    S->last = task;
    find(kind, addr, other, depth, S->tasks[task].op.pc, other_pc, "");
    S->last = last;
}

static void tell_circle(struct circle *c)
{
    begin_lowest(c);
    for (unsigned i = 0; i < c->n; i++)
        set_add(&S->told, c->task[i]);
    unsigned next = c->task[c->n > 1];
    find_names(c->task, c->n, circle_key(c));
    find_as(FIND_DEADLOCK, c->task[0], waited_object(&S->tasks[c->task[0]]), next, 0,
            S->tasks[next].op.pc);
}

/* Could a cancellation or a handler still take one of them out of it? */
static bool may_be_interrupted(const struct circle *c)
{
    for (unsigned i = 0; i < c->n; i++)
        if (S->tasks[c->task[i]].op.cancel_point || S->tasks[c->task[i]].op.interruptible)
            return true;
    return false;
}

static bool others_go_on(void)
{
    for (unsigned i = 0; i < S->ntasks; i++)
        if (!S->tasks[i].ended && sched_enabled(&S->tasks[i]))
            return true;
    return false;
}

void find_circle(const struct task *t)
{
    struct circle c;
    if (LIKELY(sched_enabled(t)) || !circle_through(task_id(t), &c))
        return;
    if (others_go_on() && !may_be_interrupted(&c)) /* else the end of the execution says it */
        tell_circle(&c);
}

/* True: there is one; told, unless it was before. */
static bool tell_some_circle(void)
{
    struct circle c;
    for (unsigned t = 0; t < S->ntasks; t++) {
        if (!is_blocked(&S->tasks[t]) || !circle_through(t, &c))
            continue;
        if (!set_has(&S->told, t))
            tell_circle(&c);
        return true;
    }
    return false;
}

void find_circles_left(void)
{
    tell_some_circle();
}

/* ---- lost wake-ups ---- */
static bool overlaps(uint64_t a, uint32_t na, uint64_t b, uint32_t nb)
{
    return a < b + nb && b < a + na;
}

/* The bytes a step wrote; 0: none. */
static uint32_t written(const struct trail *r)
{
    switch (r->kind) {
    case EV_WRITE:
    case EV_COPY:
    case EV_ATOMIC_STORE:
    case EV_ATOMIC_RMW:
    case EV_ATOMIC_CAS:
        return r->addr ? r->size : 0;
    default:
        return 0;
    }
}

static bool reads(const struct trail *r, uint64_t addr, uint32_t size)
{
    switch (r->kind) {
    case EV_READ:
    case EV_ATOMIC_LOAD:
    case EV_ATOMIC_RMW:
    case EV_ATOMIC_CAS:
        return overlaps(r->addr, r->size, addr, size);
    case EV_COPY:
        return r->addr2 && overlaps(r->addr2, r->size, addr, size);
    default:
        return false;
    }
}

/* How a sleeper knows what a signaller had to tell. */
enum news { NEWS_NONE, NEWS_STALE, NEWS_SEEN };

/* What did `task` know, before step `to`, of what step `at` wrote? */
static enum news knows(unsigned task, uint32_t at, uint32_t to)
{
    const struct trail *w = &S->trail[at - 1];
    for (uint32_t d = to; d-- > 1;)
        if (S->trail[d - 1].task == task && reads(&S->trail[d - 1], w->addr, written(w)))
            return d > at ? NEWS_SEEN : NEWS_STALE;
    return NEWS_NONE;
}

/* Where the news of a signaller begin: what it did before that it had done in peace. */
static bool begins_news(const struct trail *r)
{
    switch (r->kind) {
    case EV_LOCK:
    case EV_TRYLOCK:
    case EV_TIMEDLOCK:
    case EV_COND_RELOCK:
    case EV_CREATE:
    case EV_FORK:
        return true;
    default:
        return false;
    }
}

/* What did `task`, before step `to`, know of what the signaller at step `signal` had written in its
 * last section before the signal in which it wrote anything? The most of all its places. */
static enum news knows_news(unsigned task, uint32_t signal, uint32_t to)
{
    unsigned who = S->trail[signal - 1].task;
    enum news most = NEWS_NONE;
    bool any = false;
    for (uint32_t d = signal - 1; d >= 1; d--) {
        const struct trail *r = &S->trail[d - 1];
        if (r->task != who)
            continue;
        if (any && begins_news(r))
            break;
        if (!written(r))
            continue;
        any = true;
        enum news n = knows(task, d, to);
        most = n > most ? n : most;
    }
    return most;
}

/* Did the signal at step d come too early for the sleeper, which slept from step `slept` on? A
 * broadcast is meant for all: it is lost to one that had looked before it, even if others heard. */
static bool is_lost(unsigned sleeper, uint64_t cond, uint32_t d, uint32_t slept)
{
    const struct trail *r = &S->trail[d - 1];
    if (r->addr != cond || (r->kind != EV_COND_SIGNAL && r->kind != EV_COND_BROADCAST))
        return false;
    if (r->unheard)
        return knows_news(sleeper, d, slept) != NEWS_SEEN;
    return r->kind == EV_COND_BROADCAST && knows_news(sleeper, d, slept) == NEWS_STALE;
}

/* The last signal that came too early for the sleeper t; 0: none. */
static uint32_t lost_signal(const struct task *t)
{
    uint32_t slept = t->last_depth;
    for (uint32_t d = slept; d-- > 1;)
        if (is_lost(task_id(t), t->op.addr, d, slept))
            return d;
    return 0;
}

/* The same for a task that waits for a signal to be handled: the handler ran before the wait began,
 * and the task did not look again at what it wrote. */
static uint32_t lost_handler(const struct task *t)
{
    unsigned id = task_id(t);
    uint32_t now = t->last_depth + 1, d = now;
    while (--d >= 1)
        if (S->trail[d - 1].task == id && S->trail[d - 1].kind == EV_SIGNAL)
            break;
    for (uint32_t w = d + 1; d && w < now; w++)
        if (S->trail[w - 1].task == id && written(&S->trail[w - 1]) &&
            knows(id, w, now) == NEWS_SEEN)
            return 0;
    return d;
}

static uint32_t lost_wakeup(const struct task *t)
{
    if (t->ended || S->depth >= NODES)
        return 0;
    if (t->op.wait == WAIT_COND && !t->signalled)
        return lost_signal(t);
    return t->op.kind == EV_PAUSE ? lost_handler(t) : 0;
}

static bool tell_lost_wakeups(void)
{
    bool any = false;
    for (unsigned i = 0; i < S->ntasks; i++) {
        const struct task *t = &S->tasks[i];
        uint32_t d = lost_wakeup(t);
        if (!d)
            continue;
        const struct trail *r = &S->trail[d - 1];
        const uint16_t who[] = {(uint16_t)i, r->task};
        find_names(who, r->task == i ? 1 : 2, 0);
        find_as(FIND_LOST_WAKEUP, i, t->op.addr, r->task, d, r->pc);
        any = true;
    }
    return any;
}

/* ---- nobody can go on ---- */
/* Whom to name first: not one that merely joins another. */
static unsigned list_blocked(uint16_t *who)
{
    unsigned n = 0;
    for (int joins = 0; joins < 2; joins++)
        for (unsigned i = 0; i < S->ntasks; i++) {
            const struct task *t = &S->tasks[i];
            bool is_join = t->op.wait == WAIT_JOIN || t->op.wait == WAIT_ALL ||
                           t->op.wait == WAIT_CHILD || t->op.wait == WAIT_VFORK;
            if (!t->ended && is_join == joins)
                who[n++] = (uint16_t)i;
        }
    return n;
}

void find_deadlock(void)
{
    uint16_t who[MAX_TASKS];
    if (tell_some_circle() || tell_lost_wakeups())
        return;
    unsigned n = list_blocked(who);
    if (n == 0)
        return;
    find_names(who, n, wait_key(&S->tasks[who[0]]));
    find_as(FIND_DEADLOCK, who[0], waited_object(&S->tasks[who[0]]), NO_TASK, 0, 0);
}
