/* In which order the events of a live run go into its trace. Each has an earliest and a latest
 * time, which are the same where it was stamped; in between, what is known of locks decides. */
#include "live_trace_inside.h"

#include <stdlib.h>

int trace_is_gap(const struct live_event *e)
{
    return e->kind == EV_NONE && !e->begins && e->more;
}

/* The lock that event i takes, where nobody else may have it. */
static uint64_t taken_by(const struct making *k, uint32_t i)
{
    const struct live_event *e = &k->events[i];
    uint64_t taken = k->skip[i] || live_for_reading(e->kind) ? 0 : trace_lock_taken(e);
    return taken ? trace_place(k, k->task_of[e->task], taken) : 0;
}

static uint32_t lock_at(struct making *k, uint64_t place)
{
    uint32_t at = slot_map_find(&k->lock_of, place);
    if (at != LIVE_NONE)
        return at;
    if (!(k->nlocks & (k->nlocks - 1))) /* a power of two: full */
        k->locks = xrealloc(k->locks, k->nlocks ? 2 * k->nlocks : 1, sizeof *k->locks);
    k->locks[k->nlocks] = (struct trace_lock){place, TRACE_NEVER};
    slot_map_set(&k->lock_of, place, k->nlocks);
    return k->nlocks++;
}

void trace_order_init(struct making *k)
{
    k->lock = xcalloc(k->nevents + 1, sizeof *k->lock);
    k->later = xcalloc(k->nevents + 1, sizeof *k->later);
    for (uint32_t i = k->nevents; i-- > 0;) {
        uint64_t place = taken_by(k, i);
        k->lock[i] = place ? lock_at(k, place) : TRACE_NEVER;
        if (!place)
            continue;
        k->later[i] = k->locks[k->lock[i]].first;
        k->locks[k->lock[i]].first = i;
    }
}

void trace_order_fini(struct making *k)
{
    slot_map_fini(&k->lock_of);
    free(k->lock);
    free(k->later);
    free(k->locks);
}

/* The event, from `i` on, with which `task` gives the lock back: TRACE_NEVER if it does not before
 * `limit`, or *unknown. */
static uint32_t given_back(const struct making *k, unsigned task, uint32_t i, uint64_t place,
                           uint64_t limit, int *unknown)
{
    enum { FAR = 1024 };
    *unknown = 0;
    for (int n = 0; i != TRACE_NEVER && k->events[i].time <= limit; i = k->next[i], n++) {
        uint64_t given = k->skip[i] ? 0 : trace_lock_given(&k->events[i]);
        if (given && trace_place(k, task, given) == place)
            return i;
        *unknown = trace_is_gap(&k->events[i]) || n == FAR;
        if (*unknown)
            break;
    }
    return TRACE_NEVER;
}

/* Another takes the lock that event i takes, and could not do so after i: i's task keeps it for
 * longer than that. */
static int must_let_others(struct making *k, uint32_t i)
{
    const struct live_event *e = &k->events[i];
    struct trace_lock *l = &k->locks[k->lock[i]];
    int unknown;
    if (k->latest[i] == e->time)
        return 0;
    unsigned task = k->task_of[e->task];
    uint32_t back = given_back(k, task, k->next[i], l->place, UINT64_MAX, &unknown);
    uint64_t kept = unknown ? 0 : back == TRACE_NEVER ? UINT64_MAX : k->events[back].time;
    while (l->first != TRACE_NEVER && k->done[l->first])
        l->first = k->later[l->first];
    for (uint32_t j = l->first; j != TRACE_NEVER && k->events[j].time <= k->latest[i];
         j = k->later[j])
        if (!k->done[j] && k->events[j].task != e->task && k->latest[j] < kept)
            return 1;
    return 0;
}

/* Not before another has given back what it takes, or has taken it. */
static int must_wait(struct making *k, uint32_t i)
{
    const struct live_event *e = &k->events[i];
    unsigned task = k->task_of[e->task];
    uint64_t taken = k->skip[i] ? 0 : trace_lock_taken(e);
    int unknown;
    if (!taken)
        return 0;
    taken = trace_place(k, task, taken);
    unsigned holder = trace_holder(k, taken, !live_for_reading(e->kind));
    if (holder == task)
        return 0;
    if (holder != NO_TASK)
        return given_back(k, holder, k->tasks[holder].head, taken, k->latest[i], &unknown) !=
               TRACE_NEVER;
    return k->lock[i] != TRACE_NEVER && must_let_others(k, i);
}

uint32_t trace_pick(struct making *k, uint32_t first)
{
    uint32_t earliest = TRACE_NEVER;
    for (uint32_t i = first; i < k->nevents && k->events[i].time <= k->to; i++) {
        if (k->done[i] || k->tasks[k->task_of[k->events[i].task]].head != i)
            continue;
        if (!must_wait(k, i))
            return i;
        earliest = earliest == TRACE_NEVER ? i : earliest;
    }
    return earliest;
}
