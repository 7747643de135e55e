/* Attributes of threads and of mutexes: what they hold when new, what they accept. */
#include "cell.h"

#include <sched.h>

static void *give(void *p)
{
    return p;
}

static void thread_defaults(pthread_attr_t *a)
{
    struct sched_param p = {.sched_priority = -1};
    size_t n = 0;
    void *address;
    int i = -1;
    pthread_attr_getdetachstate(a, &i);
    cell_number("new: joinable", i == PTHREAD_CREATE_JOINABLE);
    pthread_attr_getscope(a, &i);
    cell_number("new: scope is the system", i == PTHREAD_SCOPE_SYSTEM);
    pthread_attr_getinheritsched(a, &i);
    cell_number("new: inherits the scheduling", i == PTHREAD_INHERIT_SCHED);
    pthread_attr_getschedpolicy(a, &i);
    cell_number("new: SCHED_OTHER", i == SCHED_OTHER);
    pthread_attr_getschedparam(a, &p);
    cell_number("new: priority", p.sched_priority);
    pthread_attr_getguardsize(a, &n);
    cell_number("new: guard is a page", n == (size_t)sysconf(_SC_PAGESIZE));
    pthread_attr_getstacksize(a, &n);
    cell_number("new: stack of at least PTHREAD_STACK_MIN", n >= (size_t)PTHREAD_STACK_MIN);
    cell("new: getstack", pthread_attr_getstack(a, &address, &n));
}

static void thread_sets(pthread_attr_t *a)
{
    struct sched_param p = {.sched_priority = 0};
    size_t n = 0;
    int i = -1;
    cell("setdetachstate, none", pthread_attr_setdetachstate(a, 99));
    cell("setdetachstate, detached", pthread_attr_setdetachstate(a, PTHREAD_CREATE_DETACHED));
    pthread_attr_getdetachstate(a, &i);
    cell_number("detached", i == PTHREAD_CREATE_DETACHED);
    cell("setscope, process", pthread_attr_setscope(a, PTHREAD_SCOPE_PROCESS));
    cell("setscope, none", pthread_attr_setscope(a, 99));
    cell("setscope, system", pthread_attr_setscope(a, PTHREAD_SCOPE_SYSTEM));
    cell("setinheritsched, none", pthread_attr_setinheritsched(a, 99));
    cell("setinheritsched, explicit", pthread_attr_setinheritsched(a, PTHREAD_EXPLICIT_SCHED));
    pthread_attr_getinheritsched(a, &i);
    cell_number("explicit", i == PTHREAD_EXPLICIT_SCHED);
    cell("setschedpolicy, none", pthread_attr_setschedpolicy(a, 99));
    cell("setschedpolicy, round robin", pthread_attr_setschedpolicy(a, SCHED_RR));
    pthread_attr_getschedpolicy(a, &i);
    cell_number("round robin", i == SCHED_RR);
    cell("setschedpolicy, other", pthread_attr_setschedpolicy(a, SCHED_OTHER));
    cell("setschedparam, 0", pthread_attr_setschedparam(a, &p));
    cell("setstacksize, too small", pthread_attr_setstacksize(a, 1));
    cell("setstacksize, 256 KiB", pthread_attr_setstacksize(a, 256 * 1024));
    pthread_attr_getstacksize(a, &n);
    cell_number("stack size in KiB", (long)n / 1024);
    cell("setguardsize, 0", pthread_attr_setguardsize(a, 0));
    pthread_attr_getguardsize(a, &n);
    cell_number("guard size", (long)n);
    cell("setstack, too small", pthread_attr_setstack(a, &i, 1));
}

static void *look(void *p)
{
    pthread_attr_t a;
    void *low = NULL;
    size_t n = 0;
    int state = -1;
    char here;
    (void)p;
    cell("running: getattr", pthread_getattr_np(pthread_self(), &a));
    pthread_attr_getstack(&a, &low, &n);
    cell_number("running: a local is on the stack that getattr gives",
                (char *)low <= &here && &here < (char *)low + n);
    pthread_attr_getdetachstate(&a, &state);
    cell_number("running: joinable", state == PTHREAD_CREATE_JOINABLE);
    cell("running: attr_destroy", pthread_attr_destroy(&a));
    return NULL;
}

