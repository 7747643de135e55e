#include "marks.h"

#include <stdlib.h>
#include <string.h>

void marks_fini(struct marks *m)
{
    free(m->list);
    memset(m, 0, sizeof *m);
}

static void add(struct marks *m, const struct event *e, size_t index)
{
    if (m->n == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 16;
        m->list = xrealloc(m->list, m->cap, sizeof *m->list);
    }
    m->list[m->n++] = (struct mark){index, e->step, e->kind};
}

void marks_update(struct marks *m, const struct trace *t)
{
    if (m->cuts > t->ncuts) /* another trace */
        m->cuts = m->seen = 0;
    for (; m->cuts < t->ncuts; m->cuts++)
        if (t->cuts[m->cuts] < m->seen)
            m->seen = t->cuts[m->cuts];
    while (m->n && m->list[m->n - 1].event >= m->seen)
        m->n--;
    for (; m->seen < t->nevents; m->seen++) {
        const struct event *e = &t->events[m->seen];
        if (e->kind == EV_FINDING || e->kind == EV_FINISHED || (e->kind == EV_CHOICE && e->b > 1))
            add(m, e, m->seen);
    }
}

/* Index of the first mark at or after step. */
static size_t lower(const struct marks *m, uint32_t step)
{
    size_t low = 0, high = m->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (m->list[mid].step < step)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct mark *marks_at(const struct marks *m, uint32_t step, unsigned kind)
{
    for (size_t i = lower(m, step); i < m->n && m->list[i].step == step; i++)
        if (m->list[i].kind == kind)
            return &m->list[i];
    return NULL;
}

uint32_t marks_next(const struct marks *m, uint32_t step, int by)
{
    size_t i = lower(m, by > 0 ? step + 1 : step);
    if (by > 0) {
        for (; i < m->n; i++)
            if (m->list[i].kind == EV_FINDING)
                return m->list[i].step;
        return 0;
    }
    while (i-- > 0)
        if (m->list[i].kind == EV_FINDING)
            return m->list[i].step;
    return 0;
}
