/* The live screen: what a look at the program brought, and what to say of it. */
#include "live_internal.h"

#include "recorder.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum {
    GLOBALS_MS = 100, /* between two looks at the variables */
    SORT_MS = 1000    /* objects change places no more often than this */
};
#define HANG_NS UINT64_C(1000000000) /* so long nobody goes on before that is called a hang */

static const struct {
    uint32_t value;
    const char *word;
} paces[VIEW_PACES] = {
    {0, "1x"},
    {10000, N_("10 us an operation")},
    {100000, N_("100 us an operation")},
    {1000000, N_("1 ms an operation")},
    {10000000, N_("10 ms an operation")},
    {100000000, N_("100 ms an operation")},
    {1000000000, N_("1 s an operation")},
    {PACE_STEP, N_("step by step")},
};

const char *view_pace_word(int pace)
{
    return _(paces[pace].word);
}

uint32_t view_pace_value(int pace)
{
    return paces[pace].value;
}

/* -------- objects -------- */

static const struct live_model *sorting; /* qsort has no context; host thread only */

static int by_contention(const void *a, const void *b)
{
    const struct live_object *x = &sorting->objects[*(const uint32_t *)a];
    const struct live_object *y = &sorting->objects[*(const uint32_t *)b];
    if (x->wait_ns != y->wait_ns)
        return x->wait_ns > y->wait_ns ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

void view_sort_objects(struct live_view *v, int64_t now)
{
    const struct live_model *m = view_model(v);
    uint32_t n = 0;
    if (v->nobjects && now < v->sorted_at + SORT_MS && v->sorted_at)
        return;
    v->sorted_at = now ? now : 1;
    if (m->nobjects > v->cap_objects) {
        v->cap_objects = m->nobjects + m->nobjects / 2;
        v->objects = xrealloc(v->objects, v->cap_objects, sizeof *v->objects);
    }
    for (uint32_t i = 0; i < m->nobjects; i++)
        if (!m->objects[i].destroyed && m->objects[i].class != OBJ_PLACE &&
            m->objects[i].class != OBJ_NONE)
            v->objects[n++] = i;
    v->nobjects = n;
    sorting = m;
    if (n > 8) /* few stay where they are */
        qsort(v->objects, n, sizeof *v->objects, by_contention);
}

/* -------- what is told -------- */

static int is_crash(int sig)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        if (crashes[i] == sig)
            return 1;
    return 0;
}

static int was_our_doing(const struct live_view *v)
{
    const struct live_model *m = view_model(v);
    return v->watched && m->nprocesses && v->watched == m->processes[0].pid;
}

static void notice_end(struct live_view *v)
{
    if (v->ended || !v->port.ops->ended(v->port.ctx, &v->status))
        return;
    v->ended = 1;
    v->alarm = VIEW_FINE;
    if (*v->port.ops->why(v->port.ctx))
        v->alarm = VIEW_STOPPED_BY_US;
    else if (WIFSIGNALED(v->status) && is_crash(WTERMSIG(v->status)))
        v->alarm = VIEW_CRASHED;
    else if (v->status != 0)
        v->alarm = VIEW_FAILED;
    v->bad |= v->alarm != VIEW_FINE && !was_our_doing(v);
}

static void notice_hang(struct live_view *v)
{
    if (v->ended)
        return;
    int hangs = live_hangs(view_model(v), HANG_NS);
    v->bad |= hangs;
    v->alarm = hangs ? VIEW_HANGS : VIEW_FINE;
}

/* The end of what something was done to, with its status. */
static void notice_watched(struct live_view *v)
{
    const struct live_model *m = view_model(v);
    for (uint32_t i = 0; v->watched && i < m->nprocesses; i++) {
        const struct live_process *p = &m->processes[i];
        if (p->pid != v->watched || !p->ended)
            continue;
        struct buf words = {0};
        live_say_process(m, i, &words);
        if (words.data && v->mode == VIEW_NORMAL)
            view_say(v, ROLE_NOTE, "%s", words.data);
        buf_fini(&words);
        if (!v->ended && i == 0)
            return; /* its status may be told by the end of all */
        v->watched = i == 0 ? v->watched : 0;
        return;
    }
}

static void notice_rate(struct live_view *v)
{
    const struct live_totals *t = &view_model(v)->totals;
    if (v->pace == 0 && !v->ended && t->operations_per_s > v->full_rate)
        v->full_rate = t->operations_per_s;
}

static void read_globals(struct live_view *v)
{
    int64_t now = v->ui->now;
    uint32_t process = view_process(v);
    int wanted = v->layout.at[VIEW_VARIABLES].w > 0 && v->following && !v->ended;
    if (!wanted || process == LIVE_NONE || (v->globals_at && now < v->globals_at + GLOBALS_MS))
        return;
    v->globals_at = now ? now : 1;
    int n = v->port.ops->globals(v->port.ctx, process, v->variables, VIEW_VARIABLE_ROWS);
    if (n >= 0)
        v->nvariables = n;
}

void view_notice(struct live_view *v)
{
    notice_end(v);
    notice_hang(v);
    notice_watched(v);
    notice_rate(v);
    read_globals(v);
    view_sort_objects(v, v->ui->now);
}
