/* Signals: dispositions, masks, who has which pending. Nothing is sent through the kernel. A task
 * takes a signal at its steps: it stands before its operation, has the turn, and instead runs the
 * handler or ends its process. That is a step of its own, so a signal may come between any two
 * steps of a task; a signal for a process is taken by whichever of its tasks does not block it and
 * comes first. */
#include "probe.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NSIGNAL 65

static uint64_t bit(int sig)
{
    return 1ull << (sig - 1);
}

static uint64_t bits_of(const sigset_t *set)
{
    uint64_t bits;
    memcpy(&bits, set, sizeof bits);
    return bits & ~(bit(SIGKILL) | bit(SIGSTOP));
}

static void set_of(sigset_t *set, uint64_t bits)
{
    memset(set, 0, sizeof *set);
    memcpy(set, &bits, sizeof bits);
}

static int fail(int error)
{
    errno = error;
    return -1;
}

static bool is_valid(int sig)
{
    return sig > 0 && sig < NSIGNAL;
}

/* ---- what a signal does ---- */
enum effect { IGNORED, ENDS, CORE, STOPS, HANDLED };

static enum effect default_effect(int sig)
{
    switch (sig) {
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
    case SIGCONT:
        return IGNORED;
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
        return STOPS;
    case SIGQUIT:
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGSEGV:
    case SIGSYS:
    case SIGXCPU:
    case SIGXFSZ:
        return CORE;
    default:
        return ENDS;
    }
}

static enum effect effect_of(const struct process *p, int sig)
{
    void (*handler)(int) = p->actions[sig].sa_handler;
    return handler == SIG_DFL ? default_effect(sig) : handler == SIG_IGN ? IGNORED : HANDLED;
}

static struct sigaction *action_change(struct process *p, int sig)
{
    p->as_at_main = false;
    return &p->actions[sig];
}

static uint64_t deliverable(const struct task *t)
{
    const struct process *p = &S->processes[t->process];
    uint64_t set = (p->pending | t->pending) & ~t->mask;
    if (t->op.wait == WAIT_SIGNAL)
        set &= ~t->op.addr2; /* it takes these itself */
    return set;
}

bool signal_ready(const struct task *t)
{
    return deliverable(t) != 0;
}

static void refresh(struct task *t)
{
    bool was = t->interrupt & INTERRUPT_SIGNAL;
    bool is = !t->ended && !t->is_timer && deliverable(t);
    t->interrupt =
        (uint8_t)(is ? t->interrupt | INTERRUPT_SIGNAL : t->interrupt & ~INTERRUPT_SIGNAL);
    if (is && !was)
        t->woken_depth = S->depth; /* asleep or not, it now stands before something else */
}

static void refresh_process(unsigned index)
{
    for (unsigned i = 0; i < S->ntasks; i++)
        if (S->tasks[i].process == index)
            refresh(&S->tasks[i]);
}

/* ---- sending ---- */
static struct sender sender_now(int value, bool queued)
{
    return (struct sender){
        .pid = OWN->pid, .value = value, .task = (uint16_t)S->cur_id, .queued = queued};
}

/* Real-time signals are kept each with its sender; of the others one is kept, the first. */
static void enqueue(struct process *p, const struct task *t, int sig, struct sender from)
{
    if (!((p->pending | (t ? t->pending : 0)) & bit(sig)))
        p->senders[sig] = from;
    if (sig < SIGRTMIN || p->nqueue == SIGNAL_QUEUE)
        return;
    p->queue[p->nqueue].from = from;
    p->queue[p->nqueue].to = t ? (uint16_t)task_id(t) : NO_TASK;
    p->queue[p->nqueue++].sig = (uint8_t)sig;
}

/* t takes sig: the first that was queued for it, and more of them may stay pending. */
static void dequeue(struct process *p, struct task *t, int sig)
{
    unsigned left = 0;
    bool taken = false;
    t->pending &= ~bit(sig);
    p->pending &= ~bit(sig);
    for (unsigned i = 0; i < p->nqueue; i++) {
        unsigned to = p->queue[i].to;
        bool mine = p->queue[i].sig == sig && (to == NO_TASK || to == task_id(t));
        if (mine && !taken) {
            taken = true;
            p->senders[sig] = p->queue[i].from;
            continue;
        }
        if (mine)
            *(to == NO_TASK ? &p->pending : &t->pending) |= bit(sig);
        p->queue[left++] = p->queue[i];
    }
    p->nqueue = left;
}

