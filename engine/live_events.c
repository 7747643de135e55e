/* The events of a live run: put in the order of time across tasks, used, and the last ones kept. */
#include "live_inside.h"

#include <string.h>

enum task_state live_wait_state(unsigned kind, int limited, int outside)
{
    switch (kind) {
    case EV_NONE:
    case EV_SLEEP:
    case EV_PAUSE:
    case EV_SIGWAIT:
    case EV_INPUT:
    case EV_COND_TIMEOUT:
    case EV_TIMEDLOCK:
    case EV_TIMEDRDLOCK:
    case EV_TIMEDWRLOCK:
    case EV_SEM_TIMEDWAIT:
        return TASK_SLEEPING;
    default:
        return limited || outside ? TASK_SLEEPING : TASK_BLOCKED;
    }
}

/* ---- order: a merge of the runs that are there already, one a task ---- */
static uint32_t run_end(const struct order *o, uint32_t from, uint32_t n)
{
    uint32_t i = from + 1;
    while (i < n && o[i - 1].time <= o[i].time)
        i++;
    return i < n ? i : n;
}

static void merge(const struct order *from, uint32_t a, uint32_t mid, uint32_t end,
                  struct order *to)
{
    uint32_t b = mid;
    for (uint32_t i = a; i < end; i++)
        to[i] = b == end || (a < mid && from[a].time <= from[b].time) ? from[a++] : from[b++];
}

static void put_in_order(struct live_inside *in)
{
    uint32_t n = in->nbatch;
    for (uint32_t i = 0; i < n; i++)
        in->order[i] = (struct order){in->batch[i].time, i};
    while (n && run_end(in->order, 0, n) < n) {
        for (uint32_t a = 0; a < n;) {
            uint32_t mid = run_end(in->order, a, n);
            uint32_t end = mid < n ? run_end(in->order, mid, n) : n;
            merge(in->order, a, mid, end, in->spare);
            a = end;
        }
        struct order *other = in->order;
        in->order = in->spare;
        in->spare = other;
    }
}

/* ---- use ---- */
static void use(struct live_model *m, const struct live_event *e)
{
    struct live_task *t = &m->tasks[e->task];
    struct task_inside *k = &m->inside->tasks[e->task];
    if (t->number != e->number || e->begins)
        return;
    if (e->kind == EV_NONE && !e->waited)
        return;
    uint32_t by = LIVE_NONE;
    if (e->kind != EV_NONE) {
        t->last = *e;
        t->operations++;
        history_mark(&k->history, e->time, e->kind);
        by = live_object_event(m, e);
    }
    if (!e->waited)
        return;
    struct waited w = {.from = e->time - e->waited,
                       .to = e->time,
                       .addr = e->kind == EV_JOIN ? e->more : e->addr,
                       .by = by,
                       .kind = e->kind,
                       .state = (uint8_t)live_wait_state(e->kind, 0, 0)};
    if (w.from < k->stopped) /* what was before is kept, and then it was stopped */
        w.from = k->stopped < w.to ? k->stopped : w.to;
    int seen = k->open.to && k->open.from <= w.to && k->open.to >= w.from;
    if (seen) { /* a look saw more of it than the event tells */
        w.state = k->open.state;
        if (e->kind == EV_NONE) {
            w.kind = k->open.kind;
            w.addr = k->open.addr;
        }
        w.by = k->open.by != LIVE_NONE ? k->open.by : w.by;
        if (k->open.from > w.from) /* what was before is kept already: another one had it then */
            w.from = k->open.from;
        k->open.to = 0; /* it is over */
    }
    history_wait(&k->history, &w);
}

/* Make room for n more at the end of those kept. */
static void make_room(struct live_inside *in, size_t n)
{
    if (in->nevents + n > LIVE_EVENTS) {
        size_t drop = in->nevents + n - LIVE_EVENTS;
        in->first_event += drop;
        in->nevents -= drop;
    }
    if (in->first_event + in->nevents + n <= 2 * LIVE_EVENTS)
        return;
    memmove(in->events, in->events + in->first_event, in->nevents * sizeof *in->events);
    in->first_event = 0;
}

/* Events of a look may be older than the last ones kept: another task was read earlier. */
static void keep(struct live_inside *in)
{
    make_room(in, in->nbatch);
    struct live_event *kept = in->events + in->first_event;
    size_t i = in->nevents, j = in->nbatch;
    in->nevents += j;
    for (size_t to = in->nevents; j > 0; to--) {
        const struct live_event *next = &in->batch[in->order[j - 1].at];
        if (i > 0 && kept[i - 1].time > next->time) {
            kept[to - 1] = kept[i - 1];
            i--;
        } else {
            kept[to - 1] = *next;
            j--;
        }
    }
}

void live_events_flush(struct live_model *m)
{
    struct live_inside *in = m->inside;
    put_in_order(in);
    for (uint32_t i = 0; i < in->nbatch; i++)
        use(m, &in->batch[in->order[i].at]);
    keep(in);
    in->nbatch = 0;
}

const struct live_event *live_events(const struct live_model *m, size_t *n)
{
    *n = m->inside->nevents;
    return m->inside->events + m->inside->first_event;
}
