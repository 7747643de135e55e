/* What the threads of a program that runs free have noted, and what they are at: the shared memory,
 * in which a wild program may write anything. */
#include "live_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FEW_ENTRIES 16 /* of a ring are always read, so that what a thread does last is known */
#define NEXT_NUMBER (1u << 30)
#define PID_LIMIT   (1 << 22) /* the kernel's */
#define DAMAGED                                                                                    \
    N_("the program wrote over the memory that lockstep shares with it: what is shown of its "     \
       "threads may be wrong")

/* ---- what is shared is read once, and checked ---- */
static uint32_t count_of(const uint32_t *n, uint32_t max)
{
    uint32_t value = __atomic_load_n(n, __ATOMIC_ACQUIRE);
    return value < max ? value : max;
}

static uint64_t time_of(const struct live *l, uint64_t ticks)
{
    uint64_t t = live_clock_ns(&l->clock, ticks);
    return t > l->now ? l->now : t;
}

static void copy_name(char out[16], const char *in)
{
    int n = 0;
    for (; n < 15 && in[n]; n++)
        out[n] = (unsigned char)in[n] < 0x20 || (unsigned char)in[n] >= 0x7f ? '?' : in[n];
    out[n] = '\0';
}

/* ---- processes ---- */
/* The process it says it is: one that the kernel told of, or a child of such, which may have come
 * and gone between two looks. NULL if it is neither. */
static struct live_process *process_of(struct live *l, const struct recorder_process *r)
{
    uint32_t life = __atomic_load_n(&r->life, __ATOMIC_ACQUIRE);
    int32_t pid = r->pid;
    if (life < LIFE_ALIVE || life > LIFE_ENDED || pid <= 0)
        return NULL;
    struct live_process *p = live_process_last(&l->model, pid);
    if (p || !live_process_last(&l->model, r->parent_pid) || pid > PID_LIMIT)
        return p;
    return live_process_of(&l->model, pid);
}

/* The first process: where it is loaded, and whether it has become another program. */
static void read_first(struct live *l, const struct recorder_process *r)
{
    l->bias = r->exe_bias;
    l->has_bias = 1;
    l->execs = r->execs;
}

static void read_process(struct live *l, const struct recorder_process *r)
{
    struct live_process *p = process_of(l, r);
    if (!p)
        return;
    int32_t pid = p->pid;
    if (!p->noted) {
        p->noted = 1;
        p->began = time_of(l, r->began);
        if (!p->parent_pid)
            p->parent_pid = r->parent_pid;
    }
    p->bias = r->exe_bias;
    if (pid == l->first_pid)
        read_first(l, r);
    if (r->reaped == 1)
        live_process_ends(l, pid, 1, r->wait_status, PROC_REAPED);
}

/* ---- threads ---- */
static struct live_task *task_of(struct live *l, const struct recorder_thread *t, uint32_t number)
{
    struct live_task *k = live_task_of(&l->model, number);
    int32_t pid = t->pid;
    if (k->noted && k->pid == pid)
        return k;
    k->noted = 1;
    k->pid = pid;
    k->tid = t->tid;
    k->creator = t->creator;
    k->start_pc = t->start_pc;
    k->began = time_of(l, t->began);
    const struct live_process *p = live_process_last(&l->model, pid);
    if (p)
        k->process = (uint32_t)(p - l->model.processes);
    return k;
}

static int is_fine(const struct live *l, const struct recorder_thread *t)
{
    return t->tid > 0 && t->tid <= PID_LIMIT && t->number < NEXT_NUMBER &&
           live_process_last((struct live_model *)(uintptr_t)&l->model, t->pid) != NULL;
}

/* Its wait, read whole; what was read last stays when the thread was stopped while it wrote. */
static void read_wait(const struct recorder_thread *t, struct live_slot *s)
{
    for (int tries = 0; tries < 16; tries++) {
        uint32_t seq = __atomic_load_n(&t->wait_seq, __ATOMIC_ACQUIRE);
        uint64_t since = __atomic_load_n(&t->wait_since, __ATOMIC_RELAXED);
        uint64_t what = __atomic_load_n(&t->wait_what, __ATOMIC_RELAXED);
        uint64_t more = __atomic_load_n(&t->wait_more, __ATOMIC_RELAXED);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (seq % 2 || __atomic_load_n(&t->wait_seq, __ATOMIC_RELAXED) != seq)
            continue;
        s->wait_new |= since != s->wait_since || what != s->wait_what;
        s->wait_since = since;
        s->wait_what = what;
        s->wait_more = more;
        return;
    }
}

