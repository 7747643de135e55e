#include "lanes.h"

#include <stdlib.h>
#include <string.h>

static const char letters[EV_COUNT] = {
    [EV_READ] = 'R',
    [EV_WRITE] = 'W',
    [EV_COPY] = 'W',
    [EV_ATOMIC_LOAD] = 'R',
    [EV_ATOMIC_STORE] = 'W',
    [EV_ATOMIC_RMW] = 'A',
    [EV_ATOMIC_CAS] = 'A',
    [EV_FREE] = 'F',
    [EV_CREATE] = 'c',
    [EV_START] = 's',
    [EV_END] = 'e',
    [EV_JOIN] = 'j',
    [EV_DETACH] = 'd',
    [EV_LOCK] = 'L',
    [EV_TRYLOCK] = 'L',
    [EV_TIMEDLOCK] = 'L',
    [EV_UNLOCK] = 'U',
    [EV_SPIN_LOCK] = 'L',
    [EV_SPIN_TRYLOCK] = 'L',
    [EV_SPIN_UNLOCK] = 'U',
    [EV_RDLOCK] = 'L',
    [EV_TRYRDLOCK] = 'L',
    [EV_TIMEDRDLOCK] = 'L',
    [EV_WRLOCK] = 'L',
    [EV_TRYWRLOCK] = 'L',
    [EV_TIMEDWRLOCK] = 'L',
    [EV_RWUNLOCK] = 'U',
    [EV_COND_WAIT] = 'w',
    [EV_COND_RELOCK] = 'L',
    [EV_COND_TIMEOUT] = 't',
    [EV_COND_SPURIOUS] = '!',
    [EV_COND_SIGNAL] = 'S',
    [EV_COND_BROADCAST] = 'B',
    [EV_SEM_WAIT] = '-',
    [EV_SEM_TRYWAIT] = '-',
    [EV_SEM_TIMEDWAIT] = '-',
    [EV_SEM_POST] = '+',
    [EV_BARRIER_ARRIVE] = 'b',
    [EV_BARRIER_LEAVE] = 'b',
    [EV_ONCE_BEGIN] = '1',
    [EV_FUTEX_WAIT] = 'w',
    [EV_FUTEX_RISE] = 'L',
    [EV_FUTEX_WAKE] = 'S',
    [EV_ONCE_END] = '1',
    [EV_CANCEL] = 'C',
    [EV_CANCELLED] = 'C',
    [EV_FORK] = 'f',
    [EV_WAIT] = 'j',
    [EV_EXEC] = 'X',
    [EV_KILL] = 'k',
    [EV_SIGNAL] = 'h',
    [EV_SIGWAIT] = 'h',
    [EV_PAUSE] = 'h',
    [EV_TIMER] = 'k',
    [EV_PIPE] = 'P',
    [EV_FD_READ] = '<',
    [EV_FD_WRITE] = '>',
    [EV_FD_CLOSE] = 'q',
    [EV_FD_DUP] = 'P',
    [EV_FD_POLL] = '?',
    [EV_MQ_SEND] = '>',
    [EV_MQ_RECEIVE] = '<',
    [EV_YIELD] = 'y',
    [EV_SLEEP] = 'z',
    [EV_OUTPUT] = 'p',
    [EV_INPUT] = 'i',
    [EV_EXIT] = 'x',
    [EV_ABORT] = '!',
};

static const struct {
    char letter;
    const char *meaning;
} legend[] = {
    {'R', "read"},
    {'W', "write"},
    {'A', "atomic change"},
    {'L', "lock"},
    {'U', "unlock"},
    {'w', "wait in a condition"},
    {'S', "signal"},
    {'B', "broadcast"},
    {'-', "semaphore wait"},
    {'+', "semaphore post"},
    {'b', "barrier"},
    {'c', "create a thread"},
    {'s', "start"},
    {'j', "join, wait for a child"},
    {'e', "end"},
    {'p', "print"},
    {'i', "input"},
    {'F', "free"},
    {'y', "yield"},
    {'z', "sleep"},
    {'t', "wait timed out"},
    {'1', "once"},
    {'d', "detach"},
    {'x', "exit"},
    {'f', "fork"},
    {'X', "run another program"},
    {'k', "send a signal"},
    {'h', "take a signal"},
    {'P', "make a pipe"},
    {'<', "receive"},
    {'>', "send"},
    {'q', "close"},
    {'?', "poll"},
    {'C', "cancel"},
    {'o', "becomes an orphan"},
    {'!', "abort"},
    {'.', "another call"},
};

char lanes_letter(unsigned kind)
{
    return kind < EV_COUNT && letters[kind] ? letters[kind] : '.';
}

const char *lanes_legend(int i, char *letter)
{
    if (i < 0 || i >= (int)(sizeof legend / sizeof *legend))
        return NULL;
    *letter = legend[i].letter;
    return legend[i].meaning;
}

void lanes_init(struct lanes *l, struct world_view *view, const struct trace *trace)
{
    memset(l, 0, sizeof *l);
    l->view = view;
    l->trace = trace;
}

void lanes_fini(struct lanes *l)
{
    for (int i = 0; i < LANES_KEPT; i++)
        free(l->kept[i].lanes);
    memset(l, 0, sizeof *l);
}

void lanes_forget(struct lanes *l, uint32_t step)
{
    for (int i = 0; i < LANES_KEPT; i++)
        if (l->kept[i].step > step)
            l->kept[i].step = 0;
}

static void fill(struct lane_column *c, const struct world *w)
{
    if (c->cap < w->ntasks) {
        c->cap = (uint16_t)w->ntasks;
        c->lanes = xrealloc(c->lanes, c->cap, sizeof *c->lanes);
    }
    c->ntasks = (uint16_t)w->ntasks;
    for (uint32_t i = 0; i < w->ntasks; i++) {
        const struct world_task *t = &w->tasks[i];
        const struct world_process *p = &w->processes[t->process];
        int first = p->first_task == i && w->nprocesses > 1; /* stands for its process */
        int acted = w->step && w->running == i;
        c->lanes[i] = (struct lane){
            .addr = t->blocked_addr,
            .by = t->blocked_by,
            .state = (uint8_t)(first && p->state == PROC_ZOMBIE ? TASK_ZOMBIE : t->state),
            .orphaned = (uint8_t)(first && p->orphaned && p->orphaned == w->step),
            .reason = (uint8_t)t->blocked_reason,
            .letter = (uint8_t)(acted ? lanes_letter(t->last.kind) : 0),
            .exists = (uint8_t)(t->exists != 0),
        };
    }
}

const struct lane *lanes_at(struct lanes *l, uint32_t step, unsigned *n)
{
    struct lane_column *c = &l->kept[step % LANES_KEPT];
    if (c->step != step + 1) {
        fill(c, world_at(l->view, step));
        c->step = step + 1;
    }
    *n = c->ntasks;
    return c->lanes;
}
