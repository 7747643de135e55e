/* Conditions. */
#include "cell.h"

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int turn, woken;

static bool held(pthread_mutex_t *mutex)
{
    int r = pthread_mutex_trylock(mutex);
    if (r == 0)
        pthread_mutex_unlock(mutex);
    return r == EBUSY;
}

static void alone(void)
{
    cell("nobody waits: signal", pthread_cond_signal(&c));
    cell("nobody waits: broadcast", pthread_cond_broadcast(&c));
    pthread_mutex_lock(&m);
    cell("timedwait, a past time", pthread_cond_timedwait(&c, &m, &past));
    cell_number("after the time-out: the mutex is mine", held(&m));
    cell("timedwait, too many ns", pthread_cond_timedwait(&c, &m, &above));
    cell("timedwait, negative ns", pthread_cond_timedwait(&c, &m, &below));
    cell_number("after EINVAL: the mutex is mine", held(&m));
    cell("clockwait, monotonic, a past time",
         pthread_cond_clockwait(&c, &m, CLOCK_MONOTONIC, &past));
    cell("clockwait, realtime, a past time", pthread_cond_clockwait(&c, &m, CLOCK_REALTIME, &past));
    cell("clockwait, too many ns", pthread_cond_clockwait(&c, &m, CLOCK_MONOTONIC, &above));
    cell("clockwait, no such clock",
         pthread_cond_clockwait(&c, &m, CLOCK_PROCESS_CPUTIME_ID, &past));
    cell_number("after all: the mutex is mine", held(&m));
    pthread_mutex_unlock(&m);
}

/* With other mutexes. */
static void mutexes(void)
{
    pthread_mutex_t e = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP,
                    r = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    cell("wait, an error-checking mutex that is free", pthread_cond_wait(&c, &e));
    cell("timedwait, an error-checking mutex that is free", pthread_cond_timedwait(&c, &e, &past));
    pthread_mutex_lock(&e);
    cell("timedwait, an error-checking mutex, a past time", pthread_cond_timedwait(&c, &e, &past));
    cell("then: unlock", pthread_mutex_unlock(&e));
    cell("then: unlock again", pthread_mutex_unlock(&e));
    pthread_mutex_lock(&r);
    pthread_mutex_lock(&r);
    cell("timedwait, a mutex locked twice, a past time", pthread_cond_timedwait(&c, &r, &past));
    cell("then: unlock of that", pthread_mutex_unlock(&r));
    cell("then: unlock of that again", pthread_mutex_unlock(&r));
    cell("then: unlock of that once more", pthread_mutex_unlock(&r));
}

static void *waiter(void *p)
{
    pthread_mutex_lock(&m);
    turn++;
    while (turn < 10)
        pthread_cond_wait(&c, &m);
    woken++;
    if (p)
        cell_number("a waiter that was woken: the mutex is its own", held(&m));
    pthread_mutex_unlock(&m);
    return NULL;
}

static void waiting(int n, int broadcast)
{
    pthread_t t[3];
    turn = woken = 0;
    for (int i = 0; i < n; i++)
        pthread_create(&t[i], NULL, waiter, n == 1 ? &m : NULL);
    for (;;) {
        pthread_mutex_lock(&m);
        if (turn == n)
            break;
        pthread_mutex_unlock(&m);
        sched_yield();
    }
    turn = 10;
    if (broadcast)
        cell("one waits: broadcast", pthread_cond_broadcast(&c));
    else
        cell("one waits: signal", pthread_cond_signal(&c));
    pthread_mutex_unlock(&m);
    for (int i = 0; i < n; i++)
        pthread_join(t[i], NULL);
    cell_number("woken", woken);
}

static void attributes(void)
{
    pthread_condattr_t a;
    pthread_cond_t o;
    clockid_t clock;
    int n = -1;
    cell("attribute: init", pthread_condattr_init(&a));
    pthread_condattr_getclock(&a, &clock);
    cell_number("attribute: the clock of a new one is CLOCK_REALTIME", clock == CLOCK_REALTIME);
    cell("attribute: setclock, monotonic", pthread_condattr_setclock(&a, CLOCK_MONOTONIC));
    pthread_condattr_getclock(&a, &clock);
    cell_number("attribute: the clock is CLOCK_MONOTONIC", clock == CLOCK_MONOTONIC);
    cell("attribute: setclock, of the process",
         pthread_condattr_setclock(&a, CLOCK_PROCESS_CPUTIME_ID));
    pthread_condattr_getpshared(&a, &n);
    cell_number("attribute: shared when new", n);
    cell("attribute: setpshared, none", pthread_condattr_setpshared(&a, 99));
    cell("attribute: setpshared, shared", pthread_condattr_setpshared(&a, PTHREAD_PROCESS_SHARED));
    pthread_condattr_getpshared(&a, &n);
    cell_number("attribute: shared when set", n);
    pthread_condattr_setpshared(&a, PTHREAD_PROCESS_PRIVATE);
    cell("new: init, monotonic", pthread_cond_init(&o, &a));
    cell("attribute: destroy", pthread_condattr_destroy(&a));
    pthread_mutex_lock(&m);
    cell("monotonic: timedwait, a past time", pthread_cond_timedwait(&o, &m, &past));
    pthread_mutex_unlock(&m);
    cell("nobody waits: destroy", pthread_cond_destroy(&o));
    cell("destroyed: init", pthread_cond_init(&o, NULL));
    cell("nobody waits: destroy again", pthread_cond_destroy(&o));
}

int main(void)
{
    alone();
    mutexes();
    waiting(1, 0);
    waiting(1, 1);
    attributes();
    return 0;
}
