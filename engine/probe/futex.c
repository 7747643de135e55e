/* System calls that a program makes by their number. SYS_futex, of which people build locks of
 * their own, is modelled: a queue of sleepers for each word. What has a model under a name of its
 * own goes there; the rest goes to the kernel. */
#include "model.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

struct arguments {
    long a[6];
};

static long kernel(long number, const struct arguments *x)
{
    long result, fourth = x->a[3], fifth = x->a[4], sixth = x->a[5];
    register long r10 __asm__("r10") = fourth;
    register long r8 __asm__("r8") = fifth;
    register long r9 __asm__("r9") = sixth;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(x->a[0]), "S"(x->a[1]), "d"(x->a[2]), "r"(r10), "r"(r8),
                       "r"(r9)
                     : "rcx", "r11", "memory");
    if (result < 0 && result > -4096) {
        errno = (int)-result;
        return -1;
    }
    return result;
}

/* A system call has six arguments at most; those that were not passed are not looked at. */
#define ARGUMENTS(x, last)                                                                         \
    struct arguments x;                                                                            \
    va_list ap;                                                                                    \
    va_start(ap, last);                                                                            \
    for (int i = 0; i < 6; i++)                                                                    \
        x.a[i] = va_arg(ap, long);                                                                 \
    va_end(ap)

/* The probe's own. */
long raw_syscall(long number, ...)
{
    ARGUMENTS(x, number);
    return kernel(number, &x);
}

/* ---- futexes ---- */
/* The queue of a word: an object beside it, for the word itself may be an atomic one. */
static struct object *queue_of(uint64_t word)
{
    return object_get((void *)(word | 1), C_FUTEX);
}

static struct event *tell(int result)
{
    struct event *e = record_step_event();
    if (e)
        e->result = result;
    return e;
}

static long fail(int error)
{
    errno = error;
    return -1;
}

static struct op word_op(unsigned kind, uint64_t word, struct here h)
{
    struct op op = op_make(kind, h);
    op.addr = word;
    op.size = 4;
    op_reach(&op, word, 4, M_PEEK);
    return op;
}

enum rise { WOKEN, LATE, EARLY };

/* What a sleeper does when it is woken, or when its time is over, or for no reason. */
static struct op rise_op(struct object *q, uint64_t word, enum rise why, struct here h)
{
    struct op op = op_make(EV_FUTEX_RISE, h);
    op.addr = word;
    op.size = 4;
    op.object = q;
    op.wait = why == WOKEN ? WAIT_COND : why == EARLY ? WAIT_ADVERSE : WAIT_NONE;
    op.interruptible = 1;
    if (why != WOKEN || A->adversity & ADVERSE_EINTR)
        op_reach(&op, q->addr, 0, M_CTIMEOUT);
    if (why == WOKEN)
        return op;
    if (why == LATE)
        timeout_reach(&op);
    if (A->adversity)
        adverse_reach(&op);
    return op;
}

/* The sleep is over though nobody woke the task. */
static int risen(enum rise why, const struct timespec *until, struct here h)
{
    if (why == EARLY)
        adverse_spend();
    else if (adverse_instead(ADVERSE_EINTR))
        return EINTR;
    else if (!adverse_instead(ADVERSE_SPURIOUS)) {
        timeout_happens(until, h.pc);
        return ETIMEDOUT;
    }
    return 0;
}

static int sleep_on(struct object *q, uint64_t word, const struct timespec *until, struct here h)
{
    struct task *t = S->cur;
    struct op rise = rise_op(q, word, WOKEN, h);
    enum rise why = until ? LATE : adverse_left(ADVERSE_SPURIOUS) ? EARLY : WOKEN;
    set_add(&q->waiters, S->cur_id);
    spin_changed(q->addr, 1);
    t->signalled = false;
    t->timed = why != WOKEN;
    t->relock = rise;
    struct op out = rise_op(q, word, why, h);
    bool whole = step(&out);
    t->timed = false;
    int result = !whole ? EINTR : t->signalled ? 0 : risen(why, until, h);
    set_del(&q->waiters, S->cur_id);
    if (whole)
        tell(result);
    return result;
}

static long futex_wait(uint64_t word, uint32_t expected, const struct timespec *until,
                       struct here h)
{
    if (until && (!valid_nanoseconds(until) || until->tv_sec < 0))
        return fail(EINVAL);
    struct object *q = queue_of(word);
    struct op op = word_op(EV_FUTEX_WAIT, word, h);
    op_reach(&op, q->addr, 0, M_CWAIT);
    step(&op);
    uint32_t is = __atomic_load_n((const uint32_t *)word, __ATOMIC_SEQ_CST);
    struct event *e = tell(is == expected ? 0 : EAGAIN);
    if (e)
        e->a = is;
    if (is != expected)
        return fail(EAGAIN);
    int error = sleep_on(q, word, until, h);
    return error ? fail(error) : 0;
}

