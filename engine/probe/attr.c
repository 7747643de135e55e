/* What can be asked of a thread: attributes, names, priorities, processors. All is accepted and
 * told again when asked for; none of it decides who moves. */
#include "model.h"

#include <limits.h>
#include <sched.h>
#include <unistd.h>

#define STACK_WANTED (8ull << 20)
#define PAGE         4096ull

void attr_take(struct task *t, const pthread_attr_t *attr)
{
    int state = PTHREAD_CREATE_JOINABLE, inherit = PTHREAD_INHERIT_SCHED, policy;
    size_t stack = 0, guard = PAGE;
    struct sched_param param;
    t->policy = S->cur->policy;
    t->priority = S->cur->priority;
    t->affinity = S->cur->affinity;
    if (attr) {
        pthread_attr_getdetachstate(attr, &state);
        pthread_attr_getstacksize(attr, &stack);
        pthread_attr_getguardsize(attr, &guard);
        pthread_attr_getinheritsched(attr, &inherit);
        if (inherit == PTHREAD_EXPLICIT_SCHED && !pthread_attr_getschedpolicy(attr, &policy) &&
            !pthread_attr_getschedparam(attr, &param)) {
            t->policy = policy;
            t->priority = param.sched_priority;
        }
    }
    t->stack_wanted = stack;
    t->guard_wanted = guard;
    t->detached = state == PTHREAD_CREATE_DETACHED;
}

EXPORT int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
    if (!controlled)
        return REAL(pthread_getattr_np)(thread, attr);
    unsigned id = task_of_handle((uint64_t)thread);
    if (id == NO_TASK)
        return ESRCH;
    const struct task *t = &S->tasks[id];
    uint64_t size = t->stack_wanted ? t->stack_wanted : STACK_WANTED;
    if (size > t->stack_high - t->stack_low)
        size = t->stack_high - t->stack_low;
    struct sched_param param = {.sched_priority = t->priority};
    pthread_attr_init(attr);
    pthread_attr_setdetachstate(attr,
                                t->detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE);
    pthread_attr_setstack(attr, (void *)(t->stack_high - size), size);
    pthread_attr_setguardsize(attr, id ? t->guard_wanted : 0);
    pthread_attr_setschedpolicy(attr, t->policy);
    pthread_attr_setschedparam(attr, &param);
    return 0;
}

/* ---- names ---- */
static int set_name(unsigned id, const char *name)
{
    if (id == NO_TASK)
        return ESRCH;
    size_t n = strlen(name);
    if (n > 15)
        return ERANGE;
    memcpy(S->tasks[id].name, name, n + 1);
    record_text(record(EV_NAME, id), name, n);
    return 0;
}

EXPORT int pthread_setname_np(pthread_t thread, const char *name)
{
    return controlled ? set_name(task_of_handle((uint64_t)thread), name)
                      : REAL(pthread_setname_np)(thread, name);
}

EXPORT int pthread_getname_np(pthread_t thread, char *out, size_t n)
{
    if (!controlled)
        return REAL(pthread_getname_np)(thread, out, n);
    unsigned id = task_of_handle((uint64_t)thread);
    if (id == NO_TASK)
        return ESRCH;
    if (n < 16)
        return ERANGE;
    strcpy(out, S->tasks[id].name);
    return 0;
}

/* ---- priorities ---- */
static bool valid_priority(int policy, int priority)
{
    int low = sched_get_priority_min(policy), high = sched_get_priority_max(policy);
    return low >= 0 && priority >= low && priority <= high;
}

EXPORT int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *p)
{
    if (!controlled)
        return REAL(pthread_setschedparam)(thread, policy, p);
    unsigned id = task_of_handle((uint64_t)thread);
    if (id == NO_TASK)
        return ESRCH;
    if (!valid_priority(policy, p->sched_priority))
        return EINVAL;
    S->tasks[id].policy = policy;
    S->tasks[id].priority = p->sched_priority;
    return 0;
}

EXPORT int pthread_getschedparam(pthread_t thread, int *restrict policy,
                                 struct sched_param *restrict p)
{
    if (!controlled)
        return REAL(pthread_getschedparam)(thread, policy, p);
    unsigned id = task_of_handle((uint64_t)thread);
    if (id == NO_TASK)
        return ESRCH;
    *policy = S->tasks[id].policy;
    p->sched_priority = S->tasks[id].priority;
    return 0;
}

