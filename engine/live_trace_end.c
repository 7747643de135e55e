/* The end of a trace made from a live run: how things stand at the last look, and what is missing.
 */
#include "explain.h"
#include "live_trace_inside.h"

#include <inttypes.h>
#include <signal.h>

static void put_stopped(struct making *k)
{
    for (unsigned i = 0; i < MAX_TASKS; i++) {
        const struct trace_task *t = &k->tasks[i];
        const struct live_task *own = t->model == LIVE_NONE ? NULL : &k->m->tasks[t->model];
        if (!own || !t->told || t->ended || own->state != TASK_STOPPED)
            continue;
        struct event e = trace_event(k, EV_PROCESS_STATE, i);
        e.a = PROCESS_STOPPED;
        if (own->tid == own->pid)
            trace_put(k, e, NULL);
        e = trace_event(k, EV_BLOCKED, i);
        e.a = BLOCK_STOPPED;
        trace_put(k, e, NULL);
    }
}

static unsigned first_told(const struct making *k)
{
    unsigned task = 0;
    while (task < MAX_TASKS && (k->tasks[task].model == LIVE_NONE || !k->tasks[task].told))
        task++;
    return task < MAX_TASKS ? task : NO_TASK;
}

/* Nobody can go on: those in the circle, or all. */
static void put_hang(struct making *k)
{
    enum { LONG_NS = 1000000000 };
    uint32_t first;
    if (!live_hangs(k->m, LONG_NS))
        return;
    unsigned task = live_circle(k->m, &first, 1) ? k->task_of[first] : first_told(k);
    if (task == NO_TASK)
        return;
    struct event e = trace_event(k, EV_FINDING, task);
    e.a = FIND_DEADLOCK;
    e.addr = k->tasks[task].waits == EV_JOIN ? 0 : k->tasks[task].for_what;
    e.pc = k->m->tasks[k->tasks[task].model].wait_pc;
    trace_put(k, e, NULL);
    e = trace_event(k, EV_FINISHED, NO_TASK);
    e.a = FINISH_DEADLOCK;
    trace_put(k, e, NULL);
}

static int is_crash(int signal)
{
    return signal == SIGABRT || signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE ||
           signal == SIGILL || signal == SIGSYS || signal == SIGTRAP;
}

/* Which of several tasks it was nobody noted; when one alone did not wait, it was that. */
static unsigned crashed(const struct making *k, uint32_t process)
{
    unsigned found = NO_TASK, all = 0;
    for (unsigned i = 0; i < MAX_TASKS; i++) {
        const struct live_task *t =
            k->tasks[i].model == LIVE_NONE ? NULL : &k->m->tasks[k->tasks[i].model];
        int went_on = t && t->process == process && !t->wait_since && t->last.kind != EV_END &&
                      k->tasks[i].last_wait == EV_NONE;
        all += t && t->process == process;
        if (went_on && found != NO_TASK)
            return NO_TASK;
        found = went_on ? i : found;
    }
    return all > 1 ? found : NO_TASK;
}

static void put_crash(struct making *k, uint32_t process, int signal)
{
    char scratch[32];
    struct buf text = {0};
    unsigned task = crashed(k, process);
    struct event e = trace_event(k, EV_FINDING, NO_TASK);
    e.a = FIND_CRASH;
    e.b = (uint64_t)signal;
    buf_puts(&text, explain_signal((uint64_t)signal, scratch));
    if (task != NO_TASK)
        buf_printf(&text, _(", when only T%u went on"), task);
    trace_put(k, e, text.data);
    buf_fini(&text);
}

/* How the first process ended; none is left. */
static void put_end(struct making *k)
{
    const struct live_process *first = NULL;
    for (uint32_t i = 0; i < k->m->nprocesses; i++) {
        const struct live_process *p = &k->m->processes[i];
        if (!p->ended || p->ended > k->to)
            return;
        if (!first || p->number < first->number)
            first = p;
    }
    if (!first || first_told(k) == NO_TASK)
        return;
    int signal = first->has_status ? first->status & 0x7f : 0;
    if (is_crash(signal))
        put_crash(k, (uint32_t)(first - k->m->processes), signal);
    struct event e = trace_event(k, EV_FINISHED, NO_TASK);
    e.a = signal ? FINISH_SIGNAL : FINISH_EXIT;
    e.b = (uint64_t)signal;
    e.result = first->has_status && !signal ? first->status >> 8 & 0xff : 0;
    trace_put(k, e, NULL);
}

void trace_put_end(struct making *k)
{
    put_stopped(k);
    put_hang(k);
    put_end(k);
}

void trace_say_notes(const struct making *k, struct buf *notes)
{
    if (k->lost)
        buf_printf(notes,
                   ngettext("%" PRIu64 " operation of that time was not kept\n",
                            "%" PRIu64 " operations of that time were not kept\n", k->lost),
                   k->lost);
    if (k->put_in)
        buf_printf(notes,
                   ngettext("%u step stands for operations that were not kept, so that who holds "
                            "what is true\n",
                            "%u steps stand for operations that were not kept, so that who holds "
                            "what is true\n",
                            k->put_in),
                   k->put_in);
    if (k->left_out)
        buf_printf(notes,
                   ngettext("%u task is left out: a trace holds %d, main and the newest were "
                            "taken\n",
                            "%u tasks are left out: a trace holds %d, main and the newest were "
                            "taken\n",
                            k->left_out),
                   k->left_out, MAX_TASKS);
    if (k->left_out_processes)
        buf_printf(notes,
                   ngettext("%u process is left out: a trace holds %d, the newest were taken\n",
                            "%u processes are left out: a trace holds %d, the newest were taken\n",
                            k->left_out_processes),
                   k->left_out_processes, MAX_PROCESSES);
}
