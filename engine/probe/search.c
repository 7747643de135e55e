/* The search: which execution comes next.
 *
 * dpor is source-DPOR with sleep sets (Abdulla et al., JACM 2017, algorithm 1), with locks and
 * other blocking operations handled by asking, for what could not be made at all, where it could
 * have been made (section 6). An execution all of whose enabled tasks sleep is abandoned and
 * counted as blocked. dfs takes every choice; random takes the choices by a seeded generator. */
#include "probe.h"

static uint64_t next_random(void)
{
    S->rng ^= S->rng << 13;
    S->rng ^= S->rng >> 7;
    S->rng ^= S->rng << 17;
    return S->rng * 0x2545f4914f6cdd1dull >> 16;
}

static unsigned nth_of(const struct taskset *s, unsigned k)
{
    for (unsigned w = 0; w < S->nwords; w++) {
        uint64_t bits = s->w[w];
        for (; bits; bits &= bits - 1)
            if (k-- == 0)
                return w * 64 + (unsigned)__builtin_ctzll(bits);
    }
    return NO_TASK;
}

static bool shows(const struct op *op)
{
    for (unsigned i = 0; i < op->nreach; i++)
        if (op->reach[i].mode == M_SHOW || op->reach[i].mode == M_EXIT)
            return true;
    return false;
}

/* Who sleeps at a new node: explored before, and independent of what was done since. */
static void inherit_sleep(struct node *n, const struct node *before)
{
    for (unsigned w = 0; w < S->nwords; w++) {
        uint64_t bits = before->sleep.w[w] | before->done.w[w];
        for (; bits; bits &= bits - 1) {
            unsigned q = w * 64 + (unsigned)__builtin_ctzll(bits);
            if (q == before->task || S->tasks[q].ended)
                continue;
            if (S->tasks[q].woken_depth == S->depth) /* it was asleep before another operation */
                continue;
            if (S->tasks[q].op.section && before->op.nreach) /* what comes in it may depend */
                continue;
            bool ends =
                set_has(&before->term, q) && S->tasks[q].process == S->tasks[before->task].process;
            if (!op_independent(&S->tasks[q].op, &before->op) || (ends && shows(&before->op)))
                continue;
            set_add(&n->sleep, q);
            if (ends)
                set_add(&n->term, q);
        }
    }
}

static unsigned awake_choice(const struct node *n)
{
    struct taskset can = {0};
    for (unsigned w = 0; w < S->nwords; w++)
        can.w[w] = n->enabled.w[w] & ~n->sleep.w[w];
    if (set_has(&can, S->last))
        return S->last;
    return nth_of(&can, 0);
}

unsigned search_draw(uint64_t enabled, unsigned count)
{
    for (unsigned k = count > 1 ? (unsigned)(next_random() % count) : 0; k; k--)
        enabled &= enabled - 1;
    return (unsigned)__builtin_ctzll(enabled);
}

unsigned search_choose(const struct taskset *enabled, unsigned count)
{
    uint32_t d = S->depth;
    if (A->strategy == SEARCH_RANDOM)
        return nth_of(enabled, count > 1 ? (unsigned)(next_random() % count) : 0);
    if (d < S->nnodes) {
        if (LIKELY(set_has(enabled, S->nodes[d].task)))
            return S->nodes[d].task;
        A->diverged++; /* the same choices led elsewhere: files, free programs */
        S->nnodes = d;
        S->prefix = S->prefix < d ? S->prefix : d;
    }
    if (d >= NODES - 1)
        sched_end(FINISH_CUT, 0, 0);
    struct node *n = &S->nodes[d];
    __builtin_memset(n, 0, offsetof(struct node, op));
    n->alt = n->nalt = 0;
    n->section = S->section_task ? S->section_from : 0;
    n->enabled = *enabled;
    if (d && A->strategy == SEARCH_DPOR)
        inherit_sleep(n, &S->nodes[d - 1]);
    n->task = (uint16_t)awake_choice(n);
    if (n->task == NO_TASK)
        return NO_TASK;
    if (A->strategy == SEARCH_DFS)
        n->backtrack = *enabled;
    else
        set_add(&n->backtrack, n->task);
    S->nnodes = d + 1;
    return n->task;
}

unsigned search_alternative(unsigned k)
{
    if (A->strategy == SEARCH_RANDOM)
        return (unsigned)(next_random() % k);
    struct node *n = &S->nodes[S->depth - 1];
    n->nalt = (uint16_t)k;
    return n->alt < k ? n->alt : 0;
}

/* The tasks that can come first in an execution that goes on from before step `from` with what
 * came after it and does not depend on it, and then `task`. */
static void initials(uint32_t from, unsigned task, const uint32_t *clock, struct taskset *out)
{
    uint32_t first[MAX_TASKS];
    unsigned p = S->nodes[from - 1].task;
    memset(first, 0, S->ntasks * sizeof *first);
    for (uint32_t k = from + 1; k <= S->depth + 1; k++) {
        bool last = k == S->depth + 1 || k == clock[task];
        const uint32_t *ck = last ? clock : order_clock(k);
        unsigned t = last ? task : S->nodes[k - 1].task;
        if (!last && ck[p] >= from)
            continue;
        if (!first[t]) {
            first[t] = k;
            bool initial = true;
            for (unsigned u = 0; u < S->ntasks && initial; u++)
                initial = u == t || !first[u] || ck[u] < first[u];
            if (initial)
                set_add(out, t);
        }
        if (last)
            return;
    }
}

