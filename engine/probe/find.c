/* Findings and outcomes: each distinct one is kept once, with the schedule of fewest switches. */
#include "probe.h"

static bool store_choices(uint64_t *offset, uint32_t *n)
{
    uint32_t count = S->nchoices < ARENA_FORCED ? S->nchoices : ARENA_FORCED;
    uint64_t bytes = count * 3ull;
    if (A->nstored + bytes > ARENA_STORED) {
        A->overflow = 1;
        return false;
    }
    *offset = A->nstored;
    *n = count;
    memcpy(A->stored + A->nstored, A->choices, count * 2ull);
    memcpy(A->stored + A->nstored + count * 2ull, A->checks, count);
    A->nstored += (bytes + 7) & ~7ull;
    return true;
}

/* Data races are told apart by place and by the pair of code places: either alike is the same. */
static int known(unsigned kind, uint64_t addr, uint64_t pc, uint64_t other_pc)
{
    for (uint32_t i = 0; i < A->nfindings; i++) {
        struct arena_finding *f = &A->findings[i];
        if (f->kind != kind)
            continue;
        bool pair =
            (f->pc == pc && f->other_pc == other_pc) || (f->pc == other_pc && f->other_pc == pc);
        if (kind == FIND_DATA_RACE ? f->addr == addr || pair
                                   : pair && (kind != FIND_DEADLOCK || f->addr == addr))
            return (int)i;
    }
    return -1;
}

static void keep(struct arena_finding *f, uint64_t addr, unsigned other, uint64_t pc,
                 uint64_t other_pc)
{
    f->pc = pc;
    f->other_pc = other_pc;
    f->addr = addr;
    f->switches = S->switches;
    f->steps = S->depth;
    f->ntasks = 0;
    f->tasks[f->ntasks++] = (uint16_t)S->last;
    if (other != NO_TASK)
        f->tasks[f->ntasks++] = (uint16_t)other;
    store_choices(&f->choices_offset, &f->nchoices);
}

static void search_find(unsigned kind, uint64_t addr, unsigned other, uint64_t pc,
                        uint64_t other_pc)
{
    int i = known(kind, addr, pc, other_pc);
    if (i >= 0) {
        if (S->switches < A->findings[i].switches)
            keep(&A->findings[i], addr, other, pc, other_pc);
        return;
    }
    if (A->nfindings >= ARENA_FINDINGS) {
        A->overflow = 1;
        return;
    }
    struct arena_finding *f = &A->findings[A->nfindings];
    f->kind = (uint8_t)kind;
    keep(f, addr, other, pc, other_pc);
    A->nfindings++;
}

void find(unsigned kind, uint64_t addr, unsigned other, uint32_t other_depth, uint64_t pc,
          uint64_t other_pc, const char *text)
{
    if (S->learned || S->need_slots)
        return;
    if (S->searching) {
        search_find(kind, addr, other, pc, other_pc);
        return;
    }
    struct event *e = record(EV_FINDING, S->last);
    if (!e)
        return;
    e->a = kind;
    e->addr = addr;
    e->other = (uint16_t)other;
    e->ref = other_depth;
    e->pc = pc;
    e->b = other_pc;
    record_text(e, text, strlen(text));
    if (A->stop_on_finding)
        A->stop_on_finding = 2;
}

void find_misuse(uint64_t addr, unsigned other, const char *text)
{
    find(FIND_MISUSE, addr, other, 0, S->tasks[S->last].op.pc, 0, text);
}

/* Whom t waits for, NO_TASK when it is not one task. */
static unsigned waits_for(const struct task *t)
{
    if (sched_enabled(t) || t->ended)
        return NO_TASK;
    if (t->op.wait == WAIT_JOIN)
        return t->op.other;
    bool lock = t->op.wait == WAIT_LOCK || t->op.wait == WAIT_RD ||
                (t->op.wait == WAIT_COND && t->signalled);
    return lock && t->op.object ? t->op.object->owner : NO_TASK;
}

/* The task of lowest number on a cycle of waiting that can be reached from t; NO_TASK if none. */
static unsigned cycle_from(unsigned t, unsigned *length)
{
    unsigned at = t;
    for (unsigned i = 0; i < S->ntasks && at != NO_TASK; i++)
        at = waits_for(&S->tasks[at]);
    if (at == NO_TASK)
        return NO_TASK;
    unsigned lowest = at, n = 1;
    for (unsigned x = waits_for(&S->tasks[at]); x != at; x = waits_for(&S->tasks[x]), n++)
        if (x < lowest)
            lowest = x;
    *length = n;
    return lowest;
}