EXPORT int pthread_setschedprio(pthread_t thread, int priority)
{
    if (!controlled)
        return REAL(pthread_setschedprio)(thread, priority);
    unsigned id = task_of_handle((uint64_t)thread);
    if (id == NO_TASK)
        return ESRCH;
    if (!valid_priority(S->tasks[id].policy, priority))
        return EINVAL;
    S->tasks[id].priority = priority;
    return 0;
}

EXPORT int pthread_setconcurrency(int level)
{
    if (!controlled)
        return REAL(pthread_setconcurrency)(level);
    if (level < 0)
        return EINVAL;
    OWN->concurrency = level; /* a hint that is only told again */
    return 0;
}

EXPORT int pthread_getconcurrency(void)
{
    return controlled ? OWN->concurrency : REAL(pthread_getconcurrency)();
}

/* ---- processors: always the same number, whatever the machine has ---- */
#define ALL_PROCESSORS ((1ull << PROCESSORS) - 1)

static uint64_t affinity_of(const struct task *t)
{
    return t->affinity ? t->affinity : ALL_PROCESSORS;
}

static int set_affinity(struct task *t, size_t n, const cpu_set_t *set)
{
    uint64_t wanted = 0;
    memcpy(&wanted, set, n < sizeof wanted ? n : sizeof wanted);
    if (!(wanted & ALL_PROCESSORS))
        return EINVAL;
    t->affinity = wanted & ALL_PROCESSORS;
    return 0;
}

static int get_affinity(const struct task *t, size_t n, cpu_set_t *set)
{
    uint64_t is = affinity_of(t);
    if (n < sizeof is)
        return EINVAL;
    memset(set, 0, n);
    memcpy(set, &is, sizeof is);
    return 0;
}

EXPORT int pthread_setaffinity_np(pthread_t thread, size_t n, const cpu_set_t *set)
{
    if (!controlled)
        return REAL(pthread_setaffinity_np)(thread, n, set);
    unsigned id = task_of_handle((uint64_t)thread);
    return id == NO_TASK ? ESRCH : set_affinity(&S->tasks[id], n, set);
}

EXPORT int pthread_getaffinity_np(pthread_t thread, size_t n, cpu_set_t *set)
{
    if (!controlled)
        return REAL(pthread_getaffinity_np)(thread, n, set);
    unsigned id = task_of_handle((uint64_t)thread);
    return id == NO_TASK ? ESRCH : get_affinity(&S->tasks[id], n, set);
}

static int fail(int error)
{
    if (error)
        errno = error;
    return error ? -1 : 0;
}

EXPORT int sched_setaffinity(pid_t pid, size_t n, const cpu_set_t *set)
{
    return controlled ? fail(set_affinity(S->cur, n, set)) : REAL(sched_setaffinity)(pid, n, set);
}

EXPORT int sched_getaffinity(pid_t pid, size_t n, cpu_set_t *set)
{
    return controlled ? fail(get_affinity(S->cur, n, set)) : REAL(sched_getaffinity)(pid, n, set);
}

static unsigned processor_now(void)
{
    uint64_t can = affinity_of(S->cur);
    unsigned k = S->cur->slot % PROCESSORS;
    return can >> k & 1 ? k : (unsigned)__builtin_ctzll(can);
}

EXPORT int sched_getcpu(void)
{
    return controlled ? (int)processor_now() : REAL(sched_getcpu)();
}

EXPORT int getcpu(unsigned *cpu, unsigned *node)
{
    if (!controlled)
        return REAL(getcpu)(cpu, node);
    if (cpu)
        *cpu = processor_now();
    if (node)
        *node = 0;
    return 0;
}

EXPORT long sysconf(int name)
{
    if (controlled && (name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF))
        return PROCESSORS;
    return REAL(sysconf)(name);
}

int get_nprocs(void);
EXPORT int get_nprocs(void)
{
    return controlled ? PROCESSORS : REAL(get_nprocs)();
}

int get_nprocs_conf(void);
EXPORT int get_nprocs_conf(void)
{
    return controlled ? PROCESSORS : REAL(get_nprocs_conf)();
}

EXPORT int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
    if (!controlled)
        return REAL(pthread_getcpuclockid)(thread, clock);
    unsigned id = task_of_handle((uint64_t)thread);
    if (id == NO_TASK)
        return ESRCH;
    *clock = (clockid_t)(~id << 3 | 6); /* as the kernel numbers the clocks of threads */
    return 0;
}
