/* What the events of processes and of descriptors do to the world. */
#include "world_fold.h"

#include <string.h>

static void init_process(struct world_process *p, unsigned index, uint32_t step)
{
    *p = (struct world_process){.exists = 1,
                                .pid = FIRST_PID + (int64_t)index,
                                .parent_pid = 1,
                                .parent = NO_PROCESS,
                                .forked_by = NO_PROCESS,
                                .first_task = NO_TASK,
                                .began = step};
}

struct world_process *fold_known_process(struct fold *f, unsigned index, uint32_t step)
{
    struct world *w = f->w;
    for (; w->nprocesses <= index; w->nprocesses++)
        w->processes[w->nprocesses].exists = 0;
    struct world_process *p = &w->processes[index];
    if (!p->exists)
        init_process(p, index, step);
    return p;
}

/* ---- processes ---- */
void fold_fork(struct fold *f, const struct event *e)
{
    if (e->other == NO_TASK || e->result != 0)
        return;
    struct world_task *k = fold_task(f, e->other, e->step);
    k->parent = e->task;
    k->is_copy = 1;
    k->start_pc = f->w->tasks[e->task].start_pc;
    memcpy(k->name, f->w->tasks[e->task].name, sizeof k->name);
}

static void open_fd(struct fold *f, struct world_fd fd)
{
    struct world *w = f->w;
    if (w->nfds == w->cap_fds) {
        w->cap_fds = w->cap_fds ? 2 * w->cap_fds : 16;
        w->fds = xrealloc(w->fds, w->cap_fds, sizeof *w->fds);
    }
    w->fds[w->nfds++] = fd;
}

static void inherit_fds(struct fold *f, unsigned from, unsigned to)
{
    for (uint32_t i = 0, n = f->w->nfds; i < n; i++) {
        struct world_fd fd = f->w->fds[i];
        if (fd.process != from)
            continue;
        fd.process = (uint16_t)to;
        open_fd(f, fd);
    }
}

void fold_process(struct fold *f, const struct event *e)
{
    struct world_process *p = fold_known_process(f, e->process, e->step);
    struct world_task *k = fold_task(f, e->task, e->step);
    init_process(p, e->process, e->step);
    p->pid = (int64_t)e->a;
    p->parent_pid = (int64_t)e->b;
    p->first_task = e->task;
    k->process = e->process;
    if (e->other >= f->w->ntasks || e->other == e->task)
        return;
    p->parent = f->w->tasks[e->other].process;
    p->forked_by = p->parent < e->process ? p->parent : NO_PROCESS;
    k->parent = e->other;
    k->is_copy = 1;
    memcpy(k->name, f->w->tasks[e->other].name, sizeof k->name);
    if (p->parent != e->process)
        inherit_fds(f, p->parent, e->process);
}

static void close_fds(struct world *w, unsigned process)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->nfds; i++)
        if (w->fds[i].process != process)
            w->fds[n++] = w->fds[i];
    w->nfds = n;
}

static void end_task(struct fold *f, unsigned task, uint32_t step)
{
    struct world_task *k = &f->w->tasks[task];
    if (k->state != TASK_DONE) {
        fold_wake_up(f, task);
        k->state = TASK_DONE;
    }
    k->pending.kind = EV_NONE;
    fold_unblock(k);
    if (!k->ended)
        k->ended = step;
}

static void end_tasks(struct fold *f, unsigned process, uint32_t step)
{
    for (uint32_t i = 0; i < f->w->ntasks; i++)
        if (f->w->tasks[i].exists && f->w->tasks[i].process == process)
            end_task(f, i, step);
}

void fold_process_end(struct fold *f, const struct event *e)
{
    struct world_process *p = fold_known_process(f, e->process, e->step);
    p->state = e->b ? PROC_ZOMBIE : PROC_ENDED;
    p->ended = e->step;
    p->by_signal = e->a != 0;
    p->status = e->result;
    end_tasks(f, e->process, e->step);
    close_fds(f->w, e->process);
}

void fold_all_processes_end(struct fold *f, const struct event *e)
{
    struct world_process *p = fold_known_process(f, 0, e->step);
    if ((e->a != FINISH_EXIT && e->a != FINISH_SIGNAL) || p->ended)
        return;
    p->state = PROC_ENDED;
    p->ended = e->step;
    p->by_signal = e->a == FINISH_SIGNAL;
    p->status = f->w->status;
}

static int has_ended(const struct world_process *p)
{
    return p->state == PROC_ZOMBIE || p->state == PROC_REAPED || p->state == PROC_ENDED;
}

static void set_free(struct fold *f, unsigned process)
{
    for (uint32_t i = 0; i < f->w->ntasks; i++) {
        struct world_task *k = &f->w->tasks[i];
        if (!k->exists || k->process != process || fold_is_over(k))
            continue;
        fold_unblock(k);
        k->pending.kind = EV_NONE;
        k->state = TASK_FREE;
    }
}