/* Can somebody who is none of the program's threads end a wait for this descriptor? A pipe and an
 * eventfd are the program's own. */
static int is_outside(int32_t pid, unsigned fd)
{
    char path[64], to[64];
    snprintf(path, sizeof path, "/proc/%" PRId32 "/fd/%u", pid, fd);
    ssize_t n = readlink(path, to, sizeof to - 1);
    to[n > 0 ? n : 0] = '\0';
    return strncmp(to, "pipe:", 5) != 0 && strncmp(to, "anon_inode:[eventfd]", 20) != 0;
}

static void set_wait_kind(struct live_task *k, uint64_t what, uint64_t more)
{
    unsigned kind = REC_ARG(what), extra = REC_EXTRA(more);
    k->wait_kind = (uint8_t)(kind < EV_COUNT ? kind : EV_NONE);
    k->wait_limited =
        kind == EV_COND_TIMEOUT || ((kind == EV_JOIN || kind == EV_FD_POLL) && extra == 1);
    k->wait_outside = kind == EV_FD_POLL || kind == EV_SIGWAIT || kind == EV_PAUSE ||
                      ((kind == EV_FD_READ || kind == EV_FD_WRITE) && is_outside(k->pid, extra));
}

static void fill_wait(const struct live *l, struct live_task *k, struct live_slot *s)
{
    if (!s->wait_new)
        return;
    s->wait_new = 0;
    k->wait_since = 0;
    k->wait_addr = k->wait_pc = 0;
    if (!s->wait_since)
        return;
    uint64_t since = time_of(l, s->wait_since);
    set_wait_kind(k, s->wait_what, s->wait_more);
    k->wait_since = since ? since : 1;
    k->wait_addr = s->wait_what & REC_ADDRESS;
    if (k->wait_kind == EV_WAIT && k->wait_addr >> 47) /* a pid below zero */
        k->wait_addr |= ~REC_ADDRESS;
    k->wait_pc = s->wait_more & REC_ADDRESS;
}

static void fill_held(struct live_task *k, const struct recorder_thread *t)
{
    uint32_t n = __atomic_load_n(&t->nheld, __ATOMIC_ACQUIRE);
    k->nheld = n < 1u << 16 ? n : 0;
    for (uint32_t i = 0; i < k->nheld && i < RECORDER_HELD; i++)
        k->held[i] = __atomic_load_n(&t->held[i], __ATOMIC_RELAXED) & REC_ADDRESS;
}

/* What it is at now. */
static void fill_now(struct live *l, struct live_slot *s, const struct recorder_thread *t)
{
    struct live_task *k = task_of(l, t, s->holder);
    read_wait(t, s);
    fill_wait(l, k, s);
    fill_held(k, t);
    copy_name(k->name, t->name[0] || t->start_pc ? t->name : "main");
    uint64_t waits = t->waits, head = t->head;
    double wait_ns = (double)t->wait_ticks * l->clock.ns_a_tick;
    if (waits <= head && wait_ns <= (double)l->now) {
        k->waits = waits;
        k->wait_ns = (uint64_t)wait_ns;
    }
    k->joined = t->joined != 0;
    if (__atomic_load_n(&t->life, __ATOMIC_ACQUIRE) == LIFE_ENDED && !k->ended) {
        k->ended = t->ended ? time_of(l, t->ended) : l->now;
        k->wait_since = 0;
    }
    const struct live_process *p = live_process_last(&l->model, k->pid);
    if (p && p->ended && !k->ended) { /* killed, so that it could not say so */
        k->ended = p->ended;
        k->wait_since = 0;
    }
}

/* ---- rings ---- */
/* A child was waited for, perhaps one that notes nothing itself. It may be a zombie still: waitid
 * can be told to leave it so (WNOWAIT). */
static void take_wait(struct live *l, const struct live_event *e)
{
    int32_t pid = (int32_t)e->more;
    int status = (int)(e->more >> 32);
    struct live_process *p = pid > 0 ? live_process_last(&l->model, pid) : NULL;
    struct live_child *c = live_child_of(l, pid);
    if (!p || e->result != 0 || WIFSTOPPED(status) || WIFCONTINUED(status))
        return;
    if (!p->has_status) {
        p->has_status = 1;
        p->status = status;
    }
    if (c)
        c->waited = 1;
    else if (p->ended)
        p->reaped = 1;
}