static void threads(void)
{
    static char stack[256 * 1024] __attribute__((aligned(4096)));
    pthread_attr_t a;
    pthread_t t;
    void *low = NULL;
    size_t n = 0;
    cell("init", pthread_attr_init(&a));
    thread_defaults(&a);
    thread_sets(&a);
    cell("destroy", pthread_attr_destroy(&a));
    pthread_attr_init(&a);
    cell("setstack", pthread_attr_setstack(&a, stack, sizeof stack));
    pthread_attr_getstack(&a, &low, &n);
    cell_number("the stack is the one that was set", low == stack && n == sizeof stack);
    cell("create with that stack", pthread_create(&t, &a, give, NULL));
    cell("join", pthread_join(t, NULL));
    pthread_attr_destroy(&a);
    pthread_attr_init(&a);
    pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setstacksize(&a, 128 * 1024);
    int r = pthread_create(&t, &a, look, NULL);
    pthread_join(t, NULL);
    cell("create, explicit scheduling, 128 KiB", r);
    pthread_attr_destroy(&a);
}

static void mutex_attributes(void)
{
    pthread_mutexattr_t a;
    int i = -1;
    cell("mutex: attribute init", pthread_mutexattr_init(&a));
    pthread_mutexattr_gettype(&a, &i);
    cell_number("mutex: type when new is default", i == PTHREAD_MUTEX_DEFAULT);
    pthread_mutexattr_getrobust(&a, &i);
    cell_number("mutex: stalled when new", i == PTHREAD_MUTEX_STALLED);
    pthread_mutexattr_getprotocol(&a, &i);
    cell_number("mutex: protocol none when new", i == PTHREAD_PRIO_NONE);
    pthread_mutexattr_getpshared(&a, &i);
    cell_number("mutex: private when new", i == PTHREAD_PROCESS_PRIVATE);
    cell("mutex: settype, none", pthread_mutexattr_settype(&a, 99));
    cell("mutex: setrobust, none", pthread_mutexattr_setrobust(&a, 99));
    cell("mutex: setprotocol, none", pthread_mutexattr_setprotocol(&a, 99));
    cell("mutex: setpshared, none", pthread_mutexattr_setpshared(&a, 99));
    cell("mutex: setprioceiling, too high", pthread_mutexattr_setprioceiling(&a, 1000));
    cell("mutex: setprioceiling, 10", pthread_mutexattr_setprioceiling(&a, 10));
    pthread_mutexattr_getprioceiling(&a, &i);
    cell_number("mutex: ceiling", i);
    cell("mutex: settype, recursive", pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE));
    pthread_mutexattr_gettype(&a, &i);
    cell_number("mutex: recursive", i == PTHREAD_MUTEX_RECURSIVE);
    cell("mutex: setrobust, robust", pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST));
    pthread_mutexattr_getrobust(&a, &i);
    cell_number("mutex: robust", i == PTHREAD_MUTEX_ROBUST);
    cell("mutex: setpshared, shared", pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED));
    pthread_mutexattr_getpshared(&a, &i);
    cell_number("mutex: shared", i == PTHREAD_PROCESS_SHARED);
    cell("mutex: attribute destroy", pthread_mutexattr_destroy(&a));
}

static void ceilings(void)
{
    pthread_mutexattr_t a;
    pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER, m;
    int i = -1;
    cell("no ceiling: getprioceiling", pthread_mutex_getprioceiling(&plain, &i));
    cell("no ceiling: setprioceiling", pthread_mutex_setprioceiling(&plain, 10, &i));
    pthread_mutexattr_init(&a);
    cell("protocol protect", pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_PROTECT));
    pthread_mutexattr_setprioceiling(&a, 20);
    cell("protect: init", pthread_mutex_init(&m, &a));
    cell("protect: getprioceiling", pthread_mutex_getprioceiling(&m, &i));
    cell_number("protect: ceiling", i);
    cell("protect: setprioceiling, too high", pthread_mutex_setprioceiling(&m, 1000, &i));
    cell("protect: destroy", pthread_mutex_destroy(&m));
}

int main(void)
{
    threads();
    mutex_attributes();
    ceilings();
    return 0;
}
