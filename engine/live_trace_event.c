/* One event of a live run as events of a trace. */
#include "live_trace_inside.h"
#include "recorder.h"

#include <errno.h>

static int succeeded(const struct live_event *e)
{
    return e->result == 0 || e->result == EOWNERDEAD;
}

uint64_t trace_lock_taken(const struct live_event *e)
{
    if (e->begins)
        return 0;
    if (e->kind == EV_COND_RELOCK) /* also after a wait that timed out */
        return succeeded(e) || e->result == ETIMEDOUT ? e->more & PLACE_ADDRESS : 0;
    if (e->kind == EV_ONCE_BEGIN)
        return e->extra ? e->addr : 0;
    return live_takes(e->kind) && succeeded(e) ? e->addr : 0;
}

uint64_t trace_lock_given(const struct live_event *e)
{
    if (e->begins || e->result != 0)
        return 0;
    switch (e->kind) {
    case EV_UNLOCK:
    case EV_SPIN_UNLOCK:
    case EV_RWUNLOCK:
    case EV_ONCE_END:
        return e->addr;
    case EV_COND_WAIT:
        return e->more & PLACE_ADDRESS;
    default:
        return 0;
    }
}

static unsigned numbered(const struct making *k, uint64_t number)
{
    uint32_t i = number < LIVE_NONE ? live_task_number(k->m, (uint32_t)number) : LIVE_NONE;
    return i == LIVE_NONE ? NO_TASK : k->task_of[i];
}

static uint32_t low(uint64_t more)
{
    return (uint32_t)more;
}

static uint32_t high(uint64_t more)
{
    return (uint32_t)(more >> 32);
}

/* How many wait for it now. */
static uint32_t waiting(const struct making *k, unsigned kind, uint64_t place)
{
    uint32_t n = 0;
    for (unsigned i = 0; i < MAX_TASKS; i++)
        n += k->tasks[i].waits == kind && !k->tasks[i].woken && k->tasks[i].for_what == place;
    return n;
}

static void fill_channel(struct event *out, const struct live_event *e)
{
    out->a = e->extra;
    switch (e->kind) {
    case EV_PIPE:
        out->a = low(e->more);
        out->b = high(e->more);
        break;
    case EV_FD_READ:
    case EV_FD_WRITE:
        out->size = low(e->more);
        out->b = out->size ? out->size : 1;
        break;
    case EV_FD_DUP:
        out->b = e->result ? UINT64_MAX : e->more;
        break;
    case EV_FD_POLL:
        out->a = e->more;
        break;
    case EV_MQ_SEND:
    case EV_MQ_RECEIVE:
        out->a = high(e->more);
        out->size = low(e->more);
        break;
    default:
        break;
    }
}

/* What the fields hold by kind, see event.def. */
static void fill(const struct making *k, struct event *out, const struct live_event *e)
{
    switch (e->kind) {
    case EV_READ:
    case EV_WRITE:
    case EV_COPY:
    case EV_ATOMIC_LOAD:
    case EV_ATOMIC_STORE:
    case EV_ATOMIC_RMW:
    case EV_ATOMIC_CAS:
        out->size = e->extra;
        out->flags = EVF_UNSEEN;
        break;
    case EV_CREATE:
    case EV_JOIN:
    case EV_DETACH:
    case EV_CANCEL:
        out->other = (uint16_t)numbered(k, low(e->more));
        out->addr = e->kind == EV_CREATE ? e->addr : 0;
        break;
    case EV_START:
        out->pc = e->addr;
        out->addr = 0;
        break;
    case EV_SEM_INIT:
    case EV_SEM_WAIT:
    case EV_SEM_TRYWAIT:
    case EV_SEM_TIMEDWAIT:
    case EV_SEM_POST:
    case EV_SEM_GETVALUE:
    case EV_BARRIER_INIT:
    case EV_ONCE_BEGIN:
    case EV_SIGWAIT:
    case EV_SIGNAL:
        out->a = e->extra;
        break;
    case EV_FORK:
        out->other = (uint16_t)numbered(k, low(e->more));
        if (out->other != NO_TASK)
            out->a = (uint64_t)k->m->tasks[k->tasks[out->other].model].pid;
        break;
    case EV_WAIT:
        out->a = low(e->more) ? low(e->more) : UINT64_MAX;
        out->b = low(e->more);
        out->size = high(e->more);
        break;
    case EV_KILL:
        out->a = (uint64_t)(int32_t)low(e->more);
        out->b = e->extra;
        out->other = (uint16_t)numbered(k, high(e->more));
        break;
    case EV_SLEEP:
        out->a = e->more;
        out->b = e->time;
        break;
    case EV_EXIT:
        out->result = e->extra;
        break;
    default:
        fill_channel(out, e);
        break;
    }
}

