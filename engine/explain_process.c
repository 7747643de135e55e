/* The sentences of processes, signals and cancellation. */
#include "explain_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

enum { PROCESS_BYTES = 48 };

/* "P1 (pid 1001)" */
static void spell_process(const struct world *w, unsigned index, char out[PROCESS_BYTES])
{
    if (index < w->nprocesses && w->processes[index].exists)
        snprintf(out, PROCESS_BYTES, "P%u (pid %" PRId64 ")", index, w->processes[index].pid);
    else
        snprintf(out, PROCESS_BYTES, "%s", _("a process"));
}

/* The same for a pid; "pid 7" when it is none of the program's. */
static void spell_pid(const struct world *w, int64_t pid, char out[PROCESS_BYTES])
{
    unsigned index = world_process_of_pid(w, pid);
    if (index != NO_PROCESS)
        spell_process(w, index, out);
    else
        snprintf(out, PROCESS_BYTES, "pid %" PRId64, pid);
}

static const struct world_process *process_at(const struct say *s, unsigned index)
{
    static const struct world_process none = {.parent = NO_PROCESS, .first_task = NO_TASK};
    return index < s->w->nprocesses ? &s->w->processes[index] : &none;
}

/* ---- fork, exec, wait ---- */
void say_fork(struct say *s)
{
    char process[PROCESS_BYTES];
    if (s->e->result != 0 || s->e->other == NO_TASK) {
        say(s, "%s tries to fork: the call fails with %s.", s->task, s->error);
        return;
    }
    spell_pid(s->w, (int64_t)s->e->a, process);
    say(s, "%s forks: %s begins with %s, a copy of %s.", s->task, process, s->other, s->task);
    say(s, "Both go on behind the fork, which returns %" PRIu64 " to %s and 0 to %s.", s->e->a,
        s->task, s->other);
}

void say_copy_starts(struct say *s)
{
    const struct world_task *k = &s->w->tasks[s->e->task];
    char parent[TASK_BYTES];
    spell_task(s->names, k->parent, parent);
    say(s, "%s begins where %s was when it forked at step %u: here the fork returns 0.", s->task,
        parent, k->born);
}

void say_exec(struct say *s)
{
    struct buf what = {0};
    add_quoted(&what, s->t, s->e);
    if (s->e->result != 0) {
        say(s, "%s tries to run %s: the call fails with %s.", s->task, what.data, s->error);
    } else {
        say(s, "%s puts the program %s in the place of the one it ran: the same process, new code.",
            s->task, what.data);
    }
    buf_fini(&what);
}

static void say_no_child(struct say *s, const char *asked)
{
    say(s,
        "%s tries to wait for %s: the call fails with ECHILD, there is no such child to wait for.",
        s->task, asked);
}

/* "exited with status 1 at step 9"; step 0: not known. */
static void spell_end(uint32_t status, uint32_t step, char *out, size_t n)
{
    char how[64];
    spell_status(status, how);
    if (step)
        snprintf(out, n, _("%s at step %u"), how, step);
    else
        snprintf(out, n, "%s", how);
}

static void say_child_got(struct say *s, const char *asked)
{
    char process[PROCESS_BYTES], how[160];
    unsigned index = world_process_of_pid(s->w, (int64_t)s->e->b);
    const struct world_process *p = process_at(s, index);
    spell_pid(s->w, (int64_t)s->e->b, process);
    spell_end(s->e->size, p->ended, how, sizeof how);
    if ((int64_t)s->e->a == (int64_t)s->e->b)
        say(s, "%s waits for %s, which %s.", s->task, process, how);
    else
        say(s, "%s waits for %s and gets %s, which %s.", s->task, asked, process, how);
    if (p->state == PROC_REAPED)
        say(s, "The zombie is gone.");
    say_waited(s);
}

