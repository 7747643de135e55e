/* Going round and round: an execution that comes back to a state it was in before.
 *
 * spin.c knows a task that changes nothing. Here tasks do change things, and undo it: a flag raised
 * and lowered, a lock taken and given back in turns. When everything is as it was after an earlier
 * step (every byte of the program's memory, every model, where each task stands), the steps since
 * then can be repeated for ever. Whether that is a fault is decided as by Musuvathi and Qadeer
 * (Fair stateless model checking, PLDI 2008), with the strong notion of fairness:
 *
 * - a task that could have moved somewhere in the round and did not was treated unfairly: no real
 *   scheduler does that for ever. Those who moved stand back until another has made a step. This is
 *   what ends a loop that only waits for others to get a turn.
 * - if nobody was treated unfairly, the round is a finding, and the execution ends there: whatever
 *   can come after it can come after the earlier step, too. Who only looked on (read, tried in
 * vain) or waited for a lock all the time while others took and gave it is starved; when there is
 * nobody like that, it is a livelock.
 *
 * States are compared exactly, but for a hash of 64 bits. What cannot be compared (the kernel's
 * part of descriptors, several processes, time that is looked at) is not judged. All this costs
 * time, so a search begins to look only once an execution has grown much longer than its first one;
 * it then starts over, and looks from the first step on. A session always looks; it tells and goes
 * on. */
#include "probe.h"

#define LONG_FIRST 2000u /* steps of a first execution after which it is looked for */
#define PATIENCE   8u    /* comparisons in vain at one place before they get rarer */

void cycle_begin(void)
{
    S->cycle_told = false;
    S->standing_back = 0;
    S->looks = !S->searching || S->cycles;
    S->cycle_depth = !S->searching || S->cycles || A->strategy == SEARCH_RANDOM ? UINT32_MAX
                     : S->first_depth ? 2 * S->first_depth + 64
                                      : LONG_FIRST;
}

void cycle_end(void)
{
    if (!S->first_depth && S->finish != FINISH_CUT)
        S->first_depth = S->depth;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15ull;
    return h ^ h >> 29;
}

uint64_t hash_range(uint64_t h, uint64_t low, uint64_t high)
{
    for (uint64_t p = low & ~7ull; p + 8 <= high; p += 8)
        h = mix(h, *(const uint64_t *)p);
    return h;
}

/* ---- the state ---- */
static uint64_t hash_set(uint64_t h, const struct taskset *s)
{
    for (unsigned w = 0; w < S->nwords; w++)
        h = mix(h, s->w[w]);
    return h;
}

static uint64_t hash_standing(const struct task *t)
{
    uint64_t h = mix(t->op.kind, t->op.pc);
    h = mix(h, t->op.sp);
    h = mix(h, t->op.bp);
    h = mix(h, t->op.addr);
    h = mix(h, (uint64_t)t->op.wait << 32 | t->op.other);
    h = mix(h, (uint64_t)t->nheld << 8 | (uint64_t)t->signalled << 1 | t->timed);
    return hash_range(h, t->op.sp, t->stack_high);
}

static uint64_t hash_task(const struct task *t, uint64_t registers)
{
    uint64_t h = mix((unsigned)(t->ended | t->detached << 1 | t->joined << 2), t->interrupt);
    if (t->ended)
        return h;
    h = mix(h, hash_standing(t));
    h = mix(h, registers);
    h = mix(h, t->mask);
    h = mix(h, t->pending);
    h = mix(h, t->in_handler);
    h = mix(h, (uint64_t)t->cancel_off | (uint64_t)t->cancel_async << 1);
    h = mix(h, t->ndrawn);
    h = mix(h, t->heap_next);
    for (uint32_t k = 0; k < OWN->nkeys; k++)
        h = mix(h, (uint64_t)(uintptr_t)t->tsd[k]);
    return hash_range(h, t->tls_low, t->tls_high);
}

/* What fiber_swap left below the stack pointer it kept: r15, r14, r13, r12, rbx. */
static uint64_t saved_registers(const struct task *t)
{
    uint64_t sp = (uint64_t)(uintptr_t)t->fiber.sp;
    return hash_range(0, sp + 8, sp + 8 + 40);
}

static uint64_t own_registers(void)
{
    uint64_t r[5] = {0};
#ifdef REGISTERS_KEPT
    __asm__ volatile("movq %%r15, %0\n\tmovq %%r14, %1\n\tmovq %%r13, %2\n\tmovq %%r12, %3\n\t"
                     "movq %%rbx, %4"
                     : "=m"(r[0]), "=m"(r[1]), "=m"(r[2]), "=m"(r[3]), "=m"(r[4]));
#endif
    uint64_t h = 0;
    for (unsigned i = 0; i < 5; i++)
        h = mix(h, r[i]);
    return h;
}

