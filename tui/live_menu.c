/* The live screen: what can be done to a thread or a process while it runs. */
#include "live_internal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum what { DO_STOP, DO_CONTINUE, DO_TERMINATE, DO_KILL, DO_WAIT, DO_SIGNAL, DO_SIGNAL_THREAD };

static const struct {
    int number;
    const char *words;
} offered[] = {
    {SIGINT, N_("SIGINT: as Ctrl-C")},
    {SIGHUP, "SIGHUP"},
    {SIGUSR1, "SIGUSR1"},
    {SIGUSR2, "SIGUSR2"},
    {SIGALRM, "SIGALRM"},
    {SIGCHLD, "SIGCHLD"},
    {SIGPIPE, "SIGPIPE"},
    {SIGQUIT, N_("SIGQUIT: ends it, with a core")},
    {SIGABRT, N_("SIGABRT: as abort()")},
    {SIGSEGV, N_("SIGSEGV: as a wild access")},
    {SIGTSTP, N_("SIGTSTP: as Ctrl-Z")},
    {SIGWINCH, "SIGWINCH"},
};
enum { OFFERED = sizeof offered / sizeof *offered, TO_THREAD = 0x100 };

static const char *signal_name(int sig, char scratch[32])
{
    const char *name = sigabbrev_np(sig);
    if (name)
        snprintf(scratch, 32, "SIG%s", name);
    else
        snprintf(scratch, 32, _("signal %d"), sig);
    return scratch;
}

/* "P0, pid 4711". */
static void process_name(const struct live_view *v, uint32_t process, char *out, size_t n)
{
    const struct live_process *p = &view_model(v)->processes[process];
    snprintf(out, n, "P%u (pid %d)", p->number, p->pid);
}

/* The process of what is chosen, if there is something to be done to it still. */
static uint32_t living_process(struct live_view *v)
{
    const struct live_model *m = view_model(v);
    uint32_t process = view_process(v);
    if (v->ended || process == LIVE_NONE || m->processes[process].ended) {
        view_say(v, ROLE_NOTE,
                 v->ended ? N_("the program has ended: r runs it again")
                          : N_("that process has ended: choose another one"));
        return LIVE_NONE;
    }
    return process;
}

void view_menu_open(struct live_view *v)
{
    char who[48], title[LIST_TEXT], row[LIST_TEXT];
    uint32_t process = living_process(v), task = view_task(v);
    if (process == LIVE_NONE)
        return;
    process_name(v, process, who, sizeof who);
    snprintf(title, sizeof title, _("Do what to %s?"), who);
    list_clear(&v->list, title);
    list_add(&v->list, 1, DO_STOP, _("stop it (SIGSTOP)"));
    list_add(&v->list, 2, DO_CONTINUE, _("let it continue (SIGCONT)"));
    list_add(&v->list, 3, DO_TERMINATE, _("ask it to end (SIGTERM)"));
    list_add(&v->list, 4, DO_KILL, _("kill it (SIGKILL)"));
    list_add(&v->list, 5, DO_SIGNAL, _("another signal …"));
    if (!v->on_process && task != LIVE_NONE) {
        view_label(v, task, who, sizeof who);
        snprintf(row, sizeof row, _("a signal to %s alone …"), who);
        list_add(&v->list, 6, DO_SIGNAL_THREAD, row);
        snprintf(row, sizeof row, _("end the wait of %s"), who);
        list_add(&v->list, 7, DO_WAIT, row);
    }
    v->mode = VIEW_MENU;
}

static void list_signals(struct live_view *v, int to_thread)
{
    list_clear(&v->list, to_thread ? _("Which signal, to the thread?") : _("Which signal?"));
    for (int i = 0; i < OFFERED; i++)
        list_add(&v->list, i < 9 ? i + 1 : -1, offered[i].number | (to_thread ? TO_THREAD : 0),
                 _(offered[i].words));
    v->mode = VIEW_SIGNALS;
}

static void ask(struct live_view *v)
{
    char who[48], title[LIST_TEXT];
    uint32_t process = living_process(v);
    v->mode = VIEW_NORMAL;
    if (process == LIVE_NONE)
        return;
    process_name(v, process, who, sizeof who);
    snprintf(title, sizeof title, _("Kill %s? It cannot prevent it."), who);
    list_clear(&v->list, title);
    list_add(&v->list, 0, 0, _("no"));
    list_add(&v->list, 1, 1, _("yes, kill it"));
    v->mode = VIEW_CONFIRM;
}

static void send_signal(struct live_view *v, int sig, int to_thread)
{
    struct err e = {0};
    char who[48], name[32];
    uint32_t process = living_process(v), task = to_thread ? view_task(v) : LIVE_NONE;
    if (process == LIVE_NONE)
        return;
    if (task != LIVE_NONE)
        view_label(v, task, who, sizeof who);
    else
        process_name(v, process, who, sizeof who);
    if (v->port.ops->signal(v->port.ctx, process, task, sig, &e) < 0) {
        view_say(v, ROLE_BAD, "%s", e.message);
        return;
    }
    v->watched = view_model(v)->processes[process].pid;
    view_say(v, ROLE_NOTE, "%s was sent to %s", signal_name(sig, name), who);
}

static void end_wait(struct live_view *v)
{
    struct err e = {0};
    char who[48];
    uint32_t task = view_task(v);
    if (living_process(v) == LIVE_NONE || task == LIVE_NONE)
        return;
    view_label(v, task, who, sizeof who);
    if (v->port.ops->interrupt(v->port.ctx, task, &e) < 0)
        view_say(v, ROLE_NOTE, "%s", e.message);
    else
        view_say(v, ROLE_NOTE, "the wait of %s was ended", who);
}

static void do_it(struct live_view *v, enum what what)
{
    static const int signals[] = {
        [DO_STOP] = SIGSTOP, [DO_CONTINUE] = SIGCONT, [DO_TERMINATE] = SIGTERM};
    v->mode = VIEW_NORMAL;
    switch (what) {
    case DO_KILL:
        ask(v);
        return;
    case DO_SIGNAL:
    case DO_SIGNAL_THREAD:
        list_signals(v, what == DO_SIGNAL_THREAD);
        return;
    case DO_WAIT:
        end_wait(v);
        return;
    default:
        send_signal(v, signals[what], 0);
    }
}

void view_menu_taken(struct live_view *v)
{
    enum live_mode mode = v->mode;
    long value = v->list.rows[v->list.at].value;
    v->mode = VIEW_NORMAL;
    if (mode == VIEW_MENU)
        do_it(v, (enum what)value);
    else if (mode == VIEW_SIGNALS)
        send_signal(v, (int)value & ~TO_THREAD, (value & TO_THREAD) != 0);
    else if (value)
        send_signal(v, SIGKILL, 0);
}
