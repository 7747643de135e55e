/* The books of a trace that is made from a live run: who holds what, who waits for what, told to
 * the world as it changes. */
#include "live_trace_inside.h"
#include "recorder.h"

#include <string.h>
#include <sys/wait.h>

uint64_t trace_place(const struct making *k, unsigned task, uint64_t addr)
{
    const struct live_task *t = &k->m->tasks[k->tasks[task].model];
    uint32_t o = addr ? live_object_at(k->m, t->process, addr) : LIVE_NONE;
    int shared = (addr & REC_FILE) || (o != LIVE_NONE && k->m->objects[o].shared);
    return !addr || shared ? addr : addr | (uint64_t)k->tasks[task].process << PLACE_BITS;
}

void trace_put(struct making *k, struct event e, const char *text)
{
    e.step = k->t->nsteps + (event_is_step(e.kind) ? 1u : 0u);
    e.ntext = text ? (uint32_t)strlen(text) : 0;
    (void)trace_append(k->t, &e, text);
}

struct event trace_event(const struct making *k, unsigned kind, unsigned task)
{
    return (struct event){.kind = (uint8_t)kind,
                          .task = (uint16_t)task,
                          .other = NO_TASK,
                          .process = task < MAX_TASKS ? k->tasks[task].process : 0};
}

/* ---- who is there ---- */
/* The task of the trace with that number. */
static unsigned task_numbered(const struct making *k, uint32_t number)
{
    uint32_t i = live_task_number(k->m, number);
    return i == LIVE_NONE ? NO_TASK : k->task_of[i];
}

/* The first task of a process, as far as it is known. */
static unsigned first_task(const struct making *k, unsigned process)
{
    unsigned found = NO_TASK;
    for (unsigned i = 0; i < MAX_TASKS; i++) {
        if (k->tasks[i].model == LIVE_NONE || k->tasks[i].process != process)
            continue;
        const struct live_task *t = &k->m->tasks[k->tasks[i].model];
        if (t->tid == t->pid)
            return i;
        found = found == NO_TASK ? i : found;
    }
    return found;
}

void trace_tell_process(struct making *k, unsigned process)
{
    struct trace_process *p = &k->processes[process];
    unsigned first = p->model == LIVE_NONE || p->told ? NO_TASK : first_task(k, process);
    if (first == NO_TASK)
        return;
    const struct live_process *own = &k->m->processes[p->model];
    struct event e = trace_event(k, EV_PROCESS, first);
    unsigned creator = task_numbered(k, k->m->tasks[k->tasks[first].model].creator);
    p->told = 1;
    if (own->parent < k->m->nprocesses && k->process_of[own->parent] < MAX_PROCESSES)
        trace_tell_process(k, k->process_of[own->parent]);
    e.a = (uint64_t)own->pid;
    e.b = (uint64_t)own->parent_pid;
    if (creator != NO_TASK && k->tasks[creator].told && k->tasks[creator].process != process)
        e.other = (uint16_t)creator;
    trace_put(k, e, NULL);
}

/* What the program calls it, else its start routine; before that its number, where that is another
 * here. */
static void call(const struct making *k, unsigned task, struct buf *out)
{
    const struct live_task *own = &k->m->tasks[k->tasks[task].model];
    struct place place = {.file = "", .function = "", .line = 0};
    const char *name = own->name;
    if (k->names && own->start_pc && !name[0]) {
        k->names->place(k->names->ctx, own->start_pc, &place);
        name = place.function ? place.function : "";
    }
    if (own->number != task)
        buf_printf(out, name[0] ? "T%u " : "T%u", own->number);
    buf_puts(out, name);
}

void trace_tell_task(struct making *k, unsigned task)
{
    struct trace_task *t = &k->tasks[task];
    struct buf name = {0};
    if (t->told)
        return;
    t->told = 1;
    trace_tell_process(k, t->process);
    call(k, task, &name);
    trace_put(k, trace_event(k, EV_NAME, task), name.data);
    buf_fini(&name);
}

