/* What is known of a program that runs free: tasks and processes, and what a look brings. */
#include "live_inside.h"

#include <stdlib.h>
#include <string.h>

void live_model_init(struct live_model *m)
{
    memset(m, 0, sizeof *m);
    /* all at once: pointers stay valid, and pages that nobody touched cost nothing */
    m->tasks = xcalloc(LIVE_TASKS + 1, sizeof *m->tasks);
    m->processes = xcalloc(LIVE_PROCESSES + 1, sizeof *m->processes);
    m->objects = xcalloc(LIVE_OBJECTS, sizeof *m->objects);
    m->inside = xcalloc(1, sizeof *m->inside);
    struct live_inside *in = m->inside;
    in->batch = xcalloc(LIVE_BATCH, sizeof *in->batch);
    in->order = xcalloc(LIVE_BATCH, sizeof *in->order);
    in->spare = xcalloc(LIVE_BATCH, sizeof *in->spare);
    in->events = xcalloc(2 * LIVE_EVENTS, sizeof *in->events);
}

void live_model_fini(struct live_model *m)
{
    struct live_inside *in = m->inside;
    if (!in)
        return;
    for (uint32_t i = 0; i <= LIVE_TASKS; i++)
        history_fini(&in->tasks[i].history);
    slot_map_fini(&in->task_of);
    slot_map_fini(&in->process_of);
    slot_map_fini(&in->object_of);
    free(in->batch);
    free(in->order);
    free(in->spare);
    free(in->events);
    free(in);
    free(m->tasks);
    free(m->processes);
    free(m->objects);
    memset(m, 0, sizeof *m);
}

void live_look_begin(struct live_model *m, uint64_t now)
{
    m->inside->before = m->now;
    m->now = now > m->now ? now : m->now;
    for (uint32_t i = 0; i < m->ntasks; i++)
        m->inside->tasks[i].touched = 0;
}

/* ---- tasks ---- */
static void add_totals(struct live_totals *sum, const struct live_task *t)
{
    sum->operations += t->operations;
    sum->lost += t->lost;
    sum->waits += t->waits;
    sum->wait_ns += t->wait_ns;
    sum->voluntary += t->voluntary;
    sum->involuntary += t->involuntary;
}

/* Those that have ended, so that the one that ended first is the last in the list. */
static void find_gone(struct live_model *m)
{
    struct live_inside *in = m->inside;
    in->ngone = 0;
    for (uint32_t i = 0; i < m->ntasks; i++) {
        uint64_t ended = m->tasks[i].ended;
        uint32_t at = in->ngone;
        if (!ended)
            continue;
        for (; at > 0 && m->tasks[in->gone[at - 1]].ended < ended; at--)
            in->gone[at] = in->gone[at - 1];
        in->gone[at] = i;
        in->ngone++;
    }
}

/* A place for a new task; LIVE_TASKS when all are alive. */
static uint32_t task_room(struct live_model *m)
{
    struct live_inside *in = m->inside;
    if (m->ntasks < LIVE_TASKS)
        return m->ntasks++;
    if (!in->ngone)
        find_gone(m);
    if (!in->ngone)
        return LIVE_TASKS;
    uint32_t i = in->gone[--in->ngone];
    add_totals(&in->gone_totals, &m->tasks[i]);
    slot_map_remove(&in->task_of, m->tasks[i].number);
    return i;
}

struct live_task *live_task_of(struct live_model *m, uint32_t number)
{
    struct live_inside *in = m->inside;
    uint32_t i = slot_map_find(&in->task_of, number);
    if (i != LIVE_NONE)
        return &m->tasks[i];
    i = task_room(m);
    if (i != LIVE_TASKS) {
        slot_map_set(&in->task_of, number, i);
    } else if (!in->refused || number >= in->refused) { /* it may be asked for again and again */
        m->totals.unnoted++;
        in->refused = number + 1;
    }
    struct task_inside *k = &in->tasks[i];
    history_fini(&k->history);
    memset(k, 0, sizeof *k);
    m->tasks[i] = (struct live_task){.number = number,
                                     .process = LIVE_NONE,
                                     .creator = LIVE_NONE,
                                     .wait_by = LIVE_NONE,
                                     .processor = -1};
    return &m->tasks[i];
}

