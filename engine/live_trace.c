/* What happened in a live run as a trace of the world. */
#include "live_inside.h"
#include "trace.h"

#include <inttypes.h>
#include <string.h>

/* Tasks and processes of the model by their index in the trace, and back. */
struct making {
    const struct live_model *m;
    struct trace *t;
    uint16_t index[LIVE_TASKS]; /* of each task of the model, NO_TASK: left out */
    uint16_t process[LIVE_PROCESSES];
    uint32_t ntasks, left_out;
};

static void append(struct making *k, struct event e, const char *text)
{
    e.step = k->t->nsteps + (event_is_step(e.kind) ? 1u : 0u);
    e.ntext = text ? (uint32_t)strlen(text) : 0;
    (void)trace_append(k->t, &e, text);
}

static void choose_tasks(struct making *k)
{
    uint32_t first = k->m->ntasks > MAX_TASKS ? k->m->ntasks - MAX_TASKS : 0;
    for (uint32_t i = 0; i < k->m->ntasks; i++) {
        const struct live_task *t = &k->m->tasks[i];
        int kept = i >= first && (t->process >= k->m->nprocesses || t->process < MAX_PROCESSES);
        k->index[i] = kept ? (uint16_t)k->ntasks++ : NO_TASK;
        k->left_out += !kept;
    }
}

static uint16_t process_of(const struct making *k, uint32_t task)
{
    uint32_t p = k->m->tasks[task].process;
    return p < k->m->nprocesses ? (uint16_t)p : 0;
}

static void put_tasks(struct making *k)
{
    for (uint32_t i = 0; i < k->m->ntasks; i++)
        if (k->index[i] != NO_TASK)
            append(k,
                   (struct event){.kind = EV_NAME,
                                  .task = k->index[i],
                                  .other = NO_TASK,
                                  .process = process_of(k, i)},
                   k->m->tasks[i].name);
}

static void put_event(struct making *k, const struct live_event *e)
{
    uint32_t task = e->task;
    if (task >= k->m->ntasks || k->m->tasks[task].number != e->number || k->index[task] == NO_TASK)
        return;
    struct event out = {.task = k->index[task],
                        .other = NO_TASK,
                        .process = process_of(k, task),
                        .addr = e->addr,
                        .pc = e->pc,
                        .result = e->result};
    if (e->begins) {
        out.kind = EV_BLOCKED;
        append(k, out, NULL);
        return;
    }
    if (!event_is_step(e->kind))
        return;
    out.kind = e->kind;
    append(k, out, NULL);
}

void live_trace(const struct live_model *m, uint64_t from, uint64_t to, struct trace *out,
                struct buf *notes)
{
    struct making k = {.m = m, .t = out};
    size_t n;
    const struct live_event *e = live_events(m, &n);
    choose_tasks(&k);
    put_tasks(&k);
    for (size_t i = 0; i < n; i++)
        if (e[i].time >= from && e[i].time <= to)
            put_event(&k, &e[i]);
    if (k.left_out)
        buf_printf(notes, "%" PRIu32 " tasks are left out\n", k.left_out);
}