/* ---- waiting ---- */
static enum block_reason reason_of(unsigned kind)
{
    switch (kind) {
    case EV_COND_WAIT:
    case EV_COND_TIMEOUT:
        return BLOCK_COND;
    case EV_SEM_WAIT:
    case EV_SEM_TIMEDWAIT:
        return BLOCK_SEM;
    case EV_BARRIER_ARRIVE:
    case EV_BARRIER_LEAVE:
        return BLOCK_BARRIER;
    case EV_JOIN:
        return BLOCK_JOIN;
    case EV_ONCE_BEGIN:
        return BLOCK_ONCE;
    case EV_FUTEX_WAIT:
        return BLOCK_SPIN;
    case EV_WAIT:
        return BLOCK_CHILD;
    case EV_FD_READ:
    case EV_MQ_RECEIVE:
    case EV_INPUT:
        return BLOCK_READ;
    case EV_FD_WRITE:
    case EV_MQ_SEND:
        return BLOCK_WRITE;
    case EV_FD_POLL:
        return BLOCK_POLL;
    case EV_PAUSE:
    case EV_SIGWAIT:
        return BLOCK_SIGNAL;
    default:
        return BLOCK_LOCK;
    }
}

/* What a task that waits in `kind` does when it goes on. */
static unsigned then(unsigned kind)
{
    if (kind == EV_COND_WAIT || kind == EV_COND_TIMEOUT)
        return EV_COND_RELOCK;
    return kind == EV_BARRIER_ARRIVE ? EV_BARRIER_LEAVE : kind;
}

/* Who keeps it waiting, if that is one task. */
static unsigned keeper(const struct making *k, unsigned task)
{
    const struct trace_task *t = &k->tasks[task];
    if (t->waits == EV_JOIN)
        return task_numbered(k, t->for_what < LIVE_NONE ? (uint32_t)t->for_what : LIVE_NONE);
    if (live_takes(t->waits))
        return trace_holder(k, t->for_what, 1);
    if (t->waits == EV_ONCE_BEGIN)
        return trace_holder(k, t->for_what, 1);
    if (t->woken)
        return trace_holder(k, t->mutex, 1);
    return NO_TASK;
}

static void tell_blocked_by(struct making *k, unsigned task, unsigned by)
{
    struct trace_task *t = &k->tasks[task];
    struct event e = trace_event(k, EV_BLOCKED, task);
    e.addr = t->woken ? t->mutex : t->waits == EV_JOIN || t->waits == EV_WAIT ? 0 : t->for_what;
    e.a = t->woken ? BLOCK_LOCK : reason_of(t->waits);
    e.other = t->told_by = (uint16_t)(by == task ? NO_TASK : by);
    trace_put(k, e, NULL);
}

static void tell_blocked(struct making *k, unsigned task)
{
    tell_blocked_by(k, task, keeper(k, task));
}

void trace_wait(struct making *k, unsigned task, unsigned kind, uint64_t addr)
{
    struct trace_task *t = &k->tasks[task];
    struct event next = trace_event(k, EV_PENDING, task);
    t->waits = (uint8_t)kind;
    t->woken = 0;
    t->ready = 0;
    t->for_what = kind == EV_JOIN || kind == EV_WAIT ? addr : trace_place(k, task, addr);
    next.a = then(kind);
    next.addr = kind == EV_JOIN ? 0 : t->for_what;
    next.addr2 = next.a == EV_COND_RELOCK ? t->mutex : 0;
    if (kind == EV_JOIN)
        next.other = (uint16_t)keeper(k, task);
    trace_put(k, next, NULL);
    if (kind != EV_SLEEP)
        tell_blocked(k, task);
}

