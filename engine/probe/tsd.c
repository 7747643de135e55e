/* Thread-specific data: keys of a process, values of a task. */
#include "model.h"

#include <limits.h>
#include <sys/syscall.h>

/* What functions that run before main did: their keys and the values of the first thread are there
 * in every execution. The real library keeps them, too, for programs that run free. */
static struct {
    bool used;
    void (*destroy)(void *);
    const void *value;
} at_main[TSD_KEYS];
static uint32_t nat_main; /* the highest key, + 1 */
static bool main_began;

static int create_early(pthread_key_t *key, void (*destroy)(void *))
{
    int r = REAL(pthread_key_create)(key, destroy);
    if (r || main_began || *key >= TSD_KEYS)
        return r;
    at_main[*key].used = true;
    at_main[*key].destroy = destroy;
    at_main[*key].value = NULL;
    if (*key >= nat_main)
        nat_main = *key + 1;
    return 0;
}

static int delete_early(pthread_key_t key)
{
    int r = REAL(pthread_key_delete)(key);
    if (!r && !main_began && key < TSD_KEYS)
        at_main[key].used = false;
    return r;
}

static int set_early(pthread_key_t key, const void *value)
{
    int r = REAL(pthread_setspecific)(key, value);
    if (!r && !main_began && key < TSD_KEYS &&
        raw(SYS_gettid, 0, 0, 0, 0) == raw(SYS_getpid, 0, 0, 0, 0))
        at_main[key].value = value;
    return r;
}

void tsd_begin(struct process *p)
{
    struct task *first = &S->tasks[0];
    main_began = true;
    p->nkeys = nat_main;
    for (uint32_t k = 0; k < nat_main; k++) {
        p->keys[k].used = at_main[k].used;
        p->keys[k].destroy = at_main[k].destroy;
        first->tsd[k] = at_main[k].value;
    }
}

EXPORT int pthread_key_create(pthread_key_t *key, void (*destroy)(void *))
{
    if (!controlled)
        return create_early(key, destroy);
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
        return delete_early(key);
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
        return set_early(key, value);
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
