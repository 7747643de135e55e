/* What happened in a live run as a trace of the world: which tasks and events, and in which order.
 */
#include "live_trace_inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- who is in it ---- */
static int is_in(const struct making *k, const struct live_task *t)
{
    return t->began <= k->to && (!t->ended || t->ended >= k->from);
}

/* Numbers stay what they are when all fit. */
static void choose_processes(struct making *k)
{
    const struct live_model *m = k->m;
    uint32_t n = 0, used = 0;
    int same = 1;
    for (uint32_t i = 0; i < MAX_PROCESSES; i++)
        k->processes[i].model = LIVE_NONE;
    for (uint32_t i = 0; i < m->nprocesses; i++) {
        k->process_of[i] = NO_PROCESS;
        n++;
        same &= m->processes[i].number < MAX_PROCESSES;
    }
    k->left_out_processes = n > MAX_PROCESSES ? n - MAX_PROCESSES : 0;
    uint32_t oldest = m->inside->next_process - (n < MAX_PROCESSES ? n : MAX_PROCESSES);
    for (uint32_t i = 0; i < m->nprocesses; i++) {
        uint32_t number = m->processes[i].number;
        if ((!same && number < oldest) || used == MAX_PROCESSES)
            continue;
        uint16_t at = (uint16_t)(same ? number : used);
        used++;
        k->process_of[i] = at;
        k->processes[at].model = i;
    }
}

/* Those that began a process before all others; else the newest first. */
static int newer_first(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    if (x[2] != y[2])
        return x[2] ? -1 : 1;
    return x[0] < y[0] ? 1 : x[0] > y[0] ? -1 : 0;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : 0;
}

static void choose_tasks(struct making *k)
{
    const struct live_model *m = k->m;
    uint32_t(*who)[3] = xcalloc(m->ntasks + 1, sizeof *who), n = 0;
    for (uint32_t i = 0; i < MAX_TASKS; i++)
        k->tasks[i].model = LIVE_NONE;
    for (uint32_t i = 0; i < m->ntasks; i++) {
        const struct live_task *t = &m->tasks[i];
        int known = t->process >= m->nprocesses || k->process_of[t->process] != NO_PROCESS;
        k->task_of[i] = NO_TASK;
        if (!is_in(k, t))
            continue;
        who[n][0] = t->number;
        who[n][1] = i;
        who[n][2] = t->tid == t->pid;
        n += known != 0;
        k->left_out += !known;
    }
    qsort(who, n, sizeof *who, newer_first);
    k->left_out += n > MAX_TASKS ? n - MAX_TASKS : 0;
    n = n < MAX_TASKS ? n : MAX_TASKS;
    qsort(who, n, sizeof *who, by_number);
    int same = n == 0 || who[n - 1][0] < MAX_TASKS;
    for (uint32_t j = 0; j < n; j++) {
        uint16_t at = (uint16_t)(same ? who[j][0] : j);
        uint32_t process = m->tasks[who[j][1]].process;
        k->task_of[who[j][1]] = at;
        k->tasks[at] =
            (struct trace_task){.model = who[j][1],
                                .head = TRACE_NEVER,
                                .process = process < m->nprocesses ? k->process_of[process] : 0};
    }
    free(who);
}

/* ---- the events of each task ---- */
/* Noted before the call, which then failed: another entry says so. */
static int did_not_happen(const struct making *k, uint32_t i)
{
    const struct live_event *e = &k->events[i];
    if (e->begins || e->result || e->kind == EV_NONE || k->next[i] == TRACE_NEVER)
        return 0;
    const struct live_event *after = &k->events[k->next[i]];
    switch (e->kind) {
    case EV_UNLOCK:
    case EV_SPIN_UNLOCK:
    case EV_RWUNLOCK:
    case EV_SEM_POST:
    case EV_CREATE:
    case EV_FORK:
    case EV_FD_WRITE:
    case EV_CANCEL:
        return !after->begins && after->kind == e->kind && after->result &&
               after->addr == e->addr && after->pc == e->pc;
    default:
        return 0;
    }
}