/* It is ignored from now on: what is pending of it, anywhere in the process, is gone. */
static void discard(struct process *p, unsigned index, int sig)
{
    unsigned left = 0;
    p->pending &= ~bit(sig);
    for (unsigned i = 0; i < S->ntasks; i++)
        if (S->tasks[i].process == index)
            S->tasks[i].pending &= ~bit(sig);
    for (unsigned i = 0; i < p->nqueue; i++)
        if (p->queue[i].sig != sig)
            p->queue[left++] = p->queue[i];
    p->nqueue = left;
}

/* A parent that waits for it to stop or go on is told. */
static void reach_news(struct op *op, unsigned process)
{
    unsigned parent = S->processes[process].parent;
    op_reach(op, OBJ_CHILD(process), 0, M_PEND);
    if (process)
        op_reach(op, OBJ_CHILDREN(S->processes[process].forked_by), 0, M_PEND);
    if (parent >= MAX_PROCESSES)
        return;
    if (S->children_heard)
        op_reach(op, OBJ_SIGNALS(parent), 0, M_SEND);
}

static void resume(struct process *p)
{
    p->pending &= ~(bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU));
    if (!p->stopped)
        return;
    p->stopped = false;
    p->continue_news = true;
    p->stop_news = 0;
    struct event *e = record(EV_PROCESS_STATE, p->task_of_slot[p->first_slot]);
    if (e)
        e->a = PROCESS_CONTINUED;
    unsigned index = (unsigned)(p - S->processes);
    process_news(index);
    if (p->parent < MAX_PROCESSES &&
        !(S->processes[p->parent].actions[SIGCHLD].sa_flags & SA_NOCLDSTOP))
        signal_child(p->parent, index);
}

/* To a process, or to one task of it; NULL: any of its tasks. */
static void send_from(unsigned index, struct task *t, int sig, struct sender from)
{
    struct process *p = &S->processes[index];
    if (p->ended)
        return;
    if (p->free) { /* the kernel's business */
        raw(SYS_kill, p->free_pid, sig, 0, 0);
        return;
    }
    if (sig == SIGCONT)
        resume(p);
    if (default_effect(sig) == STOPS)
        p->pending &= ~bit(SIGCONT);
    bool blocked = false;
    for (unsigned i = 0; i < S->ntasks; i++)
        if (S->tasks[i].process == index && !S->tasks[i].ended)
            blocked |= (S->tasks[i].mask & bit(sig)) != 0;
    if (effect_of(p, sig) == IGNORED && !blocked && sig != SIGKILL && sig != SIGSTOP)
        return;
    sync_release_join(object_at(OBJ_SIGNALS(index), C_PSEUDO)); /* the handler has seen it */
    enqueue(p, t, sig, from);
    if (t)
        t->pending |= bit(sig);
    else
        p->pending |= bit(sig);
    refresh_process(index);
}

static void send(unsigned index, struct task *t, int sig, int value, bool queued)
{
    send_from(index, t, sig, sender_now(value, queued));
}

void signal_from_kernel(unsigned process, struct task *t, int sig, int code, uint64_t value)
{
    struct sender from = sender_now(0, false);
    from.pid = 0;
    from.code = code;
    from.word = value;
    send_from(process, t, sig, from);
}

bool signal_ends(unsigned process, int sig)
{
    enum effect effect = effect_of(&S->processes[process], sig);
    return effect == ENDS || effect == CORE;
}

void signal_kill(unsigned process)
{
    send(process, NULL, SIGKILL, 0, false);
}

/* A child of `parent` ended, stopped or went on. */
void signal_child(unsigned parent, unsigned child)
{
    if (parent >= MAX_PROCESSES)
        return;
    struct process *p = &S->processes[parent];
    send(parent, NULL, SIGCHLD, 0, false);
    p->senders[SIGCHLD].pid = S->processes[child].pid;
    const struct process *c = &S->processes[child];
    p->senders[SIGCHLD].value = c->ended     ? c->status
                                : c->stopped ? c->stop_news << 8 | 0x7f
                                             : 0xffff;
}

bool signal_reaps_itself(unsigned parent)
{
    const struct sigaction *a = &S->processes[parent].actions[SIGCHLD];
    return a->sa_handler == SIG_IGN || a->sa_flags & SA_NOCLDWAIT;
}

