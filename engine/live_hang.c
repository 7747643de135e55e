/* Whether a live run can ever go on, and who waits for whom in a circle. */
#include "live_inside.h"

#include <stdlib.h>

/* Operations that only another task of the program can end. */
static int only_others_end(unsigned kind)
{
    static const uint8_t kinds[] = {
        EV_LOCK,       EV_SPIN_LOCK,  EV_COND_WAIT,      EV_COND_RELOCK,   EV_SEM_WAIT,
        EV_FUTEX_WAIT, EV_FUTEX_RISE, EV_BARRIER_ARRIVE, EV_BARRIER_LEAVE, EV_RDLOCK,
        EV_WRLOCK,     EV_ONCE_BEGIN, EV_JOIN,           EV_WAIT,          EV_FD_READ,
        EV_FD_WRITE,   EV_FD_POLL,    EV_MQ_SEND,        EV_MQ_RECEIVE,
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i] == kind)
            return 1;
    return 0;
}

/* What it joins, or the child it waits for, has ended: it is about to go on. */
static int is_served(const struct live_model *m, const struct live_task *t)
{
    if (t->wait_kind == EV_JOIN)
        return t->wait_by < m->ntasks && m->tasks[t->wait_by].ended;
    if (t->wait_kind != EV_WAIT)
        return 0;
    for (uint32_t i = 0; i < m->nprocesses; i++) {
        const struct live_process *p = &m->processes[i];
        int64_t pid = (int64_t)t->wait_addr;
        if (p->parent_pid == t->pid && p->kernel == 'Z' && (pid <= 0 || pid == p->pid))
            return 1;
    }
    return 0;
}

static int is_stuck(const struct live_model *m, const struct live_task *t, uint64_t ns)
{
    if (!t->noted || !t->wait_since || m->now - t->wait_since < ns || m->now < t->wait_since)
        return 0;
    if (t->wait_limited || t->wait_outside || !only_others_end(t->wait_kind))
        return 0;
    int asleep = t->kernel == 'S' || t->kernel == 0;
    int spins = t->wait_kind == EV_SPIN_LOCK && t->kernel == 'R';
    return (asleep || spins) && !is_served(m, t);
}

/* A process of which no living task is known does we know not what. */
static int is_unknown(const struct live_model *m, uint32_t process)
{
    if (m->processes[process].ended || m->processes[process].kernel == 'Z')
        return 0;
    for (uint32_t i = 0; i < m->ntasks; i++)
        if (m->tasks[i].process == process && !m->tasks[i].ended)
            return 0;
    return 1;
}

int live_hangs(const struct live_model *m, uint64_t ns)
{
    uint32_t alive = 0;
    if (m->totals.unnoted)
        return 0;
    for (uint32_t i = 0; i < m->nprocesses; i++)
        if (is_unknown(m, i))
            return 0;
    for (uint32_t i = 0; i < m->ntasks; i++) {
        const struct live_task *t = &m->tasks[i];
        if (t->ended)
            continue;
        if (!is_stuck(m, t, ns))
            return 0;
        alive++;
    }
    return alive > 0;
}

/* Each task waits for one other at most, so that a circle is found by going on until somebody comes
 * again. */
uint32_t live_circle(const struct live_model *m, uint32_t *out, uint32_t max)
{
    uint32_t *round = xcalloc(m->ntasks + 1, sizeof *round), n = 0;
    for (uint32_t first = 0; first < m->ntasks && !n; first++) {
        uint32_t i = first;
        while (i < m->ntasks && !round[i] && !m->tasks[i].ended && m->tasks[i].wait_since) {
            round[i] = first + 1;
            i = m->tasks[i].wait_by;
        }
        if (i >= m->ntasks || round[i] != first + 1)
            continue;
        uint32_t at = i;
        do {
            if (n < max)
                out[n] = at;
            n++;
            at = m->tasks[at].wait_by;
        } while (at != i);
    }
    free(round);
    return n;
}