void fold_process_state(struct fold *f, const struct event *e)
{
    struct world_process *p = fold_known_process(f, e->process, e->step);
    switch (e->a) {
    case PROCESS_STOPPED:
        p->state = has_ended(p) ? p->state : PROC_STOPPED;
        break;
    case PROCESS_CONTINUED:
        p->state = p->state == PROC_STOPPED ? PROC_RUNNING : p->state;
        break;
    case PROCESS_REAPED:
        p->state = PROC_REAPED;
        break;
    case PROCESS_ORPHANED:
        p->orphaned = p->state != PROC_REAPED ? e->step : 0;
        p->parent = NO_PROCESS;
        p->parent_pid = (int64_t)e->b;
        if (p->state == PROC_ZOMBIE) /* init waits for whatever it inherits */
            p->state = PROC_ENDED;
        break;
    case PROCESS_FREE:
        p->state = has_ended(p) ? p->state : PROC_FREE;
        set_free(f, e->process);
        break;
    default:
        break;
    }
}

void fold_exec(struct fold *f, const struct event *e)
{
    struct world_process *p = fold_known_process(f, e->process, e->step);
    if (e->result != 0)
        return;
    p->program = e->text;
    p->nprogram = e->ntext;
}

/* ---- descriptors ---- */
static const struct {
    const char *word;
    enum object_class class;
} channels[] = {
    {"pipe", OBJ_PIPE}, {"fifo", OBJ_PIPE}, {"socket", OBJ_SOCKET}, {"eventfd", OBJ_EVENTFD}};

/* By the text of a PIPE event; "socketpair" and its like begin with the word. */
static enum object_class channel_class(const struct fold *f, const struct event *e)
{
    const char *text = trace_text(f->t, e);
    if (!e->ntext)
        return OBJ_PIPE;
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        size_t n = strlen(channels[i].word);
        if (e->ntext >= n && !memcmp(text, channels[i].word, n))
            return channels[i].class;
    }
    return OBJ_CHANNEL;
}

static void close_number(struct world *w, unsigned process, int32_t number)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->nfds; i++)
        if (w->fds[i].process != process || w->fds[i].number != number)
            w->fds[n++] = w->fds[i];
    w->nfds = n;
}

static const struct world_fd *find_fd(const struct world *w, unsigned process, int32_t number)
{
    for (uint32_t i = 0; i < w->nfds; i++)
        if (w->fds[i].process == process && w->fds[i].number == number)
            return &w->fds[i];
    return NULL;
}

static void open_end(struct fold *f, const struct event *e, uint64_t number, int reads, int writes)
{
    if (number > INT32_MAX)
        return;
    close_number(f->w, e->process, (int32_t)number);
    open_fd(f, (struct world_fd){.addr = e->addr,
                                 .process = e->process,
                                 .reads = (uint8_t)reads,
                                 .writes = (uint8_t)writes,
                                 .number = (int32_t)number});
}

void fold_pipe(struct fold *f, const struct event *e)
{
    if (e->result != 0 || !e->addr)
        return;
    enum object_class class = channel_class(f, e);
    struct world_object *o = fold_touch(f, e, e->addr, class);
    o->count = 0;
    o->limit = (int64_t)e->size;
    int one_way = class == OBJ_PIPE;
    open_end(f, e, e->a, 1, !one_way);
    if (e->b != e->a)
        open_end(f, e, e->b, !one_way, 1);
}

/* The object of a descriptor's event: what it was made as stays. */
static struct world_object *channel(struct fold *f, const struct event *e)
{
    const struct world_object *known = world_object(f->w, e->addr);
    int is_one = known && object_is_channel(known->class);
    return fold_touch(f, e, e->addr, is_one ? known->class : f->class);
}

/* What an eventfd was given, or gave: eight bytes of text. */
static int64_t counter_of(const struct fold *f, const struct event *e)
{
    int64_t value = 0;
    if (e->ntext == sizeof value)
        memcpy(&value, trace_text(f->t, e), sizeof value);
    return value;
}

static void add_bytes(struct fold *f, const struct event *e, int sign)
{
    if (e->result != 0 || !e->addr)
        return;
    struct world_object *o = channel(f, e);
    o->count += sign * (o->class == OBJ_EVENTFD ? counter_of(f, e) : (int64_t)e->size);
    if (o->count < 0)
        o->count = 0;
}

void fold_fd_read(struct fold *f, const struct event *e)
{
    if (e->b) /* else it took a connection, or nothing */
        add_bytes(f, e, -1);
}

void fold_fd_write(struct fold *f, const struct event *e)
{
    add_bytes(f, e, 1);
}

void fold_fd_close(struct fold *f, const struct event *e)
{
    if (e->result == 0 && e->a <= INT32_MAX)
        close_number(f->w, e->process, (int32_t)e->a);
}

void fold_fd_dup(struct fold *f, const struct event *e)
{
    if (e->result != 0 || e->a > INT32_MAX || e->b > INT32_MAX || e->a == e->b)
        return;
    const struct world_fd *from = find_fd(f->w, e->process, (int32_t)e->a);
    struct world_fd fd = from ? *from : (struct world_fd){0};
    close_number(f->w, e->process, (int32_t)e->b);
    if (!from)
        return;
    fd.number = (int32_t)e->b;
    open_fd(f, fd);
}

void fold_queue(struct fold *f, const struct event *e)
{
    if (!e->addr)
        return;
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    if (e->result == 0)
        o->count = (int64_t)e->a;
}