/* From the first signal on, every step of who may get one depends on its being sent. */
void signals_used(void)
{
    if (S->signals)
        return;
    S->signals = true;
    begin_again();
}

/* The same for the signal that a child's end sends. */
static void children_heard(void)
{
    if (S->children_heard)
        return;
    S->children_heard = S->signals = true;
    begin_again();
}

/* ---- taking ---- */
static void stop_process(unsigned index, int sig)
{
    struct process *p = &S->processes[index];
    p->stopped = S->stops = true;
    p->stop_news = (uint8_t)sig;
    p->continue_news = false;
    struct event *e = record(EV_PROCESS_STATE, p->task_of_slot[p->first_slot]);
    if (e) {
        e->a = PROCESS_STOPPED;
        e->b = (uint64_t)sig;
    }
    S->fd_epoch++;
    process_news(index);
    if (p->parent < MAX_PROCESSES &&
        !(S->processes[p->parent].actions[SIGCHLD].sa_flags & SA_NOCLDSTOP))
        signal_child(p->parent, index);
}

static _Noreturn void end_by(int sig, enum effect effect)
{
    static const char *const words[] = {[SIGABRT] = "SIGABRT", [SIGSEGV] = "SIGSEGV"};
    if (effect == CORE || S->cur->process == 0) {
        const char *word = sig <= SIGSEGV && words[sig] ? words[sig] : sigabbrev_np(sig);
        char text[32];
        snprintf(text, sizeof text, "%s%s", word && strncmp(word, "SIG", 3) != 0 ? "SIG" : "",
                 word ? word : "a signal");
        find(FIND_CRASH, 0, NO_TASK, 0, S->cur->op.pc, (uint64_t)sig, text);
    }
    search_exit_node();
    process_over(sig);
}

static void fill_info(siginfo_t *info, const struct process *p, int sig)
{
    memset(info, 0, sizeof *info);
    info->si_signo = sig;
    info->si_pid = p->senders[sig].pid;
    info->si_code = p->senders[sig].queued ? SI_QUEUE : SI_USER;
    if (p->senders[sig].code) {
        info->si_code = p->senders[sig].code;
        info->si_value.sival_ptr = (void *)p->senders[sig].word;
    } else if (sig == SIGCHLD && !p->senders[sig].queued) {
        child_info(info, p->senders[sig].value);
    } else {
        info->si_value.sival_int = p->senders[sig].value;
    }
}

static void run_handler(struct task *t, int sig)
{
    struct process *p = OWN;
    struct sigaction action = p->actions[sig];
    siginfo_t info;
    fill_info(&info, p, sig);
    uint64_t before = t->mask;
    if (!t->in_handler)
        t->outer_mask = before;
    t->mask |= bits_of(&action.sa_mask) | (action.sa_flags & SA_NODEFER ? 0 : bit(sig));
    if ((unsigned)action.sa_flags & SA_RESETHAND)
        action_change(p, sig)->sa_handler = SIG_DFL;
    refresh(t);
    t->in_handler++;
    if (action.sa_flags & SA_SIGINFO)
        action.sa_sigaction(sig, &info, NULL);
    else
        action.sa_handler(sig);
    t->in_handler--;
    t->mask = before;
    refresh(t);
}

/* A fault of the running task: its own doing, so nothing is sent and no turn is taken. */
bool signal_has_handler(int sig)
{
    return effect_of(OWN, sig) == HANDLED && !(S->cur->mask & bit(sig));
}

void signal_fault(int sig, siginfo_t *info, void *context)
{
    struct task *t = S->cur;
    struct sigaction action = OWN->actions[sig];
    uint64_t before = t->mask;
    if (!t->in_handler)
        t->outer_mask = before;
    t->mask |= bits_of(&action.sa_mask) | (action.sa_flags & SA_NODEFER ? 0 : bit(sig));
    if ((unsigned)action.sa_flags & SA_RESETHAND)
        action_change(OWN, sig)->sa_handler = SIG_DFL;
    t->in_handler++;
    if (action.sa_flags & SA_SIGINFO)
        action.sa_sigaction(sig, info, context);
    else
        action.sa_handler(sig);
    t->in_handler--;
    t->mask = before;
}