static uint64_t hash_object(const struct object *o)
{
    uint64_t h =
        mix(o->addr, (uint64_t)o->class << 32 | (uint64_t)o->type << 24 |
                         (uint64_t)o->initialised << 16 | (uint64_t)o->destroyed << 8 | o->broken);
    h = mix(h, (uint64_t)o->owner << 32 | o->depth);
    h = mix(h, (uint64_t)o->count << 32 | o->arrived);
    h = mix(h, o->partner);
    h = hash_set(h, &o->waiters);
    h = hash_set(h, &o->readers);
    for (unsigned i = 0; o->nreaders && i < S->ntasks; i++)
        if (set_has(&o->readers, i))
            h = mix(h, o->read_depth[i]);
    return h;
}

static uint64_t hash_all(void)
{
    uint64_t h = mix(S->out_total, S->out_hash);
    h = mix(h, (uint64_t)S->ntasks << 32 | OWN->nexit);
    for (unsigned i = 0; i < S->ntasks; i++) {
        const struct task *t = &S->tasks[i];
        h = mix(h, hash_task(t, t == S->cur ? own_registers() : t->ended ? 0 : saved_registers(t)));
    }
    for (uint32_t i = 0; i < S->nobjects; i++)
        if (S->objects[i].stamp == S->stamp && S->objects[i].class != C_PSEUDO)
            h = mix(h, hash_object(&S->objects[i]));
    for (unsigned slot = 0; slot < OWN->slots; slot++) {
        uint64_t low, high;
        heap_extent(slot, &low, &high);
        h = hash_range(h, low, high);
    }
    return snapshot_hash(h);
}

/* Is there anything that the hash does not see? */
static bool is_comparable(void)
{
    return S->nprocesses == 1 && S->ntasks <= 64 && !S->nfd_objects && !S->nmaps &&
           S->depth + 1 < NODES;
}

/* ---- where it was before ---- */
static struct cycle_place *place_of_quick(uint64_t quick)
{
    uint32_t i = (uint32_t)(quick >> 40) % CYCLE_PLACES;
    for (unsigned tries = 0; tries < 16; tries++, i = (i + 1) % CYCLE_PLACES) {
        struct cycle_place *p = &S->cycle_places[i];
        if (p->stamp != S->stamp) {
            *p = (struct cycle_place){.stamp = S->stamp, .quick = quick};
            return p;
        }
        if (p->quick == quick)
            return p;
    }
    return NULL;
}

/* The depth at which everything was as it is now; UINT32_MAX: none is known. */
static uint32_t seen_before(struct cycle_place *p)
{
    uint64_t now = hash_all();
    for (unsigned i = 0; i < CYCLE_KEPT && i < p->nseen; i++)
        if (p->seen[i].hash == now)
            return p->seen[i].depth;
    p->seen[p->nseen % CYCLE_KEPT].hash = now;
    p->seen[p->nseen++ % CYCLE_KEPT].depth = S->depth;
    if (p->nseen > PATIENCE)
        p->next = p->count * 2;
    return UINT32_MAX;
}

/* ---- judging a round: the steps from `from` + 1 to S->depth ---- */
struct round {
    uint32_t from;
    uint64_t moved, could;    /* tasks */
    uint64_t looked;          /* of moved: those whose steps all changed nothing */
    uint64_t blocked;         /* tasks that waited for a lock all the time */
    uint64_t first_pc[64];    /* the lowest code place of each task that moved */
    uint64_t lowest_pc, lock; /* of all; a lock that a blocked one waited for */
    bool uncertain;           /* chance, time or a choice of whom to wake is in it */
};

/* Steps that look at what the hash does not hold: time, signals, the kernel. */
static bool looks_outside(unsigned kind)
{
    switch (kind) {
    case EV_CLOCK:
    case EV_COND_TIMEOUT:
    case EV_COND_SPURIOUS:
    case EV_TIMEDLOCK:
    case EV_SEM_TIMEDWAIT:
    case EV_TIMEDRDLOCK:
    case EV_TIMEDWRLOCK:
    case EV_TIMER:
    case EV_SIGNAL:
    case EV_KILL:
    case EV_INPUT:
    case EV_WAIT:
    case EV_FD_READ:
    case EV_FD_WRITE:
    case EV_FD_POLL:
    case EV_MQ_SEND:
    case EV_MQ_RECEIVE:
        return true;
    default:
        return false;
    }
}

