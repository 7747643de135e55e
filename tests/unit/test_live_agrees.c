/* What is shown of a program that runs free agrees with what a debugger sees. All its threads are
 * held still at some moment, by ptrace; their registers and the program's memory tell who has the
 * lock and who waits for what in the kernel; then the model is brought up to date and must say the
 * same. A thread that is held inside the C library or the recorder, and does not sleep there, is in
 * between: it is not judged, nor what only it could know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live_help.h"
#include "proc.h"
#include "symbols.h"

enum { THREADS = 5, POINTS = 1000, LIMIT_S = 100 };
#define LIBRARIES 0x7f0000000000ull /* above lie the libraries, below the program's own code */
/* What the kernel leaves as the result of a call that a signal, or a debugger, has interrupted
 * while it slept (include/linux/errno.h); a program never sees these. */
#define RESTART_FIRST (-516)
#define RESTART_LAST  (-512)

enum where { IN_PROGRAM, BETWEEN, ASLEEP };

struct thread {
    int32_t tid;
    enum where where;
    long call;
    uint64_t futex; /* asleep on that */
    uint32_t task;  /* in the model */
};

struct scene {
    struct run run;
    struct thread threads[THREADS];
    uint64_t lock, one, other; /* the mutex; conditions or semaphores */
    uint64_t nbytes;           /* of these two */
    int judged, owners, waits, counts;
};

/* ---- holding still ---- */
static int find_threads(struct scene *s)
{
    char path[64];
    int32_t tids[THREADS + 1];
    snprintf(path, sizeof path, "/proc/%d/task", (int)s->run.model->processes[0].pid);
    if (proc_list(path, tids, THREADS + 1) != THREADS)
        return 0;
    for (int i = 0; i < THREADS; i++)
        s->threads[i].tid = tids[i];
    return 1;
}

static int all_there(const struct run *r)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->model->ntasks; i++)
        n += r->model->tasks[i].noted && !r->model->tasks[i].ended;
    return n == THREADS;
}

static void seize(struct scene *s)
{
    assert_true(find_threads(s));
    for (int i = 0; i < THREADS; i++)
        if (ptrace(PTRACE_SEIZE, s->threads[i].tid, NULL, NULL))
            fail_msg("ptrace: %s", strerror(errno));
}

static void look_at(struct thread *t)
{
    struct user_regs_struct regs;
    assert_int_equal(ptrace(PTRACE_GETREGS, t->tid, NULL, &regs), 0);
    long result = (long)regs.rax;
    t->futex = 0;
    t->call = (long)regs.orig_rax;
    if ((long)regs.orig_rax >= 0 && result >= RESTART_FIRST && result <= RESTART_LAST) {
        t->where = ASLEEP;
        int futex = regs.orig_rax == SYS_futex || regs.orig_rax == SYS_restart_syscall;
        t->futex = futex ? regs.rdi : 0;
    } else {
        t->where = regs.rip < LIBRARIES && (long)regs.orig_rax < 0 ? IN_PROGRAM : BETWEEN;
    }
}

static int lies_in(uint64_t addr, uint64_t object, uint64_t nbytes)
{
    return addr >= object && addr < object + nbytes;
}

/* Who waits in a condition sleeps on __g_signals; in its other words the C library lets signallers
 * sleep, until it has sorted out the waiters (glibc, nptl/pthread_cond_common.c). */
static int is_library_own(const struct scene *s, uint64_t futex)
{
    size_t signals = offsetof(pthread_cond_t, __data.__g_signals);
    return s->nbytes == sizeof(pthread_cond_t) &&
           (lies_in(futex, s->one, signals) || lies_in(futex, s->other, signals));
}