static int lowest(uint64_t set)
{
    static const int first[] = {SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    for (unsigned i = 0; i < sizeof first / sizeof *first; i++)
        if (set & bit(first[i]))
            return first[i];
    return __builtin_ctzll(set) + 1;
}

/* A task that waits in a call may have been in it when the signal came, and then the call ends with
 * EINTR, or still before it: nobody can tell, so it is a choice. A call that lets signals in while
 * it waits is surely inside. */
static bool may_interrupt(const struct op *call, int sig)
{
    return call->interruptible &&
           !(OWN->actions[sig].sa_flags & SA_RESTART && call->interruptible < ALWAYS_EINTR);
}

/* In its call, though it could also go on because its time is over? */
static bool may_be_waiting(const struct task *t)
{
    switch (t->op.kind) {
    case EV_SLEEP:
        return true;
    case EV_SIGWAIT:
        return t->op.limited ? !signal_waited(t) : !sched_enabled(t);
    case EV_SEM_TIMEDWAIT:
        return t->op.object->count == 0;
    case EV_FD_POLL:
        return t->op.limited ? !t->npolls || !fd_ready(t) : !sched_enabled(t);
    default:
        return !sched_enabled(t);
    }
}

static bool comes_inside(struct task *t, const struct op *call, int sig)
{
    static const uint16_t both[2] = {0, 1};
    if (!may_interrupt(call, sig))
        return false;
    if (call->interruptible == LETS_IN)
        return true;
    uint8_t interrupt = t->interrupt;
    struct op now = t->op;
    t->op = *call;
    t->interrupt = 0;
    bool waits = may_be_waiting(t);
    t->op = now;
    t->interrupt = interrupt;
    return waits && sched_alternative(both, 2) == 0;
}

/* Whether the task waits in its call or stands before it depends on what the call waits for. */
static void reach_call(struct op *op, const struct op *call)
{
    for (unsigned i = 0; i < call->nreach && op->nreach < REACH_MAX; i++)
        op->reach[op->nreach++] = call->reach[i];
}

/* The running task has the turn and takes a signal. True: back before its operation. */
bool signal_act(struct task *t)
{
    struct op before = t->op;
    struct process *p = OWN;
    int sig = lowest(deliverable(t));
    dequeue(p, t, sig);
    refresh_process(t->process);
    enum effect effect = effect_of(p, sig);
    struct op op = op_make(EV_SIGNAL, (struct here){before.pc, before.sp, before.bp});
    op.other = p->senders[sig].task;
    op_reach(&op, OBJ_SIGNALS(t->process), 0, M_SEND);
    if (effect == ENDS || effect == CORE)
        op_reach(&op, OBJ_PROCESS(t->process), 0, M_EXIT);
    if (effect == ENDS || effect == CORE)
        reach_process_end(&op);
    else if (effect == STOPS)
        reach_news(&op, t->process);
    else if (effect == HANDLED && may_interrupt(&before, sig))
        reach_call(&op, &before);
    t->op = op;
    sched_begin();
    sync_acquire(object_at(OBJ_SIGNALS(t->process), C_PSEUDO));
    struct event *e = record_step_event();
    if (e) {
        e->a = (uint64_t)sig;
        e->b = effect == HANDLED;
    }
    if (effect == ENDS || effect == CORE)
        end_by(sig, effect);
    if (effect == STOPS)
        stop_process(t->process, sig);
    bool interrupts = effect == HANDLED && comes_inside(t, &before, sig);
    if (effect == HANDLED)
        run_handler(t, sig);
    t->op = before;
    spin_effect(t);
    return !interrupts;
}

/* What the running task sent to itself is taken before it goes on. */
static void take_own(struct here h)
{
    struct task *t = S->cur;
    while (deliverable(t)) {
        t->op = op_make(EV_SIGNAL, h);
        op_reach(&t->op, OBJ_SIGNALS(t->process), 0, M_SEND);
        sched_take_turns();
        if (deliverable(t))
            signal_act(t);
    }
}

void signal_raise(int sig)
{
    send(S->cur->process, S->cur, sig, 0, false);
    take_own((struct here){S->cur->op.pc, S->cur->op.sp, S->cur->op.bp});
}

/* ---- kill and its kin ---- */
static struct op kill_op(unsigned index, struct here h)
{
    struct op op = op_make(EV_KILL, h);
    op_reach(&op, OBJ_SIGNALS(index), 0, M_SEND);
    op_reach(&op, OBJ_CHILD(index), 0, M_PWAIT); /* whether it is still there */
    return op;
}

static struct event *tell_kill(int64_t pid, int sig, unsigned other, int error)
{
    struct event *e = record_step_event();
    if (e) {
        e->a = (uint64_t)pid;
        e->b = (uint64_t)sig;
        e->other = (uint16_t)other;
        e->result = error;
    }
    return e;
}

static bool is_in(unsigned i, int pid)
{
    const struct process *p = &S->processes[i];
    if (p->reaped)
        return false;
    return pid == -1  ? i != S->cur->process
           : pid == 0 ? p->pgid == OWN->pgid
           : pid < -1 ? p->pgid == -pid
                      : p->pid == pid;
}

static int send_to(int pid, int sig, int value, bool queued, struct here h)
{
    if (sig < 0 || sig >= NSIGNAL)
        return fail(EINVAL);
    bool self = pid == OWN->pid;
    if (!self)
        signals_used();
    unsigned one = pid > 0 ? process_of_pid(pid) : NO_PROCESS, found = 0;
    struct op op = one < MAX_PROCESSES ? kill_op(one, h) : op_make(EV_KILL, h);
    for (unsigned i = 0; i < S->nprocesses && pid <= 0 && op.nreach < REACH_MAX - 1; i++)
        if (is_in(i, pid))
            op_reach(&op, OBJ_SIGNALS(i), 0, M_SEND);
    if (pid <= 0)
        op_reach(&op, OBJ_GROUPS, 0, M_AREAD);
    if (sig == SIGCONT && one < MAX_PROCESSES)
        reach_news(&op, one);
    step(&op);
    unsigned other = NO_TASK;
    for (unsigned i = 0; i < S->nprocesses; i++) {
        if (!is_in(i, pid))
            continue;
        found++;
        other = S->processes[i].task_of_slot[S->processes[i].first_slot];
        if (sig)
            send(i, NULL, sig, value, queued);
    }
    tell_kill(pid, sig, pid > 0 ? other : NO_TASK, found ? 0 : ESRCH);
    if (sig)
        spin_effect(S->cur);
    if (!found)
        return fail(ESRCH);
    take_own(h);
    return 0;
}

EXPORT int kill(pid_t pid, int sig)
{
    return controlled ? send_to(pid, sig, 0, false, HERE) : REAL(kill)(pid, sig);
}

EXPORT int killpg(pid_t group, int sig)
{
    if (!controlled)
        return REAL(killpg)(group, sig);
    if (group < 0)
        return fail(EINVAL);
    return send_to(group ? -group : 0, sig, 0, false, HERE);
}

EXPORT int sigqueue(pid_t pid, int sig, const union sigval value)
{
    return controlled ? send_to(pid, sig, value.sival_int, true, HERE)
                      : REAL(sigqueue)(pid, sig, value);
}

static int send_to_task(unsigned id, int sig, int value, bool queued, struct here h)
{
    if (sig < 0 || sig >= NSIGNAL)
        return EINVAL;
    if (id == NO_TASK)
        return ESRCH;
    if (id != S->cur_id)
        signals_used();
    struct op op = op_make(EV_KILL, h);
    op_reach(&op, OBJ_SIGNALS(S->cur->process), 0, M_SEND);
    op_reach(&op, OBJ_END(id), 0, M_AREAD);
    step(&op);
    struct task *t = &S->tasks[id];
    int error = t->ended && t->joined ? ESRCH : 0;
    if (sig && !error && !t->ended)
        send(t->process, t, sig, value, queued);
    tell_kill(OWN->pid, sig, id, error);
    if (sig)
        spin_effect(S->cur);
    take_own(h);
    return error;
}

EXPORT int pthread_kill(pthread_t thread, int sig)
{
    return controlled ? send_to_task(task_of_handle(thread), sig, 0, false, HERE)
                      : REAL(pthread_kill)(thread, sig);
}

EXPORT int pthread_sigqueue(pthread_t thread, int sig, const union sigval value)
{
    return controlled ? send_to_task(task_of_handle(thread), sig, value.sival_int, true, HERE)
                      : REAL(pthread_sigqueue)(thread, sig, value);
}

EXPORT int raise(int sig)
{
    if (!controlled)
        return REAL(raise)(sig);
    int error = send_to_task(S->cur_id, sig, 0, false, HERE);
    return error ? fail(error) : 0;
}

/* ---- dispositions ---- */
static void action_step(const char *name, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    if (S->signals)
        op_reach(&op, OBJ_SIGNALS(S->cur->process), 0, M_HEAR);
    step(&op);
    record_text(record_step_event(), name, strlen(name));
    spin_effect(S->cur);
}

EXPORT int sigaction(int sig, const struct sigaction *restrict new, struct sigaction *restrict old)
{
    if (!controlled)
        return REAL(sigaction)(sig, new, old);
    if (!is_valid(sig) || (new && (sig == SIGKILL || sig == SIGSTOP)))
        return fail(EINVAL);
    if (new &&sig == SIGCHLD &&new->sa_handler != SIG_DFL &&new->sa_handler != SIG_IGN)
        children_heard();
    action_step("sigaction", HERE);
    if (old)
        *old = OWN->actions[sig];
    if (new) {
        *action_change(OWN, sig) = *new;
        if (effect_of(OWN, sig) == IGNORED)
            discard(OWN, S->cur->process, sig);
        refresh_process(S->cur->process);
    }
    return 0;
}

static void (*set_handler(int sig, void (*handler)(int), int flags, struct here h))(int)
{
    if (!is_valid(sig) || sig == SIGKILL || sig == SIGSTOP) {
        errno = EINVAL;
        return SIG_ERR;
    }
    if (sig == SIGCHLD && handler != SIG_DFL && handler != SIG_IGN)
        children_heard();
    action_step("signal", h);
    void (*old)(int) = OWN->actions[sig].sa_handler;
    struct sigaction new = {.sa_handler = handler, .sa_flags = flags};
    *action_change(OWN, sig) = new;
    if (effect_of(OWN, sig) == IGNORED)
        discard(OWN, S->cur->process, sig);
    refresh_process(S->cur->process);
    return old;
}

EXPORT void (*signal(int sig, void (*handler)(int)))(int)
{
    return controlled ? set_handler(sig, handler, SA_RESTART, HERE) : REAL(signal)(sig, handler);
}

void (*bsd_signal(int sig, void (*handler)(int)))(int);
EXPORT void (*bsd_signal(int sig, void (*handler)(int)))(int)
{
    return signal(sig, handler);
}

EXPORT void (*__sysv_signal(int sig, void (*handler)(int)))(int)
{
    return controlled ? set_handler(sig, handler, (int)(SA_RESETHAND | SA_NODEFER), HERE)
                      : REAL(__sysv_signal)(sig, handler);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
EXPORT int siginterrupt(int sig, int flag)
{
    if (!controlled)
        return REAL(siginterrupt)(sig, flag);
    if (!is_valid(sig))
        return fail(EINVAL);
    if (flag)
        action_change(OWN, sig)->sa_flags &= ~SA_RESTART;
    else
        action_change(OWN, sig)->sa_flags |= SA_RESTART;
    return 0;
}
#pragma GCC diagnostic pop

/* ---- masks ---- */
static void set_mask(uint64_t mask)
{
    S->cur->mask = mask;
    refresh(S->cur);
}

void signal_mask_swap(const sigset_t *set, sigset_t *before)
{
    if (before)
        set_of(before, S->cur->mask);
    set_mask(bits_of(set));
}

static int change_mask(int how, const sigset_t *set, sigset_t *old, struct here h)
{
    uint64_t mask = S->cur->mask;
    if (set && how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
        return EINVAL;
    if (set) {
        uint64_t bits = bits_of(set);
        if (bits & bit(SIGCHLD) && how != SIG_UNBLOCK)
            children_heard();
        action_step("sigmask", h);
        mask = S->cur->mask;
        set_mask(how == SIG_BLOCK ? mask | bits : how == SIG_UNBLOCK ? mask & ~bits : bits);
    }
    if (old)
        set_of(old, mask);
    take_own(h);
    return 0;
}

EXPORT int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    return controlled ? change_mask(how, set, old, HERE) : REAL(pthread_sigmask)(how, set, old);
}

EXPORT int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    if (!controlled)
        return REAL(sigprocmask)(how, set, old);
    int error = change_mask(how, set, old, HERE);
    return error ? fail(error) : 0;
}

EXPORT int sigpending(sigset_t *set)
{
    if (!controlled)
        return REAL(sigpending)(set);
    action_step("sigpending", HERE);
    set_of(set, (OWN->pending | S->cur->pending) & S->cur->mask);
    return 0;
}

/* ---- waiting for one ---- */
static int wait_for_handler(int interruptible, struct here h)
{
    struct op op = op_make(EV_PAUSE, h);
    op.wait = WAIT_NEVER;
    op.cancel_point = true;
    op.interruptible = (uint8_t)interruptible;
    step(&op);
    return fail(EINTR);
}

EXPORT int pause(void)
{
    return controlled ? wait_for_handler(ALWAYS_EINTR, HERE) : REAL(pause)();
}

EXPORT int sigsuspend(const sigset_t *set)
{
    if (!controlled)
        return REAL(sigsuspend)(set);
    sigset_t before;
    signal_mask_swap(set, &before);
    wait_for_handler(LETS_IN, HERE);
    signal_mask_swap(&before, NULL);
    return fail(EINTR);
}

bool signal_waited(const struct task *t)
{
    return ((S->processes[t->process].pending | t->pending) & t->op.addr2) != 0;
}

static int sigwait_step(const sigset_t *set, siginfo_t *info, bool patient, bool limited,
                        struct here h)
{
    struct task *t = S->cur;
    struct op op = op_make(EV_SIGWAIT, h);
    op.addr2 = bits_of(set);
    op.wait = patient ? WAIT_SIGNAL : WAIT_NONE;
    op.limited = limited;
    op.cancel_point = true;
    op.interruptible = ALWAYS_EINTR;
    op_reach(&op, OBJ_SIGNALS(t->process), 0, M_SEND);
    if (!step(&op))
        return fail(EINTR);
    uint64_t got = (OWN->pending | t->pending) & bits_of(set);
    struct event *e = record_step_event();
    if (e)
        e->addr2 = 0;
    if (!got) {
        if (e)
            e->result = EAGAIN;
        return fail(EAGAIN);
    }
    int sig = lowest(got);
    dequeue(OWN, t, sig);
    sync_acquire(object_at(OBJ_SIGNALS(t->process), C_PSEUDO));
    if (info)
        fill_info(info, OWN, sig);
    if (e) {
        e->a = (uint64_t)sig;
        e->other = OWN->senders[sig].task;
    }
    refresh_process(t->process);
    spin_effect(t);
    return sig;
}

EXPORT int sigwait(const sigset_t *restrict set, int *restrict sig)
{
    if (!controlled)
        return REAL(sigwait)(set, sig);
    int got;
    do
        got = sigwait_step(set, NULL, true, false, HERE);
    while (got < 0);
    *sig = got;
    return 0;
}

EXPORT int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
    return controlled ? sigwait_step(set, info, true, false, HERE) : REAL(sigwaitinfo)(set, info);
}