/* The event that ends its wait, TRACE_NEVER while none is kept. */
static uint32_t comes_back(const struct making *k, const struct trace_task *t)
{
    unsigned kind = then(t->waits);
    uint32_t i = t->head;
    for (int looked = 0; i != TRACE_NEVER && looked < 64; looked++, i = k->next[i]) {
        const struct live_event *e = &k->events[i];
        if (e->begins)
            return TRACE_NEVER;
        if (e->kind == kind)
            return e->result == 0 || live_takes(kind) ? i : TRACE_NEVER;
    }
    return TRACE_NEVER;
}

static int waits_at(const struct trace_task *t, unsigned kind, uint64_t place)
{
    if (!t->told || t->ended || t->waits == EV_NONE)
        return 0;
    if (kind == EV_LOCK) /* any wait for a lock */
        return t->woken ? t->mutex == place : live_takes(t->waits) && t->for_what == place;
    return !t->woken && then(t->waits) == then(kind) && t->for_what == place;
}

/* The one of those waiting that comes back first, NO_TASK: none does. */
static unsigned first_back(const struct making *k, unsigned kind, uint64_t place)
{
    unsigned found = NO_TASK;
    uint32_t when = TRACE_NEVER;
    for (unsigned i = 0; i < MAX_TASKS; i++) {
        uint32_t at =
            waits_at(&k->tasks[i], kind, place) ? comes_back(k, &k->tasks[i]) : TRACE_NEVER;
        if (at >= when)
            continue;
        when = at;
        found = i;
    }
    return found;
}

static void wake_one(struct making *k, unsigned by, unsigned task, uint64_t place)
{
    struct trace_task *t = &k->tasks[task];
    if (then(t->waits) != EV_COND_RELOCK) {
        trace_put(k, trace_event(k, EV_READY, task), NULL);
        return;
    }
    struct event e = trace_event(k, EV_WAKE, by);
    e.other = (uint16_t)task;
    e.addr = place;
    trace_put(k, e, NULL);
    t->woken = 1;
    t->woken_step = k->t->nsteps;
    t->ready = trace_holder(k, t->mutex, 1) == NO_TASK;
    if (trace_holder(k, t->mutex, 1) != NO_TASK)
        tell_blocked(k, task);
    else
        trace_put(k, trace_event(k, EV_READY, task), NULL);
}

uint32_t trace_wake(struct making *k, unsigned by, unsigned kind, uint64_t place, int all)
{
    uint32_t n = 0;
    unsigned one = all ? NO_TASK : first_back(k, kind, place);
    for (unsigned i = 0; i < MAX_TASKS; i++) {
        if (!waits_at(&k->tasks[i], kind, place))
            continue;
        n++;
        if (all || i == one)
            wake_one(k, by, i, place);
    }
    return n;
}

/* ---- locks ---- */
unsigned trace_depth(const struct trace_task *t, uint64_t place)
{
    unsigned n = 0;
    for (uint32_t i = 0; i < t->nheld; i++)
        n += t->held[i] == place;
    return n;
}

unsigned trace_holder(const struct making *k, uint64_t place, int any)
{
    for (unsigned i = 0; i < MAX_TASKS; i++) {
        const struct trace_task *t = &k->tasks[i];
        for (uint32_t j = 0; j < t->nheld; j++)
            if (t->held[j] == place && (any || !t->reads[j]))
                return i;
    }
    return NO_TASK;
}

/* Those who wait for a lock are told who has it now; when it is free the one who comes next can go
 * on. Where many wait they are no longer told for whom: that would be so many events at each
 * operation. */