static void hold(struct scene *s)
{
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(ptrace(PTRACE_INTERRUPT, s->threads[i].tid, NULL, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        int status;
        assert_int_equal(waitpid(s->threads[i].tid, &status, __WALL), s->threads[i].tid);
        assert_true(WIFSTOPPED(status));
        look_at(&s->threads[i]);
        if (is_library_own(s, s->threads[i].futex))
            s->threads[i].where = BETWEEN;
    }
}

static void let_go(struct scene *s)
{
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(ptrace(PTRACE_CONT, s->threads[i].tid, NULL, NULL), 0);
}

static void leave(struct scene *s)
{
    hold(s);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(ptrace(PTRACE_DETACH, s->threads[i].tid, NULL, NULL), 0);
}

static void peek(const struct scene *s, uint64_t addr, void *out, size_t n)
{
    struct iovec local = {out, n}, remote = {(void *)(uintptr_t)addr, n};
    pid_t pid = s->run.model->processes[0].pid;
    assert_int_equal(process_vm_readv(pid, &local, 1, &remote, 1, 0), n);
}

/* ---- comparing ---- */
static const struct live_task *task_of(const struct scene *s, const struct thread *t)
{
    for (uint32_t i = 0; i < s->run.model->ntasks; i++)
        if (s->run.model->tasks[i].tid == t->tid)
            return &s->run.model->tasks[i];
    fail_msg("thread %d is not there", (int)t->tid);
    return NULL;
}

static struct thread *thread_with(struct scene *s, int32_t tid)
{
    for (int i = 0; i < THREADS; i++)
        if (s->threads[i].tid == tid)
            return &s->threads[i];
    return NULL;
}

/* A thread that sleeps must be said to wait for that; one in its own code must not. A wait in a
 * condition takes the mutex again before it is over, and may sleep for that. */
static void judge_wait(struct scene *s, const struct thread *t)
{
    const struct live_task *k = task_of(s, t);
    if (t->where == IN_PROGRAM) {
        assert_int_equal(k->wait_since, 0);
        s->waits++;
        return;
    }
    if (t->where == BETWEEN)
        return;
    if (k->wait_since == 0)
        fail_msg("T%u sleeps on 0x%llx and is not said to wait", k->number,
                 (unsigned long long)t->futex);
    s->waits++;
    if (lies_in(t->futex, s->one, s->nbytes))
        assert_int_equal(k->wait_addr, s->one);
    else if (lies_in(t->futex, s->other, s->nbytes))
        assert_int_equal(k->wait_addr, s->other);
    else if (lies_in(t->futex, s->lock, sizeof(pthread_mutex_t)))
        assert_true(k->wait_addr == s->lock || k->wait_kind == EV_COND_WAIT);
    else if (k->wait_kind != EV_JOIN)
        fail_msg("T%u sleeps on 0x%llx (call %ld) and is said to wait for 0x%llx, kind %u",
                 k->number, (unsigned long long)t->futex, t->call, (unsigned long long)k->wait_addr,
                 k->wait_kind);
}

/* The one whom the mutex names as its owner, or nobody. Not judged when either is in between. */
static void judge_owner(struct scene *s)
{
    pthread_mutex_t m;
    peek(s, s->lock, &m, sizeof m);
    const struct live_model *model = s->run.model;
    uint32_t object = live_object_at(model, 0, s->lock);
    if (object == LIVE_NONE)
        return;
    const struct live_object *o = &model->objects[object];
    int32_t said = o->owner == LIVE_NONE ? 0 : model->tasks[o->owner].tid;
    int32_t has = m.__data.__owner;
    const struct thread *a = thread_with(s, said), *b = thread_with(s, has);
    if ((a && a->where == BETWEEN) || (b && b->where == BETWEEN))
        return;
    if (said != has)
        fail_msg("thread %d has the lock, %d is said to", (int)has, (int)said);
    s->owners++;
}

/* How many wait for an object in the kernel, and how many are said to: the same, when nobody is in
 * between. */
static void judge_waiters(struct scene *s, uint64_t addr)
{
    uint32_t object = live_object_at(s->run.model, 0, addr), asleep = 0;
    if (object == LIVE_NONE)
        return;
    for (int i = 0; i < THREADS; i++) {
        if (s->threads[i].where == BETWEEN)
            return;
        const struct live_task *k = task_of(s, &s->threads[i]);
        asleep += s->threads[i].where == ASLEEP && k->wait_addr == addr;
    }
    assert_int_equal(s->run.model->objects[object].nwaiting, asleep);
    s->counts++;
}

/* The value of a semaphore is its lower half (glibc, sysdeps/nptl/internaltypes.h). */
static void judge_value(struct scene *s, uint64_t addr)
{
    uint32_t value, object = live_object_at(s->run.model, 0, addr);
    for (int i = 0; i < THREADS; i++)
        if (s->threads[i].where == BETWEEN)
            return;
    peek(s, addr, &value, sizeof value);
    if (object != LIVE_NONE && s->run.model->objects[object].count >= 0)
        assert_int_equal(s->run.model->objects[object].count, value);
}

static void judge(struct scene *s, int semaphores)
{
    int before = s->owners, waits = s->waits;
    for (int i = 0; i < THREADS; i++)
        judge_wait(s, &s->threads[i]);
    judge_owner(s);
    judge_waiters(s, s->lock);
    judge_waiters(s, s->one);
    judge_waiters(s, s->other);
    if (semaphores) {
        judge_value(s, s->one);
        judge_value(s, s->other);
    }
    s->judged += s->owners > before && s->waits > waits;
}

/* ---- the tests ---- */
static void compare(struct scene *s, int semaphores)
{
    uint64_t until = run_now_ns() + LIMIT_S * 1000000000ull;
    unsigned seed = 12345;
    while (s->judged < POINTS && run_now_ns() < until) {
        struct timespec pause = {
            .tv_nsec = 100000 + (int)((seed = seed * 1103515245 + 12345) >> 13) % 1500000};
        nanosleep(&pause, NULL);
        hold(s);
        live_look(s->run.live, ~0ull >> 8);
        judge(s, semaphores);
        let_go(s);
    }
    print_message("%d moments judged: %d owners, %d threads, %d counts of waiters\n", s->judged,
                  s->owners, s->waits, s->counts);
    assert_true(s->judged >= POINTS);
    assert_true(s->counts > 0);
}

static uint64_t address(struct scene *s, const char *name)
{
    uint64_t a = symbols_address(live_symbols(s->run.live), name);
    assert_int_not_equal(a, 0);
    return a;
}

static void run(const char *file, const char *one, const char *other, uint64_t nbytes,
                int semaphores)
{
    struct scene s = {0};
    run_start(&s.run, file, NULL, NULL);
    assert_true(run_until(&s.run, all_there, 30000));
    s.lock = address(&s, "lock");
    s.one = address(&s, one);
    s.other = address(&s, other);
    s.nbytes = nbytes;
    seize(&s);
    compare(&s, semaphores);
    leave(&s);
    run_end(&s.run);
}

static void queue_with_conditions(void **state)
{
    (void)state;
    run("queue_mutex.c", "not_full", "not_empty", sizeof(pthread_cond_t), 0);
}

static void queue_with_semaphores(void **state)
{
    (void)state;
    run("queue_semaphores.c", "places", "items", sizeof(sem_t), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queue_with_conditions),
        cmocka_unit_test(queue_with_semaphores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
