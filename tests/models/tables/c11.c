/* C11 threads. */
#include "cell.h"

#include <threads.h>

static void thrd_cell(const char *what, int r)
{
    cell_text(what, r == thrd_success    ? "thrd_success"
                    : r == thrd_busy     ? "thrd_busy"
                    : r == thrd_timedout ? "thrd_timedout"
                    : r == thrd_nomem    ? "thrd_nomem"
                    : r == thrd_error    ? "thrd_error"
                                         : "?");
}

static mtx_t plain, recursive, timed;
static cnd_t cond;
static tss_t key;
static once_flag flag = ONCE_FLAG_INIT;
static int destroyed, runs, ready;

static void count(void *p)
{
    (void)p;
    destroyed++;
}

static void once(void)
{
    runs++;
}

static int give(void *p)
{
    return *(int *)p;
}

static int exits(void *p)
{
    tss_set(key, p);
    thrd_exit(7);
}

static int tries(void *p)
{
    (void)p;
    thrd_cell("locked by another: mtx_trylock", mtx_trylock(&plain));
    thrd_cell("timed, locked by another: mtx_trylock", mtx_trylock(&timed));
    thrd_cell("timed, locked by another: mtx_timedlock, past", mtx_timedlock(&timed, &past));
    thrd_cell("timed, locked by another: mtx_timedlock, too many ns",
              mtx_timedlock(&timed, &above));
    thrd_cell("recursive, locked by another: mtx_trylock", mtx_trylock(&recursive));
    return 0;
}

static int sets_ready(void *p)
{
    (void)p;
    mtx_lock(&plain);
    ready = 1;
    thrd_cell("cnd_signal", cnd_signal(&cond));
    mtx_unlock(&plain);
    return 0;
}

static void in_thread(int (*f)(void *))
{
    thrd_t t;
    thrd_create(&t, f, NULL);
    thrd_join(t, NULL);
}

static void threads(void)
{
    thrd_t t;
    int value = 5, got = -1;
    struct timespec zero = {0};
    thrd_cell("thrd_create", thrd_create(&t, give, &value));
    thrd_cell("thrd_join", thrd_join(t, &got));
    cell_number("the value it returned", got);
    thrd_cell("tss_create", tss_create(&key, count));
    thrd_create(&t, exits, &value);
    thrd_cell("thrd_join of one that exited", thrd_join(t, &got));
    cell_number("the value it exited with", got);
    cell_number("tss destructor calls", destroyed);
    cell_number("tss_get in main is NULL", tss_get(key) == NULL);
    thrd_cell("tss_set", tss_set(key, &value));
    cell_number("tss_get", tss_get(key) == &value);
    tss_delete(key);
    cell_number("thrd_equal of oneself is not 0", thrd_equal(thrd_current(), thrd_current()) != 0);
    thrd_create(&t, give, &value);
    cell_number("thrd_equal of main and another", thrd_equal(thrd_current(), t));
    thrd_cell("thrd_detach", thrd_detach(t));
    cell_number("thrd_sleep, none", thrd_sleep(&zero, NULL));
    cell_number("thrd_sleep, too many ns, is below 0", thrd_sleep(&above, NULL) < 0);
}

static void mutexes(void)
{
    thrd_cell("mtx_init plain", mtx_init(&plain, mtx_plain));
    thrd_cell("mtx_init recursive", mtx_init(&recursive, mtx_plain | mtx_recursive));
    thrd_cell("mtx_init timed", mtx_init(&timed, mtx_timed));
    thrd_cell("free: mtx_lock", mtx_lock(&plain));
    thrd_cell("free: mtx_trylock", mtx_trylock(&recursive));
    thrd_cell("recursive, locked by me: mtx_trylock", mtx_trylock(&recursive));
    thrd_cell("recursive, locked by me: mtx_lock", mtx_lock(&recursive));
    thrd_cell("timed, free: mtx_timedlock, past", mtx_timedlock(&timed, &past));
    in_thread(tries);
    thrd_cell("mtx_unlock", mtx_unlock(&plain));
    thrd_cell("recursive: mtx_unlock", mtx_unlock(&recursive));
    mtx_unlock(&recursive);
    mtx_unlock(&recursive);
    mtx_unlock(&timed);
}

static void conditions(void)
{
    thrd_t t;
    thrd_cell("cnd_init", cnd_init(&cond));
    thrd_cell("nobody waits: cnd_signal", cnd_signal(&cond));
    thrd_cell("nobody waits: cnd_broadcast", cnd_broadcast(&cond));
    mtx_lock(&plain);
    thrd_cell("cnd_timedwait, past", cnd_timedwait(&cond, &plain, &past));
    thrd_cell("cnd_timedwait, too many ns", cnd_timedwait(&cond, &plain, &above));
    thrd_create(&t, sets_ready, NULL);
    while (!ready)
        if (cnd_wait(&cond, &plain) != thrd_success)
            thrd_cell("cnd_wait", thrd_error);
    mtx_unlock(&plain);
    thrd_join(t, NULL);
    cnd_destroy(&cond);
    mtx_destroy(&plain);
    mtx_destroy(&recursive);
    mtx_destroy(&timed);
}

int main(void)
{
    threads();
    mutexes();
    conditions();
    call_once(&flag, once);
    call_once(&flag, once);
    cell_number("call_once twice: runs", runs);
    return 0;
}
