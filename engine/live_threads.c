/* What the kernel says of the threads of a program that runs free. Reading is what costs here, so
 * what may come late is read in turns. */
#include "live_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_NS       150000ull    /* for all threads, a look */
#define STATES_LOOK   24           /* threads whose state is read, a look */
#define STRANGE_NS    100000000ull /* a thread that notes nothing until then will not */
#define SWITCHES_LOOK 4            /* threads whose switches are read, a look */

/* ---- which there are ---- */
struct live_thread *live_thread_of(struct live *l, int32_t tid)
{
    uint32_t low = 0, high = l->nthreads;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (l->threads[mid].tid < tid)
            low = mid + 1;
        else
            high = mid;
    }
    return low < l->nthreads && l->threads[low].tid == tid ? &l->threads[low] : NULL;
}

static void close_thread(struct live_thread *t)
{
    proc_close(&t->stat);
    proc_close(&t->sched);
    proc_close(&t->status);
}

void live_thread_met(struct live *l, int32_t pid, int32_t tid)
{
    if (l->nthreads == l->cap_threads) {
        l->cap_threads = l->cap_threads ? 2 * l->cap_threads : 64;
        l->threads = xrealloc(l->threads, l->cap_threads, sizeof *l->threads);
    }
    uint32_t at = l->nthreads++;
    for (; at > 0 && l->threads[at - 1].tid > tid; at--)
        l->threads[at] = l->threads[at - 1];
    l->threads[at] = (struct live_thread){.tid = tid,
                                          .pid = pid,
                                          .number = LIVE_NONE,
                                          .seen = l->now,
                                          .stat = PROC_CLOSED,
                                          .sched = PROC_CLOSED,
                                          .status = PROC_CLOSED,
                                          .processor = -1};
}

/* ---- in the model ---- */
static const struct live_task *noted_task(const struct live *l, const struct live_thread *t)
{
    const struct live_task *found = NULL;
    for (uint32_t i = 0; i < l->model.ntasks; i++) {
        const struct live_task *k = &l->model.tasks[i];
        if (k->noted && k->tid == t->tid && k->pid == t->pid && (!found || !k->ended))
            found = k;
    }
    return found;
}

/* The task of a thread; one that notes nothing gets one of its own. NULL while that is open. */
static struct live_task *task_of(struct live *l, struct live_thread *t)
{
    if (t->number != LIVE_NONE) {
        uint32_t task = live_task_number(&l->model, t->number);
        return task == LIVE_NONE ? NULL : &l->model.tasks[task];
    }
    const struct live_task *noted = noted_task(l, t);
    if (noted && noted->ended) /* it ends, which takes the kernel a while */
        return NULL;
    if (noted) {
        t->number = noted->number;
        return live_task_of(&l->model, t->number);
    }
    const struct live_process *p = live_process_last(&l->model, t->pid);
    if (!p || p->ended || (l->now - t->seen < STRANGE_NS && (p->noted || l->now < STRANGE_NS)))
        return NULL;
    t->number = LIVE_UNNOTED + l->next_unnoted++;
    struct live_task *k = live_task_of(&l->model, t->number);
    k->pid = t->pid;
    k->tid = t->tid;
    k->process = (uint32_t)(p - l->model.processes);
    k->began = t->seen ? t->seen : 1;
    return k;
}

static void thread_gone(struct live *l, struct live_thread *t)
{
    uint32_t task = live_task_number(&l->model, t->number);
    struct live_task *k = task == LIVE_NONE ? NULL : &l->model.tasks[task];
    if (k && !k->ended) {
        k->ended = l->now;
        k->wait_since = 0;
    }
    close_thread(t);
    t->tid = 0;
}

/* ---- reading ---- */
static int read_file(struct proc_file *f, const struct live_thread *t, const char *name, char *out,
                     size_t n)
{
    char path[80];
    if (f->fd < 0)
        snprintf(path, sizeof path, "/proc/%" PRId32 "/task/%" PRId32 "/%s", t->pid, t->tid, name);
    else
        *path = '\0';
    return proc_read(f, path, out, n);
}

/* 0, or -1 when it is gone. */
static int read_times(struct live *l, struct live_thread *t)
{
    char text[128];
    if (read_file(&t->sched, t, "schedstat", text, sizeof text) <= 0)
        return -1;
    uint64_t run, ready;
    if (proc_parse_schedstat(text, &run, &ready))
        return 0;
    t->run_ns = run;
    t->ready_ns = ready;
    struct live_task *k = task_of(l, t);
    if (!k)
        return 0;
    if (run >= t->spent_run && ready >= t->spent_ready)
        live_spent(&l->model, (uint32_t)(k - l->model.tasks), run - t->spent_run,
                   ready - t->spent_ready);
    t->spent_run = run;
    t->spent_ready = ready;
    k->cpu_ns = run;
    k->ready_ns = ready;
    return 0;
}