/* Another thread has its slot: it has ended, though the entry that says so was not read. Whether
 * somebody joined it is not known; most are. */
static void has_gone(struct live *l, uint32_t number, uint64_t time)
{
    uint32_t slots = count_of(&l->memory->nthreads, RECORDER_THREADS);
    for (uint32_t i = 0; i < slots; i++)
        if (l->slots[i].known && l->slots[i].holder == number)
            return;
    uint32_t task = live_task_number(&l->model, number);
    struct live_task *k = task != LIVE_NONE ? &l->model.tasks[task] : NULL;
    if (!k || !k->noted || k->ended)
        return;
    k->ended = time ? time : 1;
    k->wait_since = 0;
    k->joined = 1;
}

/* From here on the ring is that of another thread, which may have come and gone since the last
 * look. */
static void take_start(struct live *l, const struct live_event *e)
{
    uint32_t number = (uint32_t)e->more;
    int32_t pid = (int32_t)(e->more >> 32);
    if (number >= NEXT_NUMBER || number == l->number)
        return;
    has_gone(l, l->number, e->time);
    l->number = number;
    l->task = (uint32_t)(live_task_of(&l->model, number) - l->model.tasks);
    struct live_task *k = &l->model.tasks[l->task];
    if (k->process != LIVE_NONE || pid <= 0)
        return;
    struct live_process *p = live_process_last(&l->model, pid);
    k->noted = 1;
    k->pid = pid;
    k->start_pc = e->addr;
    k->began = e->time;
    k->process = p ? (uint32_t)(p - l->model.processes) : LIVE_NONE;
}

static void on_event(void *ctx, const struct live_event *e)
{
    struct live *l = ctx;
    struct live_event own = *e;
    if (!e->begins && e->kind == EV_START)
        take_start(l, e);
    else if (!e->begins && e->kind == EV_WAIT)
        take_wait(l, e);
    else if (e->kind == EV_FORK)
        l->forked = 1;
    if (l->task == LIVE_NONE) /* of a thread that was forgotten */
        return;
    struct live_task *k = &l->model.tasks[l->task];
    if (!e->begins && e->kind == EV_END && !k->ended)
        k->ended = e->time ? e->time : 1;
    own.task = l->task;
    live_event_add(&l->model, &own);
    l->nevents++;
}

/* Entries that were not read are told as operations; how many of them are is not known exactly. */
static void count_lost(struct live *l, struct live_slot *s, uint64_t entries, size_t operations)
{
    uint64_t n = entries * (100u - s->marks) / 100 + operations;
    if (entries && !n)
        n = 1;
    if (n)
        live_lost(&l->model, live_task_number(&l->model, s->number), n);
}

static void read_ring(struct live *l, uint32_t i, size_t max)
{
    struct live_slot *s = &l->slots[i];
    const struct recorder_thread *t = &l->memory->threads[i];
    const struct recorder_entry *ring =
        (const struct recorder_entry *)(l->memory + 1) + (uint64_t)i * l->ring;
    struct ring_look look = {&l->clock, s->looked, l->now, on_event, l};
    uint64_t lost, stamped = time_of(l, t->last_ticks);
    size_t n = ring_copy(ring, l->ring, &t->head, &s->ring.next, l->copy, max, &lost);
    if (stamped > look.before && stamped <= l->now) /* nothing newer has a time */
        look.before = stamped;
    if (lost > l->now - s->looked + l->ring) { /* no thread is as quick as that */
        live_note(l, DAMAGED);
        lost = 0;
    }
    if (n > 32)
        s->marks = (uint8_t)(100 - 100 * ring_operations(l->copy, n) / n);
    if (lost && s->ring.next - n >= t->first && s->number != s->holder) {
        has_gone(l, s->number, l->now);
        s->number = s->holder; /* whatever was before: these are the present one's */
    }
    if (n == 0 && !lost)
        return;
    l->number = s->number;
    l->task = live_task_number(&l->model, l->number);
    size_t out = 0;
    if (lost)
        out = ring_decode(&s->ring, NULL, 0, 1, &look);
    if (lost || out)
        count_lost(l, s, lost, out);
    out = ring_decode(&s->ring, l->copy, n, lost != 0, &look);
    if (out)
        count_lost(l, s, 0, out);
    ring_flush(&s->ring, &look); /* an entry and what belongs to it are published together */
    s->number = l->number;
    s->looked = l->now;
}

