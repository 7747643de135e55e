/* Threads: join and detach in each state, names, and the small calls. */
#include "cell.h"

#include <signal.h>

static void nothing(void *p)
{
    (void)p;
}

static void *give(void *p)
{
    return p;
}

static void joins(void)
{
    struct other o;
    pthread_t t;
    void *value = NULL;
    int here;
    pthread_create(&t, NULL, give, &here);
    cell("join", pthread_join(t, &value));
    cell_number("join: the value it returned", value == &here);
    pthread_create(&t, NULL, give, NULL);
    cell("join, value not wanted", pthread_join(t, NULL));
    cell("join of oneself", pthread_join(pthread_self(), NULL));
    other_begin(&o, nothing, NULL, NULL);
    cell("running: tryjoin", pthread_tryjoin_np(o.thread, NULL));
    cell("running: timedjoin, past", pthread_timedjoin_np(o.thread, NULL, &past));
    /* with too many ns glibc 2.36 goes round until the thread ends */
    cell("running: clockjoin, monotonic, past",
         pthread_clockjoin_np(o.thread, NULL, CLOCK_MONOTONIC, &past));
    cell("running: clockjoin, no such clock",
         pthread_clockjoin_np(o.thread, NULL, CLOCK_PROCESS_CPUTIME_ID, &past));
    sem_post(&o.go);
    cell("ending: timedjoin, no limit", pthread_timedjoin_np(o.thread, NULL, NULL));
}

static sem_t gone;
static void *posts(void *p)
{
    sem_wait(p);
    sem_post(&gone);
    return NULL;
}

static void detaches(void)
{
    static struct other o; /* nobody joins it: it may be in there to the end */
    pthread_attr_t a;
    pthread_t t;
    sem_t stay;
    int state = -1;
    other_begin(&o, nothing, NULL, NULL);
    cell("running: detach", pthread_detach(o.thread));
    cell("detached, running: detach", pthread_detach(o.thread));
    cell("detached, running: join", pthread_join(o.thread, NULL));
    cell("detached, running: tryjoin", pthread_tryjoin_np(o.thread, NULL));
    sem_init(&stay, 0, 0);
    sem_init(&gone, 0, 0);
    pthread_attr_init(&a);
    cell("attribute: setdetachstate", pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED));
    pthread_attr_getdetachstate(&a, &state);
    cell_number("attribute: detached", state == PTHREAD_CREATE_DETACHED);
    cell("create, detached", pthread_create(&t, &a, posts, &stay));
    cell("created detached, running: join", pthread_join(t, NULL));
    sem_post(&stay);
    sem_wait(&gone);
    sem_post(&o.go);
}

static void names(void)
{
    struct other o;
    char name[32];
    other_begin(&o, nothing, NULL, NULL);
    cell("setname of 15 characters", pthread_setname_np(o.thread, "fifteen letters"));
    cell("getname", pthread_getname_np(o.thread, name, sizeof name));
    cell_text("the name", name);
    cell("setname of 16 characters", pthread_setname_np(o.thread, "sixteen letters!"));
    cell("getname, room for 15", pthread_getname_np(o.thread, name, 15));
    pthread_getname_np(o.thread, name, sizeof name);
    cell_text("the name still", name);
    cell("setname of oneself", pthread_setname_np(pthread_self(), "me"));
    other_end(&o);
}

static pthread_t itself;
static void *notes(void *p)
{
    itself = pthread_self();
    return p;
}

static void small(void)
{
    struct sched_param sp = {.sched_priority = 99};
    clockid_t clock;
    pthread_t t;
    int policy = -1;
    cell_number("equal of oneself is not 0", pthread_equal(pthread_self(), pthread_self()) != 0);
    pthread_create(&t, NULL, notes, NULL);
    cell_number("equal of main and another", pthread_equal(pthread_self(), t));
    pthread_join(t, NULL);
    cell_number("its pthread_self is what create gave", pthread_equal(itself, t) != 0);
    cell("getschedparam", pthread_getschedparam(pthread_self(), &policy, &sp));
    cell_number("the policy is SCHED_OTHER", policy == SCHED_OTHER);
    cell_number("the priority", sp.sched_priority);
    cell("setschedparam, no such policy", pthread_setschedparam(pthread_self(), 99, &sp));
    cell("setschedparam, as it is", pthread_setschedparam(pthread_self(), SCHED_OTHER, &sp));
    cell("setschedprio, as it is", pthread_setschedprio(pthread_self(), 0));
    cell("getcpuclockid", pthread_getcpuclockid(pthread_self(), &clock));
    cell("setconcurrency -1", pthread_setconcurrency(-1));
    cell("setconcurrency 3", pthread_setconcurrency(3));
    cell_number("getconcurrency", pthread_getconcurrency());
    cell("kill, no signal", pthread_kill(pthread_self(), 0));
    cell("kill, no such signal", pthread_kill(pthread_self(), 1000));
    cell("setcancelstate, none", pthread_setcancelstate(99, NULL));
    cell("setcanceltype, none", pthread_setcanceltype(99, NULL));
}

int main(void)
{
    joins();
    detaches();
    names();
    small();
    return 0;
}
