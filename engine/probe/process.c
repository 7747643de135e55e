/* Processes of a program, all in one address space.
 *
 * A forked process is an image of the memory (snapshot.c) and a carrier: a process of the kernel
 * that shares this address space but has descriptors, working directory and signals of its own
 * (clone without CLONE_FILES, as vfork makes them). Its tasks are fibers like all others and run
 * on its carrier, so every system call of theirs is made by the right process of the kernel. At
 * most one carrier moves: the turn is handed over through a futex, the images being exchanged
 * before. That makes fork cheap, leaves the search, the models and the clocks as they are, and
 * lets an execution of several processes begin again in place.
 *
 * What POSIX tells of processes (pids, parents, zombies, statuses) is modelled here; pids are
 * numbers of ours, the same in every execution. */
#include "probe.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_PID     1000
#define CARRIER_STACK 65536
#define TURN_NOW      1u

static struct carrier {
    struct fiber control; /* where its control loop stands */
    char *stack;          /* of the control loop, and below it the one for signals */
} carriers[MAX_PROCESSES];

/* The control loops have no thread-local storage of their own: no errno either. */
long raw(long number, long a, long b, long c, long d)
{
    long result;
    register long r10 __asm__("r10") = d;
    register unsigned long r9 __asm__("r9") = ARENA_OWN_CALL;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

struct fiber *control_fiber(void)
{
    return &carriers[S->image].control;
}

/* ---- taking turns ---- */
static void give_turn(unsigned process)
{
    __atomic_store_n(&S->turn[process], TURN_NOW, __ATOMIC_SEQ_CST);
    raw(SYS_futex, (long)&S->turn[process], FUTEX_WAKE, 1, 0);
}

static void (*asked_work)(void); /* what another carrier is to do in place of answering */

static void await_turn(unsigned process)
{
    for (;;) {
        while (!__atomic_load_n(&S->turn[process], __ATOMIC_SEQ_CST))
            raw(SYS_futex, (long)&S->turn[process], FUTEX_WAIT, 0, 0);
        S->turn[process] = 0;
        if (!S->asking)
            return;
        if (asked_work)
            asked_work();
        else
            fd_answer();
        asked_work = NULL;
        S->asking = 0;
        give_turn(S->asker);
    }
}

/* Without a word about memory: the other carrier only asks the kernel. */
void carrier_ask(struct task *t)
{
    unsigned me = S->image;
    S->asking = task_id(t) + 1;
    S->asker = me;
    give_turn(t->process);
    await_turn(me);
}

void carrier_do(unsigned process, void (*work)(void))
{
    unsigned me = S->image;
    if (process == me) {
        work();
        return;
    }
    asked_work = work;
    S->asking = 1;
    S->asker = me;
    give_turn(process);
    await_turn(me);
}

static void publish_carrier(void)
{
    const struct process *p = &S->processes[S->image];
    A->child_pid = (uint32_t)p->carrier;
}

/* Give process `to` its memory and the turn; back when it is ours again. */
static void exchange(unsigned from, unsigned to)
{
    if (!S->processes[from].ended)
        image_save(from);
    image_load(to);
    S->image = to;
    S->tag = (uint64_t)to << TAG_SHIFT;
    S->places = true;
    publish_carrier();
    give_turn(to);
    if (S->processes[from].ended && from != 0)
        raw(SYS_exit, 0, 0, 0, 0);
    await_turn(from);
}

static void make_child(unsigned parent);

/* The loop of each carrier: run the tasks of its process, and see to what only it can do. */
static void control_loop(unsigned me)
{
    for (;;) {
        if (S->over) {
            if (me == 0)
                return;
            give_turn(0);
            await_turn(me);
            continue;
        }
        if (S->forking)
            make_child(me);
        unsigned next = S->cur->process;
        if (next == me)
            fiber_switch(&carriers[me].control, &S->cur->fiber);
        else
            exchange(me, next);
    }
}

void processes_run(void)
{
    carriers[0].control.fs = scheduler_fiber.fs;
    control_loop(0);
}

static void carrier_main(unsigned me)
{
    stack_t alt = {.ss_sp = carriers[me].stack, .ss_size = CARRIER_STACK};
    raw(SYS_sigaltstack, (long)&alt, 0, 0, 0);
    raw(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
    await_turn(me);
    control_loop(me);
}

/* clone() by hand: the child begins in carrier_main(me) on the stack given. */
__asm__(".text\n"
        ".hidden carrier_clone\n"
        ".globl carrier_clone\n"
        ".type carrier_clone, @function\n"
        "carrier_clone:\n" /* rdi flags, rsi stack, rdx me, rcx function */
        "    movq %rdx, %r8\n"
        "    subq $8, %rsi\n"
        "    movq %rcx, (%rsi)\n"
        "    movabsq $0x6c6f636b73746570, %r9\n" /* ARENA_OWN_CALL */
        "    xorl %edx, %edx\n"
        "    xorl %r10d, %r10d\n"
        "    movl $56, %eax\n"
        "    syscall\n"
        "    testq %rax, %rax\n"
        "    jnz 1f\n"
        "    movq %r8, %rdi\n"
        "    xorl %ebp, %ebp\n"
        "    popq %rax\n"
        "    callq *%rax\n"
        "    ud2\n"
        "1:  ret\n"
        ".size carrier_clone, .-carrier_clone\n");

/* Every carrier is a child of the first: that one waits for them all. */
static long start_carrier(unsigned me)
{
    struct carrier *c = &carriers[me];
    if (!c->stack) {
        void *p = REAL(mmap)(NULL, 2 * CARRIER_STACK, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return -ENOMEM;
        c->stack = p;
    }
    c->control.fs = scheduler_fiber.fs;
    long flags = CLONE_VM | SIGCHLD | (S->image ? CLONE_PARENT : 0);
    return carrier_clone(flags, c->stack + 2 * CARRIER_STACK, me, carrier_main);
}

/* The task that forks has left its stack: its memory is now what the child begins with. */
static void make_child(unsigned parent)
{
    struct task *t = &S->tasks[S->forking - 1];
    (void)parent;
    S->forking = 0;
    t->fiber = S->cur->fiber;
    image_save(t->process);
    long pid = start_carrier(t->process);
    if (pid < 0)
        probe_panic("cannot make a process");
    S->processes[t->process].carrier = (int)pid;
}

/* ---- before and after an execution ---- */
void processes_begin(void)
{
    struct process *p = &S->processes[0];
    S->nprocesses = S->live_processes = 1;
    S->image = 0;
    S->tag = 0;
    S->places = S->stops = false;
    S->forking = 0;
    p->ended = p->stopped = p->reaped = p->free = false;
    p->parent = NO_PROCESS;
    p->pid = p->pgid = p->sid = FIRST_PID;
    p->carrier = p->free_pid = 0;
    p->stop_news = 0;
    p->continue_news = false;
    p->status = 0;
    signals_begin(p);
    ends_begin(p);
    S->adverse_used = 0;
    if (A->adversity & ADVERSE_KILL)
        S->signals = S->children_heard = true;
    p->redirected = p->used = 0;
    p->nstreams = 0;
    S->nfd_objects = 0;
    p->live = p->slots = p->nexit = 0;
    p->first_slot = 0;
    memset(p->keys, 0, p->nkeys * sizeof *p->keys);
    tsd_begin(p);
    p->nforks = 0;
    p->concurrency = 0;
}

void processes_end(void)
{
    for (unsigned i = 1; i < S->nprocesses; i++)
        if (S->processes[i].carrier)
            raw(SYS_kill, S->processes[i].carrier, SIGKILL, 0, 0);
    for (unsigned i = 1; i < S->nprocesses; i++)
        if (S->processes[i].carrier)
            raw(SYS_wait4, S->processes[i].carrier, 0, __WALL, 0);
    if (A->ran_free)
        free_end();
    memset(S->turn, 0, S->nprocesses * sizeof *S->turn);
    S->image = 0;
    S->tag = 0;
    A->child_pid = 0;
}

/* ---- fork ---- */
static struct event *tell(int result)
{
    struct event *e = record_step_event();
    if (e)
        e->result = result;
    return e;
}

static int fail(int error)
{
    errno = error;
    return -1;
}

static void begin_process(unsigned index, const struct task *parent)
{
    struct process *p = &S->processes[index], *from = &S->processes[parent->process];
    p->ended = p->stopped = p->reaped = p->free = false;
    p->free_pid = p->carrier = 0;
    p->stop_news = 0;
    p->continue_news = false;
    p->parent = p->forked_by = parent->process;
    p->pid = FIRST_PID + (int)index;
    p->pgid = from->pgid;
    p->sid = from->sid;
    p->status = 0;
    p->live = 0;
    p->slots = from->slots;
    p->first_slot = parent->slot;
    for (unsigned i = 0; i < from->slots; i++)
        p->task_of_slot[i] = NO_TASK;
    signals_inherit(p, from);
    ends_fork(from, p);
    ipc_fork(parent->process, index);
    p->redirected = from->redirected;
    p->used = from->used;
    memcpy(p->streams, from->streams, sizeof p->streams);
    p->nstreams = from->nstreams;
    p->nexit = from->nexit;
    memcpy(p->exits, from->exits, from->nexit * sizeof *p->exits);
    memset(p->keys, 0, p->nkeys * sizeof *p->keys);
    memcpy(p->keys, from->keys, from->nkeys * sizeof *p->keys);
    p->nkeys = from->nkeys;
    memcpy(p->forks, from->forks, from->nforks * sizeof *p->forks);
    p->nforks = from->nforks;
    S->nprocesses = index + 1;
    S->live_processes++;
}

/* The child's only task: the one that forked, as it stands. */
static struct task *copy_task(const struct task *parent, unsigned process)
{
    struct task *t = sched_add_task(task_id(parent), process, parent->slot);
    if (!t)
        return NULL;
    memcpy(t->name, parent->name, sizeof t->name);
    memcpy(t->tsd, parent->tsd, OWN->nkeys * sizeof *t->tsd);
    t->cancel_off = parent->cancel_off;
    t->cancel_async = parent->cancel_async;
    t->cleanup = parent->cleanup;
    t->heap_next = parent->heap_next;
    memcpy(t->heap_free, parent->heap_free, sizeof t->heap_free);
    t->mask = parent->mask;
    t->nheld = parent->nheld;
    t->touched_low = parent->touched_low;
    memcpy(t->vc, parent->vc, S->ntasks * sizeof *t->vc);
    t->vc[task_id(t)] = 1;
    t->last_depth = S->depth;
    return t;
}

static int parent_pid(const struct process *p)
{
    if (p->parent < MAX_PROCESSES)
        return S->processes[p->parent].pid;
    return p->pid == FIRST_PID ? FIRST_PID - 1 : 1;
}

void process_tell(const struct task *t, unsigned parent)
{
    const struct process *p = &S->processes[t->process];
    struct event *e = record(EV_PROCESS, task_id(t));
    if (e) {
        e->a = (uint64_t)p->pid;
        e->b = (uint64_t)parent_pid(p);
        e->other = (uint16_t)parent;
    }
}

/* The carriers take turns, one at a time: on one processor that is quickest. */
static void first_fork(void)
{
    if (S->forks)
        return;
    S->forks = true;
    cpu_set_t set;
    unsigned cpu = 0;
    raw(SYS_getcpu, (long)&cpu, 0, 0, 0);
    CPU_ZERO(&set);
    CPU_SET(cpu % CPU_SETSIZE, &set);
    raw(SYS_sched_setaffinity, 0, sizeof set, (long)&set, 0);
}

/* What other threads write before the fork is in the copy, what they write after it is not: from
 * now on their steps and the fork depend on each other. */
static void other_threads_run(void)
{
    if (S->forks_threaded || OWN->live == 1)
        return;
    S->forks_threaded = true;
    begin_again();
}

static pid_t fork_now(struct here h)
{
    struct task *parent = S->cur;
    first_fork();
    other_threads_run();
    struct op op = op_make(EV_FORK, h);
    op.other = sched_next_task();
    op_reach(&op, OBJ_TASKS, 0, M_STREAM);
    if (OWN->live > 1)
        op_reach(&op, OBJ_IMAGE(parent->process), 0, M_SEND);
    step(&op);
    unsigned index = S->nprocesses;
    struct task *child = NULL;
    if (index < MAX_PROCESSES) {
        begin_process(index, parent);
        child = copy_task(parent, index);
    }
    if (!child) { /* that is our limit, not one of a machine */
        A->overflow = 1;
        tell(EAGAIN);
        return fail(EAGAIN);
    }
    objects_copy(parent, child);
    child->op = op_make(EV_START, h);
    parent->vc[task_id(child)] = 0;
    sync_tick();
    struct event *e = tell(0);
    if (e) {
        e->other = (uint16_t)task_id(child);
        e->a = (uint64_t)S->processes[index].pid;
    }
    process_tell(child, task_id(parent));
    adverse_process(index);
    record_pending(task_id(child));
    S->forking = task_id(child) + 1;
    fiber_switch(&parent->fiber, control_fiber());
    /* twice here: at once in the parent, and when the child has its first turn */
    if (S->cur->process != index)
        return FIRST_PID + (int)index;
    sched_begin();
    return 0;
}

EXPORT pid_t fork(void)
{
    if (!controlled)
        return REAL(fork)();
    struct here h = HERE;
    atfork_run(ATFORK_PREPARE);
    pid_t pid = fork_now(h);
    atfork_run(pid ? ATFORK_PARENT : ATFORK_CHILD);
    return pid;
}

EXPORT pid_t _Fork(void)
{
    if (!controlled)
        return REAL(_Fork)();
    return fork_now(HERE);
}

/* The parent goes on once the child has ended or runs another program. The child has a copy of
 * the memory: what POSIX lets it do with it cannot be told from sharing it. */
EXPORT pid_t vfork(void)
{
    if (!controlled) /* a function cannot return twice on one stack: fork does for it */
        return REAL(fork)();
    struct here h = HERE;
    pid_t pid = fork_now(h);
    if (pid > 0) {
        struct op op = op_make(EV_CALL, h);
        unsigned child = process_of_pid(pid) % MAX_PROCESSES;
        op.wait = WAIT_VFORK;
        op.other = S->processes[child].task_of_slot[S->cur->slot];
        op_reach(&op, OBJ_CHILD(child), 0, M_PWAIT);
        step(&op);
        struct event *e = tell(0);
        record_text(e, "vfork", 5);
    }
    return pid;
}

/* ---- the end of a process ---- */
static void orphan(unsigned index)
{
    struct process *p = &S->processes[index];
    p->parent = NO_PROCESS;
    struct event *e = record(EV_PROCESS_STATE, p->task_of_slot[p->first_slot]);
    if (e) {
        e->a = PROCESS_ORPHANED;
        e->b = 1;
    }
    if (p->ended)
        p->reaped = true;
}

static void end_tasks(struct process *p, unsigned index)
{
    for (unsigned i = 0; i < S->ntasks; i++) {
        struct task *t = &S->tasks[i];
        if (t->process != index || t->ended)
            continue;
        t->ended = true;
        t->end_depth = S->depth;
        S->live -= !t->is_timer;
        struct object *o = object_known(t->op.addr); /* a condition or barrier it waits in */
        if (o)
            set_del(&o->waiters, i);
        if (t->op.object) /* a futex */
            set_del(&t->op.object->waiters, i);
        robust_abandon(i);
    }
    p->live = 0;
}

/* Whoever asked again and again about this process may be told something new. */
void process_news(unsigned index)
{
    const struct process *p = &S->processes[index];
    spin_changed(OBJ_CHILD(index), 1);
    spin_changed(OBJ_PROCESS(index), 1);
    if (p->parent < MAX_PROCESSES)
        spin_changed(OBJ_CHILDREN(p->parent), 1);
}

/* Process `index` ends with this wait status, by its own doing or another's. */
void process_end(unsigned index, int status)
{
    struct process *p = &S->processes[index];
    struct event *e = record(EV_PROCESS_END, p->task_of_slot[p->first_slot]);
    p->ended = true;
    p->status = status;
    S->live_processes--;
    if (index == 0)
        S->main_status = status;
    end_tasks(p, index);
    sysv_process_end(index);
    struct object *end = object_at(OBJ_CHILD(index), C_PSEUDO);
    for (unsigned i = 0; i < S->ntasks; i++) /* who waits for it has seen all it did */
        if (S->tasks[i].process == index)
            sync_give(end, &S->tasks[i]);
    process_news(index);
    if (e) {
        e->a = WIFSIGNALED(status);
        e->result = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
        e->b = index != 0 && p->parent != NO_PROCESS && !signal_reaps_itself(p->parent);
    }
    if (p->parent == NO_PROCESS || signal_reaps_itself(p->parent))
        p->reaped = true;
    else
        signal_child(p->parent, index);
    for (unsigned i = 0; i < S->nprocesses; i++)
        if (S->processes[i].parent == index && !S->processes[i].reaped)
            orphan(i);
}

/* Every process has ended: the execution ends as the first one did. */
_Noreturn void process_last(void)
{
    int status = S->main_status;
    if (WIFSIGNALED(status))
        sched_end(FINISH_SIGNAL, 0, WTERMSIG(status));
    sched_end(FINISH_EXIT, WEXITSTATUS(status), 0);
}

/* The running task's process ends. */
void process_over(int status)
{
    if (S->live_processes == 1) {
        if (S->cur->process == 0)
            S->main_status = status;
        if (S->cur->process == 0 && S->nprocesses == 1)
            process_last();
    }
    unsigned index = S->cur->process;
    fd_close_process();
    process_end(index, status);
    sched_leave();
}

bool process_new(unsigned *index, unsigned *task)
{
    if (S->nprocesses == MAX_PROCESSES)
        return false;
    *index = S->nprocesses;
    begin_process(*index, S->cur);
    S->processes[*index].carrier = 0;
    struct task *t = copy_task(S->cur, *index);
    if (!t)
        return false;
    *task = task_id(t);
    return true;
}

void process_left(void)
{
    fd_close_process();
    end_tasks(OWN, S->cur->process);
    sched_leave();
}

/* ---- wait ---- */
unsigned process_of_pid(int pid)
{
    unsigned i = (unsigned)(pid - FIRST_PID);
    return pid >= FIRST_PID && i < S->nprocesses ? i : NO_PROCESS;
}

/* Does a wait of process `parent` that asks for `pid` (as waitpid) mean process i? */
static bool is_meant(unsigned i, unsigned parent, int pid)
{
    const struct process *p = &S->processes[i];
    if (p->parent != parent || p->reaped || i == 0)
        return false;
    return pid == -1 || pid == p->pid || (pid == 0 && p->pgid == S->processes[parent].pgid) ||
           (pid < -1 && p->pgid == -pid);
}

/* What process i has to tell to a wait with these options; 0: nothing. */
static int has_changed(const struct process *p, int options)
{
    if (p->ended)
        return options & WEXITED ? CLD_EXITED : 0;
    if ((options & WSTOPPED) && p->stop_news)
        return CLD_STOPPED;
    if ((options & WCONTINUED) && p->continue_news)
        return CLD_CONTINUED;
    return 0;
}

/* The first child that the wait may return for; *any: whether there is one it could wait for. */
static unsigned find_changed(unsigned parent, int pid, int options, bool *any)
{
    *any = false;
    for (unsigned i = 1; i < S->nprocesses; i++) {
        if (!is_meant(i, parent, pid))
            continue;
        *any = true;
        if (has_changed(&S->processes[i], options))
            return i;
    }
    return NO_PROCESS;
}

bool wait_possible(const struct task *t)
{
    bool any;
    return find_changed(t->process, (int)(int64_t)t->op.addr, (int)t->op.size, &any) !=
               NO_PROCESS ||
           !any;
}

static void reap(unsigned index, int options)
{
    struct process *p = &S->processes[index];
    if (p->ended && !(options & WNOWAIT)) {
        p->reaped = true;
        struct event *e = record(EV_PROCESS_STATE, p->task_of_slot[p->first_slot]);
        if (e)
            e->a = PROCESS_REAPED;
    }
    if (!(options & WNOWAIT))
        p->stop_news = p->continue_news = false;
    process_news(index);
    sync_acquire(object_at(OBJ_CHILD(index), C_PSEUDO));
}

static int wait_status(const struct process *p, int options)
{
    int change = has_changed(p, options);
    return change == CLD_STOPPED     ? p->stop_news << 8 | 0x7f
           : change == CLD_CONTINUED ? 0xffff
                                     : p->status;
}

/* The one step behind all forms of waiting: the index of the child, NO_PROCESS with errno set or,
 * when nothing has changed and WNOHANG was asked for, with errno 0. */
static unsigned wait_step(int pid, int options, int *status, struct here h)
{
    unsigned me = S->cur->process, asked = pid > 0 ? process_of_pid(pid) : NO_PROCESS;
    struct op op = op_make(EV_WAIT, h);
    op.addr = (uint64_t)(int64_t)pid;
    op.size = (uint32_t)options;
    op.wait = options & WNOHANG ? WAIT_NONE : WAIT_CHILD;
    op.cancel_point = true;
    op.interruptible = 1;
    if (asked != NO_PROCESS && asked)
        op_reach(&op, OBJ_CHILD(asked), 0, M_PWAIT);
    else
        op_reach(&op, OBJ_CHILDREN(me), 0, M_PWAIT);
    if (pid == 0 || pid < -1)
        op_reach(&op, OBJ_GROUPS, 0, M_AREAD);
    if (!step(&op)) {
        errno = EINTR;
        return NO_PROCESS;
    }
    bool any;
    unsigned got = find_changed(me, pid, options, &any);
    struct event *e = record_step_event();
    if (e) {
        e->addr = 0;
        e->size = 0;
        e->a = (uint64_t)(int64_t)pid;
        e->result = any ? 0 : ECHILD;
    }
    if (got == NO_PROCESS) {
        errno = any ? 0 : ECHILD;
        return NO_PROCESS;
    }
    *status = wait_status(&S->processes[got], options);
    if (e) {
        e->b = (uint64_t)S->processes[got].pid;
        e->size = (uint32_t)*status;
        e->other = S->processes[got].task_of_slot[S->processes[got].first_slot];
    }
    reap(got, options);
    spin_effect(S->cur);
    return got;
}

static pid_t wait_child(pid_t pid, int *status, int options, struct here h)
{
    int found, error = errno;
    if ((unsigned)options &
        ~((unsigned)(WNOHANG | WUNTRACED | WCONTINUED | __WALL | __WNOTHREAD) | (unsigned)__WCLONE))
        return fail(EINVAL);
    unsigned i = wait_step(pid, options | WEXITED, &found, h);
    if (i == NO_PROCESS) {
        if (errno)
            return -1;
        errno = error;
        return 0;
    }
    errno = error;
    if (status)
        *status = found;
    return S->processes[i].pid;
}

EXPORT pid_t wait(int *status)
{
    return controlled ? wait_child(-1, status, 0, HERE) : REAL(wait)(status);
}

EXPORT pid_t waitpid(pid_t pid, int *status, int options)
{
    return controlled ? wait_child(pid, status, options, HERE)
                      : REAL(waitpid)(pid, status, options);
}

static void fill_usage(struct rusage *usage)
{
    if (usage)
        memset(usage, 0, sizeof *usage);
}

EXPORT pid_t wait3(int *status, int options, struct rusage *usage)
{
    if (!controlled)
        return REAL(wait3)(status, options, usage);
    fill_usage(usage);
    return wait_child(-1, status, options, HERE);
}

EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    if (!controlled)
        return REAL(wait4)(pid, status, options, usage);
    fill_usage(usage);
    return wait_child(pid, status, options, HERE);
}

/* What happened to a child, as a wait status, in the words of siginfo. */
void child_info(siginfo_t *info, int status)
{
    if (WIFSTOPPED(status)) {
        info->si_code = CLD_STOPPED;
        info->si_status = WSTOPSIG(status);
    } else if (status == 0xffff) {
        info->si_code = CLD_CONTINUED;
        info->si_status = SIGCONT;
    } else if (WIFSIGNALED(status)) {
        info->si_code = CLD_KILLED;
        info->si_status = WTERMSIG(status);
    } else {
        info->si_code = CLD_EXITED;
        info->si_status = WEXITSTATUS(status);
    }
}

static void fill_info(siginfo_t *info, const struct process *p, int status)
{
    info->si_signo = SIGCHLD;
    info->si_pid = p->pid;
    info->si_uid = 0;
    child_info(info, status);
}

EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    if (!controlled)
        return REAL(waitid)(type, id, info, options);
    int number = (int)id, status;
    int pid = type == P_ALL ? -1 : type == P_PID ? number : -number;
    if (!(options & (WEXITED | WSTOPPED | WCONTINUED)) || type > P_PGID)
        return fail(EINVAL);
    int error = errno;
    unsigned i = wait_step(pid, options, &status, HERE);
    if (info)
        memset(info, 0, sizeof *info);
    if (i == NO_PROCESS && errno)
        return -1;
    errno = error;
    if (i != NO_PROCESS && info)
        fill_info(info, &S->processes[i], status);
    return 0;
}

/* ---- who is who ---- */
EXPORT pid_t getpid(void)
{
    return controlled ? OWN->pid : REAL(getpid)();
}

EXPORT pid_t getppid(void)
{
    if (!controlled)
        return REAL(getppid)();
    struct op op = op_make(EV_CALL, HERE);
    if (S->cur->process) /* an orphan has another one */
        op_reach(&op, OBJ_PROCESS(OWN->forked_by), 0, M_SHOW);
    step(&op);
    record_text(record_step_event(), "getppid", 7);
    return parent_pid(OWN);
}

/* The process that a call with this pid means: 0 is the caller. */
static struct process *meant(int pid)
{
    unsigned i = pid == 0 ? S->cur->process : process_of_pid(pid);
    return i == NO_PROCESS || S->processes[i].reaped ? NULL : &S->processes[i];
}

/* Groups are seen by others: to change them is a step, and to look at them. */
static void groups_step(const char *name, unsigned mode, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    op_reach(&op, OBJ_GROUPS, 0, mode);
    step(&op);
    record_text(record_step_event(), name, strlen(name));
    if (mode == M_AWRITE) {
        spin_effect(S->cur);
        spin_changed(OBJ_GROUPS, 1);
    }
}

EXPORT pid_t getpgid(pid_t pid)
{
    if (!controlled)
        return REAL(getpgid)(pid);
    if (pid && pid != OWN->pid)
        groups_step("getpgid", M_AREAD, HERE);
    const struct process *p = meant(pid);
    return p ? p->pgid : fail(ESRCH);
}

EXPORT pid_t getpgrp(void)
{
    return controlled ? OWN->pgid : REAL(getpgrp)();
}

EXPORT pid_t getsid(pid_t pid)
{
    if (!controlled)
        return REAL(getsid)(pid);
    const struct process *p = meant(pid);
    return p ? p->sid : fail(ESRCH);
}

EXPORT int setpgid(pid_t pid, pid_t group)
{
    if (!controlled)
        return REAL(setpgid)(pid, group);
    groups_step("setpgid", M_AWRITE, HERE);
    struct process *p = meant(pid);
    if (group < 0)
        return fail(EINVAL);
    if (!p || (p != OWN && p->parent != S->cur->process))
        return fail(ESRCH);
    if (p->sid == p->pid)
        return fail(EPERM);
    p->pgid = group ? group : p->pid;
    return 0;
}

EXPORT int setpgrp(void)
{
    return setpgid(0, 0);
}

EXPORT pid_t setsid(void)
{
    if (!controlled)
        return REAL(setsid)();
    groups_step("setsid", M_AWRITE, HERE);
    if (OWN->pgid == OWN->pid)
        return fail(EPERM);
    OWN->pgid = OWN->sid = OWN->pid;
    return OWN->pid;
}

/* A child goes on without a terminal, the parent is gone: as the library does it, in our steps. */
EXPORT int daemon(int nochdir, int noclose)
{
    if (!controlled)
        return REAL(daemon)(nochdir, noclose);
    pid_t pid = fork_now(HERE);
    if (pid < 0)
        return -1;
    if (pid > 0)
        _exit(0);
    setsid();
    if (!nochdir && chdir("/"))
        return -1;
    int fd = noclose ? -1 : open("/dev/null", O_RDWR);
    for (int to = 0; fd >= 0 && to < 3; to++)
        dup2(fd, to);
    if (fd > 2)
        close(fd);
    return 0;
}
