/* What the kernel says of the processes of a program that runs free: /proc. A process is the
 * program's when it descends from its keeper. */
#include "live_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_PIDS  65536
#define NEW_IDS   64 /* more than these are found quicker by a listing */
#define ALL_NS    1000000000ull
#define RANGES_NS 300000000ull

/* ---- finding ---- */
struct live_child *live_child_of(struct live *l, int32_t pid)
{
    uint32_t low = 0, high = l->nchildren;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (l->children[mid].pid < pid)
            low = mid + 1;
        else
            high = mid;
    }
    return low < l->nchildren && l->children[low].pid == pid ? &l->children[low] : NULL;
}

static struct live_process *process_of(struct live *l, int32_t pid)
{
    struct live_process *p = live_process_last(&l->model, pid);
    return p ? p : live_process_of(&l->model, pid);
}

static uint32_t process_index(struct live *l, int32_t pid)
{
    const struct live_process *p = live_process_last(&l->model, pid);
    return p ? (uint32_t)(p - l->model.processes) : LIVE_NONE;
}

static int is_in(const int32_t *list, int n, int32_t pid)
{
    int low = 0, high = n;
    while (low < high) {
        int mid = low + (high - low) / 2;
        if (list[mid] < pid)
            low = mid + 1;
        else
            high = mid;
    }
    return low < n && list[low] == pid;
}

/* ---- births ---- */
static int read_stat(struct proc_file *f, int32_t pid, struct proc_stat *out)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%" PRId32 "/stat", pid);
    return proc_read(f, path, text, sizeof text) > 0 ? proc_parse_stat(text, out) : -1;
}

static void adopt(struct live *l, const struct proc_stat *s)
{
    if (l->nchildren == l->cap_children) {
        l->cap_children = l->cap_children ? 2 * l->cap_children : 16;
        l->children = xrealloc(l->children, l->cap_children, sizeof *l->children);
    }
    uint32_t at = l->nchildren++;
    for (; at > 0 && l->children[at - 1].pid > s->pid; at--)
        l->children[at] = l->children[at - 1];
    l->children[at] = (struct live_child){.pid = s->pid,
                                          .ppid = s->ppid,
                                          .start = s->start,
                                          .seen = l->now,
                                          .stat = PROC_CLOSED,
                                          .memory = PROC_CLOSED,
                                          .reread = 1};
    struct live_process *p = live_process_of(&l->model, s->pid);
    if (!p->began)
        p->began = l->now ? l->now : 1;
    l->forked |= l->nchildren > 1;
}

/* Of those seen for the first time: whose parent is one of ours is ours. What is left is none of
 * ours, but for one whose parent ended just now: it is asked about again. Returns how many stay
 * to be asked again, as zeros. */
static void sort_out(struct live *l, struct proc_stat *new, int n, const int32_t *all, int nall)
{
    for (int more = 1; more;) {
        more = 0;
        for (int i = 0; i < n; i++)
            if (new[i].pid && (new[i].ppid == l->keeper.pid || live_child_of(l, new[i].ppid))) {
                adopt(l, &new[i]);
                new[i].pid = 0;
                more = 1;
            }
    }
    for (int i = 0; i < n; i++)
        if (new[i].ppid > 1 && !is_in(all, nall, new[i].ppid))
            new[i].pid = 0;
}

static void add_strangers(struct live *l, const int32_t *all, int nall, const struct proc_stat *new,
                          int nnew)
{
    int n = 0, k = 0;
    int32_t *next = xcalloc((size_t)nall + 1, sizeof *next);
    for (int i = 0; i < nall; i++) {
        while (k < nnew && (new[k].pid == 0 || new[k].pid < all[i]))
            k++;
        if ((k < nnew && new[k].pid == all[i]) || is_in(l->strangers, l->nstrangers, all[i]))
            next[n++] = all[i];
    }
    free(l->strangers);
    l->strangers = next;
    l->nstrangers = n;
}

