/* Findings and outcomes: each distinct one is kept once, with the schedule of fewest switches. */
#include "probe.h"

static bool store_choices(uint64_t *offset, uint32_t *n)
{
    sched_checks();
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

/* Who is in it, besides those find() is told of; taken by the next find(). */
static uint16_t find_tasks[8];
static unsigned find_ntasks;
static uint64_t find_key;

void find_names(const uint16_t *tasks, unsigned n, uint64_t key)
{
    find_ntasks = n < 8 ? n : 8;
    memcpy(find_tasks, tasks, find_ntasks * sizeof *tasks);
    find_key = key;
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
        if (kind == FIND_DATA_RACE  ? f->addr == addr || pair
            : kind == FIND_DEADLOCK ? f->key == find_key
                                    : pair)
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
    f->key = find_key;
    f->switches = S->switches;
    f->steps = S->depth;
    f->ntasks = (uint8_t)find_ntasks;
    memcpy(f->tasks, find_tasks, sizeof f->tasks);
    if (!find_ntasks) {
        f->tasks[f->ntasks++] = (uint16_t)S->last;
        if (other != NO_TASK && other != S->last)
            f->tasks[f->ntasks++] = (uint16_t)other;
    }
    store_choices(&f->choices_offset, &f->nchoices);
}

static void search_find(unsigned kind, uint64_t addr, unsigned other, uint64_t pc,
                        uint64_t other_pc)
{
    int i = known(kind, addr, pc, other_pc);
    if (i >= 0) {
        if (S->switches < A->findings[i].switches) {
            search_changing();
            keep(&A->findings[i], addr, other, pc, other_pc);
            search_changed();
        }
        return;
    }
    if (A->nfindings >= ARENA_FINDINGS) {
        A->overflow = 1;
        return;
    }
    struct arena_finding *f = &A->findings[A->nfindings];
    search_changing();
    f->kind = (uint8_t)kind;
    keep(f, addr, other, pc, other_pc);
    A->nfindings++;
    search_changed();
}

void find(unsigned kind, uint64_t addr, unsigned other, uint32_t other_depth, uint64_t pc,
          uint64_t other_pc, const char *text)
{
    if (S->searching && (S->learned || S->need_slots))
        return; /* this execution does not count */
    if (S->searching) {
        search_find(kind, addr, other, pc, other_pc);
        find_ntasks = 0;
        return;
    }
    find_ntasks = 0;
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

static void new_outcome(struct arena_outcome *o, uint64_t hash)
{
    search_changing();
    fill_outcome(o, hash);
    o->switches = S->switches;
    store_choices(&o->choices_offset, &o->nchoices);
    A->noutcomes++;
    search_changed();
}

static void better_schedule(struct arena_outcome *o)
{
    search_changing();
    if (store_choices(&o->choices_offset, &o->nchoices))
        o->switches = S->switches;
    search_changed();
}

/* Count the outcome of the execution that has just ended; its number. */
uint32_t store_outcome(void)
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
            return NO_OUTCOME;
        }
        o = &A->outcomes[A->noutcomes];
        new_outcome(o, h);
        S->outcome_index[i] = A->noutcomes;
    } else {
        o = &A->outcomes[S->outcome_index[i] - 1];
        if (S->switches < o->switches)
            better_schedule(o);
    }
    o->executions++;
    return S->outcome_index[i] - 1;
}