static void rouse(unsigned who, uint64_t word)
{
    struct task *t = &S->tasks[who];
    set_del(&t->op.object->waiters, who);
    t->signalled = true;
    spin_effect(t);
    t->enable_depth = t->woken_depth = S->depth;
    if (t->timed)
        t->op = t->relock;
    struct event *e = record(EV_WAKE, S->cur_id);
    if (e) {
        e->other = (uint16_t)who;
        e->addr = word;
    }
    if (t->timed)
        record_pending(who);
}

/* Which of more sleepers than are to be woken is a choice, as with conditions. */
static long futex_wake(uint64_t word, int most, struct here h)
{
    struct object *q = queue_of(word);
    struct op op = op_make(EV_FUTEX_WAKE, h);
    op.addr = word;
    op.size = 4;
    op_reach(&op, q->addr, 0, M_CSIGNAL);
    cancel_hears(&op);
    step(&op);
    uint16_t who[MAX_TASKS];
    unsigned n = 0;
    for (unsigned t = 0; t < S->ntasks; t++)
        if (set_has(&q->waiters, t) && !S->tasks[t].ended && S->tasks[t].op.kind == EV_FUTEX_RISE)
            who[n++] = (uint16_t)t;
    struct event *e = tell(0);
    if (e)
        e->a = n;
    long woken = 0;
    for (; n && woken < most; woken++) {
        unsigned k = n > (unsigned)(most - woken) ? sched_alternative(who, n) : 0;
        rouse(who[k], word);
        memmove(&who[k], &who[k + 1], (n - k - 1) * sizeof *who);
        n--;
    }
    if (woken)
        spin_effect(S->cur);
    return woken;
}

static long futex_wait_for(const struct arguments *x, struct here h)
{
    const struct timespec *length = (const struct timespec *)x->a[3];
    if (!length)
        return futex_wait((uint64_t)x->a[0], (uint32_t)x->a[2], NULL, h);
    if (!valid_nanoseconds(length) || length->tv_sec < 0)
        return fail(EINVAL);
    struct timespec until = after(length);
    return futex_wait((uint64_t)x->a[0], (uint32_t)x->a[2], &until, h);
}

static long futex(const struct arguments *x, struct here h)
{
    uint64_t word = (uint64_t)x->a[0];
    int most = (int)x->a[2];
    if (word & 3)
        return fail(EINVAL);
    switch (x->a[1] & FUTEX_CMD_MASK) {
    case FUTEX_WAIT_BITSET:
        if (!x->a[5])
            return fail(EINVAL);
        return futex_wait(word, (uint32_t)x->a[2], (const struct timespec *)x->a[3], h);
    case FUTEX_WAIT:
        return futex_wait_for(x, h);
    case FUTEX_WAKE_BITSET:
        if ((uint32_t)x->a[5] != FUTEX_BITSET_MATCH_ANY)
            control_refuse("a futex wake of some bits only is not controlled by lockstep");
        /* fallthrough */
    case FUTEX_WAKE:
        return futex_wake(word, most < 1 ? 1 : most, h);
    default:
        control_refuse("this operation of SYS_futex is not controlled by lockstep: only "
                       "FUTEX_WAIT and FUTEX_WAKE are, with their bit set forms");
    }
}

/* ---- by number ---- */
EXPORT pid_t gettid(void)
{
    if (!controlled)
        return (pid_t)raw_syscall(SYS_gettid);
    const struct task *t = S->cur; /* the first thread of a process has its pid */
    return t->slot == OWN->first_slot ? OWN->pid : 10000 + (pid_t)S->cur_id;
}

static long by_name(long number, const struct arguments *x, struct here h)
{
    switch (number) {
    case SYS_futex:
        return futex(x, h);
    case SYS_gettid:
        return gettid();
    case SYS_getpid:
        return getpid();
    case SYS_getppid:
        return getppid();
    case SYS_sched_yield:
        yield_at(h);
        return 0;
    case SYS_getrandom:
        return getrandom((void *)x->a[0], (size_t)x->a[1], (unsigned)x->a[2]);
    case SYS_getcpu:
        return getcpu((unsigned *)x->a[0], (unsigned *)x->a[1]);
    case SYS_clock_gettime:
        return clock_gettime((clockid_t)x->a[0], (struct timespec *)x->a[1]);
    case SYS_gettimeofday:
        return gettimeofday((struct timeval *)x->a[0], NULL);
    case SYS_nanosleep:
        return nanosleep((const struct timespec *)x->a[0], (struct timespec *)x->a[1]);
    case SYS_read:
        return fd_read((int)x->a[0], (void *)x->a[1], (size_t)x->a[2], h);
    case SYS_write:
        return fd_write((int)x->a[0], (const void *)x->a[1], (size_t)x->a[2], h);
    case SYS_exit:
        cancel_unwind(NULL, h.pc);
    case SYS_exit_group:
        _exit((int)x->a[0]);
    default:
        return kernel(number, x);
    }
}

#undef syscall
EXPORT long syscall(long number, ...)
{
    ARGUMENTS(x, number);
    return controlled ? by_name(number, &x, HERE) : kernel(number, &x);
}