void say_wait_child(struct say *s)
{
    char asked[64];
    int64_t pid = (int64_t)s->e->a;
    if (pid > 0)
        spell_pid(s->w, pid, asked);
    else
        spell_asked(pid, asked);
    if (s->e->result == ECHILD) {
        say_no_child(s, asked);
    } else if (s->e->result != 0) {
        say(s, "%s tries to wait for %s: the call fails with %s.", s->task, asked, s->error);
    } else if (s->e->b) {
        say_child_got(s, asked);
    } else {
        say(s, "%s looks whether %s has ended: not yet. It does not wait (WNOHANG).", s->task,
            asked);
    }
}

unsigned child_waited_for(const struct world *w, const struct world_task *k)
{
    int64_t pid = (int64_t)k->pending.addr;
    unsigned found = NO_PROCESS;
    if (pid > 0)
        return world_process_of_pid(w, pid);
    for (uint32_t i = 0; i < w->nprocesses; i++) {
        const struct world_process *p = &w->processes[i];
        if (!p->exists || p->parent != k->process || p->ended)
            continue;
        if (found != NO_PROCESS)
            return NO_PROCESS;
        found = i;
    }
    return found;
}

/* Living children of a process, as bits. */
static uint64_t living_children(const struct world *w, unsigned parent)
{
    uint64_t set = 0;
    for (uint32_t i = 0; i < w->nprocesses; i++)
        if (w->processes[i].exists && w->processes[i].parent == parent && !w->processes[i].ended)
            set |= 1ull << i;
    return set;
}

void say_child_wait(struct say *s, const struct waiting *x)
{
    char process[PROCESS_BYTES], children[256];
    unsigned index = child_waited_for(s->w, x->k);
    uint64_t set = living_children(s->w, x->k->process);
    if (index != NO_PROCESS) {
        spell_process(s->w, index, process);
        say(s, "%s waits since step %u for its child %s to end.", x->who, x->k->blocked_since,
            process);
    } else if (set) {
        spell_processes(set, children, sizeof children);
        say(s, "%s waits since step %u for a child: none of %s has ended.", x->who,
            x->k->blocked_since, children);
    } else {
        say(s, "%s waits since step %u for a child: none has ended yet.", x->who,
            x->k->blocked_since);
    }
}

/* ---- signals ---- */
static void say_probe(struct say *s, const char *whom)
{
    if (s->e->result)
        say(s, "%s looks with signal 0 whether there is %s: the call fails with %s.", s->task, whom,
            s->error);
    else
        say(s, "%s looks with signal 0 whether there is %s: there is.", s->task, whom);
}

/* A thread of its own process, itself, a process, a group. */
static void spell_target(const struct say *s, char out[64])
{
    int64_t pid = (int64_t)s->e->a;
    char process[PROCESS_BYTES];
    if (s->e->other == s->e->task)
        snprintf(out, 64, "%s", _("itself"));
    else if (s->e->other < s->w->ntasks && s->w->tasks[s->e->other].process == s->e->process)
        snprintf(out, 64, "%s", s->other);
    else if (pid > 0) {
        spell_pid(s->w, pid, process);
        snprintf(out, 64, "%s", process);
    } else {
        spell_addressee(pid, out);
    }
}

void say_kill(struct say *s)
{
    char whom[64], signal[32];
    spell_target(s, whom);
    spell_signal_name(s->e->b, signal);
    if (s->e->b == 0)
        say_probe(s, whom);
    else if (s->e->result)
        say(s, "%s tries to send %s to %s: the call fails with %s.", s->task, signal, whom,
            s->error);
    else
        say(s, "%s sends %s to %s.", s->task, signal, whom);
}

void say_take_signal(struct say *s)
{
    char signal[32];
    spell_signal_name(s->e->a, signal);
    if (s->e->b)
        say(s, "%s takes %s: it leaves what it was doing and runs the handler.", s->task, signal);
    else
        say(s, "%s takes %s, which nothing handles: it does what it does by default.", s->task,
            signal);
    if (s->e->other != NO_TASK && s->e->other != s->e->task)
        say(s, "%s sent it.", s->other);
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_CHOICE)
            say(s, k->a == 0 ? N_("It was inside its call, which ends with EINTR.")
                             : N_("It had not begun its call yet, which is not interrupted."));
}

