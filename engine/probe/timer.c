/* Timers: alarm, setitimer, timer_create, timerfd. Time being virtual, a timer may expire at any
 * moment from when it is armed on, which is a step of its own; timers expire in the order in which
 * they are due, and no sleep that lasts longer ends before them. So a program that waits for
 * its timer sees it come, and one that is slow sees it come too early.
 *
 * The entry of a timer among the tasks has no code: sched.c makes its step. One that repeats itself
 * expires so often as PATIENCE says; after that only when nobody else can go on, or has gone on for
 * long. */
#include "fd.h"
#include "ipc.h"
#include "model.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define TIMERS    128
#define PATIENCE  3
#define LONG_TIME 300 /* steps */
#define SECOND    1000000000ull

enum kind { NO_TIMER, ITIMER, POSIX_TIMER, FD_TIMER };
static struct timer {
    enum kind kind;
    unsigned number; /* ITIMER_*, or the descriptor */
    unsigned process;
    uint16_t task; /* NO_TASK: it was never armed */
    bool armed;
    struct sigevent event;
    uint64_t due, interval;
    unsigned expired; /* since it was armed */
    uint32_t expired_depth;
    bool awaited;    /* nobody else could go on */
    unsigned missed; /* expiries while its signal was pending */
} timers[TIMERS];
static unsigned ntimers;
bool timers_used;

static void begin(void)
{
    static uint32_t stamp;
    if (stamp != S->stamp)
        ntimers = 0;
    stamp = S->stamp;
}

static struct timer *timer_of(const struct task *t)
{
    for (unsigned i = 0; i < ntimers; i++)
        if (timers[i].task == task_id(t))
            return &timers[i];
    return NULL;
}

static bool is_armed(const struct timer *m)
{
    return m->armed && !S->tasks[m->task].ended;
}

/* ---- who is next ---- */
/* One whose signal would end the process is a watchdog: it expires when nobody else can go on, or a
 * sleep lasts longer. Anything else would be called a crash of a program that is right. */
static bool is_watchdog(const struct timer *m)
{
    return m->kind != FD_TIMER && m->event.sigev_notify == SIGEV_SIGNAL &&
           signal_ends(m->process, m->event.sigev_signo);
}

static bool is_exhausted(const struct timer *m)
{
    return m->interval && m->expired >= PATIENCE && S->depth - m->expired_depth < LONG_TIME;
}

bool timer_ready(const struct task *t)
{
    const struct timer *m = timer_of(t);
    if (!m || !is_armed(m) || is_exhausted(m) || (is_watchdog(m) && !m->awaited))
        return false;
    for (unsigned i = 0; i < ntimers; i++)
        if (is_armed(&timers[i]) && !is_exhausted(&timers[i]) && timers[i].due < m->due)
            return false;
    return true;
}

bool timer_lets_pass(uint64_t until)
{
    begin();
    for (unsigned i = 0; i < ntimers; i++)
        if (is_armed(&timers[i]) && timers[i].due < until &&
            !S->processes[timers[i].process].stopped)
            return false;
    return true;
}

bool timers_go_on(void)
{
    struct timer *first = NULL;
    for (unsigned i = 0; timers_used && i < ntimers; i++)
        if (is_armed(&timers[i]) && !S->processes[timers[i].process].stopped &&
            (!first || timers[i].due < first->due))
            first = &timers[i];
    if (!first)
        return false;
    first->expired = 0;
    first->awaited = true;
    return true;
}

/* ---- expiring ---- */
static void end_entry(struct timer *m)
{
    struct task *t = &S->tasks[m->task];
    m->armed = false;
    t->ended = true;
    t->end_depth = S->depth;
    record_gone(m->task, false);
}

void timer_ring(struct task *t)
{
    const uint64_t one = 1;
    const struct timer *m = timer_of(t);
    if (!m)
        return;
    long n;
    __asm__ volatile("syscall"
                     : "=a"(n)
                     : "a"(1L), "D"((long)m->number), "S"(&one), "d"(sizeof one)
                     : "rcx", "r11", "memory");
}