uint32_t live_task_number(const struct live_model *m, uint32_t number)
{
    return number == LIVE_NONE ? LIVE_NONE : slot_map_find(&m->inside->task_of, number);
}

/* ---- processes ---- */
static int has_gone(const struct live_process *p)
{
    return p->ended && p->kernel != 'Z';
}

static void forget_process(struct live_model *m, uint32_t i)
{
    const struct live_process *p = &m->processes[i];
    if (slot_map_find(&m->inside->process_of, (uint32_t)p->pid) == i)
        slot_map_remove(&m->inside->process_of, (uint32_t)p->pid);
    for (uint32_t j = 0; j < m->ntasks; j++)
        if (m->tasks[j].process == i)
            m->tasks[j].process = LIVE_NONE;
    for (uint32_t j = 0; j < m->nprocesses; j++)
        if (m->processes[j].parent == i)
            m->processes[j].parent = LIVE_NONE;
    live_objects_forget(m, i);
}

/* A place for a new process; LIVE_PROCESSES when all are alive. */
static uint32_t process_room(struct live_model *m)
{
    uint32_t oldest = LIVE_PROCESSES;
    if (m->nprocesses < LIVE_PROCESSES)
        return m->nprocesses++;
    for (uint32_t i = 0; i < m->nprocesses; i++)
        if (has_gone(&m->processes[i]) &&
            (oldest == LIVE_PROCESSES || m->processes[i].ended < m->processes[oldest].ended))
            oldest = i;
    if (oldest != LIVE_PROCESSES)
        forget_process(m, oldest);
    return oldest;
}

struct live_process *live_process_last(struct live_model *m, int32_t pid)
{
    uint32_t i = slot_map_find(&m->inside->process_of, (uint32_t)pid);
    return i == LIVE_NONE ? NULL : &m->processes[i];
}

struct live_process *live_process_of(struct live_model *m, int32_t pid)
{
    uint32_t i = slot_map_find(&m->inside->process_of, (uint32_t)pid);
    if (i != LIVE_NONE && !has_gone(&m->processes[i]))
        return &m->processes[i];
    i = process_room(m);
    if (i != LIVE_PROCESSES) {
        slot_map_set(&m->inside->process_of, (uint32_t)pid, i);
    } else if (pid > m->inside->refused_pid) { /* it may be asked for again and again */
        m->totals.unnoted++;
        m->inside->refused_pid = pid;
    }
    m->processes[i] = (struct live_process){
        .number = m->inside->next_process++, .pid = pid, .parent = LIVE_NONE, .bias = UINT64_MAX};
    return &m->processes[i];
}

/* ---- what a look brings ---- */
/* The first call for a task in a look: its history begins a stretch. */
static struct task_inside *touch(struct live_model *m, uint32_t task)
{
    struct task_inside *k = &m->inside->tasks[task];
    uint64_t from = k->history.fed ? m->inside->before : m->tasks[task].began;
    if (!k->touched)
        history_begin(&k->history, from < m->now ? from : m->now, m->now);
    k->touched = 1;
    return k;
}

static void put_event(struct live_model *m, const struct live_event *e)
{
    struct live_inside *in = m->inside;
    if (in->nbatch == LIVE_BATCH)
        live_events_flush(m);
    in->batch[in->nbatch] = *e;
    in->batch[in->nbatch++].number = m->tasks[e->task].number;
}

static void settle_lost(struct live_model *m, uint32_t task, uint64_t until)
{
    struct task_inside *k = &m->inside->tasks[task];
    uint64_t from = k->last_time ? k->last_time : m->tasks[task].began;
    if (!k->lost)
        return;
    history_gap(&k->history, from < until ? from : until, until, k->lost);
    put_event(m, &(struct live_event){.time = until, .task = task, .more = k->lost, .stamped = 1});
    if (until > m->inside->lost_until)
        m->inside->lost_until = until;
    k->lost = 0;
}