void say_sigwait(struct say *s)
{
    char signal[32];
    if (s->e->result) {
        say(s, "%s tries to wait for a signal: the call fails with %s.", s->task, s->error);
        return;
    }
    say(s, "%s was waiting for signals and gets %s; no handler runs.", s->task,
        spell_signal_name(s->e->a, signal));
    say_waited(s);
}

void say_pause(struct say *s)
{
    say(s, "%s goes on: it paused until a signal handler had run.", s->task);
    say_waited(s);
}

void say_timer(struct say *s)
{
    char signal[32];
    spell_signal_name(s->e->a, signal);
    if (s->e->a)
        say(s, "The timer %s expires and sends %s.", s->task, signal);
    else
        say(s, "The timer %s expires.", s->task);
}

void say_signal_wait(struct say *s, const struct waiting *x)
{
    say(s, "%s waits since step %u for a signal: none has come.", x->who, x->k->blocked_since);
}

void say_stopped(struct say *s, const struct waiting *x)
{
    say(s, "%s cannot go on: P%u is stopped since step %u, until somebody continues it (SIGCONT).",
        x->who, x->k->process, x->k->blocked_since);
}

/* ---- cancellation ---- */
void say_cancel(struct say *s)
{
    if (s->e->result) {
        say(s, "%s tries to cancel %s: the call fails with %s.", s->task, s->other, s->error);
    } else {
        say(s,
            "%s asks %s to end: it does so at its next cancellation point, unless it forbids it.",
            s->task, s->other);
    }
}

void say_cancelled(struct say *s)
{
    say(s, "%s acts on its cancellation: its clean-up handlers run, then it ends.", s->task);
}

/* ---- what a step did to processes ---- */
static void say_process_end(struct say *s, const struct event *k)
{
    char process[PROCESS_BYTES], how[96], signal[32];
    const struct world_process *p = process_at(s, k->process);
    spell_process(s->w, k->process, process);
    if (k->a)
        snprintf(how, sizeof how, _("is ended by %s"),
                 spell_signal_name((uint64_t)k->result, signal));
    else
        snprintf(how, sizeof how, _("ends with status %d"), k->result);
    if (k->b && p->state == PROC_ZOMBIE && p->parent != NO_PROCESS)
        say(s, "%s %s; it is a zombie until P%u waits for it.", process, how, p->parent);
    else if (k->b)
        say(s, "%s %s; it is a zombie until its parent waits for it.", process, how);
    else
        say(s, "%s %s.", process, how);
}

static void say_process_state(struct say *s, const struct event *k)
{
    char process[PROCESS_BYTES];
    const struct world_process *p = process_at(s, k->process);
    spell_process(s->w, k->process, process);
    switch (k->a) {
    case PROCESS_STOPPED:
        say(s, "%s is stopped: nothing in it goes on until it is continued.", process);
        break;
    case PROCESS_CONTINUED:
        say(s, "%s is continued.", process);
        break;
    case PROCESS_ORPHANED:
        say(s,
            p->ended ? N_("%s has lost its parent, which never waited for it: init (pid %" PRId64
                          ") is its parent now.")
                     : N_("%s has lost its parent and is an orphan: init (pid %" PRId64
                          ") is its parent now."),
            process, p->parent_pid);
        break;
    case PROCESS_FREE:
        say(s, "%s runs on its own from now on: what it does there is not under control.", process);
        break;
    default: /* that it was waited for is said by the wait */
        break;
    }
}

static void say_free_output(struct say *s, const struct event *e)
{
    struct buf text = {0};
    add_quoted(&text, s->t, e);
    say(s, "A program that runs on its own prints %s.", text.data);
    buf_fini(&text);
}

void say_processes(struct say *s)
{
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_PROCESS_END)
            say_process_end(s, k);
        else if (k->kind == EV_PROCESS_STATE)
            say_process_state(s, k);
        else if (k->kind == EV_FREE_OUTPUT)
            say_free_output(s, k);
}
