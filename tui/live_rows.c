#include "live_rows.h"

#include <stdlib.h>
#include <string.h>

static int is_over(const struct live_task *t)
{
    return t->state == TASK_DONE || t->state == TASK_ZOMBIE;
}

static int is_kept(const struct live_task *t, const struct live_rows_want *want)
{
    for (int i = 0; i < want->npins; i++)
        if (want->pins[i] == t->number)
            return 1;
    return t->number == want->keep;
}

static int is_idle(const struct live_task *t, const struct live_rows_want *want)
{
    if (is_kept(t, want))
        return 0;
    if (is_over(t))
        return t->ended < want->from;
    return !want->slow && (t->state == TASK_BLOCKED || t->state == TASK_SLEEPING) &&
           t->wait_since && t->wait_since < want->from;
}

/* -------- the order of all -------- */

static const struct live_model *sorting; /* qsort has no context; host thread only */

static int by_process_and_number(const void *a, const void *b)
{
    const struct live_task *x = &sorting->tasks[*(const uint32_t *)a];
    const struct live_task *y = &sorting->tasks[*(const uint32_t *)b];
    if (x->process != y->process)
        return x->process < y->process ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void make_room(struct live_rows *r, const struct live_model *m)
{
    uint32_t need = m->ntasks + 2 * m->nprocesses + 1;
    if (need > r->cap) {
        r->cap = need + need / 2;
        r->tree = xrealloc(r->tree, r->cap, sizeof *r->tree);
        r->lanes = xrealloc(r->lanes, r->cap, sizeof *r->lanes);
    }
    if (m->nprocesses + 1 > r->cap_processes) {
        r->cap_processes = m->nprocesses + m->nprocesses / 2 + 1;
        r->gone = xrealloc(r->gone, r->cap_processes, sizeof *r->gone);
    }
    if (m->ntasks + 1 > r->cap_tasks) {
        r->cap_tasks = m->ntasks + m->ntasks / 2 + 1;
        r->sorted = xrealloc(r->sorted, r->cap_tasks, sizeof *r->sorted);
        r->hidden = xrealloc(r->hidden, r->cap_tasks, sizeof *r->hidden);
    }
}

static void sort_tasks(struct live_rows *r, const struct live_model *m)
{
    for (uint32_t i = 0; i < m->ntasks; i++)
        r->sorted[i] = i;
    sorting = m;
    qsort(r->sorted, m->ntasks, sizeof *r->sorted, by_process_and_number);
}

/* r->hidden: those that are folded when there is room for so many rows. */
static uint32_t hide(struct live_rows *r, const struct live_model *m,
                     const struct live_rows_want *want, uint32_t all, int room)
{
    uint32_t n = 0;
    memset(r->hidden, 0, m->ntasks ? m->ntasks : 1);
    if (!want->fold || all <= (uint32_t)(room > 0 ? room : 0))
        return 0;
    for (uint32_t i = 0; i < m->ntasks; i++)
        n += r->hidden[i] = (uint8_t)is_idle(&m->tasks[i], want);
    if (all - n <= 2 * (uint32_t)(room > 0 ? room : 0))
        return n;
    /* Still far too many: threads come and go faster than can be watched. */
    for (uint32_t i = 0; i < m->ntasks; i++)
        if (!r->hidden[i] && is_over(&m->tasks[i]) && !is_kept(&m->tasks[i], want))
            n += r->hidden[i] = 1;
    return n;
}

/* -------- the tree -------- */

/* The tasks of sorted[] that belong to a process: the first one at or after the returned place. */
static uint32_t first_of(const struct live_rows *r, const struct live_model *m, uint32_t process)
{
    uint32_t low = 0, high = m->ntasks;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (m->tasks[r->sorted[mid]].process < process)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct live_row *add_row(struct live_rows *r, uint32_t process, uint32_t task, int depth)
{
    struct live_row *row = &r->tree[r->ntree++];
    *row = (struct live_row){.process = process, .task = task, .depth = depth};
    return row;
}

static uint32_t tasks_of(const struct live_rows *r, const struct live_model *m, uint32_t process)
{
    uint32_t first = first_of(r, m, process), n = 0;
    while (first + n < m->ntasks && m->tasks[r->sorted[first + n]].process == process)
        n++;
    return n;
}

/* Its threads, those that are not folded; returns how many are. */
static uint32_t add_tasks(struct live_rows *r, const struct live_model *m, uint32_t process,
                          int depth)
{
    uint32_t first = first_of(r, m, process), n = tasks_of(r, m, process), folded = 0;
    for (uint32_t i = first; i < first + n; i++)
        if (r->hidden[r->sorted[i]])
            folded++;
        else
            add_row(r, process, r->sorted[i], depth);
    return folded;
}

static void add_process(struct live_rows *r, const struct live_model *m, uint32_t process,
                        int depth)
{
    uint32_t folded = 0;
    if (m->nprocesses > 1 && tasks_of(r, m, process) == 1)
        add_row(r, process, r->sorted[first_of(r, m, process)], depth)->alone = 1;
    else {
        if (m->nprocesses > 1)
            add_row(r, process, LIVE_NONE, depth);
        folded = add_tasks(r, m, process, depth);
    }
    for (uint32_t p = 0; p < m->nprocesses; p++)
        if (m->processes[p].parent == process && p != process) {
            if (r->gone[p])
                folded++;
            else
                add_process(r, m, p, depth + 1);
        }
    if (folded)
        add_row(r, process, LIVE_NONE, depth)->folded = folded;
}

/* Those without a parent here are roots. */
static void make_tree(struct live_rows *r, const struct live_model *m)
{
    r->ntree = 0;
    for (uint32_t p = 0; p < m->nprocesses; p++)
        if ((m->processes[p].parent >= m->nprocesses || m->processes[p].parent == p) && !r->gone[p])
            add_process(r, m, p, 0);
}

static int has_gone(const struct live_process *p, uint64_t from)
{
    return (p->state == PROC_REAPED || p->state == PROC_ENDED) && p->ended < from;
}

/* r->gone: processes that ended long ago and have no descendant that did not. */
static void fold_processes(struct live_rows *r, const struct live_model *m,
                           const struct live_rows_want *want)
{
    int fold = want->fold && m->ntasks + m->nprocesses > (uint32_t)want->tree_rows;
    memset(r->gone, fold, m->nprocesses);
    for (uint32_t i = 0; i < m->nprocesses; i++) {
        if (has_gone(&m->processes[i], want->from))
            continue;
        for (uint32_t p = i; p < m->nprocesses && r->gone[p]; p = m->processes[p].parent)
            r->gone[p] = 0;
    }
    for (uint32_t i = 0; i < m->ntasks; i++)
        if (m->tasks[i].number == want->keep && m->tasks[i].process < m->nprocesses)
            r->gone[m->tasks[i].process] = 0;
}

/* -------- the lanes -------- */

static uint32_t task_of_number(const struct live_model *m, uint32_t number)
{
    for (uint32_t i = 0; i < m->ntasks; i++)
        if (m->tasks[i].number == number)
            return i;
    return LIVE_NONE;
}

static int is_pinned(const struct live_rows_want *want, uint32_t number)
{
    for (int i = 0; i < want->npins; i++)
        if (want->pins[i] == number)
            return 1;
    return 0;
}

static void add_lane(struct live_rows *r, const struct live_model *m, uint32_t task)
{
    r->lanes[r->nlanes++] = (struct live_row){.process = m->tasks[task].process, .task = task};
}

/* In the order of the tree, the pinned ones before. */
static void make_lanes(struct live_rows *r, const struct live_model *m,
                       const struct live_rows_want *want)
{
    r->nlanes = 0;
    for (int i = 0; i < want->npins; i++) {
        uint32_t task = task_of_number(m, want->pins[i]);
        if (task != LIVE_NONE)
            add_lane(r, m, task);
    }
    for (uint32_t i = 0; i < m->ntasks; i++) {
        uint32_t task = r->sorted[i];
        if (!r->hidden[task] && !is_pinned(want, m->tasks[task].number))
            add_lane(r, m, task);
    }
}

void live_rows_make(struct live_rows *r, const struct live_model *m,
                    const struct live_rows_want *want)
{
    make_room(r, m);
    sort_tasks(r, m);
    uint32_t processes = m->nprocesses > 1 ? m->nprocesses : 0;
    hide(r, m, want, m->ntasks + processes, want->tree_rows);
    fold_processes(r, m, want);
    make_tree(r, m);
    r->idle = hide(r, m, want, m->ntasks, want->lane_rows);
    make_lanes(r, m, want);
}

void live_rows_fini(struct live_rows *r)
{
    free(r->tree);
    free(r->lanes);
    free(r->sorted);
    free(r->hidden);
    free(r->gone);
    *r = (struct live_rows){0};
}

uint32_t live_rows_tree_of_process(const struct live_rows *r, uint32_t process)
{
    for (uint32_t i = 0; i < r->ntree; i++)
        if (r->tree[i].process == process && (r->tree[i].task == LIVE_NONE || r->tree[i].alone))
            return i;
    return 0;
}

uint32_t live_rows_tree_of(const struct live_rows *r, const struct live_model *m, uint32_t task)
{
    for (uint32_t i = 0; i < r->ntree; i++)
        if (r->tree[i].task == task)
            return i;
    return task < m->ntasks ? live_rows_tree_of_process(r, m->tasks[task].process) : 0;
}

uint32_t live_rows_lane_of(const struct live_rows *r, uint32_t task)
{
    for (uint32_t i = 0; i < r->nlanes; i++)
        if (r->lanes[i].task == task)
            return i;
    return 0;
}