void live_event_add(struct live_model *m, const struct live_event *e)
{
    if (e->task >= m->ntasks || e->kind >= EV_COUNT)
        return;
    struct task_inside *k = touch(m, e->task);
    struct live_event own = *e;
    own.addr &= PLACE_ADDRESS;
    own.time = e->time < m->now ? e->time : m->now;
    own.time = own.time > k->last_time ? own.time : k->last_time;
    own.waited = e->waited < own.time ? e->waited : own.time;
    settle_lost(m, e->task, own.time - own.waited);
    put_event(m, &own);
    k->last_time = own.time;
}

void live_lost(struct live_model *m, uint32_t task, uint64_t n)
{
    if (task >= m->ntasks)
        return;
    touch(m, task)->lost += n;
    m->tasks[task].lost += n;
    m->tasks[task].operations += n;
}

void live_spent(struct live_model *m, uint32_t task, uint64_t running, uint64_t ready)
{
    if (task >= m->ntasks)
        return;
    struct history *h = &touch(m, task)->history;
    h->running += running;
    h->ready += ready;
    h->spent = 1;
}

static enum task_state ended_state(const struct live_model *m, const struct live_task *t)
{
    int over = t->process < m->nprocesses && m->processes[t->process].ended;
    return t->joined || over ? TASK_DONE : TASK_ZOMBIE;
}

static enum task_state running_state(const struct history *h)
{
    return h->spent && h->ready > h->running ? TASK_READY : TASK_RUNNING;
}

static enum task_state state_of(const struct live_model *m, uint32_t i)
{
    const struct live_task *t = &m->tasks[i];
    if (t->ended || t->kernel == 'Z' || t->kernel == 'X')
        return ended_state(m, t);
    if (t->kernel == 'T' || t->kernel == 't')
        return TASK_STOPPED;
    int spins = t->wait_kind == EV_SPIN_LOCK && t->kernel == 'R';
    if (t->wait_since && !spins)
        return live_wait_state(t->wait_kind, t->wait_limited, t->wait_outside);
    if (t->kernel == 'R' || t->kernel == 0)
        return running_state(&m->inside->tasks[i].history);
    return TASK_SLEEPING;
}

static enum process_state process_state_of(const struct live_process *p)
{
    if (p->kernel == 'Z')
        return PROC_ZOMBIE;
    if (p->ended)
        return p->reaped ? PROC_REAPED : PROC_ENDED;
    return p->kernel == 'T' || p->kernel == 't' ? PROC_STOPPED : PROC_RUNNING;
}

/* The first task of the child that a wait for `pid` is for. */
static uint32_t child_of(const struct live_model *m, const struct live_task *t, int64_t pid)
{
    uint32_t found = LIVE_NONE;
    for (uint32_t i = 0; i < m->nprocesses; i++) {
        const struct live_process *p = &m->processes[i];
        if (p->ended || p->parent_pid != t->pid || (pid > 0 && p->pid != pid))
            continue;
        if (found != LIVE_NONE)
            return LIVE_NONE;
        found = i;
    }
    for (uint32_t i = 0; found != LIVE_NONE && i < m->ntasks; i++)
        if (m->tasks[i].process == found && m->tasks[i].tid == m->tasks[i].pid)
            return i;
    return LIVE_NONE;
}

static uint32_t waited_for(const struct live_model *m, uint32_t task)
{
    const struct live_task *t = &m->tasks[task];
    if (!t->wait_since || t->ended)
        return LIVE_NONE;
    if (t->wait_kind == EV_JOIN)
        return live_task_number(m, t->wait_addr < LIVE_NONE ? (uint32_t)t->wait_addr : LIVE_NONE);
    if (t->wait_kind == EV_WAIT)
        return child_of(m, t, (int64_t)t->wait_addr);
    if (!live_takes(t->wait_kind) && t->wait_kind != EV_ONCE_BEGIN)
        return LIVE_NONE;
    uint32_t o = live_object_at(m, t->process, t->wait_addr);
    return o == LIVE_NONE ? LIVE_NONE : m->objects[o].owner;
}