static void tell_waiters(struct making *k, uint64_t place)
{
    enum { MANY = 8 };
    uint16_t who[MAX_TASKS];
    uint32_t n = 0;
    unsigned holder = trace_holder(k, place, 1);
    unsigned next = holder == NO_TASK ? first_back(k, EV_LOCK, place) : NO_TASK;
    for (unsigned i = 0; i < MAX_TASKS; i++)
        if (waits_at(&k->tasks[i], EV_LOCK, place))
            who[n++] = (uint16_t)i;
    for (uint32_t j = 0; j < n; j++) {
        struct trace_task *t = &k->tasks[who[j]];
        unsigned by = n > MANY ? NO_TASK : holder;
        if (who[j] == next)
            trace_put(k, trace_event(k, EV_READY, who[j]), NULL);
        else if (t->ready || t->told_by != by)
            tell_blocked_by(k, who[j], by);
        t->ready = who[j] == next;
    }
}

void trace_take(struct making *k, unsigned task, uint64_t place, int reads)
{
    struct trace_task *t = &k->tasks[task];
    if (t->nheld < TRACE_HELD) {
        t->reads[t->nheld] = (uint8_t)reads;
        t->doubtful[t->nheld] = 0;
        t->held[t->nheld++] = place;
    }
    tell_waiters(k, place);
}

void trace_release(struct making *k, unsigned task, uint64_t place)
{
    struct trace_task *t = &k->tasks[task];
    uint32_t i = t->nheld;
    while (i > 0 && t->held[i - 1] != place)
        i--;
    if (!i)
        return;
    t->nheld--;
    memmove(&t->held[i - 1], &t->held[i], (t->nheld - (i - 1)) * sizeof *t->held);
    memmove(&t->reads[i - 1], &t->reads[i], t->nheld - (i - 1));
    memmove(&t->doubtful[i - 1], &t->doubtful[i], t->nheld - (i - 1));
    tell_waiters(k, place);
}

static enum object_class class_at(const struct making *k, unsigned task, uint64_t place)
{
    uint32_t o =
        live_object_at(k->m, k->m->tasks[k->tasks[task].model].process, place & PLACE_ADDRESS);
    return o == LIVE_NONE ? OBJ_MUTEX : k->m->objects[o].class;
}

/* A step for which there is no event. */
static void put_in(struct making *k, unsigned kind, unsigned task, uint64_t place, uint64_t a)
{
    struct event e = trace_event(k, kind, task);
    e.addr = place;
    e.a = a;
    trace_tell_task(k, task);
    trace_put(k, e, NULL);
    k->put_in++;
}

void trace_give_up(struct making *k, unsigned task, uint64_t place)
{
    enum object_class class = class_at(k, task, place);
    unsigned left = trace_depth(&k->tasks[task], place) - 1;
    put_in(k,
           class == OBJ_SPIN     ? EV_SPIN_UNLOCK
           : class == OBJ_RWLOCK ? EV_RWUNLOCK
           : class == OBJ_ONCE   ? EV_ONCE_END
                                 : EV_UNLOCK,
           task, place, class == OBJ_RWLOCK ? 0 : left);
    trace_release(k, task, place);
}

void trace_make_free(struct making *k, unsigned task, uint64_t place, int reads)
{
    const struct trace_task *t = &k->tasks[task];
    unsigned by;
    for (uint32_t i = t->nheld; i-- > 0;)
        if (t->held[i] == place && t->doubtful[i])
            trace_give_up(k, task, place);
    while ((by = trace_holder(k, place, !reads)) != NO_TASK && by != task)
        trace_give_up(k, by, place);
}

void trace_make_held(struct making *k, unsigned task, uint64_t place)
{
    struct trace_task *t = &k->tasks[task];
    enum object_class class = class_at(k, task, place);
    int reads = 0;
    for (uint32_t i = 0; class == OBJ_RWLOCK && i < k->m->inside->tasks[t->model].nread; i++)
        reads |= k->m->inside->tasks[t->model].read[i] == (place & PLACE_ADDRESS);
    trace_make_free(k, task, place, reads);
    put_in(k,
           class == OBJ_SPIN     ? EV_SPIN_LOCK
           : class == OBJ_RWLOCK ? (reads ? EV_RDLOCK : EV_WRLOCK)
           : class == OBJ_ONCE   ? EV_ONCE_BEGIN
                                 : EV_LOCK,
           task, place, 1 + trace_depth(t, place));
    trace_take(k, task, place, reads);
}