static void ring(struct task *t, const struct timer *m)
{
    if (m->process == S->image)
        timer_ring(t);
    else
        carrier_ask(t);
    S->fd_epoch++;
    spin_changed(t->op.reach[3].addr, 1);
}

static void begin_thread(struct timer *m)
{
    if (m->process != S->image)
        control_refuse("a timer is to begin a thread (SIGEV_THREAD) while another process runs, "
                       "which this version of lockstep cannot do");
    thread_begin((void *(*)(void *))(uintptr_t)m->event.sigev_notify_function,
                 m->event.sigev_value.sival_ptr);
}

static struct task *receiver(const struct timer *m)
{
    if (m->event.sigev_notify != SIGEV_THREAD_ID)
        return NULL;
    return &S->tasks[S->processes[m->process].task_of_slot[S->processes[m->process].first_slot]];
}

static void notify(struct timer *m)
{
    int sig = m->event.sigev_signo;
    struct event *e = record_step_event();
    if (m->event.sigev_notify == SIGEV_NONE)
        return;
    if (m->event.sigev_notify == SIGEV_THREAD) {
        begin_thread(m);
        return;
    }
    if (e)
        e->a = (uint64_t)sig;
    bool pending = S->processes[m->process].pending >> (sig - 1) & 1;
    m->missed = pending ? m->missed + 1 : 0;
    if (!pending)
        signal_from_kernel(m->process, receiver(m), sig, m->kind == ITIMER ? SI_KERNEL : SI_TIMER,
                           (uint64_t)(uintptr_t)m->event.sigev_value.sival_ptr);
}

void timer_expire(struct task *t)
{
    struct timer *m = timer_of(t);
    if (!m)
        return;
    if (S->virtual_ns < m->due)
        S->virtual_ns = m->due;
    spin_changed(OBJ_CLOCK, 1);
    m->expired++;
    m->expired_depth = S->depth;
    if (m->interval)
        m->due += m->interval;
    else
        end_entry(m);
    if (m->kind == FD_TIMER)
        ring(t, m);
    else
        notify(m);
    sync_tick();
}

/* ---- arming ---- */
static struct timer *add(enum kind kind, unsigned number)
{
    begin();
    if (ntimers == TIMERS)
        control_refuse("it makes more timers than this version of lockstep can follow");
    struct timer *m = &timers[ntimers++];
    *m =
        (struct timer){.kind = kind, .number = number, .process = S->cur->process, .task = NO_TASK};
    return m;
}

static struct timer *find_timer(enum kind kind, unsigned number)
{
    begin();
    for (unsigned i = 0; i < ntimers; i++)
        if (timers[i].kind == kind && timers[i].number == number &&
            (timers[i].process == S->cur->process || kind == FD_TIMER))
            return &timers[i];
    return NULL;
}

/* An entry for it, the one it had unless it was shown as gone. */
static struct task *entry_of(const struct timer *m)
{
    if (m->task != NO_TASK && !S->tasks[m->task].ended)
        return &S->tasks[m->task];
    struct task *t = sched_add_timer(m->process);
    if (!t)
        control_refuse("it arms timers more often than this version of lockstep can follow");
    memcpy(t->name, "timer", 6);
    record_text(record(EV_NAME, task_id(t)), "timer", 5);
    return t;
}