EXPORT int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
                        const struct timespec *restrict limit)
{
    if (!controlled)
        return REAL(sigtimedwait)(set, info, limit);
    bool limited = !limit || limit->tv_sec || limit->tv_nsec;
    return sigwait_step(set, info, !limit, limited, HERE);
}

/* ---- leaving a handler by a jump ---- */
static void left_handler(const struct __jmp_buf_tag *env)
{
    struct task *t = S->cur;
    if (!t->in_handler)
        return;
    t->in_handler = 0;
    if (env->__mask_was_saved)
        set_mask(t->outer_mask);
}

#define JUMP(name)                                                                                 \
    EXPORT _Noreturn void name(struct __jmp_buf_tag env[1], int value);                            \
    EXPORT _Noreturn void name(struct __jmp_buf_tag env[1], int value)                             \
    {                                                                                              \
        if (controlled)                                                                            \
            left_handler(env);                                                                     \
        REAL(name)(env, value);                                                                    \
        __builtin_unreachable();                                                                   \
    }
JUMP(longjmp)
JUMP(siglongjmp)
JUMP(_longjmp)

/* ---- processes ---- */
static struct sigaction at_main[NSIGNAL];

void signal_at_main(int sig, const struct sigaction *action)
{
    at_main[sig] = *action;
}

void signals_begin(struct process *p)
{
    p->pending = 0;
    p->nqueue = 0;
    if (p->as_at_main)
        return;
    p->as_at_main = true;
    memcpy(p->actions, at_main, sizeof p->actions);
}

void signals_inherit(struct process *p, const struct process *from)
{
    p->pending = 0;
    p->nqueue = 0;
    p->as_at_main = false;
    memcpy(p->actions, from->actions, sizeof p->actions);
}

/* A program of its own begins: handlers are gone, what is ignored stays so. */
void signals_exec(struct process *p)
{
    for (int sig = 1; sig < NSIGNAL; sig++)
        if (p->actions[sig].sa_handler != SIG_IGN)
            action_change(p, sig)->sa_handler = SIG_DFL;
}
