#include "world_fold.h"

#include "base.h"

#include <stdlib.h>
#include <string.h>

const char *task_state_word(enum task_state s)
{
    static const char *const words[] = {
        [TASK_NEW] = N_("new"),         [TASK_READY] = N_("ready"),
        [TASK_RUNNING] = N_("RUNNING"), [TASK_BLOCKED] = N_("blocked"),
        [TASK_SLEEPING] = N_("asleep"), [TASK_ZOMBIE] = N_("zombie"),
        [TASK_DONE] = N_("done"),       [TASK_DEADLOCKED] = N_("deadlocked"),
        [TASK_STOPPED] = N_("stopped"), [TASK_FREE] = N_("runs free"),
    };
    return (unsigned)s < sizeof words / sizeof *words ? words[s] : "?";
}

const char *task_state_name(enum task_state s)
{
    return s == TASK_NEW ? C_("a task", "new") : _(task_state_word(s));
}

const char *object_class_word(enum object_class c)
{
    static const char *const words[] = {
        [OBJ_NONE] = N_("nothing"),       [OBJ_PLACE] = N_("variable"),
        [OBJ_MUTEX] = N_("mutex"),        [OBJ_SPIN] = N_("spin lock"),
        [OBJ_COND] = N_("condition"),     [OBJ_SEM] = N_("semaphore"),
        [OBJ_BARRIER] = N_("barrier"),    [OBJ_RWLOCK] = N_("read-write lock"),
        [OBJ_ONCE] = N_("once"),          [OBJ_PIPE] = N_("pipe"),
        [OBJ_SOCKET] = N_("socket pair"), [OBJ_EVENTFD] = N_("eventfd"),
        [OBJ_CHANNEL] = N_("descriptor"), [OBJ_QUEUE] = N_("message queue"),
    };
    return (unsigned)c < sizeof words / sizeof *words ? words[c] : "?";
}

const char *object_class_name(enum object_class c)
{
    return _(object_class_word(c));
}

int object_is_channel(enum object_class c)
{
    return c == OBJ_PIPE || c == OBJ_SOCKET || c == OBJ_EVENTFD || c == OBJ_CHANNEL;
}

const char *process_state_word(enum process_state s)
{
    static const char *const words[] = {
        [PROC_RUNNING] = N_("running"), [PROC_STOPPED] = N_("stopped"),
        [PROC_FREE] = N_("runs free"),  [PROC_ZOMBIE] = N_("zombie"),
        [PROC_REAPED] = N_("reaped"),   [PROC_ENDED] = N_("ended"),
    };
    return (unsigned)s < sizeof words / sizeof *words ? words[s] : "?";
}

const char *process_state_name(enum process_state s)
{
    return _(process_state_word(s));
}

/* The index of objects */

static uint32_t slot_of(const struct addr_index *ix, uint64_t addr)
{
    return (uint32_t)((addr * 0x9e3779b97f4a7c15u) >> 32) & (ix->nslots - 1);
}

uint32_t addr_index_find(const struct addr_index *ix, uint64_t addr)
{
    if (!ix->nslots)
        return UINT32_MAX;
    for (uint32_t i = slot_of(ix, addr);; i = (i + 1) & (ix->nslots - 1)) {
        uint32_t number = ix->slots[i];
        if (number == 0)
            return UINT32_MAX;
        if (ix->addrs[number - 1] == addr)
            return number - 1;
    }
}

static void enter(struct addr_index *ix, uint32_t number)
{
    uint32_t i = slot_of(ix, ix->addrs[number]);
    while (ix->slots[i])
        i = (i + 1) & (ix->nslots - 1);
    ix->slots[i] = number + 1;
}

static void enter_all(struct addr_index *ix)
{
    if (ix->nslots)
        memset(ix->slots, 0, ix->nslots * sizeof *ix->slots);
    for (uint32_t i = 0; i < ix->n; i++)
        enter(ix, i);
}

uint32_t addr_index_add(struct addr_index *ix, uint64_t addr)
{
    uint32_t number = addr_index_find(ix, addr);
    if (number != UINT32_MAX)
        return number;
    if (ix->n == ix->cap) {
        ix->cap = ix->cap ? 2 * ix->cap : 64;
        ix->addrs = xrealloc(ix->addrs, ix->cap, sizeof *ix->addrs);
        ix->nslots = 4 * ix->cap;
        ix->slots = xrealloc(ix->slots, ix->nslots, sizeof *ix->slots);
        enter_all(ix);
    }
    ix->addrs[ix->n] = addr;
    enter(ix, ix->n);
    return ix->n++;
}

void addr_index_truncate(struct addr_index *ix, uint32_t n)
{
    if (n >= ix->n)
        return;
    ix->n = n;
    enter_all(ix);
}

void addr_index_fini(struct addr_index *ix)
{
    free(ix->addrs);
    free(ix->slots);
    *ix = (struct addr_index){0};
}

void world_init(struct world *w, const struct addr_index *ix)
{
    *w = (struct world){.index = ix};
    w->tasks = xcalloc(MAX_TASKS, sizeof *w->tasks);
    w->processes = xcalloc(MAX_PROCESSES, sizeof *w->processes);
    world_begin(w);
}

void world_begin(struct world *w)
{
    *w = (struct world){.running = NO_TASK,
                        .index = w->index,
                        .tasks = w->tasks,
                        .objects = w->objects,
                        .cap_objects = w->cap_objects,
                        .processes = w->processes,
                        .nprocesses = 1,
                        .fds = w->fds,
                        .cap_fds = w->cap_fds};
    w->processes[0] = (struct world_process){.exists = 1,
                                             .pid = FIRST_PID,
                                             .parent_pid = FIRST_PID - 1,
                                             .parent = NO_PROCESS,
                                             .forked_by = NO_PROCESS};
}

void world_fini(struct world *w)
{
    free(w->tasks);
    free(w->objects);
    free(w->processes);
    free(w->fds);
    w->tasks = NULL;
    w->objects = NULL;
    w->processes = NULL;
    w->fds = NULL;
}

const struct world_object *world_object(const struct world *w, uint64_t addr)
{
    uint32_t number = addr ? addr_index_find(w->index, addr) : UINT32_MAX;
    return number < w->nobjects ? &w->objects[number] : NULL;
}

unsigned world_process_of_pid(const struct world *w, int64_t pid)
{
    for (uint32_t i = 0; i < w->nprocesses; i++)
        if (w->processes[i].exists && w->processes[i].pid == pid)
            return i;
    return NO_PROCESS;
}

uint64_t world_ends(const struct world *w, uint64_t addr, int writing)
{
    uint64_t set = 0;
    for (uint32_t i = 0; i < w->nfds; i++)
        if (w->fds[i].addr == addr && (writing ? w->fds[i].writes : w->fds[i].reads))
            set |= 1ull << w->fds[i].process;
    return set;
}

void world_output(const struct trace *t, uint32_t step, int fd, struct buf *out)
{
    size_t end = trace_step_end(t, step);
    for (size_t i = 0; i < t->noutputs && t->outputs[i] < end; i++) {
        const struct event *e = &t->events[t->outputs[i]];
        if (fd == 0 || e->a == (uint64_t)(unsigned)fd)
            buf_add(out, trace_text(t, e), e->ntext);
    }
}

int world_can_go(const struct world_task *t)
{
    return t->exists && t->pending.kind != EV_NONE &&
           (t->state == TASK_NEW || t->state == TASK_READY || t->state == TASK_RUNNING ||
            t->state == TASK_SLEEPING);
}