static void arm(struct timer *m, uint64_t due, uint64_t interval, struct here h)
{
    struct task *t = entry_of(m);
    m->task = (uint16_t)task_id(t);
    m->armed = true;
    m->awaited = false;
    m->due = due;
    m->interval = interval;
    m->expired = m->missed = 0;
    t->op = op_make(EV_TIMER, h);
    t->op.wait = WAIT_TIMER;
    op_reach(&t->op, OBJ_TIMERS, 0, M_QLOOK);
    op_reach(&t->op, OBJ_CLOCK, 0, M_TSLEEP);
    op_reach(&t->op, OBJ_SIGNALS(m->process), 0, M_SEND);
    if (m->kind == FD_TIMER)
        op_reach(&t->op, OBJ_FD(fd_object((int)m->number)), 0, M_FD);
    if (m->event.sigev_notify == SIGEV_THREAD)
        op_reach(&t->op, OBJ_TASKS, 0, M_STREAM);
    t->last_depth = t->enable_depth = S->depth;
    vc_join(t->vc, S->cur->vc);
    sync_tick();
    record_pending(task_id(t));
}

/* It might have expired until now: the search has to try that. */
static void disarm(struct timer *m)
{
    if (!is_armed(m))
        return;
    if (S->searching && A->strategy == SEARCH_DPOR && S->depth > S->prefix)
        order_pending(&S->tasks[m->task]);
    end_entry(m);
}

static uint64_t left_of(const struct timer *m)
{
    if (!m || !is_armed(m))
        return 0;
    return m->due > S->virtual_ns ? m->due - S->virtual_ns : 1;
}

/* The running task stands before a call on timers. */
static void timer_step(const char *call, bool arms, struct here h)
{
    if (arms && !timers_used) { /* from now on sleeps look at them */
        timers_used = true;
        if (S->signals)
            begin_again();
        signals_used();
    }
    struct op op = op_make(EV_CALL, h);
    op_reach(&op, OBJ_TIMERS, 0, M_QLOOK);
    op_reach(&op, OBJ_CLOCK, 0, M_TREAD);
    if (arms)
        op_reach(&op, OBJ_TASKS, 0, M_STREAM);
    step(&op);
    record_text(record_step_event(), call, strlen(call));
    spin_effect(S->cur);
}

static void set(struct timer *m, uint64_t due, uint64_t interval, struct here h)
{
    disarm(m);
    if (due)
        arm(m, due, interval, h);
}

/* ---- alarm and setitimer ---- */
static struct timer *interval_timer(unsigned which)
{
    static const int signals[] = {SIGALRM, SIGVTALRM, SIGPROF};
    struct timer *m = find_timer(ITIMER, which);
    if (!m)
        m = add(ITIMER, which);
    m->event.sigev_notify = SIGEV_SIGNAL;
    m->event.sigev_signo = signals[which];
    return m;
}

/* What was left of it before; due in `ns` from now, 0: never. */
static uint64_t set_interval(const char *call, unsigned which, uint64_t ns, uint64_t interval,
                             uint64_t *before, struct here h)
{
    timer_step(call, ns != 0, h);
    struct timer *m = interval_timer(which);
    uint64_t left = left_of(m);
    if (before)
        *before = is_armed(m) ? m->interval : 0;
    set(m, ns ? S->virtual_ns + ns : 0, interval, h);
    return left;
}

EXPORT unsigned alarm(unsigned seconds)
{
    if (!controlled)
        return REAL(alarm)(seconds);
    uint64_t left = set_interval("alarm", ITIMER_REAL, seconds * SECOND, 0, NULL, HERE);
    return left && left < SECOND ? 1 : (unsigned)((left + SECOND / 2) / SECOND);
}

EXPORT useconds_t ualarm(useconds_t us, useconds_t interval)
{
    if (!controlled)
        return REAL(ualarm)(us, interval);
    return (useconds_t)(set_interval("ualarm", ITIMER_REAL, us * 1000ull, interval * 1000ull, NULL,
                                     HERE) /
                        1000);
}

static struct timeval timeval_of(uint64_t ns)
{
    uint64_t us = (ns + 999) / 1000;
    return (struct timeval){(time_t)(us / 1000000), (suseconds_t)(us % 1000000)};
}