/* Step `depth` and the operation of `task` (whose clock is given) race: see to it that an
 * execution is explored in which the latter comes first. */
void search_reverse(uint32_t depth, unsigned task, const uint32_t *clock)
{
    if (S->nodes[depth - 1].section) /* nobody comes between: it is all of it or nothing */
        depth = S->nodes[depth - 1].section;
    struct node *n = &S->nodes[depth - 1];
    struct taskset first = {0};
    initials(depth, task, clock, &first);
    bool any = false;
    for (unsigned w = 0; w < S->nwords; w++) {
        first.w[w] &= n->enabled.w[w];
        if (first.w[w] & (n->backtrack.w[w] | n->sleep.w[w]))
            return;
        any |= first.w[w] != 0;
    }
    if (!any)
        return;
    set_add(&n->backtrack, set_has(&first, task) ? task : nth_of(&first, 0));
}

/* The step under way ended its process: whoever else of it could have gone on may have had
 * something to show, so each of them is tried before it. */
void search_exit_node(void)
{
    if (!S->searching || A->strategy != SEARCH_DPOR || S->depth == 0)
        return;
    struct node *n = &S->nodes[S->depth - 1];
    for (unsigned t = 0; t < S->ntasks; t++)
        if (set_has(&n->enabled, t) && S->tasks[t].process == S->tasks[n->task].process)
            set_add(&n->backtrack, t);
    set_add(&n->term, n->task);
}

/* An assumption in the section of the running task does not hold: whoever could have gone on before
 * it may make it hold. */
void search_section_node(void)
{
    if (!S->searching || A->strategy != SEARCH_DPOR)
        return;
    struct node *n = &S->nodes[S->section_from - 1];
    for (unsigned w = 0; w < S->nwords; w++)
        n->backtrack.w[w] |= n->enabled.w[w];
}

/* Whoever could have gone on at any step from that on is tried there. */
void search_widen(uint32_t from)
{
    if (!S->searching || A->strategy != SEARCH_DPOR)
        return;
    for (uint32_t d = from; d < S->depth; d++)
        for (unsigned w = 0; w < S->nwords; w++)
            S->nodes[d].backtrack.w[w] |= S->nodes[d].enabled.w[w];
}

/* What was learned (a shared place on a stack, a waiting loop) makes the tree so far stale. */
void search_learned(void)
{
    S->learned = true;
}

static void start_over(void)
{
    search_changing();
    A->starts++;
    S->learned = false;
    S->nnodes = S->prefix = 0;
    while (S->stride < S->need_stride)
        S->stride = S->stride ? S->stride * 2 : 8;
    A->executions = A->blocked = A->steps = A->abandoned = 0;
    A->cut_executions = 0;
    A->noutcomes = A->nfindings = 0;
    memset(S->outcome_index, 0, sizeof S->outcome_index);
    A->nstored = 0;
    A->nkept = A->nkept_choices = A->kept_every = 0;
    search_changed();
}

/* The next thing to try at node d; false when it is exhausted. */
static bool advance(struct node *n)
{
    if (n->alt + 1 < n->nalt) {
        n->alt++;
        return true;
    }
    n->alt = n->nalt = 0;
    set_add(&n->done, n->task);
    for (unsigned w = 0; w < SET_WORDS; w++) {
        uint64_t bits = n->backtrack.w[w] & n->enabled.w[w] & ~n->done.w[w] & ~n->sleep.w[w];
        if (bits) {
            n->task = (uint16_t)(w * 64 + (unsigned)__builtin_ctzll(bits));
            return true;
        }
    }
    return false;
}

static void backtrack(void)
{
    while (S->nnodes) {
        if (advance(&S->nodes[S->nnodes - 1])) {
            S->prefix = S->nnodes - 1;
            return;
        }
        S->nnodes--;
    }
    S->done = true;
}

static void count_execution(void)
{
    if (S->sleep_blocked) {
        A->blocked++;
        return;
    }
    if (S->abandoned) {
        A->abandoned++;
        return;
    }
    if (S->finish == FINISH_CUT)
        A->cut_executions++;
    A->executions++;
    A->steps += S->depth;
    uint32_t outcome = store_outcome();
    if (UNLIKELY(A->keep))
        kept_add(outcome);
}

/* Before an execution; false when there is nothing left to do. */
bool search_begin(void)
{
    return !S->done && !A->interrupt &&
           (!A->max_executions || A->executions + A->abandoned < A->max_executions) &&
           !(A->first && A->nfindings);
}

void search_end(void)
{
    if (S->need_slots)
        return; /* the same again, with more parked threads */
    if (S->learned) {
        start_over();
        return;
    }
    /* Also where the rest of the execution sleeps: who waits there may have come so far in no
     * other, because those end with the process. */
    bool stopped = S->finish == FINISH_EXIT || S->sleep_blocked;
    if (A->strategy == SEARCH_DPOR)
        for (unsigned t = 0; t < S->ntasks; t++)
            if (!S->tasks[t].ended && !(stopped && sched_enabled(&S->tasks[t])))
                order_pending(&S->tasks[t]);
    count_execution();
    if (A->strategy != SEARCH_RANDOM)
        backtrack();
    if (UNLIKELY(A->part_wanted))
        kept_part();
}