/* ---- ends ---- */
void trace_end_task(struct making *k, unsigned task)
{
    struct trace_task *t = &k->tasks[task];
    if (t->ended || !t->told)
        return;
    t->ended = 1;
    t->waits = EV_NONE;
    t->end_step = k->t->nsteps;
    struct event e = trace_event(k, EV_GONE, task);
    int joined = 0;
    for (unsigned i = 0; i < MAX_TASKS; i++) /* by somebody who has yet to do so */
        for (uint32_t at = k->tasks[i].head, n = 0; at != TRACE_NEVER && n < 4096 && !joined;
             at = k->next[at], n++)
            joined = k->events[at].kind == EV_JOIN && k->events[at].result == 0 &&
                     (uint32_t)k->events[at].more == k->m->tasks[t->model].number;
    e.a = joined || !k->m->tasks[t->model].joined;
    trace_put(k, e, NULL);
    for (unsigned i = 0; i < MAX_TASKS; i++)
        if (k->tasks[i].waits == EV_JOIN && keeper(k, i) == task)
            trace_put(k, trace_event(k, EV_READY, i), NULL);
}

/* The process that made it; one that was orphaned has lost that parent. */
static unsigned maker(const struct making *k, unsigned process)
{
    const struct live_process *own = &k->m->processes[k->processes[process].model];
    unsigned first = first_task(k, process);
    if (own->parent < k->m->nprocesses)
        return k->process_of[own->parent];
    if (first == NO_TASK)
        return NO_PROCESS;
    unsigned creator = task_numbered(k, k->m->tasks[k->tasks[first].model].creator);
    return creator == NO_TASK ? NO_PROCESS : k->tasks[creator].process;
}

static void orphans(struct making *k, unsigned process)
{
    for (unsigned i = 0; i < MAX_PROCESSES; i++) {
        const struct trace_process *p = &k->processes[i];
        if (p->model == LIVE_NONE || !p->told || p->reaped)
            continue;
        const struct live_process *own = &k->m->processes[p->model];
        unsigned first = first_task(k, i);
        if (!own->orphaned || first == NO_TASK || i == process || maker(k, i) != process)
            continue;
        struct event e = trace_event(k, EV_PROCESS_STATE, first);
        e.a = PROCESS_ORPHANED;
        e.b = (uint64_t)own->parent_pid;
        trace_put(k, e, NULL);
    }
}

void trace_end_process(struct making *k, unsigned process)
{
    struct trace_process *p = &k->processes[process];
    unsigned first = p->model == LIVE_NONE || p->ended ? NO_TASK : first_task(k, process);
    if (first == NO_TASK)
        return;
    const struct live_process *own = &k->m->processes[p->model];
    trace_tell_process(k, process);
    p->ended = 1;
    struct event e = trace_event(k, EV_PROCESS_END, first);
    if (own->has_status && WIFSIGNALED(own->status)) {
        e.a = 1;
        e.result = WTERMSIG(own->status);
    } else if (own->has_status) {
        e.result = WEXITSTATUS(own->status);
    }
    /* the first one's parent is nobody of the program: it is none of its zombies */
    e.b =
        (own->state == PROC_ZOMBIE || own->state == PROC_REAPED) && own->parent < k->m->nprocesses;
    trace_put(k, e, NULL);
    for (unsigned i = 0; i < MAX_TASKS; i++)
        if (k->tasks[i].model != LIVE_NONE && k->tasks[i].process == process) {
            k->tasks[i].ended = 1;
            k->tasks[i].last_wait = k->tasks[i].waits;
            k->tasks[i].waits = EV_NONE;
            k->tasks[i].nheld = 0;
        }
    orphans(k, process);
}