static uint64_t ns_of_timeval(const struct timeval *t)
{
    return (uint64_t)t->tv_sec * SECOND + (uint64_t)t->tv_usec * 1000;
}

static bool is_valid_timeval(const struct timeval *t)
{
    return t->tv_sec >= 0 && t->tv_usec >= 0 && t->tv_usec <= 999999;
}

EXPORT int setitimer(__itimer_which_t which, const struct itimerval *restrict new,
                     struct itimerval *restrict old)
{
    if (!controlled)
        return REAL(setitimer)(which, new, old);
    if ((unsigned)which > ITIMER_PROF ||
        (new && (!is_valid_timeval(&new->it_value) || !is_valid_timeval(&new->it_interval))))
        return ipc_fail(EINVAL);
    uint64_t before, ns = new ? ns_of_timeval(&new->it_value) : 0;
    uint64_t interval = new ? ns_of_timeval(&new->it_interval) : 0;
    uint64_t left = set_interval("setitimer", (unsigned)which, ns, interval, &before, HERE);
    if (old)
        *old = (struct itimerval){timeval_of(before), timeval_of(left)};
    return 0;
}

EXPORT int getitimer(__itimer_which_t which, struct itimerval *now)
{
    if (!controlled)
        return REAL(getitimer)(which, now);
    if ((unsigned)which > ITIMER_PROF)
        return ipc_fail(EINVAL);
    timer_step("getitimer", false, HERE);
    const struct timer *m = interval_timer((unsigned)which);
    *now = (struct itimerval){timeval_of(is_armed(m) ? m->interval : 0), timeval_of(left_of(m))};
    return 0;
}

/* ---- timer_create and timerfd ---- */
static bool is_valid_spec(const struct timespec *t)
{
    return t->tv_sec >= 0 && valid_nanoseconds(t);
}

static uint64_t ns_of_spec(const struct timespec *t)
{
    return (uint64_t)t->tv_sec * SECOND + (uint64_t)t->tv_nsec;
}

static struct timespec spec_of(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / SECOND), (long)(ns % SECOND)};
}

static struct itimerspec state_of(const struct timer *m)
{
    return (struct itimerspec){spec_of(is_armed(m) ? m->interval : 0), spec_of(left_of(m))};
}

static int set_time(const char *call, struct timer *m, bool absolute, const struct itimerspec *new,
                    struct itimerspec *old, struct here h)
{
    if (!is_valid_spec(&new->it_value) || !is_valid_spec(&new->it_interval))
        return ipc_fail(EINVAL);
    uint64_t ns = ns_of_spec(&new->it_value), start = (uint64_t)START_SECONDS * SECOND;
    timer_step(call, ns != 0, h);
    if (old)
        *old = state_of(m);
    uint64_t due = !ns         ? 0
                   : !absolute ? S->virtual_ns + ns
                               : (ns > start + S->virtual_ns ? ns - start : S->virtual_ns + 1);
    set(m, due, ns_of_spec(&new->it_interval), h);
    return 0;
}

/* Timers of a process are numbered from 0; its timer_t is that number. */
static struct timer *posix_timer(timer_t id)
{
    struct timer *m = find_timer(POSIX_TIMER, (unsigned)(uintptr_t)id);
    if (!m)
        errno = EINVAL;
    return m;
}

static unsigned next_number(void)
{
    unsigned n = 0;
    while (find_timer(POSIX_TIMER, n))
        n++;
    return n;
}

EXPORT int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict id)
{
    if (!controlled)
        return REAL(timer_create)(clock, event, id);
    bool silent = event && event->sigev_notify == SIGEV_NONE;
    if (clock < 0 || clock > CLOCK_TAI ||
        (event && !silent && event->sigev_notify != SIGEV_THREAD &&
         (event->sigev_signo <= 0 || event->sigev_signo > 64)))
        return ipc_fail(EINVAL);
    timer_step("timer_create", false, HERE);
    unsigned number = next_number();
    struct timer *m = add(POSIX_TIMER, number);
    if (event)
        m->event = *event;
    else
        m->event = (struct sigevent){.sigev_notify = SIGEV_SIGNAL,
                                     .sigev_signo = SIGALRM,
                                     .sigev_value.sival_int = (int)number};
    *id = (timer_t)(uintptr_t)number;
    return 0;
}

