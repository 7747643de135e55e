#include "tree.h"

int tree_is_folded(const struct world *w, unsigned process)
{
    return w->nprocesses > 1 && process < w->nprocesses && w->processes[process].ended;
}

/* Processes in the order they are shown. */
struct order {
    uint16_t process[MAX_PROCESSES];
    int depth[MAX_PROCESSES];
    int n;
};

/* Who forked it keeps it, even when it ended: so that rows do not jump. */
static void add_children(const struct world *w, unsigned parent, int depth, struct order *o)
{
    for (unsigned i = 0; i < w->nprocesses; i++) {
        const struct world_process *p = &w->processes[i];
        if (!p->exists || p->forked_by != parent || i == parent || o->n == MAX_PROCESSES)
            continue;
        o->process[o->n] = (uint16_t)i;
        o->depth[o->n++] = depth;
        if (parent == NO_PROCESS || i > parent) /* a fork always makes a later one */
            add_children(w, i, depth + 1, o);
    }
}

/* The one task of a living process, NO_TASK when there are several. */
static unsigned only_task(const struct world *w, unsigned process)
{
    unsigned found = NO_TASK;
    for (unsigned i = 0; i < w->ntasks; i++) {
        if (w->tasks[i].process != process)
            continue;
        if (found != NO_TASK)
            return NO_TASK;
        found = i;
    }
    return found;
}

static int add_rows(const struct world *w, const struct order *o, int compact,
                    struct tree_row rows[TREE_ROWS])
{
    int n = 0;
    for (int k = 0; k < o->n; k++) {
        uint16_t process = o->process[k];
        int folded = tree_is_folded(w, process);
        unsigned only = compact && !folded ? only_task(w, process) : NO_TASK;
        if (w->nprocesses > 1)
            rows[n++] = (struct tree_row){process, NO_TASK, (uint16_t)only, o->depth[k]};
        for (unsigned i = 0; i < w->ntasks && !folded && only == NO_TASK; i++)
            if (w->tasks[i].process == process)
                rows[n++] = (struct tree_row){process, (uint16_t)i, NO_TASK, o->depth[k]};
    }
    return n;
}

int tree_rows(const struct world *w, int room, struct tree_row rows[TREE_ROWS])
{
    struct order o = {.n = 0};
    add_children(w, NO_PROCESS, 0, &o);
    int n = add_rows(w, &o, 0, rows);
    return n > room && w->nprocesses > 1 ? add_rows(w, &o, 1, rows) : n;
}

int tree_tasks(const struct world *w, uint16_t order[MAX_TASKS])
{
    struct order o = {.n = 0};
    uint8_t placed[MAX_TASKS] = {0};
    int n = 0;
    add_children(w, NO_PROCESS, 0, &o);
    for (int k = 0; k < o.n; k++)
        for (unsigned i = 0; i < w->ntasks; i++)
            if (w->tasks[i].process == o.process[k] && !placed[i]) {
                order[n++] = (uint16_t)i;
                placed[i] = 1;
            }
    for (unsigned i = 0; i < w->ntasks; i++)
        if (!placed[i])
            order[n++] = (uint16_t)i;
    return n;
}