/* In a long wait the lock may go from hand to hand: each part of it is kept with who had it. */
static void hand_on(struct task_inside *k, struct waited *open)
{
    const struct waited *before = &k->open;
    if (!before->to || before->from < open->from || before->addr != open->addr)
        return; /* another wait */
    open->from = before->from;
    if (before->by == open->by || before->by == LIVE_NONE)
        return;
    history_wait(&k->history, before);
    open->from = before->to;
}

static void settle_task(struct live_model *m, uint32_t i)
{
    struct live_task *t = &m->tasks[i];
    struct task_inside *k = &m->inside->tasks[i];
    if (t->ended && t->ended <= k->history.fed)
        return;
    if (m->now > k->history.fed)
        touch(m, i);
    uint64_t to = t->ended && t->ended < m->now ? t->ended : m->now;
    int stopped = t->state == TASK_STOPPED;
    int waits = t->wait_since && !t->ended && t->wait_since < to && !stopped;
    if (stopped) /* it waits still, but that does not matter until it is continued */
        k->stopped = to;
    struct waited open = {
        .from = t->wait_since > k->stopped ? t->wait_since : k->stopped,
        .to = to,
        .addr = t->wait_addr,
        .by = t->wait_by < m->ntasks ? m->tasks[t->wait_by].number : LIVE_NONE,
        .kind = t->wait_kind,
        .state = (uint8_t)live_wait_state(t->wait_kind, t->wait_limited, t->wait_outside)};
    settle_lost(m, i, to);
    if (waits)
        hand_on(k, &open);
    else if ((t->ended || stopped) && k->open.to) { /* it was ended, or stopped, in its wait */
        open = k->open;
        open.to = stopped ? k->open.to : to;
        history_wait(&k->history, &open);
    }
    k->open = waits ? open : (struct waited){0};
    uint64_t waited = t->wait_ns + (waits ? to - t->wait_since : 0);
    history_end(&k->history, to, waits ? &open : NULL, waited > k->waited ? waited - k->waited : 0,
                waits ? TASK_SLEEPING : t->state);
    k->waited = waited;
}

static double per_second(uint64_t now, uint64_t then, uint64_t ns)
{
    return now > then && ns ? (double)(now - then) * 1e9 / (double)ns : 0;
}

/* Rates over the last second, or as long as it runs. */
static void settle_rates(struct live_model *m)
{
    struct live_inside *in = m->inside;
    struct live_totals *t = &m->totals;
    uint64_t n = in->nsamples < LIVE_SAMPLES ? in->nsamples : LIVE_SAMPLES;
    const struct sample now = {m->now, t->operations, t->voluntary + t->involuntary, t->waits};
    struct sample then = {0};
    for (uint64_t i = 1; i <= n; i++) {
        const struct sample *s = &in->samples[(in->nsamples - i) % LIVE_SAMPLES];
        then = *s;
        if (m->now - s->time >= 1000000000)
            break;
    }
    uint64_t ns = m->now - then.time;
    t->operations_per_s = per_second(now.operations, then.operations, ns);
    t->switches_per_s = per_second(now.switches, then.switches, ns);
    t->waits_per_s = per_second(now.waits, then.waits, ns);
    if (n && m->now - in->samples[(in->nsamples - 1) % LIVE_SAMPLES].time < 20000000)
        return;
    in->samples[in->nsamples++ % LIVE_SAMPLES] = now;
}

static void settle_totals(struct live_model *m)
{
    struct live_totals sum = m->inside->gone_totals;
    sum.unnoted = m->totals.unnoted;
    for (uint32_t i = 0; i < m->ntasks; i++)
        add_totals(&sum, &m->tasks[i]);
    m->totals = sum;
    settle_rates(m);
}

void live_look_end(struct live_model *m)
{
    live_events_flush(m);
    for (uint32_t i = 0; i < m->nprocesses; i++)
        m->processes[i].state = process_state_of(&m->processes[i]);
    for (uint32_t i = 0; i < m->ntasks; i++)
        m->tasks[i].state = state_of(m, i);
    live_objects_settle(m);
    for (uint32_t i = 0; i < m->ntasks; i++)
        m->tasks[i].wait_by = waited_for(m, i);
    for (uint32_t i = 0; i < m->ntasks; i++)
        settle_task(m, i);
    settle_totals(m);
}