/* ---- before and after ---- */
static void before(struct making *k, unsigned task, const struct live_event *e)
{
    uint64_t taken = trace_lock_taken(e), given = trace_lock_given(e);
    if (taken)
        trace_make_free(k, task, trace_place(k, task, taken), live_for_reading(e->kind));
    if (given && !trace_depth(&k->tasks[task], trace_place(k, task, given)))
        trace_make_held(k, task, trace_place(k, task, given));
}

static void fill_lock(const struct making *k, unsigned task, struct event *out,
                      const struct live_event *e, uint64_t taken, uint64_t given)
{
    unsigned depth = trace_depth(&k->tasks[task], taken ? taken : given);
    if (e->kind == EV_COND_WAIT || e->kind == EV_COND_RELOCK)
        out->addr2 = taken ? taken : given ? given : trace_place(k, task, e->more);
    else if (taken && !live_for_reading(e->kind) && e->kind != EV_ONCE_BEGIN)
        out->a = depth + 1;
    else if (given && e->kind == EV_UNLOCK)
        out->a = depth - 1;
    if (e->kind == EV_COND_RELOCK)
        out->ref = k->tasks[task].woken_step;
}

/* Readers: how many there are after the operation. */
static uint64_t readers(const struct making *k, uint64_t place)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < MAX_TASKS; i++)
        for (uint32_t j = 0; j < k->tasks[i].nheld; j++)
            n += k->tasks[i].held[j] == place && k->tasks[i].reads[j];
    return n;
}

static uint32_t barrier_arrive(struct making *k, uint64_t place, int64_t limit)
{
    uint32_t n = slot_map_find(&k->arrived, place);
    n = n == LIVE_NONE || (limit > 0 && n >= limit) ? 1 : n + 1;
    slot_map_set(&k->arrived, place, n);
    return n;
}

static int64_t limit_of(const struct making *k, unsigned task, uint64_t addr)
{
    uint32_t process = k->m->tasks[k->tasks[task].model].process;
    uint32_t o = live_object_at(k->m, process, addr);
    return o == LIVE_NONE ? -1 : k->m->objects[o].limit;
}

static void reaped(struct making *k, const struct live_event *e)
{
    for (unsigned i = 0; i < MAX_PROCESSES; i++) {
        struct trace_process *p = &k->processes[i];
        if (p->model == LIVE_NONE || p->reaped || !p->ended ||
            k->m->processes[p->model].pid != (int32_t)low(e->more))
            continue;
        for (unsigned j = 0; j < MAX_TASKS && !p->reaped; j++) {
            if (k->tasks[j].model == LIVE_NONE || k->tasks[j].process != i || !k->tasks[j].told)
                continue;
            struct event out = trace_event(k, EV_PROCESS_STATE, j);
            out.a = PROCESS_REAPED;
            trace_put(k, out, NULL);
            p->reaped = 1;
        }
    }
}

/* A child that was waited for has ended before that. */
static void ends_first(struct making *k, const struct live_event *e)
{
    int status = (int)high(e->more);
    int ended = (status & 0xff) != 0x7f && status != 0xffff;
    for (unsigned i = 0; i < MAX_PROCESSES && ended; i++)
        if (k->processes[i].model != LIVE_NONE &&
            k->m->processes[k->processes[i].model].pid == (int32_t)low(e->more))
            trace_end_process(k, i);
}

static void after(struct making *k, unsigned task, const struct live_event *e, uint64_t place)
{
    unsigned other =
        e->kind == EV_CREATE || e->kind == EV_FORK ? numbered(k, low(e->more)) : NO_TASK;
    if (e->result != 0)
        return;
    switch (e->kind) {
    case EV_CREATE:
    case EV_FORK:
        if (other != NO_TASK)
            trace_tell_task(k, other);
        break;
    case EV_COND_SIGNAL:
        trace_wake(k, task, EV_COND_WAIT, place, 0);
        break;
    case EV_COND_BROADCAST:
        trace_wake(k, task, EV_COND_WAIT, place, 1);
        break;
    case EV_SEM_POST:
        trace_wake(k, task, EV_SEM_WAIT, place, 0);
        trace_wake(k, task, EV_SEM_TIMEDWAIT, place, 0);
        break;
    case EV_ONCE_END:
        trace_wake(k, task, EV_ONCE_BEGIN, place, 1);
        break;
    case EV_FD_WRITE:
        trace_wake(k, task, EV_FD_READ, place, 0);
        break;
    case EV_FD_READ:
        trace_wake(k, task, EV_FD_WRITE, place, 0);
        break;
    case EV_MQ_SEND:
        trace_wake(k, task, EV_MQ_RECEIVE, place, 0);
        break;
    case EV_MQ_RECEIVE:
        trace_wake(k, task, EV_MQ_SEND, place, 0);
        break;
    case EV_END:
        trace_end_task(k, task);
        break;
    case EV_WAIT:
        reaped(k, e);
        break;
    default:
        break;
    }
}