static void link_events(struct making *k)
{
    k->next = xcalloc(k->nevents + 1, sizeof *k->next);
    k->latest = xcalloc(k->nevents + 1, sizeof *k->latest);
    k->skip = xcalloc(k->nevents + 1, 1);
    k->done = xcalloc(k->nevents + 1, 1);
    for (uint32_t i = k->nevents; i-- > 0;) {
        const struct live_event *e = &k->events[i];
        int known = e->task < k->m->ntasks && k->m->tasks[e->task].number == e->number &&
                    k->task_of[e->task] != NO_TASK;
        if (!known) {
            k->skip[i] = k->done[i] = 1;
            continue;
        }
        struct trace_task *t = &k->tasks[k->task_of[e->task]];
        uint32_t after = t->head;
        k->next[i] = after;
        k->latest[i] = e->stamped ? e->time : after == TRACE_NEVER ? k->m->now : k->latest[after];
        k->skip[i] = (uint8_t)did_not_happen(k, i);
        t->head = i;
    }
}

/* ---- the state at a moment, from what is done afterwards ---- */
struct balance {
    uint64_t addr;
    int held, first; /* now, and when it began */
};

static struct balance *balance_of(struct balance *b, uint32_t *n, uint32_t max, uint64_t addr)
{
    for (uint32_t i = 0; i < *n; i++)
        if (b[i].addr == addr)
            return &b[i];
    if (*n == max)
        return NULL;
    b[*n] = (struct balance){.addr = addr};
    return &b[(*n)++];
}

/* Which locks a task holds before its event `from`: those it gives back without having taken them
 * since, and those it holds now without having taken them. *certain: no others. */
static uint32_t held_before(const struct making *k, const struct trace_task *t, uint32_t from,
                            struct balance *b, uint32_t max, int *certain)
{
    const struct live_task *own = &k->m->tasks[t->model];
    uint32_t n = 0, i = from;
    for (; i != TRACE_NEVER && !trace_is_gap(&k->events[i]); i = k->next[i]) {
        uint64_t taken = k->skip[i] ? 0 : trace_lock_taken(&k->events[i]);
        uint64_t given = k->skip[i] ? 0 : trace_lock_given(&k->events[i]);
        struct balance *x = taken || given ? balance_of(b, &n, max, taken ? taken : given) : NULL;
        if (x && taken)
            x->held++;
        else if (x && x->held)
            x->held--;
        else if (x)
            x->first++;
    }
    *certain = i == TRACE_NEVER && n < max && own->nheld <= 16;
    for (uint32_t j = 0; i == TRACE_NEVER && !own->ended && j < own->nheld && j < 16; j++) {
        struct balance *x = balance_of(b, &n, max, own->held[j]);
        if (x && x->held)
            x->held--;
        else if (x)
            x->first++;
    }
    return n;
}

/* Make it hold what it holds from event `from` on. */
static void settle_held(struct making *k, unsigned task, uint32_t from)
{
    struct trace_task *t = &k->tasks[task];
    struct balance b[TRACE_HELD];
    int certain;
    uint32_t n = held_before(k, t, from, b, TRACE_HELD, &certain);
    for (uint32_t i = t->nheld; i-- > 0;) {
        uint32_t j = 0;
        while (j < n && trace_place(k, task, b[j].addr) != t->held[i])
            j++;
        t->doubtful[i] = j == n;
        if (j < n ? !b[j].first : certain)
            trace_give_up(k, task, t->held[i]);
    }
    for (uint32_t i = n; i-- > 0;) { /* given back first, taken last */
        uint64_t place = trace_place(k, task, b[i].addr);
        for (int depth = (int)trace_depth(t, place); depth < b[i].first; depth++)
            trace_make_held(k, task, place);
    }
}

