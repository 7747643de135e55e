/* Thread-specific data: keys of a process, values of a task. */
#include "model.h"

#include <limits.h>

EXPORT int pthread_key_create(pthread_key_t *key, void (*destroy)(void *))
{
    if (!controlled)
        return REAL(pthread_key_create)(key, destroy);
    struct process *p = OWN;
    uint32_t k = 0;
    while (k < p->nkeys && p->keys[k].used)
        k++;
    if (k == TSD_KEYS)
        return EAGAIN;
    if (k == p->nkeys)
        p->nkeys++;
    p->keys[k].used = true;
    p->keys[k].destroy = destroy;
    for (unsigned t = 0; t < S->ntasks; t++)
        if (S->tasks[t].process == S->cur->process)
            S->tasks[t].tsd[k] = NULL;
    *key = k;
    return 0;
}

static bool is_key(pthread_key_t key)
{
    return key < OWN->nkeys && OWN->keys[key].used;
}

EXPORT int pthread_key_delete(pthread_key_t key)
{
    if (!controlled)
        return REAL(pthread_key_delete)(key);
    if (!is_key(key))
        return EINVAL;
    OWN->keys[key].used = false;
    return 0;
}

EXPORT void *pthread_getspecific(pthread_key_t key)
{
    if (!controlled)
        return REAL(pthread_getspecific)(key);
    return is_key(key) ? (void *)(uintptr_t)S->cur->tsd[key] : NULL;
}

EXPORT int pthread_setspecific(pthread_key_t key, const void *value)
{
    if (!controlled)
        return REAL(pthread_setspecific)(key, value);
    if (!is_key(key))
        return EINVAL;
    S->cur->tsd[key] = value;
    return 0;
}

/* One round: every value that is there is taken away and destroyed. False: there was none. */
static bool destroy_round(void)
{
    bool any = false;
    for (uint32_t k = 0; k < OWN->nkeys; k++) {
        void *value = (void *)(uintptr_t)S->cur->tsd[k];
        if (!value || !OWN->keys[k].used || !OWN->keys[k].destroy)
            continue;
        S->cur->tsd[k] = NULL;
        any = true;
        OWN->keys[k].destroy(value);
    }
    return any;
}

void run_tsd_destructors(void)
{
    for (int round = 0; round < _POSIX_THREAD_DESTRUCTOR_ITERATIONS; round++)
        if (!destroy_round())
            return;
}