/* ---- all slots ---- */
static uint64_t backlog(const struct live *l, uint32_t i)
{
    uint64_t head = __atomic_load_n(&l->memory->threads[i].head, __ATOMIC_ACQUIRE);
    uint64_t next = l->slots[i].ring.next;
    return head <= next ? 0 : head - next < l->ring ? head - next : l->ring;
}

/* A thread uses the slot that was not there at the last look. */
static void meet(struct live *l, uint32_t i)
{
    struct live_slot *s = &l->slots[i];
    const struct recorder_thread *t = &l->memory->threads[i];
    uint32_t generation = __atomic_load_n(&t->generation, __ATOMIC_ACQUIRE);
    if ((s->known && s->generation == generation) || !is_fine(l, t))
        return;
    if (!s->known) {
        s->number = t->number;
        s->ring.next = 0;
        s->looked = l->before;
    } else if (s->holder != t->number && s->holder != s->number) {
        has_gone(l, s->holder, l->now);
    }
    s->known = 1;
    s->over = s->joined = 0;
    s->generation = generation;
    s->holder = t->number;
    s->wait_since = 0;
    s->wait_new = 0;
    task_of(l, t, t->number);
}

static int is_used(const struct live *l, uint32_t i)
{
    const struct live_slot *s = &l->slots[i];
    uint32_t life = __atomic_load_n(&l->memory->threads[i].life, __ATOMIC_ACQUIRE);
    if (life < LIFE_ALIVE)
        return 0;
    return !s->over || l->memory->threads[i].generation != s->generation;
}

/* How many entries of a ring may be read, so that all together are no more than `all`: the same
 * for each, and what those need less goes to the others. */
static size_t share(const struct live *l, uint32_t n, uint64_t all)
{
    uint64_t each = FEW_ENTRIES;
    for (int round = 0; round < 4; round++) {
        uint64_t used = 0, more = 0;
        for (uint32_t i = 0; i < n; i++) {
            uint64_t b = l->slots[i].known && !l->slots[i].over ? backlog(l, i) : 0;
            used += b < each ? b : each;
            more += b > each;
        }
        if (!more || used >= all)
            break;
        each += (all - used) / more;
    }
    return each < l->ring ? (size_t)each : l->ring;
}

static void read_slot(struct live *l, uint32_t i, size_t max)
{
    struct live_slot *s = &l->slots[i];
    const struct recorder_thread *t = &l->memory->threads[i];
    int ended = __atomic_load_n(&t->life, __ATOMIC_ACQUIRE) == LIFE_ENDED;
    read_ring(l, i, max);
    if (is_fine(l, t) && t->generation == s->generation)
        fill_now(l, s, t);
    s->over = ended && backlog(l, i) == 0;
}

/* Nothing comes any more, but that somebody joins it. */
static void read_joined(struct live *l, uint32_t i)
{
    struct live_slot *s = &l->slots[i];
    if (!s->over || s->joined || !l->memory->threads[i].joined)
        return;
    s->joined = 1;
    uint32_t task = live_task_number(&l->model, s->holder);
    if (task != LIVE_NONE)
        l->model.tasks[task].joined = 1;
}

void live_read_slots(struct live *l, uint64_t budget)
{
    struct recorder *r = l->memory;
    uint32_t n = count_of(&r->nthreads, RECORDER_THREADS);
    uint32_t processes = count_of(&r->nprocesses, RECORDER_PROCESSES);
    for (uint32_t i = 0; i < processes; i++)
        read_process(l, &r->processes[i]);
    for (uint32_t i = 0; i < n; i++)
        if (is_used(l, i))
            meet(l, i);
    size_t max = share(l, n, (uint64_t)((double)budget / l->ns_an_entry));
    uint64_t began = live_clock_now();
    l->nevents = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!is_used(l, i))
            read_joined(l, i);
        else if (l->slots[i].known)
            read_slot(l, i, live_clock_now() - began > budget ? FEW_ENTRIES : max);
}
