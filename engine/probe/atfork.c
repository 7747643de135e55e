/* What pthread_atfork asked for: kept for each process, inherited by its children. */
#include "probe.h"

#include <pthread.h>

static int register_handlers(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    struct process *p = OWN;
    if (p->nforks == sizeof p->forks / sizeof *p->forks)
        return ENOMEM;
    p->forks[p->nforks].run[ATFORK_PREPARE] = prepare;
    p->forks[p->nforks].run[ATFORK_PARENT] = parent;
    p->forks[p->nforks++].run[ATFORK_CHILD] = child;
    return 0;
}

/* Before a fork in the opposite order, after it as they were registered. A handler may register
 * further ones: they are for the next fork. */
void atfork_run(int which)
{
    uint32_t n = OWN->nforks;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = which == ATFORK_PREPARE ? n - 1 - i : i;
        if (OWN->forks[k].run[which])
            OWN->forks[k].run[which]();
    }
}

int __register_atfork(void (*)(void), void (*)(void), void (*)(void), void *);
EXPORT int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
                             void *dso)
{
    return controlled ? register_handlers(prepare, parent, child)
                      : REAL(__register_atfork)(prepare, parent, child, dso);
}

EXPORT int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    return controlled ? register_handlers(prepare, parent, child)
                      : REAL(__register_atfork)(prepare, parent, child, NULL);
}