EXPORT int timer_settime(timer_t id, int flags, const struct itimerspec *restrict new,
                         struct itimerspec *restrict old)
{
    if (!controlled)
        return REAL(timer_settime)(id, flags, new, old);
    struct timer *m = posix_timer(id);
    return m ? set_time("timer_settime", m, flags & TIMER_ABSTIME, new, old, HERE) : -1;
}

EXPORT int timer_gettime(timer_t id, struct itimerspec *now)
{
    if (!controlled)
        return REAL(timer_gettime)(id, now);
    const struct timer *m = posix_timer(id);
    if (!m)
        return -1;
    timer_step("timer_gettime", false, HERE);
    *now = state_of(m);
    return 0;
}

EXPORT int timer_getoverrun(timer_t id)
{
    if (!controlled)
        return REAL(timer_getoverrun)(id);
    const struct timer *m = posix_timer(id);
    if (!m)
        return -1;
    timer_step("timer_getoverrun", false, HERE);
    return (int)m->missed;
}

EXPORT int timer_delete(timer_t id)
{
    if (!controlled)
        return REAL(timer_delete)(id);
    struct timer *m = posix_timer(id);
    if (!m)
        return -1;
    timer_step("timer_delete", false, HERE);
    disarm(m);
    m->kind = NO_TIMER;
    return 0;
}

/* Behind the descriptor is an eventfd, which counts expiries and is read in the same way. */
EXPORT int timerfd_create(int clock, int flags)
{
    if (!controlled)
        return REAL(timerfd_create)(clock, flags);
    if (clock < 0 || clock > CLOCK_BOOTTIME_ALARM || flags & ~(TFD_NONBLOCK | TFD_CLOEXEC))
        return ipc_fail(EINVAL);
    fd_making("timerfd", HERE);
    int fd = REAL(eventfd)(0, flags), fds[2] = {fd, -1};
    if (fd_made(fds[0], fds) >= 0) {
        struct timer *m = find_timer(FD_TIMER, (unsigned)fds[0]);
        if (m) /* the number had another one behind it, which was closed */
            m->kind = NO_TIMER;
        add(FD_TIMER, (unsigned)fds[0]);
    }
    return fds[0];
}

static struct timer *fd_timer(int fd)
{
    struct timer *m = fd < 0 ? NULL : find_timer(FD_TIMER, (unsigned)fd);
    if (!m)
        errno = EINVAL;
    return m;
}

/* What it counted until now is forgotten. */
static void forget_count(int fd)
{
    uint64_t count;
    int flags = REAL(fcntl)(fd, F_GETFL);
    REAL(fcntl)(fd, F_SETFL, flags | O_NONBLOCK);
    if (REAL(read)(fd, &count, sizeof count) > 0)
        S->fd_epoch++;
    REAL(fcntl)(fd, F_SETFL, flags);
}

EXPORT int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    if (!controlled)
        return REAL(timerfd_settime)(fd, flags, new, old);
    struct timer *m = fd_timer(fd);
    if (!m || set_time("timerfd_settime", m, flags & TFD_TIMER_ABSTIME, new, old, HERE))
        return -1;
    forget_count(fd);
    return 0;
}

EXPORT int timerfd_gettime(int fd, struct itimerspec *now)
{
    if (!controlled)
        return REAL(timerfd_gettime)(fd, now);
    const struct timer *m = fd_timer(fd);
    if (!m)
        return -1;
    timer_step("timerfd_gettime", false, HERE);
    *now = state_of(m);
    return 0;
}
