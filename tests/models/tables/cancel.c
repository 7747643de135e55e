/* Cancellation: where it is acted upon, and what runs then. The thread to be cancelled tells that
 * it is about to wait; whether it waits already makes no difference to what must come of it. */
#include "cell.h"

#include <sys/wait.h>

static sem_t ready, never, go;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, e = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int order, steps[4], mine_in_handler;

static void handler(void *p)
{
    steps[(long)p] = ++order;
}

static void *in_sem(void *p)
{
    sem_post(&ready);
    sem_wait(&never);
    return p;
}

static void *in_join(void *p)
{
    sem_post(&ready);
    pthread_join(*(pthread_t *)p, NULL);
    return NULL;
}

static void own_unlock(void *p)
{
    mine_in_handler = pthread_mutex_unlock(p);
}

static void *in_cond(void *p)
{
    pthread_mutex_lock(&e);
    pthread_cleanup_push(own_unlock, &e);
    sem_post(&ready);
    for (;;)
        pthread_cond_wait(&c, &e);
    pthread_cleanup_pop(0);
    return p;
}

static void *in_sleep(void *p)
{
    sem_post(&ready);
    for (;;)
        sleep(1000);
    return p;
}

static void *in_read(void *p)
{
    char byte;
    sem_post(&ready);
    if (read(*(int *)p, &byte, 1) != 1)
        return NULL;
    return p;
}

static void *in_pause(void *p)
{
    sem_post(&ready);
    for (;;)
        pause();
    return p;
}

static void *tests(void *p)
{
    sem_post(&ready);
    sem_wait(&go); /* cancelled here at the latest */
    pthread_testcancel();
    return p;
}

static void *no_point(void *p)
{
    int old;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    sem_post(&ready);
    sem_wait(&go);
    pthread_testcancel();
    steps[0] = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
    pthread_mutex_lock(&m); /* no cancellation point */
    steps[1] = 1;
    pthread_mutex_unlock(&m);
    pthread_testcancel();
    steps[2] = 1;
    return p;
}

static void *handlers(void *p)
{
    pthread_cleanup_push(handler, (void *)0);
    pthread_cleanup_push(handler, (void *)1);
    pthread_cleanup_push(handler, (void *)2);
    pthread_cleanup_pop(0);
    sem_post(&ready);
    sem_wait(&never);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return p;
}

static void *exits(void *p)
{
    pthread_cleanup_push(handler, (void *)0);
    pthread_cleanup_push(handler, (void *)1);
    pthread_exit(p);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *pops(void *p)
{
    pthread_cleanup_push(handler, (void *)3);
    pthread_cleanup_pop(1);
    return p;
}

static void *asynchronous(void *p)
{
    int old;
    volatile long spin = 0;
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
    sem_post(&ready);
    while (spin >= 0)
        sched_yield();
    return p;
}

static void cancelled(const char *what, void *(*f)(void *), void *arg)
{
    pthread_t t;
    void *value = NULL;
    char line[100];
    order = 0;
    memset(steps, 0, sizeof steps);
    pthread_create(&t, NULL, f, arg);
    sem_wait(&ready);
    int r = pthread_cancel(t);
    sem_post(&go);
    pthread_join(t, &value);
    sem_trywait(&go);
    cell(what, r);
    snprintf(line, sizeof line, "%s: join gives PTHREAD_CANCELED", what);
    cell_number(line, value == PTHREAD_CANCELED);
}

static void states(void)
{
    int old = -1;
    cell("setcancelstate, disable", pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old));
    cell_number("new: enabled", old == PTHREAD_CANCEL_ENABLE);
    cell("setcancelstate, enable", pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old));
    cell_number("then: disabled", old == PTHREAD_CANCEL_DISABLE);
    cell("setcanceltype, asynchronous", pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old));
    cell_number("new: deferred", old == PTHREAD_CANCEL_DEFERRED);
    cell("setcanceltype, deferred", pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old));
    cell_number("then: asynchronous", old == PTHREAD_CANCEL_ASYNCHRONOUS);
    pthread_testcancel();
    cell("testcancel, nothing pending: goes on", 0);
}

int main(void)
{
    pthread_t t;
    void *value = NULL;
    int ends[2];
    sem_init(&ready, 0, 0);
    sem_init(&never, 0, 0);
    sem_init(&go, 0, 0);
    states();
    cancelled("sem_wait", in_sem, NULL);
    cancelled("cond_wait", in_cond, NULL);
    cell("cond_wait: the mutex was its own in the handler", mine_in_handler);
    cell("cond_wait: the mutex is free afterwards", pthread_mutex_trylock(&e));
    pthread_mutex_unlock(&e);
    cancelled("sleep", in_sleep, NULL);
    cancelled("pause", in_pause, NULL);
    if (pipe(ends) != 0)
        return 1;
    cancelled("read", in_read, &ends[0]);
    cancelled("testcancel", tests, NULL);
    pthread_create(&t, NULL, in_sem, &order);
    sem_wait(&ready);
    cancelled("join", in_join, &t);
    sem_post(&never);
    cell("the thread it waited for: join", pthread_join(t, &value));
    cell_number("the thread it waited for: value", value == &order);
    cancelled("disabled, then enabled", no_point, NULL);
    cell_number("disabled: testcancel goes on", steps[0]);
    cell_number("pending, enabled: mutex_lock goes on", steps[1]);
    cell_number("pending, enabled: testcancel goes on", steps[2]);
    cancelled("two handlers, one popped", handlers, NULL);
    cell_number("the inner handler runs", steps[1]);
    cell_number("the outer handler runs", steps[0]);
    cell_number("the popped handler runs", steps[2]);
    cancelled("asynchronous", asynchronous, NULL);
    order = 0;
    memset(steps, 0, sizeof steps);
    pthread_create(&t, NULL, exits, &order);
    pthread_join(t, &value);
    cell_number("pthread_exit: the value", value == &order);
    cell_number("pthread_exit: the inner handler runs", steps[1]);
    cell_number("pthread_exit: the outer handler runs", steps[0]);
    pthread_create(&t, NULL, pops, NULL);
    pthread_join(t, NULL);
    cell_number("pop(1): the handler runs", steps[3]);
    return 0;
}