static int read_state(struct live *l, struct live_thread *t)
{
    char text[1024];
    struct proc_stat s;
    if (read_file(&t->stat, t, "stat", text, sizeof text) <= 0 || proc_parse_stat(text, &s))
        return -1;
    t->state = s.state;
    t->processor = s.processor;
    struct live_task *k = task_of(l, t);
    if (!k)
        return 0;
    k->kernel = s.state;
    k->processor = s.processor;
    if (!k->noted)
        memcpy(k->name, s.comm, sizeof k->name);
    return 0;
}

static void read_switches(struct live *l, struct live_thread *t)
{
    char text[4096];
    struct live_task *k = task_of(l, t);
    if (!k || read_file(&t->status, t, "status", text, sizeof text) <= 0)
        return;
    uint64_t voluntary, involuntary;
    if (proc_parse_switches(text, &voluntary, &involuntary) == 0) {
        k->voluntary = voluntary;
        k->involuntary = involuntary;
    }
}

static int is_dead(char state)
{
    return state == 'Z' || state == 'X';
}

/* What of a thread is read in this look. */
enum { READ_TIMES = 1, READ_STATE = 2 };

/* 0, or -1 when it is gone. */
static int read_thread(struct live *l, struct live_thread *t, int what)
{
    const struct live_child *c = live_child_of(l, t->pid);
    if (!c || c->gone)
        return -1;
    if (is_dead(c->now.state) && c->now.threads <= 1)
        return 0;
    if (what & READ_TIMES && read_times(l, t))
        return -1;
    return what & READ_STATE || c->reread ? read_state(l, t) : 0;
}

/* In turns, until the time for that is over; a process that stopped or went on is read whole. */
static void read_in_turns(struct live *l)
{
    uint64_t began = live_clock_now();
    uint32_t start = l->turn, n = l->nthreads;
    int what = READ_TIMES | READ_STATE;
    for (uint32_t i = 0; i < n; i++) {
        struct live_thread *t = &l->threads[(start + i) % n];
        if (read_thread(l, t, what))
            thread_gone(l, t);
        if (what & READ_STATE && (i + 1 == STATES_LOOK || i + 1 == n)) {
            what = READ_TIMES;
            l->turn = (start + i + 1) % n;
        }
        if (i % 8 == 7 && live_clock_now() - began > READ_NS)
            what = 0;
    }
    for (uint32_t i = 0; i < n && i < SWITCHES_LOOK; i++) {
        struct live_thread *t = &l->threads[l->switches_turn++ % n];
        if (t->tid)
            read_switches(l, t);
    }
}

static void forget_threads(struct live *l)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->nthreads; i++)
        if (l->threads[i].tid)
            l->threads[n++] = l->threads[i];
    l->nthreads = n;
}

/* Both lists are ascending: who is not in the kernel's any more has gone. */
static void list_threads(struct live *l, const struct live_child *c)
{
    char folder[64];
    snprintf(folder, sizeof folder, "/proc/%" PRId32 "/task", c->pid);
    int n = proc_list(folder, l->pids, LIVE_THREADS), k = 0;
    for (uint32_t i = 0; i < l->nthreads; i++) {
        struct live_thread *t = &l->threads[i];
        while (k < n && l->pids[k] < t->tid)
            k++;
        if (t->pid == c->pid && t->tid && (k >= n || l->pids[k] != t->tid))
            thread_gone(l, t);
    }
    forget_threads(l);
    for (int i = 0; i < n; i++)
        if (!live_thread_of(l, l->pids[i]))
            live_thread_met(l, c->pid, l->pids[i]);
}

static void find_threads(struct live *l)
{
    for (uint32_t i = 0; i < l->nchildren; i++)
        l->children[i].known = 0;
    for (uint32_t i = 0; i < l->nthreads; i++) {
        struct live_child *c = live_child_of(l, l->threads[i].pid);
        if (c)
            c->known++;
    }
    for (uint32_t i = 0; i < l->nchildren; i++)
        if (!l->children[i].gone && l->children[i].known != l->children[i].now.threads)
            list_threads(l, &l->children[i]);
}

void live_read_threads(struct live *l)
{
    find_threads(l);
    read_in_turns(l);
    for (uint32_t i = 0; i < l->nchildren; i++)
        l->children[i].reread = 0;
    forget_threads(l);
}

void live_threads_close(struct live *l)
{
    for (uint32_t i = 0; i < l->nthreads; i++)
        close_thread(&l->threads[i]);
    free(l->threads);
}