static void look_for_births(struct live *l)
{
    int nall = proc_list("/proc", l->pids, MAX_PIDS), nnew = 0;
    struct proc_stat *new = xcalloc((size_t)(nall > 0 ? nall : 1), sizeof *new);
    for (int i = 0; i < nall; i++) {
        int32_t pid = l->pids[i];
        struct proc_file once = PROC_CLOSED;
        if (is_in(l->strangers, l->nstrangers, pid) || live_child_of(l, pid))
            continue;
        nnew += read_stat(&once, pid, &new[nnew]) == 0;
        proc_close(&once);
    }
    sort_out(l, new, nnew, l->pids, nall);
    add_strangers(l, l->pids, nall, new, nnew);
    free(new);
}

/* The process that a thread id belongs to, as /proc shows threads under their ids, too. */
static int32_t process_of_thread(int32_t tid)
{
    char path[64], text[512];
    struct proc_file once = PROC_CLOSED;
    snprintf(path, sizeof path, "/proc/%" PRId32 "/status", tid);
    int n = proc_read(&once, path, text, sizeof text);
    proc_close(&once);
    return n > 0 ? proc_parse_group(text) : -1;
}

/* Ids are given in ascending order: those from..to are new. */
static void look_at_new(struct live *l, int64_t from, int64_t to)
{
    for (int32_t id = (int32_t)from; id <= to; id++) {
        struct proc_stat s;
        struct proc_file once = PROC_CLOSED;
        if (live_child_of(l, id) || live_thread_of(l, id))
            continue;
        int rc = read_stat(&once, id, &s);
        proc_close(&once);
        if (rc || (s.ppid != l->keeper.pid && !live_child_of(l, s.ppid)))
            continue;
        int32_t pid = process_of_thread(id);
        if (pid == id)
            adopt(l, &s);
        else if (live_child_of(l, pid))
            live_thread_met(l, pid, id);
    }
}

/* Was anything born on the whole machine since the last look? An id is given to what is being born
 * before it can be seen, so those of the last look are looked at again; and now and then all. */
static void look_for_all(struct live *l)
{
    char text[128];
    int64_t youngest = proc_read(&l->loadavg, "/proc/loadavg", text, sizeof text) > 0
                           ? proc_parse_youngest(text)
                           : -1;
    int64_t from = l->younger, before = l->youngest;
    l->born |= youngest < 0 || youngest != before;
    l->younger = before;
    l->youngest = youngest;
    if (youngest < 0 || from < 0 || youngest < before || before < from ||
        youngest - from > NEW_IDS || (l->born && l->now - l->looked_at_all > ALL_NS)) {
        l->born = 0;
        l->looked_at_all = l->now;
        look_for_births(l);
    } else if (youngest != from) {
        look_at_new(l, from + 1, youngest);
    }
}

/* ---- ends ---- */
static void end_tasks(struct live *l, uint32_t process)
{
    for (uint32_t i = 0; i < l->model.ntasks; i++) {
        struct live_task *t = &l->model.tasks[i];
        if (t->process == process && !t->ended) {
            t->ended = l->now ? l->now : 1;
            t->wait_since = 0;
        }
    }
}

void live_process_ends(struct live *l, int32_t pid, int has_status, int status,
                       enum process_state state)
{
    struct live_process *p = live_process_last(&l->model, pid);
    if (!p)
        return;
    if (has_status && !p->has_status) {
        p->has_status = 1;
        p->status = status;
    }
    if (!p->ended) {
        p->ended = l->now ? l->now : 1;
        end_tasks(l, (uint32_t)(p - l->model.processes));
    }
    p->reaped |= state == PROC_REAPED;
    p->kernel = state == PROC_ZOMBIE ? 'Z' : 'X';
}

/* The kernel tells the status of a process only to who may trace it, and 0 to others. */
static int may_ask(int32_t pid)
{
    char path[64];
    struct stat st;
    snprintf(path, sizeof path, "/proc/%" PRId32, pid);
    return geteuid() == 0 || (stat(path, &st) == 0 && st.st_uid == geteuid());
}

/* Who waits for it, or has waited, is its parent; the keeper does so for orphans, as init would. */
static void has_gone(struct live *l, struct live_child *c)
{
    const struct live_process *parent = live_process_last(&l->model, c->ppid);
    int said = c->waited || (parent && !parent->noted); /* who notes says it itself */
    int waited = said && c->ppid != l->keeper.pid;
    c->gone = 1;
    live_process_ends(l, c->pid, 0, 0, waited ? PROC_REAPED : PROC_ENDED);
}