static void tell_cycle(unsigned start)
{
    struct task *t = &S->tasks[start];
    unsigned other = waits_for(t);
    uint64_t addr = t->op.object ? t->op.object->addr : t->op.addr;
    unsigned last = S->last;
    S->last = start;
    find(FIND_DEADLOCK, addr, other, 0, t->op.pc, S->tasks[other].op.pc, "");
    S->last = last;
    if (!S->searching)
        return;
    int k = known(FIND_DEADLOCK, addr, t->op.pc, S->tasks[other].op.pc);
    struct arena_finding *f = k >= 0 ? &A->findings[k] : NULL;
    if (!f)
        return;
    f->ntasks = 0;
    unsigned x = start;
    do {
        if (f->ntasks < 8)
            f->tasks[f->ntasks++] = (uint16_t)x;
        x = waits_for(&S->tasks[x]);
    } while (x != start);
}

/* No task can go on. */
void find_deadlock(void)
{
    unsigned length, blocked = NO_TASK;
    for (unsigned t = 0; t < S->ntasks; t++) {
        if (S->tasks[t].ended)
            continue;
        unsigned start = cycle_from(t, &length);
        if (start != NO_TASK) {
            tell_cycle(start);
            return;
        }
        if (blocked == NO_TASK || S->tasks[t].op.wait != WAIT_JOIN)
            if (blocked == NO_TASK || S->tasks[blocked].op.wait == WAIT_JOIN)
                blocked = t;
    }
    const struct task *t = &S->tasks[blocked];
    unsigned last = S->last;
    S->last = blocked;
    find(FIND_DEADLOCK,
         t->op.wait == WAIT_COND ? t->op.addr
         : t->op.object          ? t->op.object->addr
                                 : t->op.addr,
         NO_TASK, 0, t->op.pc, 0, "");
    S->last = last;
}

/* The running task stands before a lock: does its waiting close a cycle, though others go on? */
void find_lock_cycle(struct task *t)
{
    unsigned length, start = cycle_from(task_id(t), &length), others = 0;
    if (start == NO_TASK)
        return;
    for (unsigned i = 0; i < S->ntasks; i++)
        others += !S->tasks[i].ended && sched_enabled(&S->tasks[i]);
    if (others) /* else the end of the execution says it */
        tell_cycle(start);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    return (h ^ v) * 0x9e3779b97f4a7c15ull;
}

static void fill_outcome(struct arena_outcome *o, uint64_t hash)
{
    *o = (struct arena_outcome){.hash = hash};
    o->exit_status = S->finish == FINISH_EXIT ? S->finish_result : -1;
    o->signal = S->finish == FINISH_SIGNAL ? S->finish_signal : 0;
    o->deadlock = S->finish == FINISH_DEADLOCK;
    o->livelock = S->finish == FINISH_LIVELOCK;
    o->cut = S->finish == FINISH_CUT;
    o->nout = S->out_kept;
    o->nout_total = S->out_total;
    if (A->nstored + o->nout > ARENA_STORED) {
        A->overflow = 1;
        o->nout = 0;
    }
    o->out_offset = A->nstored;
    memcpy(A->stored + A->nstored, S->out, o->nout);
    A->nstored += (o->nout + 7ull) & ~7ull;
}

/* Count the outcome of the execution that has just ended. */
void store_outcome(void)
{
    uint64_t h = mix(S->out_hash, S->out_total);
    h = mix(h, (uint64_t)(uint32_t)S->finish << 32 | (uint32_t)S->finish_result);
    h = mix(h, (uint64_t)(uint32_t)S->finish_signal) | 1;
    uint32_t i = (uint32_t)(h >> 40) % 16384;
    while (S->outcome_index[i] && A->outcomes[S->outcome_index[i] - 1].hash != h)
        i = (i + 1) % 16384;
    struct arena_outcome *o;
    if (!S->outcome_index[i]) {
        if (A->noutcomes >= ARENA_OUTCOMES) {
            A->overflow = 1;
            return;
        }
        o = &A->outcomes[A->noutcomes];
        fill_outcome(o, h);
        o->switches = S->switches;
        store_choices(&o->choices_offset, &o->nchoices);
        S->outcome_index[i] = ++A->noutcomes;
    } else {
        o = &A->outcomes[S->outcome_index[i] - 1];
        if (S->switches < o->switches && store_choices(&o->choices_offset, &o->nchoices))
            o->switches = S->switches;
    }
    o->executions++;
}