/* ---- the state at the beginning ---- */
/* Tell a task that is there already; a wait that began before. */
static void put_present(struct making *k, unsigned task)
{
    struct trace_task *t = &k->tasks[task];
    const struct live_task *own = &k->m->tasks[t->model];
    trace_tell_task(k, task);
    trace_put(k, trace_event(k, EV_BLOCKED, task), NULL); /* it is no new one: ready */
    trace_put(k, trace_event(k, EV_READY, task), NULL);
    if (own->ended && own->ended < k->from)
        trace_end_task(k, task);
}

static void put_waiting(struct making *k, unsigned task)
{
    struct trace_task *t = &k->tasks[task];
    const struct live_task *own = &k->m->tasks[t->model];
    uint32_t i = t->head;
    while (i != TRACE_NEVER && k->skip[i])
        i = k->next[i];
    const struct live_event *e = i == TRACE_NEVER ? NULL : &k->events[i];
    if (e && !e->begins && e->waited && e->kind != EV_NONE && e->time - e->waited < k->from) {
        t->mutex = e->kind == EV_COND_RELOCK ? trace_place(k, task, e->more) : 0;
        unsigned kind = e->kind == EV_COND_RELOCK     ? EV_COND_WAIT
                        : e->kind == EV_BARRIER_LEAVE ? EV_BARRIER_ARRIVE
                                                      : e->kind;
        trace_wait(k, task, kind, e->kind == EV_JOIN ? (uint32_t)e->more : e->addr);
    } else if (!e && !own->ended && own->wait_since && own->wait_since < k->from &&
               own->wait_kind != EV_NONE) {
        trace_wait(k, task, own->wait_kind, own->wait_addr);
    }
}

static int is_present(const struct making *k, unsigned task)
{
    const struct trace_task *t = &k->tasks[task];
    return t->model != LIVE_NONE && k->m->tasks[t->model].began < k->from;
}

static void put_beginning(struct making *k)
{
    for (unsigned i = 0; i < MAX_TASKS; i++)
        if (is_present(k, i))
            put_present(k, i);
    for (unsigned i = 0; i < MAX_TASKS; i++)
        if (is_present(k, i))
            settle_held(k, i, k->tasks[i].head);
    for (unsigned i = 0; i < MAX_TASKS; i++)
        if (is_present(k, i))
            put_waiting(k, i);
}

/* ---- what happens without an event ---- */
static int earlier(const void *a, const void *b)
{
    const struct turn *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->kind != y->kind ? (int)x->kind - (int)y->kind : x->index < y->index ? -1 : 1;
}

static void add_turn(struct making *k, uint64_t time, enum turn_kind kind, uint32_t index)
{
    if (time >= k->from && time <= k->to)
        k->turns[k->nturns++] = (struct turn){time, kind, index};
}

/* It did not end by itself. */
static int ends_with_process(const struct making *k, const struct live_task *t)
{
    return t->last.kind != EV_END && t->process < k->m->nprocesses &&
           k->m->processes[t->process].ended;
}

static void list_turns(struct making *k)
{
    k->turns = xcalloc(2 * MAX_TASKS + MAX_PROCESSES, sizeof *k->turns);
    for (uint32_t i = 0; i < MAX_TASKS; i++) {
        if (k->tasks[i].model == LIVE_NONE)
            continue;
        const struct live_task *t = &k->m->tasks[k->tasks[i].model];
        add_turn(k, t->began, TURN_BEGIN, i);
        if (t->ended && !ends_with_process(k, t))
            add_turn(k, t->ended, TURN_END, i);
    }
    for (uint32_t i = 0; i < MAX_PROCESSES; i++)
        if (k->processes[i].model != LIVE_NONE && k->m->processes[k->processes[i].model].ended)
            add_turn(k, k->m->processes[k->processes[i].model].ended, TURN_PROCESS_END, i);
    qsort(k->turns, k->nturns, sizeof *k->turns, earlier);
}