static void take_step(struct round *r, const struct trail *step)
{
    uint64_t bit = 1ull << step->task;
    if (!(r->moved & bit) || step->pc < r->first_pc[step->task])
        r->first_pc[step->task] = step->pc;
    if (!r->moved || step->pc < r->lowest_pc)
        r->lowest_pc = step->pc;
    r->moved |= bit;
    r->could |= step->enabled;
    if (step->effect || !spin_is_quiet(step->kind))
        r->looked &= ~bit;
    r->uncertain |= step->chosen || looks_outside(step->kind);
}

/* Is the lock that t waits for taken or given back in the round? */
static bool goes_round(const struct round *r, uint64_t addr)
{
    for (uint32_t d = r->from + 1; d <= S->depth; d++)
        if (S->trail[d - 1].addr == addr)
            return true;
    return false;
}

static void look_at_round(struct round *r, uint32_t from)
{
    *r = (struct round){.from = from, .looked = ~0ull};
    for (uint32_t d = from + 1; d <= S->depth; d++)
        take_step(r, &S->trail[d - 1]);
    r->looked &= r->moved;
    for (unsigned i = 0; i < S->ntasks; i++) {
        const struct task *t = &S->tasks[i];
        bool waits = t->op.wait == WAIT_LOCK || t->op.wait == WAIT_RD || t->op.wait == WAIT_SEM;
        if (t->ended || (r->moved >> i & 1) || !waits || !t->op.object ||
            !goes_round(r, t->op.object->addr))
            continue;
        r->blocked |= 1ull << i;
        r->lock = t->op.object->addr;
    }
}

static unsigned lowest(uint64_t set)
{
    return (unsigned)__builtin_ctzll(set);
}

/* The starved first, then who went round. */
static void tell_round(const struct round *r)
{
    uint64_t starved = r->looked == r->moved ? r->blocked : r->looked | r->blocked;
    uint64_t rest = r->moved & ~starved;
    uint16_t who[64];
    unsigned n = 0, first = lowest(starved ? starved : r->moved), last = S->last;
    uint64_t key = 0;
    for (unsigned i = 0; i < 64; i++)
        key += r->moved >> i & 1 ? mix(1, r->first_pc[i]) : 0;
    for (unsigned i = 0; i < 64; i++)
        if (starved >> i & 1)
            who[n++] = (uint16_t)i;
    for (unsigned i = 0; i < 64; i++)
        if (rest >> i & 1)
            who[n++] = (uint16_t)i;
    uint64_t pc = starved ? (r->moved >> first & 1 ? r->first_pc[first] : S->tasks[first].op.pc)
                          : r->lowest_pc;
    find_names(who, n, key);
    S->last = first;
    find(starved ? FIND_STARVATION : FIND_LIVELOCK, r->lock, rest ? lowest(rest) : NO_TASK, r->from,
         pc, 0, "in turns");
    S->last = last;
}

static uint64_t enabled_now(void)
{
    uint64_t set = 0;
    for (unsigned i = 0; i < S->ntasks; i++)
        if (!S->tasks[i].ended && sched_enabled(&S->tasks[i]))
            set |= 1ull << i;
    return set;
}

static void judge(uint32_t from)
{
    struct round r;
    look_at_round(&r, from);
    if (r.uncertain)
        return;
    if (r.could & ~r.moved) {
        if (S->searching && enabled_now() & ~r.moved)
            S->standing_back |= r.moved;
        return;
    }
    for (int again = 0; S->searching && again < 2; again++)
        sched_note_round(from); /* whoever follows the schedule sees it come again, too */
    if (!S->cycle_told)
        tell_round(&r);
    S->cycle_told = true;
    if (S->searching)
        sched_end(FINISH_LIVELOCK, 0, 0);
}

/* The running task stands before its operation. */
void cycle_check(struct task *t)
{
    if (S->depth > S->cycle_depth) {
        S->cycles = true;
        search_learned();
        S->cycle_depth = UINT32_MAX;
    }
    if (LIKELY(!S->looks) || !is_comparable())
        return;
    t->standing = hash_standing(t);
    uint64_t quick = 0;
    for (unsigned i = 0; i < S->ntasks; i++)
        if (!S->tasks[i].ended)
            quick += mix(i, S->tasks[i].standing);
    struct cycle_place *p = place_of_quick(quick);
    if (!p || p->count++ == 0 || p->count < p->next)
        return;
    uint32_t from = seen_before(p);
    if (from != UINT32_MAX && from < S->depth)
        judge(from);
}