/* What it will do next, as far as that is kept. */
static void tell_next(struct making *k, unsigned task)
{
    uint32_t i = k->tasks[task].head;
    while (i != TRACE_NEVER && (k->skip[i] || k->events[i].kind == EV_NONE))
        i = k->next[i];
    if (i == TRACE_NEVER || k->tasks[task].ended || k->events[i].time > k->to)
        return;
    const struct live_event *e = &k->events[i];
    if (e->begins || e->kind == EV_SLEEP)
        return;
    struct event out = trace_event(k, EV_PENDING, task), full = {.other = NO_TASK};
    fill(k, &full, e);
    out.a = e->kind;
    out.addr = full.other != NO_TASK ? full.addr : trace_place(k, task, e->addr);
    out.other = full.other;
    out.size = full.size;
    out.pc = e->pc;
    trace_put(k, out, NULL);
}

/* What its process runs since its last exec. */
static const char *became(const struct making *k, unsigned task)
{
    uint32_t process = k->m->tasks[k->tasks[task].model].process;
    for (uint32_t i = k->tasks[task].head; i != TRACE_NEVER; i = k->next[i])
        if (k->events[i].kind == EV_EXEC && k->events[i].result == 0)
            return "?"; /* that is another one */
    const char *program = process < k->m->nprocesses ? k->m->processes[process].program : "";
    return program[0] ? program : "?"; /* it was over before anybody looked */
}

static void put_step(struct making *k, unsigned task, const struct live_event *e)
{
    struct trace_task *t = &k->tasks[task];
    uint64_t place = trace_place(k, task, e->addr);
    uint64_t taken = trace_lock_taken(e), given = trace_lock_given(e);
    taken = taken ? trace_place(k, task, taken) : 0;
    given = given ? trace_place(k, task, given) : 0;
    struct event out = trace_event(k, e->kind, task);
    out.addr = place;
    out.pc = e->pc;
    out.result = e->result;
    fill(k, &out, e);
    fill_lock(k, task, &out, e, taken, given);
    if (e->kind == EV_COND_SIGNAL || e->kind == EV_COND_BROADCAST)
        out.a = waiting(k, EV_COND_WAIT, place) + waiting(k, EV_COND_TIMEOUT, place);
    if (e->kind == EV_JOIN && out.other != NO_TASK)
        out.ref = k->tasks[out.other].end_step;
    if (e->kind == EV_BARRIER_ARRIVE) {
        int64_t limit = limit_of(k, task, e->addr);
        out.a = barrier_arrive(k, place, limit);
        out.b = limit > 0 ? (uint64_t)limit : 0;
    }
    if (e->kind == EV_BARRIER_LEAVE && e->result)
        out.result = -1;
    if (e->kind == EV_RWUNLOCK)
        out.a = readers(k, given) - (given && trace_holder(k, given, 0) != task);
    if (live_for_reading(e->kind) && taken)
        out.a = readers(k, taken) + 1;
    t->waits = EV_NONE;
    t->woken = 0;
    t->woken_step = 0;
    trace_put(k, out, e->kind == EV_EXEC ? became(k, task) : NULL);
    if (taken)
        trace_take(k, task, taken, live_for_reading(e->kind));
    if (given)
        trace_release(k, task, given);
    if (e->kind == EV_COND_WAIT)
        t->mutex = out.addr2;
    if (e->kind == EV_BARRIER_ARRIVE && out.b && out.a == out.b)
        trace_wake(k, task, EV_BARRIER_ARRIVE, place, 1);
}

void trace_put_event(struct making *k, uint32_t i)
{
    const struct live_event *e = &k->events[i];
    unsigned task = k->task_of[e->task];
    struct trace_task *t = &k->tasks[task];
    if (k->skip[i])
        return;
    if (e->kind == EV_FORK || e->kind == EV_CREATE)
        trace_tell_task(k, task);
    if (e->begins) {
        trace_tell_task(k, task);
        if (e->kind != EV_NONE)
            trace_wait(k, task, e->kind, e->addr);
        return;
    }
    if (e->kind == EV_NONE || !event_is_step(e->kind)) {
        if (e->kind == EV_NONE && t->waits != EV_NONE) {
            t->waits = EV_NONE;
            trace_put(k, trace_event(k, EV_READY, task), NULL);
        }
        return;
    }
    trace_tell_task(k, task);
    before(k, task, e);
    if (e->kind == EV_WAIT && e->result == 0)
        ends_first(k, e);
    put_step(k, task, e);
    after(k, task, e, trace_place(k, task, e->addr));
    tell_next(k, task);
}