/* ---- a process ---- */
static void set_parent(struct live *l, struct live_process *p, struct live_child *c, int32_t ppid)
{
    int changed = c->ppid != ppid || (p->parent_pid && p->parent_pid != ppid);
    int already = ppid == l->keeper.pid && c->pid != l->first_pid; /* when it was seen first */
    p->orphaned |= changed || already;
    c->ppid = ppid;
    p->parent_pid = ppid;
    p->parent = process_index(l, ppid);
}

static int is_stopped(char state)
{
    return state == 'T' || state == 't';
}

static void read_child(struct live *l, struct live_child *c)
{
    struct proc_stat s;
    if (read_stat(&c->stat, c->pid, &s) || s.start != c->start) {
        has_gone(l, c);
        return;
    }
    struct live_process *p = process_of(l, c->pid);
    if (p->kernel == 'X') /* somebody said so before the kernel */
        return;
    set_parent(l, p, c, s.ppid);
    memcpy(p->program, s.comm, sizeof p->program);
    if ((s.state == 'Z' || s.state == 'X') && s.threads <= 1) {
        int known = s.state == 'Z' && may_ask(c->pid);
        live_process_ends(l, c->pid, known, s.exit_code, PROC_ZOMBIE);
        c->now = s;
        return;
    }
    /* its first thread may end before it */
    p->kernel = s.state == 'Z' || s.state == 'X' ? 'S' : s.state;
    c->reread |= is_stopped(s.state) != is_stopped(c->now.state) || s.threads != c->now.threads;
    c->now = s;
}

static void forget_gone(struct live *l)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->nchildren; i++) {
        if (!l->children[i].gone) {
            l->children[n++] = l->children[i];
            continue;
        }
        proc_close(&l->children[i].stat);
        proc_close(&l->children[i].memory);
    }
    l->nchildren = n;
}

/* ---- memory that processes share ---- */
static void look_at_ranges(struct live *l)
{
    enum { MAX = 512 };
    static struct proc_range ranges[MAX];
    l->looked_at_ranges = l->now;
    l->forked = 0;
    for (uint32_t i = 0; i < l->nchildren; i++) {
        const struct live_process *p = live_process_last(&l->model, l->children[i].pid);
        if (!p || !p->noted || p->ended)
            continue;
        int n = proc_ranges(l->children[i].pid, ranges, MAX);
        for (int k = 0; k < n; k++)
            if (ranges[k].shared && ranges[k].high - ranges[k].low != l->memory->bytes)
                live_shared(&l->model, (uint32_t)(p - l->model.processes), ranges[k].low,
                            ranges[k].high);
    }
}

/* ---- all of it ---- */
void live_read_kernel(struct live *l)
{
    look_for_all(l);
    for (uint32_t i = 0; i < l->nchildren; i++)
        read_child(l, &l->children[i]);
    live_read_threads(l);
    forget_gone(l);
    int due = l->forked ? l->now - l->looked_at_ranges > 20000000
                        : l->nchildren > 1 && l->now - l->looked_at_ranges > RANGES_NS;
    if (due)
        look_at_ranges(l);
}

void live_all_gone(struct live *l)
{
    for (uint32_t i = 0; i < l->nchildren; i++)
        has_gone(l, &l->children[i]);
    forget_gone(l);
    for (uint32_t i = 0; i < l->model.nprocesses; i++) {
        struct live_process *p = &l->model.processes[i];
        if (!p->ended || p->kernel == 'Z')
            live_process_ends(l, p->pid, 0, 0, PROC_ENDED);
        end_tasks(l, i);
    }
}

void live_kernel_begin(struct live *l)
{
    l->pids = xcalloc(MAX_PIDS, sizeof *l->pids);
    l->loadavg = PROC_CLOSED;
    l->youngest = l->younger = -1;
}

void live_kernel_close(struct live *l)
{
    for (uint32_t i = 0; i < l->nchildren; i++)
        l->children[i].gone = 1;
    forget_gone(l);
    live_threads_close(l);
    if (l->pids)
        proc_close(&l->loadavg);
    free(l->children);
    free(l->strangers);
    free(l->pids);
}