static int has_more(const struct making *k, unsigned task)
{
    uint32_t i = k->tasks[task].head;
    while (i != TRACE_NEVER && k->skip[i])
        i = k->next[i];
    return i != TRACE_NEVER && k->events[i].time <= k->to;
}

/* Ends come after what there is of events: the kernel was asked later than the clock. */
static int can_end(const struct making *k, const struct turn *t)
{
    if (t->kind == TURN_END)
        return !has_more(k, t->index);
    for (unsigned i = 0; t->kind == TURN_PROCESS_END && i < MAX_TASKS; i++)
        if (k->tasks[i].model != LIVE_NONE && k->tasks[i].process == t->index && has_more(k, i))
            return 0;
    return 1;
}

static void take_turn(struct making *k, const struct turn *t)
{
    if (t->kind == TURN_PROCESS_END)
        trace_end_process(k, t->index);
    else if (t->kind == TURN_END)
        trace_end_task(k, t->index);
    else if (!has_more(k, t->index) || !k->m->tasks[k->tasks[t->index].model].noted)
        trace_tell_task(k, t->index);
}

static void take_turns(struct making *k, uint64_t until)
{
    for (uint32_t i = k->turn; i < k->nturns && k->turns[i].time <= until; i++) {
        struct turn *t = &k->turns[i];
        if (t->time == 0 && t->kind != TURN_BEGIN)
            continue;
        if (!can_end(k, t)) {
            t->time = until; /* later */
            continue;
        }
        take_turn(k, t);
        memmove(&k->turns[k->turn + 1], &k->turns[k->turn], (i - k->turn) * sizeof *t);
        k->turn++;
    }
}

/* ---- all events ---- */
static void put_events(struct making *k)
{
    uint32_t first = 0, i;
    while ((i = trace_pick(k, first)) != TRACE_NEVER) {
        unsigned task = k->task_of[k->events[i].task];
        take_turns(k, k->events[i].time);
        k->tasks[task].head = k->next[i];
        k->done[i] = 1;
        if (trace_is_gap(&k->events[i])) {
            k->lost += k->events[i].more;
            settle_held(k, task, k->next[i]);
        } else {
            trace_put_event(k, i);
        }
        while (first < k->nevents && k->done[first])
            first++;
    }
    take_turns(k, k->to);
}

/* ---- all of it ---- */
/* The events from `from` on; when there are none that old any more, what is known begins later. */
static void choose_events(struct making *k)
{
    size_t n, first = 0;
    const struct live_event *all = live_events(k->m, &n);
    while (first < n && all[first].time < k->from)
        first++;
    k->events = all + first;
    k->nevents = (uint32_t)(n - first);
    if (first == 0 && n == LIVE_EVENTS && all[0].time > k->from)
        k->from = all[0].time;
}

void live_trace(const struct live_model *m, uint64_t from, uint64_t to, struct trace *out,
                struct buf *notes)
{
    trace_make(m, NULL, from, to, out, notes);
}

void trace_make(const struct live_model *m, const struct names *names, uint64_t from, uint64_t to,
                struct trace *out, struct buf *notes)
{
    struct making *k = xcalloc(1, sizeof *k);
    k->m = m;
    k->names = names;
    k->t = out;
    k->from = from;
    k->to = to < m->now ? to : m->now;
    choose_events(k);
    choose_processes(k);
    choose_tasks(k);
    link_events(k);
    trace_order_init(k);
    list_turns(k);
    put_beginning(k);
    put_events(k);
    if (to >= m->now) {
        trace_put_end(k);
    }
    if (notes)
        trace_say_notes(k, notes);
    slot_map_fini(&k->arrived);
    free(k->next);
    free(k->latest);
    free(k->skip);
    free(k->done);
    trace_order_fini(k);
    free(k->turns);
    free(k);
}
